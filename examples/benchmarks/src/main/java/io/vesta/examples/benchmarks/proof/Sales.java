package io.vesta.examples.benchmarks.proof;

import io.vesta.proof.spec.Code;
import io.vesta.proof.spec.Dimension;
import io.vesta.proof.spec.Measure;
import io.vesta.proof.spec.Period;
import io.vesta.proof.spec.ProofSpec;
import io.vesta.proof.spec.Unit;
import java.time.LocalDate;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.stream.IntStream;

/** Made-up sales: areas and brokers of unequal size, as real ones are. */
final class Sales {

  /** A sale. */
  record Sale(String deal, String area, String type, String broker, long cents) {}

  private static final LocalDate DAY = LocalDate.of(2026, 6, 30);

  private Sales() {}

  /** The same sales at every call. */
  static List<Sale> make(int rows, int areas, int types) {
    Random random = new Random(11);
    List<Sale> sales = new ArrayList<>(rows);
    for (int i = 0; i < rows; i++) {
      sales.add(
          new Sale(
              "d" + i,
              "a" + skewed(random, areas),
              "t" + skewed(random, types),
              "b" + skewed(random, 500),
              20_000_000L + random.nextInt(80_000_000)));
    }
    return sales;
  }

  private static int skewed(Random random, int bound) {
    double draw = random.nextDouble();
    return (int) (draw * draw * bound);
  }

  /** Count and volume by area and type. */
  static ProofSpec<Sale> spec(int areas, int types) {
    return ProofSpec.builder(
            "Benchmark",
            Period.twelveMonthsTo(DAY),
            DAY,
            "Made up",
            Dimension.of("Area", "All areas", codes("a", areas), Sale::area))
        .columns(Dimension.of("Type", "All types", codes("t", types), Sale::type))
        .contributor(Unit.DEAL, Sale::deal)
        .contributor(Unit.BROKER, Sale::broker)
        .measure(Measure.count("sales", "Sales", sale -> true))
        .measure(Measure.sumOfCents("volume", "Volume", "USD", Sale::cents))
        .build();
  }

  private static List<Code> codes(String prefix, int count) {
    return IntStream.range(0, count)
        .mapToObj(i -> new Code(prefix + i, "Label " + prefix + i))
        .toList();
  }
}
