package io.vesta.approval.hold;

import io.vesta.core.error.VestaException;
import java.time.Duration;
import java.time.Instant;
import java.time.LocalTime;
import java.time.ZoneId;
import java.util.Collection;
import java.util.Objects;

/**
 * When messages of a channel may reach somebody, on the recipient's clock. Holidays and Sundays are
 * the host's to know: it suppresses, or approves for another day.
 *
 * @param from the earliest time
 * @param until the time from which on it is too late; after {@code from}
 */
public record QuietHours(LocalTime from, LocalTime until) {

  /**
   * From eight in the morning until nine in the evening: 47 CFR 64.1200(c)(1), read 2026. States
   * may be stricter.
   */
  public static final QuietHours FEDERAL = new QuietHours(LocalTime.of(8, 0), LocalTime.of(21, 0));

  private static final Duration STEP = Duration.ofMinutes(15);
  private static final int FARTHEST = 4 * 24 * 7;

  /** Checks that there is a time at which something may be sent. */
  public QuietHours {
    Objects.requireNonNull(from, "from");
    Objects.requireNonNull(until, "until");
    if (!from.isBefore(until)) {
      throw VestaException.invalid(
          "quiet hours",
          "a window from " + from + " until " + until,
          "let it begin before it ends");
    }
  }

  /** Whether it is neither too early nor too late in any of the zones. */
  public boolean allow(Instant now, Collection<ZoneId> zones) {
    return zones.stream()
        .map(zone -> now.atZone(zone).toLocalTime())
        .allMatch(time -> !time.isBefore(from) && time.isBefore(until));
  }

  /**
   * The first quarter of an hour from now on at which all zones allow it; a week from now if their
   * windows never meet.
   */
  public Instant next(Instant now, Collection<ZoneId> zones) {
    long step = STEP.toSeconds();
    Instant at = Instant.ofEpochSecond((now.getEpochSecond() / step + 1) * step);
    for (int i = 0; i < FARTHEST && !allow(at, zones); i++) {
      at = at.plus(STEP);
    }
    return at;
  }
}
