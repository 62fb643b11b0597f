package io.vesta.proof.protect;

import java.math.BigInteger;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;

/**
 * What follows by linear algebra from figures, and which targets would follow from one more: sparse
 * elimination over the integers modulo 2^61 - 1. A combination of small whole numbers found there
 * is one over the rationals, which its certificate shows; that one over the rationals is missed
 * needs a determinant that this prime divides. Not thread-safe.
 *
 * <p>The method is the greedy elimination of Langsrud (2024): every target is kept reduced by what
 * is known, so that a figure gives a target away exactly if what is new in it is a multiple of what
 * is left of the target.
 */
final class Span {

  private static final long PRIME = (1L << 61) - 1;

  /**
   * Coefficients by atom, and how they came about: multiples of figures, by the figure's number.
   */
  private static final class Row {
    final TreeMap<Integer, Long> atoms = new TreeMap<>();
    final TreeMap<Integer, Long> origin = new TreeMap<>();

    void subtract(Row other, long times) {
      other.atoms.forEach((atom, c) -> minus(atoms, atom, times(c, times)));
      other.origin.forEach((figure, c) -> minus(origin, figure, times(c, times)));
    }

    private static void minus(Map<Integer, Long> sum, int key, long value) {
      long left = Math.floorMod(sum.getOrDefault(key, 0L) - value, PRIME);
      if (left == 0) {
        sum.remove(key);
      } else {
        sum.put(key, left);
      }
    }

    /** The same direction with a leading one, so that equal directions are equal maps. */
    Map<Integer, Long> direction() {
      long inverse = inverse(atoms.firstEntry().getValue());
      Map<Integer, Long> direction = new TreeMap<>();
      atoms.forEach((atom, c) -> direction.put(atom, times(c, inverse)));
      return direction;
    }
  }

  private final Map<Integer, Row> basis = new HashMap<>();
  private final Map<Integer, Row> targets = new HashMap<>();
  private final Map<Integer, Set<Integer>> targetsAt = new HashMap<>();
  private final Map<Map<Integer, Long>, Integer> directions = new HashMap<>();

  /** A target that a figure would give away, and how. */
  record Exposure(int target, List<Map.Entry<Integer, BigInteger>> terms, BigInteger factor) {}

  /**
   * Adds something that must not follow; of two with the same direction one is enough, and one that
   * follows already cannot be kept any more.
   *
   * @param target its number
   * @param atoms its coefficients
   */
  void protect(int target, Map<Integer, Integer> atoms) {
    Row row = row(atoms);
    reduce(row);
    if (!row.atoms.isEmpty() && directions.putIfAbsent(row.direction(), target) == null) {
      targets.put(target, row);
      row.atoms
          .keySet()
          .forEach(a -> targetsAt.computeIfAbsent(a, k -> new TreeSet<>()).add(target));
    }
  }

  /** The target that would follow if a figure were known too; null if none would. */
  @Nullable Exposure exposes(int figure, Map<Integer, Integer> atoms) {
    Row row = row(atoms);
    row.origin.put(figure, 1L);
    reduce(row);
    Integer target = row.atoms.isEmpty() ? null : directions.get(row.direction());
    if (target == null) {
      return null;
    }
    // target - its origin = left of it = times * (figure - its origin)
    Row left = targets.get(target);
    if (left == null) {
      throw new IllegalStateException("a direction without its target");
    }
    long times =
        times(left.atoms.firstEntry().getValue(), inverse(row.atoms.firstEntry().getValue()));
    Row sum = new Row();
    sum.subtract(row, PRIME - times);
    sum.subtract(left, 1);
    return rational(target, sum.origin);
  }

  /** From now on a figure is known. */
  void learn(int figure, Map<Integer, Integer> atoms) {
    Row row = row(atoms);
    row.origin.put(figure, 1L);
    reduce(row);
    if (row.atoms.isEmpty()) {
      return;
    }
    int pivot = row.atoms.firstKey();
    long inverse = inverse(row.atoms.firstEntry().getValue());
    row.atoms.replaceAll((atom, c) -> times(c, inverse));
    row.origin.replaceAll((f, c) -> times(c, inverse));
    basis.put(pivot, row);
    for (int target : List.copyOf(targetsAt.getOrDefault(pivot, Set.of()))) {
      rewrite(target, pivot, row);
    }
  }

