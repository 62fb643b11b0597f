package io.vesta.proof.protect;

import io.vesta.proof.protect.ReleasedTable.Kind;
import io.vesta.proof.protect.Tally.Shares;
import io.vesta.proof.spec.Unit;
import java.math.BigDecimal;
import java.math.RoundingMode;
import java.util.List;

/**
 * Whether a figure by itself says too much about few: minimum counts per unit, also of what one
 * count leaves out of another, the p% rule and the (n,k) rules, with the boundaries of
 * GaussSuppression's {@code MagnitudeRule} ({@code <} for p%, {@code >=} for (n,k)). A figure of
 * nobody has too few too, so that an empty cell looks like any other withheld one.
 */
final class PrimaryRules {

  private static final BigDecimal HUNDRED = BigDecimal.valueOf(100);

  private final DisclosurePolicy policy;
  private final List<Unit> units;
  private final List<Kind> kinds;

  /**
   * @param units in the order of the tallies
   * @param kinds the kind of each measure: of sums and means the sizes matter too
   */
  PrimaryRules(DisclosurePolicy policy, List<Unit> units, List<Kind> kinds) {
    this.policy = policy;
    this.units = units;
    this.kinds = kinds;
  }

  /** In any measure; a quantile is told or not told by a rule of its own. */
  boolean unsafe(Tally tally) {
    for (int measure = 0; measure < kinds.size(); measure++) {
      if (kinds.get(measure) != Kind.QUANTILE && unsafe(tally, measure)) {
        return true;
      }
    }
    return allButFew(tally);
  }

  /** Whether one count leaves out few of another, so that their difference tells about those. */
  private boolean allButFew(Tally tally) {
    for (int some = 0; some < kinds.size(); some++) {
      for (int other = 0; other < kinds.size(); other++) {
        if (some != other && kinds.get(some) == Kind.COUNT && kinds.get(other) == Kind.COUNT) {
          for (int unit = 0; unit < units.size(); unit++) {
            int beyond = tally.beyond(some, other, unit);
            if (0 < beyond && beyond < policy.fewest(units.get(unit))) {
              return true;
            }
          }
        }
      }
    }
    return false;
  }

  boolean unsafe(Tally tally, int measure) {
    boolean magnitude = kinds.get(measure) == Kind.SUM || kinds.get(measure) == Kind.MEAN;
    for (int unit = 0; unit < units.size(); unit++) {
      if (tally.contributors(measure, unit) < policy.fewest(units.get(unit))
          || (magnitude
              && dominated(
                  tally.shares(measure, unit), policy.estimatePercent(), policy.dominance()))) {
        return true;
      }
    }
    return false;
  }

  /** Whether one or few contributors make up so much of a sum that it tells what they bring. */
  static boolean dominated(
      Shares shares, int estimatePercent, List<DisclosurePolicy.Dominance> dominance) {
    if (shares.all().signum() == 0) {
      // Amounts are not negative: a sum of zero tells every single one.
      return true;
    }
    BigDecimal rest = shares.all().subtract(shares.first(2));
    if (rest.multiply(HUNDRED).compareTo(percent(shares.first(1), estimatePercent)) < 0) {
      return true;
    }
    return dominance.stream()
        .anyMatch(
            rule ->
                shares
                        .first(rule.largest())
                        .multiply(HUNDRED)
                        .compareTo(percent(shares.all(), rule.percent()))
                    >= 0);
  }

  /**
   * How many rows of a measure more than the true number must be possible, where that number is
   * withheld: as many as the fewest that are shown, if there are too few, or else one.
   */
  BigDecimal rowsLevel(Tally tally, int measure) {
    for (int unit = 0; unit < units.size(); unit++) {
      if (tally.contributors(measure, unit) < policy.fewest(units.get(unit))) {
        return BigDecimal.valueOf(policy.deals());
      }
    }
    return BigDecimal.ONE;
  }

  /**
   * How far above the true sum it must be possible to place it: so far that the largest contributor
   * is not estimated within p percent, and that no (n,k) rule holds (HandbookSDC table 4.4).
   *
   * @param least the smallest step of the figure, which is needed in any case
   */
  BigDecimal amountLevel(Tally tally, int measure, BigDecimal least) {
    BigDecimal level = least;
    for (int unit = 0; unit < units.size(); unit++) {
      Shares shares = tally.shares(measure, unit);
      level = level.max(percent(shares.first(1), policy.estimatePercent()).movePointLeft(2));
      for (DisclosurePolicy.Dominance rule : policy.dominance()) {
        level =
            level.max(
                shares
                    .first(rule.largest())
                    .multiply(HUNDRED)
                    .divide(BigDecimal.valueOf(rule.percent()), RoundingMode.CEILING)
                    .subtract(shares.all()));
      }
    }
    return level;
  }

  private static BigDecimal percent(BigDecimal value, int percent) {
    return value.multiply(BigDecimal.valueOf(percent));
  }
}
