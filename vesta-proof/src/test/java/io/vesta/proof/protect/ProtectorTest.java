package io.vesta.proof.protect;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.vesta.proof.protect.Tables.Sale;
import io.vesta.proof.render.ProofPage;
import io.vesta.proof.spec.Measure;
import io.vesta.proof.spec.ProofSpec;
import java.math.BigDecimal;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Optional;
import java.util.Random;
import java.util.Set;
import org.junit.jupiter.api.Test;

class ProtectorTest {

  private static final Protector PROTECTOR = new Protector(Tables.THREE);

  private static Sale sale(String id, long cents, String... rows) {
    return new Sale(Set.of(rows), "c0", "d" + id, "b" + id, cents);
  }

  private static ProofSpec<Sale> money(int rows) {
    return Tables.spec(rows)
        .measure(Measure.sumOfCents("volume", "Volume", "USD", Sale::cents))
        .measure(
            Measure.mean(
                "mean", "Mean", "USD", 2, s -> Optional.of(BigDecimal.valueOf(s.cents(), 2))))
        .build();
  }

  @Test
  void sums_are_exact_and_means_are_rounded_half_to_even_once() {
    List<Sale> sales =
        List.of(
            sale("1", 10_01, "r0"),
            sale("2", 10_01, "r0"),
            sale("3", 10_02, "r0"),
            sale("4", 10_02, "r0"));
    ReleasedTable table = PROTECTOR.protect(money(1), sales).table();
    assertEquals(Optional.of(new BigDecimal("4")), table.cell(0, 0, 0).value());
    assertEquals(Optional.of(new BigDecimal("40.06")), table.cell(1, 0, 0).value());
    // 10.015 lies between; the even one is 10.02.
    assertEquals(Optional.of(new BigDecimal("10.02")), table.cell(2, 0, 0).value());
  }

  @Test
  void a_mean_is_taken_over_the_rows_that_take_part() {
    ProofSpec<Sale> spec =
        Tables.spec(1)
            .measure(
                Measure.mean(
                    "mean",
                    "Mean",
                    "",
                    1,
                    s ->
                        s.cents() == 0
                            ? Optional.empty()
                            : Optional.of(BigDecimal.valueOf(s.cents()))))
            .build();
    List<Sale> sales =
        List.of(
            sale("1", 10, "r0"),
            sale("2", 20, "r0"),
            sale("3", 30, "r0"),
            sale("4", 40, "r0"),
            sale("5", 0, "r0"));
    ReleasedTable table = PROTECTOR.protect(spec, sales).table();
    assertEquals(Optional.of(new BigDecimal("5")), table.cell(0, 0, 0).value());
    assertEquals(Optional.of(new BigDecimal("25.0")), table.cell(1, 0, 0).value());
  }

  @Test
  void a_row_that_takes_part_in_too_few_measures_withholds_the_place() {
    ProofSpec<Sale> spec =
        Tables.spec(1).measure(Measure.count("dear", "Dear", s -> s.cents() > 100)).build();
    List<Sale> sales =
        List.of(sale("1", 1, "r0"), sale("2", 1, "r0"), sale("3", 101, "r0"), sale("4", 101, "r0"));
    Protection protection = PROTECTOR.protect(spec, sales);
    assertEquals(0, protection.table().shown(), "two dear sales would be told");
  }

  @Test
  void a_row_outside_the_declared_codes_is_rejected_by_its_place_and_without_its_value() {
    List<Sale> sales =
        List.of(
            sale("1", 1_00, "r0"),
            sale("2", 1_00, "Jane Doe"),
            sale("3", 1_00, "r0"),
            sale("4", 1_00, "r0"),
            sale("5", -1_00, "r0"));
    Protection protection = PROTECTOR.protect(money(1), sales);
    assertEquals(3, protection.rows());
    assertEquals(
        List.of(
            new Protection.Rejected(2, "rows value is outside the declared codes"),
            new Protection.Rejected(5, "volume is negative")),
        protection.rejected());
    assertFalse(protection.toString().contains("Jane"));
  }

  @Test
  void a_rejected_row_leaves_no_trace_in_any_figure() {
    List<Sale> good = new ArrayList<>();
    for (int i = 0; i < 5; i++) {
      good.add(sale("g" + i, 7_00, "r0"));
    }
    List<Sale> mixed = new ArrayList<>(good);
    mixed.add(2, sale("x", -1, "r0"));
    mixed.add(sale("y", 1, "r9"));
    ReleasedTable clean = PROTECTOR.protect(money(1), good).table();
    ReleasedTable table = PROTECTOR.protect(money(1), mixed).table();
    for (int m = 0; m < 3; m++) {
      for (int line = 0; line < 2; line++) {
        assertEquals(clean.cell(m, line, 0).value(), table.cell(m, line, 0).value());
      }
    }
  }

