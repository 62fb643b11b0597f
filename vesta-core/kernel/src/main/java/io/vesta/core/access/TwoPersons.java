package io.vesta.core.access;

import io.vesta.core.id.MemberId;
import java.util.Objects;

/**
 * An act that takes two persons: one who may begin it and another who may approve it, by the policy
 * and by name. Thread-safe.
 */
public final class TwoPersons {

  private static final Action APPROVE = new Action("approve");

  private final Authorizer authorizer;
  private final ResourceType type;
  private final Action begin;
  private final String what;

  /**
   * @param authorizer says who may
   * @param type the resource type of the policy's rules about it
   * @param begin the action of the first person; the second's is {@code approve}
   * @param what the act in words, one of a kind, such as {@code "a change of policy"}; for refusals
   */
  public TwoPersons(Authorizer authorizer, ResourceType type, Action begin, String what) {
    this.authorizer = Objects.requireNonNull(authorizer, "authorizer");
    this.type = Objects.requireNonNull(type, "type");
    this.begin = Objects.requireNonNull(begin, "begin");
    this.what = Objects.requireNonNull(what, "what");
  }

  /**
   * The first step.
   *
   * @param key the act's key among those of its type
   * @return the first person
   * @throws AccessDeniedException if this is no person, or one who may not
   */
  public MemberId begin(Actor who, String key) {
    MemberId first = who.requirePerson("asking for " + what);
    authorizer.decide(who, begin, resource(first, key)).orThrow();
    return first;
  }

  /**
   * The second step.
   *
   * @param first who took the first step
   * @param key as in {@link #begin}
   * @param refused records a refusal before it is told
   * @return the second person
   * @throws AccessDeniedException if this is no person, the first one, or one who may not
   */
  public MemberId approve(Actor who, MemberId first, String key, Runnable refused) {
    MemberId second = who.requirePerson("approving " + what);
    Decision decision = authorizer.decide(who, APPROVE, resource(first, key));
    if (!decision.allowed() || second.equals(first)) {
      refused.run();
      decision.orThrow();
      throw new AccessDeniedException("SELF_APPROVAL", what + " needs a second person");
    }
    return second;
  }

  /** Whether somebody could approve what another began; no refusal is recorded. */
  public boolean couldApprove(Actor who, MemberId first, String key) {
    return who.kind() == Actor.Kind.MEMBER
        && !first.equals(who.memberOrNull())
        && authorizer.decide(who, APPROVE, resource(first, key)).allowed();
  }

  /** The act as the policy knows it: the first person's. */
  public Resource resource(MemberId first, String key) {
    return Resource.builder(type, first.brokerage(), key).owner(first).build();
  }
}
