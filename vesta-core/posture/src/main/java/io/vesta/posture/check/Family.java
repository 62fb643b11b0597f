package io.vesta.posture.check;

/** The five questions of a sign-off; each needs at least one required check. */
public enum Family {
  /** Can a secret be read where it must not lie? */
  SECRET_EXPOSURE,
  /** Is what the release stands on up? */
  TARGET_HEALTH,
  /** Is the data real, whole and fresh? */
  DATA_TRUTH,
  /** Does anything listen that was not declared, or not listen that was? */
  LISTENER_EXPOSURE,
  /** Are the switches where production needs them? */
  CONFIGURATION
}
