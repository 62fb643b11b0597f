package io.vesta.examples.benchmarks.proof;

import io.vesta.examples.benchmarks.proof.Sales.Sale;
import io.vesta.proof.check.Grid;
import io.vesta.proof.check.ProofChecker;
import io.vesta.proof.check.ProofChecker.Demand;
import io.vesta.proof.protect.DisclosurePolicy;
import io.vesta.proof.protect.Protection;
import io.vesta.proof.protect.Protector;
import io.vesta.proof.spec.ProofSpec;
import java.math.BigDecimal;
import java.util.BitSet;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.stream.IntStream;
import org.ojalgo.optimisation.Expression;
import org.ojalgo.optimisation.ExpressionsBasedModel;
import org.ojalgo.optimisation.Optimisation;
import org.ojalgo.optimisation.Variable;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Fork;
import org.openjdk.jmh.annotations.Measurement;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.annotations.OutputTimeUnit;
import org.openjdk.jmh.annotations.Param;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.State;
import org.openjdk.jmh.annotations.Warmup;

/**
 * How far a withheld cell could be from its true value: a witness that says so, checked, beside a
 * linear program that finds it (ojAlgo). Before anything is timed, the linear program has to agree
 * with the witnesses of twenty cells.
 *
 * <p>Fairness: the linear program finds the most, a witness shows enough; and whoever checks a
 * witness did not have to find it. {@link #everything} bounds what finding costs from above: it is
 * the whole protection, tally and suppression included, of as many cells as {@link #load} prints.
 */
@State(Scope.Benchmark)
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.MICROSECONDS)
@Warmup(iterations = 2, time = 3)
@Measurement(iterations = 5, time = 3)
@Fork(1)
public class IntervalBenchmark {

  /** How many areas; there are as many types. */
  @Param({"10", "20"})
  public int side;

  private final Protector protector = new Protector(DisclosurePolicy.STANDARD);
  private ProofSpec<Sale> spec;
  private List<Sale> sales;
  private Protection protection;
  private int next;

  /** Makes a protected table and holds its witnesses against the linear program. */
  @Setup
  public void load() {
    spec = Sales.spec(side, side);
    sales = Sales.make(10 * side * side, side, side);
    protection = everything();
    List<Demand> demands = protection.evidence().demands();
    if (demands.size() < 20) {
      throw new IllegalStateException("too little to protect");
    }
    for (int i = 0; i < 20; i++) {
      next = i * (demands.size() / 20);
      Demand demand = demands.get(next);
      Grid grid = protection.evidence().grid();
      List<BigDecimal> values = grid.values().get(demand.quantity());
      double total = values.get(values.size() - 1).doubleValue();
      if (linearProgram() * total < demand.level().doubleValue() * (1 - 1e-6)) {
        throw new IllegalStateException("the linear program does not reach a cell's level");
      }
    }
    System.out.println("# demands: " + demands.size());
  }

  /** The whole protection. */
  @Benchmark
  public Protection everything() {
    return protector.protect(spec, sales);
  }

  /** The independent check of one cell's witness and of what the table adds up to. */
  @Benchmark
  public List<String> witness() {
    int cell = next++ % protection.evidence().demands().size();
    return ProofChecker.faults(
        protection.evidence().grid(),
        List.of(protection.evidence().demands().get(cell)),
        List.of(protection.evidence().witnesses().get(cell)));
  }

  /**
   * How far above its true value a cell could be, as a share of the table's total: the same table
   * in differences, which keeps the numbers of a kind. At most once the total.
   */
  @Benchmark
  public double linearProgram() {
    Demand demand =
        protection.evidence().demands().get(next++ % protection.evidence().demands().size());
    Grid grid = protection.evidence().grid();
    List<BigDecimal> values = grid.values().get(demand.quantity());
    double total = values.get(values.size() - 1).doubleValue();
    BitSet shown = grid.shown();
    ExpressionsBasedModel model = new ExpressionsBasedModel();
    Variable[] unknown = new Variable[values.size()];
    for (int cell = 0; cell < unknown.length; cell++) {
      if (!shown.get(cell)) {
        unknown[cell] =
            model.newVariable("c" + cell).lower(-values.get(cell).doubleValue() / total).upper(1);
      }
    }
    unknown[demand.cell()].weight(1);
    int across = grid.columns();
    for (int row = 0; row < grid.rows(); row++) {
      line(model, unknown, row * across, 1, across);
    }
    for (int column = 0; column < across; column++) {
      line(model, unknown, column, across, grid.rows());
    }
    Optimisation.Result result = model.maximise();
    if (!result.getState().isOptimal()) {
      throw new IllegalStateException("no optimum: " + result.getState());
    }
    return result.getValue();
  }

  /** Of a line, the parts change by as much as their sum. */
  private static void line(
      ExpressionsBasedModel model, Variable[] unknown, int first, int step, int cells) {
    int[] line =
        IntStream.range(0, cells)
            .map(i -> first + i * step)
            .filter(cell -> unknown[cell] != null)
            .toArray();
    if (line.length > 0) {
      Expression equation = model.newExpression("l" + first + "-" + step).level(0);
      int last = first + (cells - 1) * step;
      for (int cell : line) {
        equation.set(unknown[cell], cell == last ? -1 : 1);
      }
    }
  }
}
