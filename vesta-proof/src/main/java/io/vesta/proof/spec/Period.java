package io.vesta.proof.spec;

import io.vesta.core.error.VestaException;
import java.time.LocalDate;
import java.util.Objects;

/**
 * A span of days, open at its start so that adjacent periods share no day.
 *
 * @param after the last day that does not belong to it
 * @param to the last day that does
 */
public record Period(LocalDate after, LocalDate to) {

  /** Checks the order. */
  public Period {
    Objects.requireNonNull(after, "after");
    Objects.requireNonNull(to, "to");
    if (!after.isBefore(to)) {
      throw VestaException.invalid("period", "without a day", "let it end after it begins");
    }
  }

  /** The twelve months that end with a day. */
  public static Period twelveMonthsTo(LocalDate day) {
    return new Period(day.minusMonths(12), day);
  }

  /** Whether a day belongs to it. */
  public boolean holds(LocalDate day) {
    return day.isAfter(after) && !day.isAfter(to);
  }

  /** The first day that belongs to it; never null. */
  public LocalDate first() {
    return after.plusDays(1);
  }
}
