package io.vesta.proof.protect;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.vesta.proof.check.Certificate;
import io.vesta.proof.check.ProofChecker;
import io.vesta.proof.testkit.SpanOracle;
import java.math.BigInteger;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.TreeMap;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.IntRange;

/** Elimination modulo a prime says what elimination over the rationals says. */
class SpanProperties {

  @Property
  void a_figure_exposes_a_target_exactly_if_the_target_follows(
      @ForAll @IntRange(min = 2, max = 9) int atoms,
      @ForAll @IntRange(min = 1, max = 12) int figures,
      @ForAll @IntRange(min = 0, max = 3) int widest,
      @ForAll long seed) {
    Random random = new Random(seed);
    List<Map<Integer, Integer>> targets = new ArrayList<>();
    Span span = new Span();
    for (int t = 0; t < 6; t++) {
      targets.add(row(atoms, 1, random));
      span.protect(t, targets.get(t));
    }
    SpanOracle oracle = new SpanOracle();
    List<Map<Integer, Integer>> published = new ArrayList<>();
    for (int f = 0; f < figures; f++) {
      Map<Integer, Integer> figure = row(atoms, 1 + widest, random);
      Span.Exposure exposure = span.exposes(f, figure);
      SpanOracle with = new SpanOracle();
      published.forEach(p -> with.learn(dense(p, atoms)));
      with.learn(dense(figure, atoms));
      boolean follows =
          targets.stream()
              .filter(t -> !oracle.knows(dense(t, atoms)))
              .anyMatch(t -> with.knows(dense(t, atoms)));
      assertEquals(follows, exposure != null);
      published.add(figure);
      if (exposure != null) {
        List<Certificate.Term> terms = new ArrayList<>();
        exposure.terms().forEach(t -> terms.add(new Certificate.Term(t.getKey(), t.getValue())));
        assertTrue(
            ProofChecker.follows(
                whole(targets.get(exposure.target())),
                published.stream().map(SpanProperties::whole).toList(),
                new Certificate(exposure.factor(), terms)));
        if (random.nextBoolean()) {
          published.set(f, Map.of());
          continue;
        }
      }
      span.learn(f, figure);
      oracle.learn(dense(figure, atoms));
    }
  }

  private static Map<Integer, Integer> row(int atoms, int widest, Random random) {
    Map<Integer, Integer> row = new TreeMap<>();
    for (int atom = 0; atom < atoms; atom++) {
      int c = random.nextInt(3) == 0 ? 1 + random.nextInt(widest) : 0;
      if (c != 0) {
        row.put(atom, random.nextInt(4) == 0 ? -c : c);
      }
    }
    return row;
  }

  private static long[] dense(Map<Integer, Integer> row, int atoms) {
    long[] dense = new long[atoms];
    row.forEach((atom, c) -> dense[atom] = c);
    return dense;
  }

  private static Map<Integer, BigInteger> whole(Map<Integer, Integer> row) {
    Map<Integer, BigInteger> whole = new TreeMap<>();
    row.forEach((atom, c) -> whole.put(atom, BigInteger.valueOf(c)));
    return whole;
  }
}
