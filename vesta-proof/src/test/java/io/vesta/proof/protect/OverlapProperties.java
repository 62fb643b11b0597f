package io.vesta.proof.protect;

import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.vesta.proof.protect.Tables.Sale;
import io.vesta.proof.spec.ProofSpec;
import io.vesta.proof.testkit.SpanOracle;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Random;
import java.util.Set;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.IntRange;

/**
 * Tables in which a deal may belong to several rows, as an attacker sees them who knows which
 * combinations of rows exist: one atom per combination and column.
 */
class OverlapProperties {

  @Property
  void neither_small_cells_nor_small_overlaps_follow(
      @ForAll @IntRange(min = 2, max = 4) int rows,
      @ForAll @IntRange(min = 1, max = 3) int columns,
      @ForAll @IntRange(min = 3, max = 5) int fewest,
      @ForAll long seed) {
    Random random = new Random(seed);
    int combinations = 1 << rows;
    long[] truth = new long[combinations * columns];
    List<Sale> sales = new ArrayList<>();
    for (int atom = columns; atom < truth.length; atom++) {
      boolean single = Integer.bitCount(atom / columns) == 1;
      truth[atom] = random.nextInt(single ? 20 : random.nextInt(4) == 0 ? 9 : 2);
      Set<String> in = new HashSet<>();
      for (int row = 0; row < rows; row++) {
        if ((atom / columns & 1 << row) != 0) {
          in.add("r" + row);
        }
      }
      for (int n = 0; n < truth[atom]; n++) {
        String id = atom + "-" + n;
        sales.add(new Sale(in, "c" + atom % columns, "d" + id, "b" + id, 1));
      }
    }
    DisclosurePolicy policy = new DisclosurePolicy(fewest, fewest, fewest, 1, List.of());
    ProofSpec<Sale> spec = Tables.overlappingSpec(rows).columns(Tables.columns(columns)).build();
    ReleasedTable table = new Protector(policy).protect(spec, sales).table();

    SpanOracle oracle = new SpanOracle();
    for (int row = 0; row <= rows; row++) {
      for (int column = 0; column <= columns; column++) {
        if (table.cell(0, row, column).value().isPresent()) {
          oracle.learn(figure(truth.length, rows, columns, row, column));
        }
      }
    }
    for (int column = 0; column <= columns; column++) {
      for (int row = 0; row <= rows; row++) {
        long[] figure = figure(truth.length, rows, columns, row, column);
        if (value(figure, truth) < fewest) {
          assertTrue(table.cell(0, row, column).value().isEmpty());
          assertFalse(oracle.knows(figure), "a small cell follows");
        }
      }
      long[] overlap = overlap(truth.length, rows, columns, column);
      if (deals(overlap, truth) < fewest) {
        assertFalse(oracle.knows(overlap), "the deals of several rows follow");
      }
    }
  }

  /** The atoms of a cell; the last row and column are totals, in which each deal counts once. */
  private static long[] figure(int atoms, int rows, int columns, int row, int column) {
    long[] figure = new long[atoms];
    for (int atom = columns; atom < atoms; atom++) {
      boolean inRow = row == rows || (atom / columns & 1 << row) != 0;
      boolean inColumn = column == columns || atom % columns == column;
      figure[atom] = inRow && inColumn ? 1 : 0;
    }
    return figure;
  }

  /** What the rows of a column add up to beyond its total. */
  private static long[] overlap(int atoms, int rows, int columns, int column) {
    long[] overlap = new long[atoms];
    for (int row = 0; row < rows; row++) {
      long[] figure = figure(atoms, rows, columns, row, column);
      for (int atom = 0; atom < atoms; atom++) {
        overlap[atom] += figure[atom];
      }
    }
    long[] total = figure(atoms, rows, columns, rows, column);
    for (int atom = 0; atom < atoms; atom++) {
      overlap[atom] -= total[atom];
    }
    return overlap;
  }

  private static long value(long[] figure, long[] truth) {
    long value = 0;
    for (int atom = 0; atom < truth.length; atom++) {
      value += figure[atom] * truth[atom];
    }
    return value;
  }

  private static long deals(long[] figure, long[] truth) {
    long deals = 0;
    for (int atom = 0; atom < truth.length; atom++) {
      deals += figure[atom] == 0 ? 0 : truth[atom];
    }
    return deals;
  }
}
