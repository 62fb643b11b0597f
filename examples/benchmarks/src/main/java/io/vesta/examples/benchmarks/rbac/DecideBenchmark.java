package io.vesta.examples.benchmarks.rbac;

import io.vesta.examples.benchmarks.Table;
import java.util.Arrays;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.function.IntPredicate;
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
import org.openjdk.jmh.profile.GCProfiler;
import org.openjdk.jmh.results.Result;
import org.openjdk.jmh.results.RunResult;
import org.openjdk.jmh.runner.Runner;
import org.openjdk.jmh.runner.RunnerException;
import org.openjdk.jmh.runner.options.OptionsBuilder;
import org.openjdk.jmh.runner.options.VerboseMode;

/**
 * One decision of an engine; see {@link Questions} for the rule and {@link Engines} for how each
 * engine is asked. 64 questions rotate, and the engine answers all of them like plain code before
 * it is timed.
 */
@State(Scope.Thread)
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.NANOSECONDS)
@Warmup(iterations = 4, time = 250, timeUnit = TimeUnit.MILLISECONDS)
@Measurement(iterations = 5, time = 200, timeUnit = TimeUnit.MILLISECONDS)
@Fork(3)
public class DecideBenchmark {

  private static final String[] PEERS = {"shiro", "jcasbin", "spring", "cedarCached", "cedar"};

  /** Who decides. */
  @Param({"vesta"})
  public String engine = "";

  /** How many rules the policy has. */
  @Param({"8"})
  public int rules;

  /** What the answer is. */
  @Param({"allow", "deny"})
  public String answer = "";

  private IntPredicate decides = i -> false;
  private int next;

  /** Makes the engine and holds it to plain code. */
  @Setup
  public void setUp() {
    Questions questions = new Questions(rules, answer.equals("allow"));
    decides = questions.hold(engine, Engines.of(engine, questions));
  }

  /** One decision. */
  @Benchmark
  public boolean decide() {
    next = (next + 1) & (Questions.COUNT - 1);
    return decides.test(next);
  }

  /**
   * Runs all engines with 8 rules and Vesta with more; with the argument {@code scaling} the peers
   * with 100 and 10,000 rules.
   */
  public static void main(String[] args) throws RunnerException {
    Map<String, double[]> found = new LinkedHashMap<>();
    if (Arrays.asList(args).contains("scaling")) {
      run(found, new String[] {"100", "10000"}, PEERS);
    } else {
      run(found, new String[] {"8", "100", "10000"}, "vesta");
      run(found, new String[] {"8"}, "vestaDecision", "byHand");
      run(found, new String[] {"8"}, PEERS);
    }
    Table table =
        new Table(
            "One access decision (3 forks; error is JMH's 99.9 % interval; vesta = 1 at the same"
                + " rules and answer)",
            "engine", "rules", "answer", "ns/op", "+-", "B/op", "x vesta");
    found.forEach(
        (key, value) -> {
          String[] parts = key.split(" ");
          double[] vesta = found.get("vesta " + parts[1] + " " + parts[2]);
          table.row(
              parts[0],
              parts[1],
              parts[2],
              value[0],
              value[1],
              value[2],
              vesta == null ? Double.NaN : value[0] / vesta[0]);
        });
    table.print();
  }

  private static void run(Map<String, double[]> found, String[] rules, String... engines)
      throws RunnerException {
    System.out.println("running " + List.of(engines) + " with rules " + List.of(rules));
    Collection<RunResult> results =
        new Runner(
                new OptionsBuilder()
                    .include(DecideBenchmark.class.getSimpleName() + "\\.decide")
                    .param("engine", engines)
                    .param("rules", rules)
                    .addProfiler(GCProfiler.class)
                    .jvmArgs("-Xms1g", "-Xmx1g")
                    .verbosity(VerboseMode.SILENT)
                    .shouldFailOnError(true)
                    .build())
            .run();
    for (RunResult result : results) {
      Result<?> time = result.getPrimaryResult();
      double bytes =
          result.getSecondaryResults().entrySet().stream()
              .filter(entry -> entry.getKey().endsWith("gc.alloc.rate.norm"))
              .mapToDouble(entry -> entry.getValue().getScore())
              .findFirst()
              .orElse(Double.NaN);
      found.put(
          result.getParams().getParam("engine")
              + " "
              + result.getParams().getParam("rules")
              + " "
              + result.getParams().getParam("answer"),
          new double[] {time.getScore(), time.getScoreError(), bytes});
    }
  }
}
