package io.vesta.proof.protect;

import java.math.BigDecimal;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/**
 * What stands behind one figure, or behind several added up: per measure the sum, the number of
 * rows, and what each contributor of each unit brings. Signed, because the overlap of a dimension
 * is subtracted; whoever adds and subtracts the same leaves no trace.
 */
final class Tally {

  /** What one contributor brings to one measure. */
  private static final class Share {
    private long rows;
    private BigDecimal amount = BigDecimal.ZERO;

    void add(long moreRows, BigDecimal more) {
      rows += moreRows;
      amount = amount.add(more);
    }

    boolean counts() {
      return rows != 0 || amount.signum() != 0;
    }
  }

  /** One measure's part. */
  private static final class Part {
    private final Share all = new Share();
    private final List<Map<String, Share>> units = new ArrayList<>();

    Part(int unitCount) {
      for (int i = 0; i < unitCount; i++) {
        units.add(new HashMap<>());
      }
    }
  }

  private final List<Part> parts = new ArrayList<>();
  private final int unitCount;

  Tally(int measures, int unitCount) {
    this.unitCount = unitCount;
    for (int i = 0; i < measures; i++) {
      parts.add(new Part(unitCount));
    }
  }

  /**
   * Adds a row.
   *
   * @param weight how often, negative for a subtracted overlap
   * @param contributors one key per unit
   */
  void add(int measure, int weight, BigDecimal amount, List<String> contributors) {
    BigDecimal weighted = amount.multiply(BigDecimal.valueOf(weight));
    Part part = parts.get(measure);
    part.all.add(weight, weighted);
    for (int unit = 0; unit < unitCount; unit++) {
      part.units
          .get(unit)
          .computeIfAbsent(contributors.get(unit), key -> new Share())
          .add(weight, weighted);
    }
  }

  /** What stands behind the sum of several figures. */
  static Tally sum(Collection<Tally> tallies, int measures, int unitCount) {
    Tally sum = new Tally(measures, unitCount);
    for (Tally tally : tallies) {
      for (int m = 0; m < measures; m++) {
        Part from = tally.parts.get(m);
        Part into = sum.parts.get(m);
        into.all.add(from.all.rows, from.all.amount);
        for (int unit = 0; unit < unitCount; unit++) {
          Map<String, Share> shares = into.units.get(unit);
          from.units
              .get(unit)
              .forEach(
                  (key, share) ->
                      shares.computeIfAbsent(key, k -> new Share()).add(share.rows, share.amount));
        }
      }
    }
    return sum;
  }

  BigDecimal amount(int measure) {
    return parts.get(measure).all.amount;
  }

  long rows(int measure) {
    return parts.get(measure).all.rows;
  }

  /** How many contributors of a unit take part in a measure. */
  int contributors(int measure, int unit) {
    return (int) parts.get(measure).units.get(unit).values().stream().filter(Share::counts).count();
  }

  /** How many contributors of a unit have more rows in one measure than in another. */
  int beyond(int measure, int other, int unit) {
    Map<String, Share> less = parts.get(other).units.get(unit);
    return (int)
        parts.get(measure).units.get(unit).entrySet().stream()
            .filter(
                entry -> {
                  Share its = less.get(entry.getKey());
                  return Math.abs(entry.getValue().rows) > (its == null ? 0 : Math.abs(its.rows));
                })
            .count();
  }

  /** What each contributor of a unit brings, without sign, in no order. */
  List<BigDecimal> shares(int measure, int unit) {
    return parts.get(measure).units.get(unit).values().stream()
        .filter(Share::counts)
        .map(share -> share.amount.abs())
        .toList();
  }
}
