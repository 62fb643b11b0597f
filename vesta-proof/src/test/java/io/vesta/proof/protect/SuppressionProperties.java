package io.vesta.proof.protect;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.vesta.proof.check.ProofChecker;
import java.math.BigDecimal;
import java.util.ArrayList;
import java.util.BitSet;
import java.util.List;
import java.util.Random;
import java.util.stream.IntStream;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.IntRange;
import org.junit.jupiter.api.Test;

/** No withheld small cell follows from what is visible, as an attacker sees it. */
class SuppressionProperties {

  /** Checks a released table against an attacker; returns how many cells are visible. */
  private static int attack(int[][] counts, int fewest, boolean searching) {
    DisclosurePolicy policy = new DisclosurePolicy(fewest, fewest, fewest, 1, List.of());
    Protection protection = Tables.protect(counts, policy);
    Attacker attacker = new Attacker(counts, protection.table());
    Evidence evidence = protection.evidence();
    assertEquals(
        List.of(), ProofChecker.faults(evidence.grid(), evidence.demands(), evidence.witnesses()));
    int visible = 0;
    for (int i = 0; i <= counts.length; i++) {
      for (int j = 0; j <= counts[0].length; j++) {
        if (attacker.visible(i, j)) {
          visible++;
          assertTrue(attacker.truth(i, j) >= fewest, () -> "a small cell is visible: " + attacker);
        } else if (attacker.truth(i, j) < fewest) {
          int cell = i * (counts[0].length + 1) + j;
          assertTrue(
              evidence.demands().stream()
                  .anyMatch(d -> d.cell() == cell && d.level().intValueExact() >= fewest),
              () -> "a small cell may be placed closely: " + attacker);
          String what = "cell " + i + "," + j + " of " + attacker;
          assertFalse(attacker.solves(i, j), () -> "solved " + what);
          assertTrue(!searching || attacker.mistakable(i, j), () -> "unique " + what);
        }
      }
      if (attacker.hiddenOfRow(i) < fewest) {
        int row = i;
        assertFalse(
            attacker.solvesHiddenOfRow(i), () -> "solved a small sum of row " + row + attacker);
      }
    }
    return visible;
  }

  @Test
  void every_table_of_three_by_three_with_counts_up_to_four_keeps_its_secrets() {
    List<int[]> lines = new ArrayList<>();
    for (int n = 0; n < 125; n++) {
      lines.add(new int[] {n / 25, n / 5 % 5, n % 5});
    }
    int tables = 0;
    int shown = 0;
    // Up to the order of rows, and of columns by their first line: the others are the same tables.
    for (int a = 0; a < lines.size(); a++) {
      int[] first = lines.get(a);
      if (first[0] > first[1] || first[1] > first[2]) {
        continue;
      }
      for (int b = a; b < lines.size(); b++) {
        for (int c = b; c < lines.size(); c++) {
          shown += attack(new int[][] {first, lines.get(b), lines.get(c)}, 3, false) > 0 ? 1 : 0;
          tables++;
        }
      }
    }
    assertTrue(tables > 50_000, "only " + tables);
    assertTrue(shown * 2 > tables, "half of the tables show something: " + shown + "/" + tables);
  }

  @Test
  void every_table_of_two_by_three_with_counts_up_to_four_could_be_another_one() {
    for (int n = 0; n < 15_625; n++) {
      attack(
          new int[][] {{n % 5, n / 5 % 5, n / 25 % 5}, {n / 125 % 5, n / 625 % 5, n / 3125}},
          3,
          true);
    }
  }

  @Property
  void random_tables_keep_their_secrets(
      @ForAll @IntRange(min = 1, max = 7) int rows,
      @ForAll @IntRange(min = 1, max = 6) int columns,
      @ForAll @IntRange(min = 3, max = 6) int fewest,
      @ForAll long seed) {
    Random random = new Random(seed);
    int[][] counts = new int[rows][columns];
    for (int i = 0; i < rows; i++) {
      for (int j = 0; j < columns; j++) {
        counts[i][j] = random.nextInt(4) == 0 ? random.nextInt(fewest) : random.nextInt(25);
      }
    }
    attack(counts, fewest, rows * columns <= 9);
  }

  @Test
  void withholding_only_what_is_small_would_give_it_away() {
    int[][] counts = {{9, 2, 9}, {9, 9, 9}, {9, 9, 9}};
    Protection protection = Tables.protect(counts, Tables.THREE);
    assertEquals(1, protection.unsafe());
    assertEquals(3, protection.secondary(), "a rectangle of four");
  }

  @Test
  void a_cell_that_cannot_be_computed_may_still_be_placed_closely() {
    // The square of the four upper left cells hides each of them, but none can be above two.
    int[][] counts = {{1, 1, 20}, {1, 20, 20}, {20, 20, 20}};
    BitSet square = new BitSet();
    IntStream.of(0, 1, 4, 5).forEach(square::set);
    BigDecimal[] values = new BigDecimal[16];
    for (int cell = 0; cell < 16; cell++) {
      long value = 0;
      for (int i = 0; i < 3; i++) {
        for (int j = 0; j < 3; j++) {
          boolean in = (cell / 4 == 3 || cell / 4 == i) && (cell % 4 == 3 || cell % 4 == j);
          value += in ? counts[i][j] : 0;
        }
      }
      values[cell] = BigDecimal.valueOf(value);
    }
    Suppression.Network network =
        new Suppression.Network(
            4,
            4,
            new BitSet(),
            new BitSet(),
            List.<BigDecimal[]>of(values),
            cell -> 1,
            cells -> false,
            cell -> List.of(BigDecimal.ONE));
    assertTrue(Suppression.recoverable(network, square).isEmpty());
    assertEquals(BigDecimal.ONE, Flow.of(network, square, 0, 0, true, null).far());

    Evidence evidence = Tables.protect(counts, Tables.THREE).evidence();
    BitSet withheld = new BitSet();
    withheld.set(0, 16);
    withheld.andNot(evidence.grid().shown());
    for (int cell : new int[] {0, 1, 4}) {
      BigDecimal far = Flow.of(network, withheld, cell, 0, true, null).far();
      assertTrue(far == null || far.intValueExact() >= 3, "cell " + cell + " by " + far);
    }
  }
}
