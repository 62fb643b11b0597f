package io.vesta.examples.benchmarks.proof;

import io.vesta.examples.benchmarks.proof.Sales.Sale;
import io.vesta.proof.check.ProofChecker;
import io.vesta.proof.protect.DisclosurePolicy;
import io.vesta.proof.protect.Protection;
import io.vesta.proof.protect.Protector;
import io.vesta.proof.spec.ProofSpec;
import java.util.List;
import java.util.concurrent.TimeUnit;
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
 * Protection with its witnesses, and their check alone, by the number of cells; ten rows a cell. A
 * spec allows 20,000 cells, so 100,000 cannot be asked for.
 */
@State(Scope.Benchmark)
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.MILLISECONDS)
@Warmup(iterations = 2, time = 3)
@Measurement(iterations = 5, time = 3)
@Fork(1)
public class ProtectionBenchmark {

  /** How many areas; there are as many types. */
  @Param({"30", "100", "140"})
  public int side;

  private final Protector protector = new Protector(DisclosurePolicy.STANDARD);
  private ProofSpec<Sale> spec;
  private List<Sale> sales;
  private Protection protection;

  /** Makes the rows and one protection, which has to hold. */
  @Setup
  public void load() {
    spec = Sales.spec(side, side);
    sales = Sales.make(10 * side * side, side, side);
    protection = protect();
    if (!check().isEmpty() || protection.unsafe() == 0) {
      throw new IllegalStateException("nothing to protect, or not protected");
    }
  }

  /** From rows to a protected table with its witnesses. */
  @Benchmark
  public Protection protect() {
    return protector.protect(spec, sales);
  }

  /** The independent check of all witnesses. */
  @Benchmark
  public List<String> check() {
    return ProofChecker.faults(
        protection.evidence().grid(),
        protection.evidence().demands(),
        protection.evidence().witnesses());
  }
}