  private void rewrite(int target, int pivot, Row known) {
    Row left = targets.remove(target);
    if (left == null) {
      throw new IllegalStateException("an index without its target");
    }
    directions.remove(left.direction());
    left.atoms.keySet().forEach(atom -> at(atom).remove(target));
    left.subtract(known, left.atoms.getOrDefault(pivot, 0L));
    reduce(left);
    if (!left.atoms.isEmpty() && directions.putIfAbsent(left.direction(), target) == null) {
      targets.put(target, left);
      left.atoms.keySet().forEach(atom -> at(atom).add(target));
    }
  }

  private Set<Integer> at(int atom) {
    return targetsAt.computeIfAbsent(atom, key -> new TreeSet<>());
  }

  private static Row row(Map<Integer, Integer> atoms) {
    Row row = new Row();
    atoms.forEach((atom, c) -> row.atoms.put(atom, Math.floorMod((long) c, PRIME)));
    return row;
  }

  /** Takes out every pivot; later basis rows hold no earlier pivot, so that it ends. */
  private void reduce(Row row) {
    Integer pivot = pivot(row);
    while (pivot != null) {
      Row known = basis.get(pivot);
      Long coefficient = row.atoms.get(pivot);
      if (known == null || coefficient == null) {
        throw new IllegalStateException("a pivot without its row");
      }
      row.subtract(known, coefficient);
      pivot = pivot(row);
    }
  }

  private @Nullable Integer pivot(Row row) {
    for (Integer atom : row.atoms.keySet()) {
      if (basis.containsKey(atom)) {
        return atom;
      }
    }
    return null;
  }

  /** Whole numbers that stand for the same fractions. */
  private static Exposure rational(int target, Map<Integer, Long> origin) {
    List<BigInteger[]> fractions = new ArrayList<>();
    BigInteger common = BigInteger.ONE;
    for (long value : origin.values()) {
      BigInteger[] fraction = fraction(value);
      fractions.add(fraction);
      common = common.multiply(fraction[1]).divide(common.gcd(fraction[1]));
    }
    List<Map.Entry<Integer, BigInteger>> terms = new ArrayList<>();
    int i = 0;
    for (int figure : origin.keySet()) {
      BigInteger[] fraction = fractions.get(i++);
      terms.add(Map.entry(figure, fraction[0].multiply(common).divide(fraction[1])));
    }
    return new Exposure(target, terms, common);
  }

  /** The fraction with small parts that a remainder stands for (Wang 1981). */
  private static BigInteger[] fraction(long remainder) {
    BigInteger above = BigInteger.valueOf(PRIME);
    BigInteger rest = BigInteger.valueOf(remainder);
    BigInteger before = BigInteger.ZERO;
    BigInteger now = BigInteger.ONE;
    BigInteger bound = BigInteger.ONE.shiftLeft(30);
    while (rest.compareTo(bound) > 0) {
      BigInteger[] step = above.divideAndRemainder(rest);
      above = rest;
      rest = step[1];
      BigInteger next = before.subtract(step[0].multiply(now));
      before = now;
      now = next;
    }
    return now.signum() < 0
        ? new BigInteger[] {rest.negate(), now.negate()}
        : new BigInteger[] {rest, now};
  }

  private static long times(long a, long b) {
    long high = Math.multiplyHigh(a, b);
    long low = a * b;
    // a * b = high * 2^64 + low, and 2^61 counts as one.
    long sum = (low & PRIME) + ((low >>> 61) | (high << 3));
    sum = (sum & PRIME) + (sum >>> 61);
    return sum >= PRIME ? sum - PRIME : sum;
  }

  private static long inverse(long value) {
    return BigInteger.valueOf(value).modInverse(BigInteger.valueOf(PRIME)).longValueExact();
  }
}
