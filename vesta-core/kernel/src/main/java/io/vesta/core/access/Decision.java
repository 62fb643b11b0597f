package io.vesta.core.access;

/** The answer to one access question (AuthZEN 1.0 {@code decision}). Immutable. */
public interface Decision {

  /** Whether the act is allowed. */
  boolean allowed();

  /** A stable code: the id of the rule that allowed, or why none did; never null. */
  String reason();

  /**
   * The code that may be told to whoever was refused: it says nothing about the record that they
   * may not see. Never null.
   */
  default String publicReason() {
    return reason();
  }

  /**
   * The version of the policy and organisation that answered, in the characters of a key of {@link
   * io.vesta.core.id.Ref}; never null.
   */
  String policyVersion();

  /**
   * An English sentence for the log or an authorised eye: the rule that matched, or the nearest
   * miss. It may tell facts of the record, so it is not for whoever was refused. Computed on
   * demand.
   */
  String because();

  /**
   * Nothing if allowed.
   *
   * @throws AccessDeniedException with {@link #publicReason()} if not allowed
   */
  default void orThrow() {
    if (!allowed()) {
      throw new AccessDeniedException(publicReason(), "the act is not allowed");
    }
  }
}
