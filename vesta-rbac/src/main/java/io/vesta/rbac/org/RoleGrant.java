package io.vesta.rbac.org;

import io.vesta.core.access.Capacity;
import io.vesta.core.error.VestaException;
import io.vesta.core.id.BrokerageId;
import io.vesta.core.id.MemberId;
import io.vesta.core.id.OfficeId;
import io.vesta.core.id.TeamId;
import java.time.Instant;
import java.util.Objects;

/**
 * A role that a member holds over a scope for a time: a person is never a role.
 *
 * @param member who holds it
 * @param role the role
 * @param over what it reaches
 * @param from when it begins, inclusive
 * @param until when it ends, exclusive; {@link Instant#MAX} for no end
 * @param origin how it came about
 */
public record RoleGrant(
    MemberId member, Capacity role, Over over, Instant from, Instant until, Origin origin) {

  /** How a grant came about. */
  public enum Origin {
    /** Somebody gave it in the ordinary way. */
    ASSIGNED,
    /** It was opened for an emergency, with a reason and a second person. */
    BREAK_GLASS
  }

  /** What a grant reaches. */
  public sealed interface Over {

    /** Whether this reaches everything that the other reaches. */
    default boolean covers(Over other) {
      return this instanceof Brokerage || equals(other);
    }

    /** Whether this lies in a brokerage; the whole one and the member's own lie in each. */
    default boolean liesIn(BrokerageId brokerage) {
      return !(this instanceof Office office && !office.office().brokerage().equals(brokerage))
          && !(this instanceof Team team && !team.team().brokerage().equals(brokerage));
    }

    /** The whole brokerage. */
    record Brokerage() implements Over {}

    /**
     * One office.
     *
     * @param office the office
     */
    record Office(OfficeId office) implements Over {}

    /**
     * One team.
     *
     * @param team the team
     */
    record Team(TeamId team) implements Over {}

    /** The member's own work. */
    record Self() implements Over {}
  }

  /** Checks presence, order of time and that the scope is of the member's brokerage. */
  public RoleGrant {
    Objects.requireNonNull(role, "role");
    Objects.requireNonNull(origin, "origin");
    if (!Objects.requireNonNull(over, "over").liesIn(member.brokerage())) {
      throw VestaException.invalid(
          "grant", "over another brokerage's office or team", "grant within one brokerage");
    }
    new Span(from, until);
  }

  /** An ordinary grant. */
  public RoleGrant(MemberId member, Capacity role, Over over, Instant from, Instant until) {
    this(member, role, over, from, until, Origin.ASSIGNED);
  }

  /** When it is live. */
  public Span span() {
    return new Span(from, until);
  }

  /** Whether it is live at a time. */
  public boolean liveAt(Instant time) {
    return !time.isBefore(from) && time.isBefore(until);
  }
}
