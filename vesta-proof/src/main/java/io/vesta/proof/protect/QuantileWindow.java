package io.vesta.proof.protect;

import java.math.BigDecimal;
import java.math.RoundingMode;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.IntStream;

/**
 * Where a quantile lies, without telling any value. An exact median is one record or two; instead
 * the smallest window of values around it is taken that holds three values of three contributors of
 * each unit, of which none has more than half, and its ends are rounded outwards to a grid that was
 * fixed before any value was seen. Too few values, or too few brokers on either side: nothing.
 */
final class QuantileWindow {

  private static final int FEWEST = 3;

  /**
   * A value and who stands behind it.
   *
   * @param contributors one key per unit
   */
  record Sample(BigDecimal value, List<String> contributors) {}

  private final List<Sample> sorted;
  private final DisclosurePolicy policy;

  private QuantileWindow(List<Sample> sorted, DisclosurePolicy policy) {
    this.sorted = sorted;
    this.policy = policy;
  }

  /**
   * The range of a quantile; empty if it cannot be told.
   *
   * @param percent 1 to 99; 50 is the median
   * @param grid the step to which ends are rounded
   * @param broker which of the units is the broker
   */
  static Optional<Range> of(
      List<Sample> samples, int percent, BigDecimal grid, int broker, DisclosurePolicy policy) {
    List<Sample> sorted = new ArrayList<>(samples);
    sorted.sort(Comparator.comparing(Sample::value));
    int n = sorted.size();
    int thinner = Math.min(percent, 100 - percent);
    if (n < 2 * policy.deals() || n * thinner < 100 * policy.deals()) {
      return Optional.empty();
    }
    QuantileWindow window = new QuantileWindow(sorted, policy);
    int low = percent * (n - 1) / 100;
    int high = (percent * (n - 1) + 99) / 100;
    while (low >= 0 && high < n) {
      // Equal values belong together, or the order of the rows would matter.
      int first = low;
      while (first > 0 && window.value(first - 1).compareTo(window.value(low)) == 0) {
        first--;
      }
      int last = high;
      while (last < n - 1 && window.value(last + 1).compareTo(window.value(high)) == 0) {
        last++;
      }
      if (window.mixed(first, last)) {
        return window.surrounded(first, last, broker)
            ? Optional.of(outward(window.value(first), window.value(last), grid))
            : Optional.empty();
      }
      low--;
      high++;
    }
    return Optional.empty();
  }

  private BigDecimal value(int rank) {
    return sorted.get(rank).value();
  }

  /** Whether enough contributors of each unit are in a window and none has more than half. */
  private boolean mixed(int first, int last) {
    int size = last - first + 1;
    return size >= FEWEST
        && IntStream.range(0, sorted.get(first).contributors().size())
            .allMatch(
                unit -> {
                  Map<String, Integer> shares = new HashMap<>();
                  for (Sample sample : sorted.subList(first, last + 1)) {
                    shares.merge(sample.contributors().get(unit), 1, Integer::sum);
                  }
                  return shares.size() >= FEWEST
                      && shares.values().stream().allMatch(share -> 2 * share <= size);
                });
  }

  private boolean surrounded(int first, int last, int broker) {
    return brokers(0, first, broker) >= policy.brokers()
        && brokers(last + 1, sorted.size(), broker) >= policy.brokers();
  }

  private int brokers(int from, int to, int broker) {
    return new HashSet<>(
            sorted.subList(from, to).stream().map(s -> s.contributors().get(broker)).toList())
        .size();
  }

  private static Range outward(BigDecimal low, BigDecimal high, BigDecimal grid) {
    BigDecimal down = low.divide(grid, 0, RoundingMode.FLOOR).multiply(grid);
    BigDecimal up = high.divide(grid, 0, RoundingMode.CEILING).multiply(grid);
    // A window of equal values on the grid would be told exactly.
    return new Range(down, up.compareTo(down) == 0 ? up.add(grid) : up);
  }
}
