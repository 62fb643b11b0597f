package io.vesta.examples.benchmarks.lint;

import io.vesta.approval.lint.LintInput;
import io.vesta.approval.lint.Linter;
import io.vesta.approval.lint.PackLinter;
import io.vesta.approval.lint.RulePack;
import java.nio.charset.StandardCharsets;
import java.time.Clock;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.ahocorasick.trie.Trie;
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
 * How the time of one draft grows with the number of phrases, beside a library's automaton over
 * letters and a loop over regular expressions. All find the same three phrases before anything is
 * timed. The goal is less than twice the time from 50 to 5,000.
 *
 * <p>Fairness: the others get a text that is in lower case already and knows no spelling tricks,
 * and no sentence borders; Vesta folds the text and writes a report.
 */
@State(Scope.Thread)
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.MICROSECONDS)
@Warmup(iterations = 4, time = 1)
@Measurement(iterations = 5, time = 1)
@Fork(3)
public class PhrasesBenchmark {

  private static final int SIZE = 1024;
  private static final int HITS = 3;

  /** How many phrases the pack has. */
  @Param({"50", "500", "5000"})
  public int phrases;

  private LintInput draft;
  private Linter linter;
  private Trie trie;
  private final List<Pattern> patterns = new ArrayList<>();

  /** Makes a pack of random phrases and a draft that has three of them. */
  @Setup
  public void setUp() {
    Random random = new Random(20260101);
    Set<String> distinct = new LinkedHashSet<>();
    while (distinct.size() < phrases) {
      distinct.add(word(random) + " " + word(random));
    }
    List<String> all = new ArrayList<>(distinct);
    linter = new PackLinter(List.of(RulePack.load(pack(all))), Clock.systemUTC());
    trie = Trie.builder().onlyWholeWords().addKeywords(all).build();
    all.forEach(phrase -> patterns.add(Pattern.compile("\\b" + phrase + "\\b")));
    StringBuilder text = new StringBuilder();
    for (int i = 0; i < HITS; i++) {
      text.append(all.get(i)).append(". ");
    }
    while (text.length() < SIZE) {
      text.append(word(random)).append(' ');
    }
    draft = new LintInput("EMAIL", text.toString(), Map.of());
    if (vesta() != HITS || ahoCorasick() != HITS || regexLoop() != HITS) {
      throw new IllegalStateException(vesta() + ", " + ahoCorasick() + ", " + regexLoop());
    }
  }

  private static String word(Random random) {
    StringBuilder word = new StringBuilder();
    for (int i = 3 + random.nextInt(6); i > 0; i--) {
      word.append((char) ('a' + random.nextInt(26)));
    }
    return word.toString();
  }

  private static byte[] pack(List<String> phrases) {
    return ("{\"pack\": \"benchmark\", \"reviewBy\": \"2099-01-01\", \"rules\": [{\"id\": \"B-1\","
            + " \"citation\": \"none\", \"certainty\": \"SETTLED\", \"effectiveFrom\": \"2020-01-01\","
            + " \"severity\": \"WARN\", \"reason\": \"r\", \"remedy\": \"m\", \"mustFlag\": [\""
            + phrases.get(0)
            + "\"], \"mustPass\": [\"0\"], \"detect\": [{\"any\": [\""
            + String.join("\", \"", phrases)
            + "\"]}]}]}")
        .getBytes(StandardCharsets.UTF_8);
  }

  /** Vesta. */
  @Benchmark
  public int vesta() {
    return linter.lint(draft).findings().size();
  }

  /** The algorithm of Aho and Corasick over letters. */
  @Benchmark
  public int ahoCorasick() {
    return trie.parseText(draft.text()).size();
  }

  /** One regular expression after the other. */
  @Benchmark
  public int regexLoop() {
    int found = 0;
    for (Pattern pattern : patterns) {
      Matcher matcher = pattern.matcher(draft.text());
      while (matcher.find()) {
        found++;
      }
    }
    return found;
  }
}
