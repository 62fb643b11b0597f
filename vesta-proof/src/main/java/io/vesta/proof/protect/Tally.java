package io.vesta.proof.protect;

import io.vesta.proof.cells.Cells;
import java.math.BigDecimal;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.PriorityQueue;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

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

  /** The contributors of one unit to one measure. */
  private static final class Crowd {
    private final Map<String, Share> named = new HashMap<>();

    /** How many more there are, of whom each stands in one place only; and what they bring. */
    private long others;

    private BigDecimal othersAmount = BigDecimal.ZERO;
    private final Largest othersLargest = new Largest();

    void add(long more, BigDecimal amount, Iterable<BigDecimal> largest) {
      others += more;
      othersAmount = othersAmount.add(amount);
      largest.forEach(othersLargest::see);
    }
  }

  /** The largest of what it has seen, which need not be kept. */
  private static final class Largest {
    private final PriorityQueue<BigDecimal> kept = new PriorityQueue<>(1);

    void see(BigDecimal share) {
      if (kept.size() < Cells.LARGEST) {
        kept.add(share);
      } else if (share.compareTo(kept.element()) > 0) {
        kept.remove();
        kept.add(share);
      }
    }

    List<BigDecimal> descending() {
      return kept.stream().sorted(Comparator.reverseOrder()).toList();
    }
  }

  /** One measure's part. */
  private static final class Part {
    private final Share all = new Share();
    private final List<Crowd> units = new ArrayList<>();

    Part(int unitCount) {
      for (int i = 0; i < unitCount; i++) {
        units.add(new Crowd());
      }
    }
  }

  /**
   * What contributors bring, without sign.
   *
   * @param all together
   * @param largest the {@link Cells#LARGEST} largest or all of them, the largest first
   */
  record Shares(BigDecimal all, List<BigDecimal> largest) {

    static Shares of(Collection<BigDecimal> shares) {
      Largest largest = new Largest();
      shares.forEach(largest::see);
      return new Shares(sum(shares.stream()), largest.descending());
    }

    private static BigDecimal sum(Stream<BigDecimal> shares) {
      return shares.reduce(BigDecimal.ZERO, BigDecimal::add);
    }

    /** What the largest bring. */
    BigDecimal first(int contributors) {
      return sum(largest.stream().limit(contributors));
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
   * @param contributors one key per unit; null for whoever stands behind no other row, if the
   *     weight is one
   */
  void add(
      int measure, int weight, BigDecimal amount, List<? extends @Nullable String> contributors) {
    BigDecimal weighted = amount.multiply(BigDecimal.valueOf(weight));
    Part part = parts.get(measure);
    part.all.add(weight, weighted);
    for (int unit = 0; unit < unitCount; unit++) {
      String key = contributors.get(unit);
      if (key == null) {
        addOthers(measure, unit, 1, weighted, List.of(weighted));
      } else {
        addContributor(measure, unit, key, weight, weighted);
      }
    }
  }

  /** Adds rows without saying whose they are. */
  void addRows(int measure, long rows, BigDecimal amount) {
    parts.get(measure).all.add(rows, amount);
  }

  /** Says who stands behind rows that are added otherwise. */
  void addContributor(int measure, int unit, String key, long rows, BigDecimal amount) {
    parts
        .get(measure)
        .units
        .get(unit)
        .named
        .computeIfAbsent(key, k -> new Share())
        .add(rows, amount);
  }

  /**
   * Says the same of contributors who stand in no other place.
   *
   * @param largest as of {@link Shares}
   */
  void addOthers(
      int measure, int unit, long contributors, BigDecimal amount, List<BigDecimal> largest) {
    parts.get(measure).units.get(unit).add(contributors, amount, largest);
  }

  /** Whether what the contributors bring is what there is, in each measure and unit. */
  boolean addsUp() {
    return parts.stream()
        .allMatch(
            part ->
                part.units.stream()
                    .allMatch(
                        crowd ->
                            Shares.sum(crowd.named.values().stream().map(share -> share.amount))
                                    .add(crowd.othersAmount)
                                    .compareTo(part.all.amount)
                                == 0));
  }

  /** Whether both hold as many rows and the same amounts, whoever stands behind them. */
  boolean sameRows(Tally other) {
    for (int m = 0; m < parts.size(); m++) {
      if (rows(m) != other.rows(m) || amount(m).compareTo(other.amount(m)) != 0) {
        return false;
      }
    }
    return true;
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
          Crowd some = into.units.get(unit);
          Crowd more = from.units.get(unit);
          more.named.forEach(
              (key, share) ->
                  some.named.computeIfAbsent(key, k -> new Share()).add(share.rows, share.amount));
          some.add(more.others, more.othersAmount, more.othersLargest.kept);
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
  long contributors(int measure, int unit) {
    Crowd crowd = parts.get(measure).units.get(unit);
    return crowd.others + crowd.named.values().stream().filter(Share::counts).count();
  }

  /**
   * How many contributors of a unit have more rows in one measure than in another; of those who are
   * told without a name, none.
   */
  int beyond(int measure, int other, int unit) {
    Map<String, Share> less = parts.get(other).units.get(unit).named;
    return (int)
        parts.get(measure).units.get(unit).named.entrySet().stream()
            .filter(
                entry -> {
                  Share its = less.get(entry.getKey());
                  return Math.abs(entry.getValue().rows) > (its == null ? 0 : Math.abs(its.rows));
                })
            .count();
  }

  /** What the contributors of a unit bring. */
  Shares shares(int measure, int unit) {
    Crowd crowd = parts.get(measure).units.get(unit);
    Largest largest = new Largest();
    BigDecimal all = crowd.othersAmount;
    for (Share share : crowd.named.values()) {
      if (share.counts()) {
        all = all.add(share.amount.abs());
        largest.see(share.amount.abs());
      }
    }
    crowd.othersLargest.kept.forEach(largest::see);
    return new Shares(all, largest.descending());
  }
}
