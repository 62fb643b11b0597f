package io.vesta.posture.signoff;

import io.vesta.core.error.VestaException;
import java.time.Duration;
import java.time.Instant;
import java.util.Objects;

/**
 * What two persons put up with for a time: one place that one check found wrong or could not see.
 *
 * @param check the check's id
 * @param place the place in its evidence, exactly
 * @param reason why, without secrets
 * @param by who asked
 * @param approvedBy who agreed; another person
 * @param from from when it counts
 * @param until when it ends, at most {@link #LONGEST} later
 */
public record Waiver(
    String check,
    String place,
    String reason,
    String by,
    String approvedBy,
    Instant from,
    Instant until) {

  /** The longest that one lasts. */
  public static final Duration LONGEST = Duration.ofDays(30);

  /** Checks that two persons, a reason and a bounded time are there. */
  public Waiver {
    requireText("waiver's check", check);
    requireText("waiver's place", place);
    requireText("waiver's reason", reason);
    requireText("waiver's asker", by);
    requireText("waiver's approver", approvedBy);
    if (by.equals(approvedBy)) {
      throw VestaException.invalid("waiver", "by one person alone", "let another person agree");
    }
    if (!from.isBefore(until) || Duration.between(from, until).compareTo(LONGEST) > 0) {
      throw VestaException.invalid(
          "waiver", "for no time or more than " + LONGEST.toDays() + " days", "shorten it");
    }
  }

  private static void requireText(String field, String text) {
    if (Objects.requireNonNull(text, field).isBlank()) {
      throw VestaException.invalid(field, "blank", "name it");
    }
  }

  boolean counts(String id, String where, Instant now) {
    return check.equals(id) && place.equals(where) && !now.isBefore(from) && now.isBefore(until);
  }
}
