package io.vesta.proof.protect;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.databind.JsonNode;
import io.vesta.proof.protect.Suppression.Network;
import java.math.BigDecimal;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.BitSet;
import java.util.List;
import java.util.Objects;
import org.junit.jupiter.api.Test;

class SuppressionTest {

  /** The 4 x 4 table of sdcTable's test suite in which every line has two withheld cells. */
  private static final JsonNode FOUR = KnownAnswers.of("sdctable_4x4");

  private static int cell(String name) {
    String[] line = name.split("/");
    return place("rows", line[0]) * 5 + place("cols", line[1]);
  }

  private static int place(String axis, String name) {
    List<String> names = new ArrayList<>();
    FOUR.get(axis).forEach(n -> names.add(n.asText()));
    return names.indexOf(name);
  }

  private static Network four() {
    BigDecimal[] values = new BigDecimal[25];
    Arrays.fill(values, BigDecimal.ZERO);
    int row = 0;
    for (JsonNode line : FOUR.get("counts")) {
      for (int column = 0; column < 4; column++) {
        BigDecimal count = line.get(column).decimalValue();
        for (int cell : new int[] {row * 5 + column, row * 5 + 4, 20 + column, 24}) {
          values[cell] = values[cell].add(count);
        }
      }
      row++;
    }
    return new Network(
        5,
        5,
        new BitSet(),
        new BitSet(),
        List.<BigDecimal[]>of(values),
        cell -> 1,
        cells -> false,
        cell -> List.of(BigDecimal.ONE));
  }

  private static BitSet withheld() {
    BitSet withheld = new BitSet();
    FOUR.get("suppressed").forEach(name -> withheld.set(cell(name.asText())));
    return withheld;
  }

  @Test
  void two_withheld_cells_in_every_line_are_not_enough() {
    BitSet withheld = withheld();
    for (int line = 0; line < 4; line++) {
      int row = line;
      assertTrue(withheld.stream().filter(c -> c / 5 == row).count() >= 2);
      assertTrue(withheld.stream().filter(c -> c % 5 == row).count() >= 2);
    }
    BitSet expected = new BitSet();
    FOUR.get("expected")
        .get("exactly_recoverable")
        .fieldNames()
        .forEachRemaining(name -> expected.set(cell(name)));
    assertEquals(expected, Suppression.recoverable(four(), withheld));
    assertEquals(1, expected.cardinality());
  }

  @Test
  void each_of_the_published_remedies_is_one_and_leaves_the_published_interval() {
    JsonNode remedies =
        FOUR.get("expected")
            .get("interval_of_w/b_after_adding_one_cell(verified_here_scipy_HiGHS)");
    int tried = 0;
    for (String remedy : (Iterable<String>) remedies::fieldNames) {
      BitSet withheld = withheld();
      withheld.set(cell(remedy));
      assertTrue(Suppression.recoverable(four(), withheld).isEmpty(), remedy);
      // The interval in which an attacker can place it, as a linear program had it.
      BigDecimal truth = four().values().get(0)[cell("w/b")];
      BigDecimal down = Flow.of(four(), withheld, cell("w/b"), 0, false, null).far();
      BigDecimal up = Flow.of(four(), withheld, cell("w/b"), 0, true, null).far();
      assertEquals(
          remedies.get(remedy).get(0).asInt(),
          truth.subtract(Objects.requireNonNull(down)).intValueExact(),
          remedy);
      assertEquals(
          remedies.get(remedy).get(1).asInt(),
          truth.add(Objects.requireNonNull(up)).intValueExact(),
          remedy);
      tried++;
    }
    assertEquals(7, tried);
  }

  @Test
  void a_single_contributor_does_not_learn_the_other_withheld_cell_of_its_line() {
    // sdcTable's singleton: a and c hold one each, b two, d none; a knows itself, and so c.
    JsonNode regions = KnownAnswers.of("singleton_1d").get("regions");
    int[] few = {regions.get("a").asInt(), regions.get("b").asInt(), regions.get("c").asInt()};
    ReleasedTable table = Tables.protectList(Tables.THREE, few[0], 20 + few[1], few[2], 30).table();
    assertTrue(table.cell(0, 0, 0).value().isEmpty());
    assertTrue(table.cell(0, 1, 0).value().isEmpty(), "the cheaper one is withheld too");
    assertTrue(table.cell(0, 2, 0).value().isEmpty());
    assertTrue(table.cell(0, 3, 0).value().isPresent());
    assertTrue(table.cell(0, 4, 0).value().isPresent(), "the total stays");
  }
}
