package io.vesta.proof.testkit;

import io.vesta.proof.protect.ReleasedTable;
import java.util.ArrayList;
import java.util.BitSet;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.BiPredicate;
import java.util.function.Predicate;

/**
 * An attacker who keeps every page and knows which records stand behind which figure, but not what
 * they hold. Point it at any vendor's pages: tell it what was seen, then ask what follows.
 *
 * @param <R> a record; equal records are one
 */
public final class ProofAttack<R> {

  private final Map<R, Integer> numbers = new LinkedHashMap<>();
  private final List<BitSet> seen = new ArrayList<>();

  /** Sees a figure made of some records. */
  public void see(Collection<R> members) {
    seen.add(figure(members));
  }

  /**
   * Sees every shown figure of a table's first measure.
   *
   * @param records the records behind it
   * @param inRow whether a record belongs to a line, by the line's key; totals are not asked
   * @param inColumn likewise
   */
  public void see(
      ReleasedTable table,
      Collection<R> records,
      BiPredicate<R, String> inRow,
      BiPredicate<R, String> inColumn) {
    for (int row = 0; row < table.rows().lines(); row++) {
      for (int column = 0; column < table.columnCount(); column++) {
        if (table.cell(0, row, column).range().isPresent()) {
          int at = column;
          Predicate<R> in = line(table.rows().key(row), inRow);
          Predicate<R> across =
              table.columns().map(axis -> line(axis.key(at), inColumn)).orElse(r -> true);
          see(records.stream().filter(in.and(across)).toList());
        }
      }
    }
  }

  private static <R> Predicate<R> line(String key, BiPredicate<R, String> in) {
    return key.equals("*") ? r -> true : r -> in.test(r, key);
  }

  /** Whether the sum over some records follows from what was seen. */
  public boolean learns(Collection<R> members) {
    BitSet target = figure(members);
    // Records that nothing tells apart are one unknown.
    Map<List<Boolean>, Integer> atoms = new LinkedHashMap<>();
    List<Integer> atomOf = new ArrayList<>();
    for (int record = 0; record < numbers.size(); record++) {
      List<Boolean> signature = new ArrayList<>();
      for (BitSet figure : seen) {
        signature.add(figure.get(record));
      }
      signature.add(target.get(record));
      atomOf.add(atoms.computeIfAbsent(signature, key -> atoms.size()));
    }
    SpanOracle oracle = new SpanOracle();
    seen.forEach(figure -> oracle.learn(row(figure, atomOf, atoms.size())));
    return oracle.knows(row(target, atomOf, atoms.size()));
  }

  /** How many records are known one by one. */
  public int singles() {
    return (int) numbers.keySet().stream().filter(record -> learns(List.of(record))).count();
  }

  private BitSet figure(Collection<R> members) {
    BitSet figure = new BitSet();
    members.forEach(r -> figure.set(numbers.computeIfAbsent(r, key -> numbers.size())));
    return figure;
  }

  private static long[] row(BitSet figure, List<Integer> atomOf, int atoms) {
    long[] row = new long[atoms];
    figure.stream().forEach(record -> row[atomOf.get(record)] = 1);
    return row;
  }
}
