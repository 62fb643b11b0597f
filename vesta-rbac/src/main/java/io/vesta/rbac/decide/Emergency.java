package io.vesta.rbac.decide;

import io.vesta.core.access.Actor;
import io.vesta.core.access.Capacity;
import io.vesta.core.id.MemberId;
import io.vesta.core.id.Ref;
import io.vesta.rbac.org.RoleGrant;
import io.vesta.rbac.org.RoleGrant.Over;
import io.vesta.rbac.org.Span;
import java.time.Duration;
import java.time.Instant;
import java.util.Objects;
import java.util.Optional;

/**
 * Emergency authority that somebody asked for, and that a second person may have opened.
 *
 * @param ref the reference under which the audit log names it, and by which it is approved
 * @param member who asked
 * @param role in which capacity
 * @param over what it reaches
 * @param reason the ticket or file that holds the reason
 * @param length for how long it was asked, at most {@link BreakGlass#LONGEST}
 * @param requested when it was asked for
 * @param open when it is open; empty if nobody approved it
 */
public record Emergency(
    Ref ref,
    MemberId member,
    Capacity role,
    Over over,
    Ref reason,
    Duration length,
    Instant requested,
    Optional<Span> open) {

  /** Checks presence. */
  public Emergency {
    Objects.requireNonNull(ref, "ref");
    Objects.requireNonNull(member, "member");
    Objects.requireNonNull(role, "role");
    Objects.requireNonNull(over, "over");
    Objects.requireNonNull(reason, "reason");
    Objects.requireNonNull(length, "length");
    Objects.requireNonNull(requested, "requested");
    Objects.requireNonNull(open, "open");
  }

  /** The same, opened. */
  Emergency opened(Instant at) {
    Span span = new Span(at, at.plus(length));
    return new Emergency(ref, member, role, over, reason, length, requested, Optional.of(span));
  }

  /** Whether it is open at a time for an actor in its capacity; a bot uses none. */
  boolean counts(Actor actor, long now) {
    return actor.kind() == Actor.Kind.MEMBER
        && member.equals(actor.memberOrNull())
        && role.equals(actor.capacityOrNull())
        && open.filter(span -> span.holds(Instant.ofEpochMilli(now))).isPresent();
  }

  /** The authority of one that is open. */
  RoleGrant grant() {
    Span span = open.orElseThrow();
    return new RoleGrant(
        member, role, over, span.from(), span.until(), RoleGrant.Origin.BREAK_GLASS);
  }
}
