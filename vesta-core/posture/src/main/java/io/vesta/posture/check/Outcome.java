package io.vesta.posture.check;

/** What a check found. Only {@link #PASS} and {@link #NOT_APPLICABLE} let a release go. */
public enum Outcome {
  /** It looked, and all is well. */
  PASS,
  /** It looked, and something is wrong. */
  FAIL,
  /** It could not look, or not everywhere. */
  UNKNOWN,
  /** There is nothing to look at here. */
  NOT_APPLICABLE
}
