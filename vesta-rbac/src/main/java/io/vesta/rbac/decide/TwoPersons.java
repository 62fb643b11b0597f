package io.vesta.rbac.decide;

import io.vesta.core.access.AccessDeniedException;
import io.vesta.core.access.Action;
import io.vesta.core.access.Actor;
import io.vesta.core.access.Decision;
import io.vesta.core.access.Resource;
import io.vesta.core.access.ResourceType;
import io.vesta.core.audit.AuditEvent;
import io.vesta.core.id.MemberId;
import java.util.function.Consumer;

/**
 * An act that takes two persons: one who may begin it and another who may approve it, by the policy
 * and by name. Thread-safe.
 */
final class TwoPersons {

  private static final Action APPROVE = new Action("approve");

  private final Guard guard;
  private final ResourceType type;
  private final Action begin;
  private final String what;

  /**
   * @param guard whose policy says who may
   * @param type the resource type of the policy's rules about it
   * @param begin the action of the first person; the second's is {@code approve}
   * @param what the act in words, for refusals
   */
  TwoPersons(Guard guard, ResourceType type, Action begin, String what) {
    this.guard = guard;
    this.type = type;
    this.begin = begin;
    this.what = what;
  }

  /**
   * The first step.
   *
   * @throws AccessDeniedException if this is no person, or one who may not
   */
  MemberId begin(Actor who, String key) {
    MemberId first = who.requirePerson("asking for " + what);
    guard.decide(who, begin, resource(first, key)).orThrow();
    return first;
  }

  /**
   * The second step.
   *
   * @param refused records a refusal before it is told
   * @throws AccessDeniedException if this is no person, the first one, or one who may not
   */
  MemberId approve(Actor who, MemberId first, String key, Consumer<AuditEvent.Outcome> refused) {
    MemberId second = who.requirePerson("approving " + what);
    Decision decision = guard.decide(who, APPROVE, resource(first, key));
    if (!decision.allowed() || second.equals(first)) {
      refused.accept(AuditEvent.Outcome.DENIED);
      decision.orThrow();
      throw new AccessDeniedException("SELF_APPROVAL", what + " needs a second person");
    }
    return second;
  }

  /** Whether somebody could approve what another began; no refusal is recorded. */
  boolean couldApprove(Actor who, MemberId first, String key) {
    return who.kind() == Actor.Kind.MEMBER
        && !first.equals(who.memberOrNull())
        && guard.decide(who, APPROVE, resource(first, key)).allowed();
  }

  /** The act as the policy knows it: the first person's. */
  Resource resource(MemberId first, String key) {
    return Resource.builder(type, first.brokerage(), key).owner(first).build();
  }
}
