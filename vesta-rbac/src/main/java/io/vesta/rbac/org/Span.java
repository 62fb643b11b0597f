package io.vesta.rbac.org;

import io.vesta.core.error.VestaException;
import java.time.Instant;
import java.util.Objects;

/**
 * A half-open span of time.
 *
 * @param from when it begins, inclusive
 * @param until when it ends, exclusive; {@link Instant#MAX} for no end
 */
public record Span(Instant from, Instant until) {

  private static final Instant FIRST = Instant.ofEpochMilli(Long.MIN_VALUE);
  private static final Instant LAST = Instant.ofEpochMilli(Long.MAX_VALUE).minusMillis(1);

  /** Checks that it ends after it begins. */
  public Span {
    Objects.requireNonNull(from, "from");
    Objects.requireNonNull(until, "until");
    if (!from.isBefore(until)) {
      throw VestaException.invalid(
          "span of time", "without duration", "let it end after it begins");
    }
  }

  /** Whether it holds a time. */
  public boolean holds(Instant time) {
    return !time.isBefore(from) && time.isBefore(until);
  }

  /** The first whole millisecond since 1970 that it holds. */
  public long fromMillis() {
    return millisUp(from);
  }

  /** The first whole millisecond since 1970 after it; {@link Long#MAX_VALUE} for no end. */
  public long untilMillis() {
    return millisUp(until);
  }

  /** Rows and decisions know whole milliseconds; what lies beyond them is clamped. */
  private static long millisUp(Instant time) {
    if (time.isAfter(LAST) || time.isBefore(FIRST)) {
      return time.isAfter(LAST) ? Long.MAX_VALUE : Long.MIN_VALUE;
    }
    long millis = time.toEpochMilli();
    return time.isAfter(Instant.ofEpochMilli(millis)) ? millis + 1 : millis;
  }
}
