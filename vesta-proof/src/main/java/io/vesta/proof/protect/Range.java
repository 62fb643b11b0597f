package io.vesta.proof.protect;

import io.vesta.core.error.VestaException;
import java.math.BigDecimal;
import java.util.Objects;

/**
 * Where a figure lies: between two bounds, both included, or exactly known if they are the same.
 *
 * @param low the lower bound
 * @param high the upper bound, not below the lower
 */
public record Range(BigDecimal low, BigDecimal high) {

  /** Checks the order. */
  public Range {
    Objects.requireNonNull(low, "low");
    Objects.requireNonNull(high, "high");
    if (low.compareTo(high) > 0) {
      throw VestaException.invalid("range", "low above high", "swap the bounds");
    }
  }

  static Range exactly(BigDecimal value) {
    return new Range(value, value);
  }

  /** Whether both bounds are the same. */
  public boolean exact() {
    return low.compareTo(high) == 0;
  }
}