  @Test
  void the_order_of_rows_changes_nothing() {
    int[][] counts = {{5, 1, 8}, {9, 4, 2}, {7, 7, 7}};
    List<Sale> sales = Tables.sales(counts);
    ProofSpec<Sale> spec = Tables.spec(3).columns(Tables.columns(3)).build();
    String first = cells(PROTECTOR.protect(spec, sales).table());
    Random random = new Random(7);
    for (int i = 0; i < 20; i++) {
      List<Sale> shuffled = new ArrayList<>(sales);
      Collections.shuffle(shuffled, random);
      assertEquals(first, cells(PROTECTOR.protect(spec, shuffled).table()));
    }
  }

  private static String cells(ReleasedTable table) {
    StringBuilder cells = new StringBuilder();
    for (int i = 0; i < table.rows().lines(); i++) {
      for (int j = 0; j < table.columnCount(); j++) {
        cells.append(table.cell(0, i, j)).append(' ');
      }
    }
    return cells.toString();
  }

  @Test
  void a_sale_of_two_rows_counts_in_both_and_once_in_the_total() {
    List<Sale> sales = new ArrayList<>();
    for (int i = 0; i < 4; i++) {
      sales.add(sale("a" + i, 1, "r0"));
      sales.add(sale("b" + i, 1, "r1"));
      sales.add(sale("ab" + i, 1, "r0", "r1"));
    }
    ReleasedTable table = PROTECTOR.protect(Tables.overlappingSpec(2).build(), sales).table();
    assertEquals("8", table.cell(0, 0, 0).toString());
    assertEquals("8", table.cell(0, 1, 0).toString());
    assertEquals("12", table.cell(0, 2, 0).toString());
  }

  @Test
  void two_sales_of_two_rows_do_not_follow_from_what_the_rows_add_up_to() {
    List<Sale> sales = new ArrayList<>();
    for (int i = 0; i < 9; i++) {
      sales.add(sale("a" + i, 1, "r0"));
      sales.add(sale("b" + i, 1, "r1"));
      sales.add(sale("c" + i, 1, "r2"));
    }
    sales.add(sale("ab1", 1, "r0", "r1"));
    sales.add(sale("ab2", 1, "r0", "r1"));
    ReleasedTable table = PROTECTOR.protect(Tables.overlappingSpec(3).build(), sales).table();
    assertTrue(table.withheld() > 0, "11 + 11 + 9 - 29 would be 2");
    assertTrue(table.shown() > 0);
  }

  @Test
  void a_row_of_no_code_is_rejected_and_a_row_of_all_is_not() {
    List<Sale> sales = new ArrayList<>();
    sales.add(sale("none", 1));
    for (int i = 0; i < 4; i++) {
      sales.add(sale("all" + i, 1, "r0", "r1", "r2"));
    }
    Protection protection = PROTECTOR.protect(Tables.overlappingSpec(3).build(), sales);
    assertEquals(1, protection.rejected().size());
    assertEquals("4", protection.table().cell(0, 3, 0).toString());
  }

  @Test
  void an_empty_table_shows_nothing_and_all_withheld_cells_are_one_object() {
    ReleasedTable table = PROTECTOR.protect(Tables.spec(2).build(), List.of()).table();
    assertEquals(0, table.shown());
    assertSame(table.cell(0, 0, 0), table.cell(0, 2, 0));
  }

  @Test
  void what_is_counted_as_unsafe_and_secondary_adds_up_to_what_is_withheld() {
    Protection protection =
        Tables.protect(new int[][] {{5, 1, 8}, {9, 4, 2}, {7, 7, 7}}, Tables.THREE);
    assertEquals(2, protection.unsafe());
    assertEquals(protection.table().withheld(), protection.unsafe() + protection.secondary());
  }

  @Test
  void whoever_stands_behind_one_row_weighs_the_same_with_and_without_a_name() {
    Random random = new Random(3);
    ProofSpec<Sale> spec =
        Tables.spec(4)
            .columns(Tables.columns(3))
            .measure(Measure.sumOfCents("volume", "Volume", "USD", Sale::cents))
            .build();
    Protector protector = new Protector(DisclosurePolicy.STANDARD);
    int withheld = 0;
    for (int n = 0; n < 60; n++) {
      List<Sale> sales = new ArrayList<>();
      for (int deal = 0; deal < 110; deal++) {
        double size = random.nextDouble();
        sales.add(
            new Sale(
                Set.of("r" + (int) (random.nextDouble() * random.nextDouble() * 4)),
                "c" + random.nextInt(3),
                "d" + deal,
                "b" + (n % 2 == 0 ? deal : random.nextInt(30)),
                1 + (long) (size * size * size * size * 9_000_000)));
      }
      Protection alone = protector.protect(spec, sales);
      // A row that is in no figure repeats a deal and a broker, so that all are told by name.
      Sale first = sales.get(0);
      sales.add(new Sale(Set.of("nowhere"), "c0", first.deal(), first.broker(), 1));
      Protection named = protector.protect(spec, sales);
      assertEquals(1, named.rejected().size());
      assertArrayEquals(ProofPage.render(named.table()), ProofPage.render(alone.table()));
      assertEquals(named.evidence().demands(), alone.evidence().demands());
      assertEquals(named.unsafe(), alone.unsafe());
      withheld += alone.table().withheld();
    }
    assertTrue(withheld > 0 && withheld < 60 * 2 * 20, "of both kinds: " + withheld);
  }
}
