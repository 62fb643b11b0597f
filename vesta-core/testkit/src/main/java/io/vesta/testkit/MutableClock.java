package io.vesta.testkit;

import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneId;
import java.time.ZoneOffset;

/** A UTC clock that stands still until a test moves it, forwards or back. Thread-safe. */
public final class MutableClock extends Clock {

  private Instant now;

  /** A clock that shows {@code start}. */
  public MutableClock(Instant start) {
    now = start;
  }

  /** Moves the clock by a duration; a negative one turns it back. */
  public synchronized void advance(Duration by) {
    now = now.plus(by);
  }

  @Override
  public synchronized Instant instant() {
    return now;
  }

  @Override
  public ZoneId getZone() {
    return ZoneOffset.UTC;
  }

  /** Not supported: this clock is in UTC. */
  @Override
  public Clock withZone(ZoneId zone) {
    throw new IllegalArgumentException("a MutableClock is in UTC");
  }
}
