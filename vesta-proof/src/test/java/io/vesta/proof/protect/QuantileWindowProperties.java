package io.vesta.proof.protect;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.vesta.proof.protect.QuantileWindow.Sample;
import java.math.BigDecimal;
import java.math.RoundingMode;
import java.util.ArrayList;
import java.util.Collections;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Random;
import java.util.Set;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.IntRange;
import org.junit.jupiter.api.Test;

class QuantileWindowProperties {

  private static final BigDecimal GRID = new BigDecimal("5");

  private static List<Sample> samples(int n, int brokers, int spread, Random random) {
    List<Sample> samples = new ArrayList<>();
    for (int i = 0; i < n; i++) {
      samples.add(
          new Sample(
              BigDecimal.valueOf(random.nextInt(spread)),
              List.of("d" + i, "b" + random.nextInt(brokers))));
    }
    return samples;
  }

  private static Optional<Range> range(List<Sample> samples, int percent) {
    return QuantileWindow.of(samples, percent, GRID, 1, DisclosurePolicy.STANDARD);
  }

  /** By linear interpolation, as spreadsheets do. */
  private static BigDecimal quantile(List<Sample> samples, int percent) {
    List<BigDecimal> sorted = samples.stream().map(Sample::value).sorted().toList();
    BigDecimal at = BigDecimal.valueOf((long) percent * (sorted.size() - 1)).movePointLeft(2);
    int low = at.setScale(0, RoundingMode.FLOOR).intValueExact();
    int high = at.setScale(0, RoundingMode.CEILING).intValueExact();
    return sorted
        .get(low)
        .add(
            sorted
                .get(high)
                .subtract(sorted.get(low))
                .multiply(at.subtract(BigDecimal.valueOf(low))));
  }

  @Property
  void a_range_holds_the_quantile_and_values_of_three_deals_and_brokers(
      @ForAll @IntRange(min = 0, max = 120) int n,
      @ForAll @IntRange(min = 1, max = 20) int brokers,
      @ForAll @IntRange(min = 1, max = 400) int spread,
      @ForAll @IntRange(min = 1, max = 99) int percent,
      @ForAll long seed) {
    Random random = new Random(seed);
    List<Sample> samples = samples(n, brokers, spread, random);
    Optional<Range> range = range(samples, percent);
    if (range.isPresent()) {
      BigDecimal low = range.get().low();
      BigDecimal high = range.get().high();
      BigDecimal truth = quantile(samples, percent);
      assertTrue(low.compareTo(truth) <= 0 && truth.compareTo(high) <= 0);
      assertTrue(low.compareTo(high) < 0, "never exact");
      assertEquals(0, low.remainder(GRID).signum());
      assertEquals(0, high.remainder(GRID).signum());
      Set<String> inside = new HashSet<>();
      Set<String> deals = new HashSet<>();
      for (Sample sample : samples) {
        if (sample.value().compareTo(low) >= 0 && sample.value().compareTo(high) <= 0) {
          deals.add(sample.contributors().get(0));
          inside.add(sample.contributors().get(1));
        }
      }
      assertTrue(deals.size() >= 3 && inside.size() >= 3);
      assertTrue(n >= 10);
    }
    Collections.shuffle(samples, random);
    assertEquals(range, range(samples, percent), "the order does not matter");
  }

  @Test
  void fifty_values_give_a_narrow_range_and_nine_give_none() {
    Random random = new Random(3);
    int told = 0;
    for (int i = 0; i < 100; i++) {
      // Prices in thousands, of a market with many brokers.
      List<Sample> samples = samples(50, 25, 400, random);
      Optional<Range> range = range(samples, 50);
      told += range.isPresent() ? 1 : 0;
      assertTrue(range(samples.subList(0, 9), 50).isEmpty());
    }
    assertEquals(100, told);
  }

  @Test
  void a_quantile_in_the_thin_end_needs_as_many_beyond_it() {
    Random random = new Random(4);
    assertTrue(range(samples(49, 20, 400, random), 90).isEmpty());
    assertTrue(range(samples(80, 40, 400, random), 90).isPresent());
  }
}
