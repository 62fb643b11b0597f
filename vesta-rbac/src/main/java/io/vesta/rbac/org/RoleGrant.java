package io.vesta.rbac.org;

import io.vesta.core.access.Capacity;
import io.vesta.core.error.VestaException;
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
 */
public record RoleGrant(MemberId member, Capacity role, Over over, Instant from, Instant until) {

  /** What a grant reaches. */
  public sealed interface Over {

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
    Objects.requireNonNull(over, "over");
    if (!from.isBefore(until)) {
      throw VestaException.invalid("grant", "without duration", "let it end after it begins");
    }
    boolean foreign =
        (over instanceof Over.Office office
                && !office.office().brokerage().equals(member.brokerage()))
            || (over instanceof Over.Team team
                && !team.team().brokerage().equals(member.brokerage()));
    if (foreign) {
      throw VestaException.invalid(
          "grant", "over another brokerage's office or team", "grant within one brokerage");
    }
  }

  /** Whether it is live at a time. */
  public boolean liveAt(Instant time) {
    return !time.isBefore(from) && time.isBefore(until);
  }
}
