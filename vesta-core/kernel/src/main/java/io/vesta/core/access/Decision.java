package io.vesta.core.access;

/** The answer to one access question (AuthZEN 1.0 {@code decision}). Immutable. */
public interface Decision {

  /** Whether the act is allowed. */
  boolean allowed();

  /** A stable code: the id of the rule that allowed, or why none did; never null. */
  String reason();

  /**
   * The version of the policy and organisation that answered, in the characters of a key of {@link
   * io.vesta.core.id.Ref}; never null.
   */
  String policyVersion();

  /**
   * An English sentence for the log or an authorised eye: the rule that matched, or the nearest
   * miss. Computed on demand.
   */
  String because();

  /**
   * Nothing if allowed.
   *
   * @throws AccessDeniedException with {@link #reason()} if not allowed
   */
  default void orThrow() {
    if (!allowed()) {
      throw new AccessDeniedException(reason(), because());
    }
  }
}
