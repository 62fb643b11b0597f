package io.vesta.posture.check;

import java.time.Duration;

/**
 * SPI: one question about a release.
 *
 * <p><b>Contract.</b> {@link #check} changes nothing, ends within the sign-off's deadline, and
 * answers {@link Outcome#PASS} only if it looked at everything that it speaks of. What it throws
 * counts as {@link Outcome#UNKNOWN}. Thread-safe.
 */
public interface PostureCheck {

  /** Its name, such as {@code listener-exposure.tcp}: constant, unique in a sign-off. */
  String id();

  /** Which of the five questions it belongs to; constant. */
  Family family();

  /** For how long its answer holds; more than nothing. */
  Duration validity();

  /** Looks. */
  Verdict check();
}
