package io.vesta.proof.protect;

import io.vesta.proof.cells.Cells;
import java.math.BigDecimal;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;

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
    private List<BigDecimal> othersLargest = List.of();

    void add(long more, BigDecimal amount, List<BigDecimal> largest) {
      others += more;
      othersAmount = othersAmount.add(amount);
      othersLargest = Shares.largest(Stream.concat(othersLargest.stream(), largest.stream()));
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
      return new Shares(sum(shares.stream()), largest(shares.stream()));
    }

    private static List<BigDecimal> largest(Stream<BigDecimal> shares) {
      return shares.sorted(Comparator.reverseOrder()).limit(Cells.LARGEST).toList();
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
   * @param contributors one key per unit
   */
  void add(int measure, int weight, BigDecimal amount, List<String> contributors) {
    BigDecimal weighted = amount.multiply(BigDecimal.valueOf(weight));
    Part part = parts.get(measure);
    part.all.add(weight, weighted);
    for (int unit = 0; unit < unitCount; unit++) {
      addContributor(measure, unit, contributors.get(unit), weight, weighted);
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
          some.add(more.others, more.othersAmount, more.othersLargest);
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
    Shares named =
        Shares.of(
            crowd.named.values().stream()
                .filter(Share::counts)
                .map(share -> share.amount.abs())
                .toList());
    return crowd.others == 0
        ? named
        : new Shares(
            named.all().add(crowd.othersAmount),
            Shares.largest(Stream.concat(named.largest().stream(), crowd.othersLargest.stream())));
  }
}
