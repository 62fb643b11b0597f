package io.vesta.examples.benchmarks.lint;

import io.vesta.approval.lint.LintInput;
import io.vesta.approval.lint.Linter;
import io.vesta.approval.lint.PackLinter;
import io.vesta.approval.lint.RulePack;
import io.vesta.approval.lint.Verdict;
import java.time.Clock;
import java.util.Map;
import java.util.Random;
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
 * Drafts of 1 KB under every shipped rule pack. The draft is made of ordinary sentences of the
 * trade, with one sentence in {@link #flagged} drafts of a hundred that a rule blocks, which is
 * checked before anything is timed. The goal is 10,000 drafts in two seconds: 5,000 a second.
 */
@State(Scope.Thread)
@BenchmarkMode(Mode.Throughput)
@OutputTimeUnit(TimeUnit.SECONDS)
@Warmup(iterations = 4, time = 1)
@Measurement(iterations = 5, time = 1)
@Fork(3)
public class DraftBenchmark {

  private static final int DRAFTS = 512;
  private static final int SIZE = 1024;
  private static final String BLOCKED = "Adults only, no children please. ";
  private static final String[] SENTENCES = {
    "Thank you for the lovely afternoon at the open house on Juniper Lane. ",
    "The white kitchen has new quartz counters and a window over the sink. ",
    "I attached the disclosure packet and the survey for your attorney. ",
    "The inspection is on Tuesday at 10:00, please allow three hours. ",
    "You can call me at 214-555-0101 until six in the evening. ",
    "The listing price is $465,000 and the taxes were $6,120 last year. ",
    "Both offers are due on Friday; I will present them the same day. ",
    "The family room opens to the patio and the walk-in closet is large. ",
    "Never wire money before you call the title company at a number you know. ",
    "Let me know which time suits you, and I will confirm it with the seller. ",
    "The roof was replaced in 2019 and carries a twenty year warranty. ",
    "It is a single-family home on a quiet street, two blocks from the library. ",
  };

  /** How many of a hundred drafts a rule blocks. */
  @Param({"0", "5", "100"})
  public int flagged;

  private final LintInput[] drafts = new LintInput[DRAFTS];
  private Linter linter;
  private int next;

  /** Makes the drafts and checks what the rules say of them. */
  @Setup
  public void setUp() {
    linter = new PackLinter(RulePack.shipped(), Clock.systemUTC());
    Random random = new Random(20260101);
    for (int i = 0; i < DRAFTS; i++) {
      boolean blocked = random.nextInt(100) < flagged;
      StringBuilder text = new StringBuilder(blocked ? BLOCKED : "");
      while (text.length() < SIZE) {
        text.append(SENTENCES[random.nextInt(SENTENCES.length)]);
      }
      drafts[i] =
          new LintInput("EMAIL", text.substring(0, SIZE), Map.of("purpose", "TRANSACTIONAL"));
      if (blocked != (linter.lint(drafts[i]).verdict() == Verdict.BLOCK)) {
        throw new IllegalStateException("draft " + i + " is judged otherwise");
      }
    }
  }

  /** One draft. */
  @Benchmark
  public Object lint() {
    next = (next + 1) % DRAFTS;
    return linter.lint(drafts[next]);
  }
}
