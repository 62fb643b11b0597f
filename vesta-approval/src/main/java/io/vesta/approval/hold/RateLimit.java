package io.vesta.approval.hold;

import io.vesta.core.error.VestaException;
import java.time.Duration;
import java.util.Objects;

/**
 * At most so many attempts to send within a time.
 *
 * @param scope of what
 * @param most how many, 1 or more
 * @param within in which time, one second to 31 days, counted back from now
 */
public record RateLimit(Scope scope, int most, Duration within) {

  /** What is counted together; always of one brokerage. */
  public enum Scope {
    /** Everything on all channels. */
    BROKERAGE,
    /** Everything on the channel. */
    CHANNEL,
    /** Everything on the channel to one of the message's recipients. */
    RECIPIENT
  }

  private static final Duration LONGEST = Duration.ofDays(31);

  /** Checks ranges. */
  public RateLimit {
    Objects.requireNonNull(scope, "scope");
    if (most < 1) {
      throw VestaException.invalid("rate limit", "of " + most, "use 1 or more");
    }
    if (within.compareTo(Duration.ofSeconds(1)) < 0 || within.compareTo(LONGEST) > 0) {
      throw VestaException.invalid(
          "rate limit's time", within.toString(), "use one second to 31 days");
    }
  }
}
