package io.vesta.examples.benchmarks.proof;

import io.vesta.examples.benchmarks.proof.Sales.Sale;
import io.vesta.proof.protect.DisclosurePolicy;
import io.vesta.proof.protect.History;
import io.vesta.proof.protect.History.Entry;
import io.vesta.proof.protect.History.Figure;
import io.vesta.proof.protect.Protection;
import io.vesta.proof.protect.Protector;
import io.vesta.proof.protect.Renewal;
import io.vesta.proof.spec.ProofSpec;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
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

/** One more release after some others, each of which had a few late deals. */
@State(Scope.Benchmark)
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.MILLISECONDS)
@Warmup(iterations = 2, time = 3)
@Measurement(iterations = 5, time = 3)
@Fork(1)
public class RenewalBenchmark {

  private static final int LATE = 7;

  /** How many releases there were. */
  @Param({"0", "10", "100"})
  public int releases;

  private History history = History.NONE;
  private Protection next;

  /** Publishes what was before. */
  @Setup
  public void before() {
    ProofSpec<Sale> spec = Sales.spec(20, 8);
    Protector protector = new Protector(DisclosurePolicy.STANDARD);
    List<Sale> all = Sales.make(5_000 + LATE * (releases + 1), 20, 8);
    for (int n = 0; n <= releases; n++) {
      next = protector.protect(spec, all.subList(0, 5_000 + LATE * n));
      if (n < releases) {
        history = after(history, renew());
      }
    }
    if (renew().table().shown() == 0) {
      throw new IllegalStateException("nothing is shown");
    }
  }

  private static History after(History history, Renewal renewal) {
    Set<String> closed = new HashSet<>();
    renewal.closed().forEach(entry -> closed.add(entry.first() + " " + entry.ordinal()));
    List<Entry> entries = new ArrayList<>(renewal.closed());
    history.entries().stream()
        .filter(entry -> !closed.contains(entry.first() + " " + entry.ordinal()))
        .forEach(entries::add);
    entries.addAll(renewal.opened());
    List<Figure> figures = new ArrayList<>(history.figures());
    figures.addAll(renewal.figures());
    return new History(history.releases() + 1, entries, figures);
  }

  /** Holds the next table against everything before. */
  @Benchmark
  public Renewal renew() {
    return Renewal.of(next, next.population(), history);
  }
}
