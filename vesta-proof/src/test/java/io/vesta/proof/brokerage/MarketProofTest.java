package io.vesta.proof.brokerage;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.vesta.proof.protect.DisclosurePolicy;
import io.vesta.proof.protect.Protection;
import io.vesta.proof.protect.Protector;
import io.vesta.proof.protect.ReleasedTable;
import io.vesta.proof.testkit.SpanOracle;
import java.math.BigDecimal;
import java.math.MathContext;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import org.apache.commons.csv.CSVRecord;
import org.junit.jupiter.api.Test;

/** Real sales. */
class MarketProofTest {

  private static final List<CSVRecord> FILE = SampleData.records("ames.csv");
  private static final Protection PROTECTION =
      new Protector(DisclosurePolicy.STANDARD).protect(SampleData.market(), SampleData.sales());
  private static final ReleasedTable TABLE = PROTECTION.table();
  private static final int AREAS = TABLE.rows().codes().size();
  private static final int YEARS = 5;

  /** Whether a line of the file belongs to a cell of the table. */
  private static boolean belongs(CSVRecord line, int row, int column) {
    return (row == AREAS || line.get("Neighborhood").equals(TABLE.rows().key(row)))
        && (column == YEARS || line.get("Year_Sold").equals("" + (2006 + column)));
  }

  @Test
  void every_shown_figure_agrees_with_a_sum_over_the_file() {
    int compared = 0;
    for (int row = 0; row <= AREAS; row++) {
      for (int column = 0; column <= YEARS; column++) {
        long sales = 0;
        long dollars = 0;
        for (CSVRecord line : FILE) {
          if (belongs(line, row, column)) {
            sales++;
            dollars += Long.parseLong(line.get("Sale_Price"));
          }
        }
        if (TABLE.cell(0, row, column).value().isPresent()) {
          BigDecimal mean =
              BigDecimal.valueOf(dollars).divide(BigDecimal.valueOf(sales), MathContext.DECIMAL128);
          assertEquals("" + sales, TABLE.cell(0, row, column).toString());
          assertEquals(dollars + ".00", TABLE.cell(1, row, column).toString());
          BigDecimal shown = TABLE.cell(2, row, column).value().orElseThrow();
          assertTrue(
              shown.subtract(mean).abs().compareTo(new BigDecimal("0.005")) <= 0,
              "a mean is off by more than half a cent");
          compared++;
        }
      }
    }
    assertTrue(compared > 100, "only " + compared + " of " + (AREAS + 1) * (YEARS + 1));
  }

  @Test
  void the_grand_totals_are_those_of_the_published_data_set() {
    assertEquals(2930, PROTECTION.rows());
    assertEquals(Optional.of(new BigDecimal("2930")), TABLE.cell(0, AREAS, YEARS).value());
    long dollars = FILE.stream().mapToLong(line -> Long.parseLong(line.get("Sale_Price"))).sum();
    assertEquals(dollars + ".00", TABLE.cell(1, AREAS, YEARS).toString());
  }

  @Test
  void small_neighbourhoods_are_withheld_and_so_are_others_for_their_sake() {
    assertTrue(PROTECTION.unsafe() > 0);
    assertTrue(PROTECTION.secondary() > 0);
    for (int row = 0; row < AREAS; row++) {
      if (Set.of("Landmark", "Green_Hills").contains(TABLE.rows().key(row))) {
        for (int column = 0; column <= YEARS; column++) {
          assertTrue(TABLE.cell(0, row, column).value().isEmpty());
        }
      }
    }
  }

  @Test
  void no_figure_of_fewer_than_five_sales_or_three_agents_follows_from_the_page() {
    SpanOracle oracle = new SpanOracle();
    List<long[]> targets = new ArrayList<>();
    for (int row = 0; row <= AREAS; row++) {
      for (int column = 0; column <= YEARS; column++) {
        long[] figure = new long[AREAS * YEARS];
        for (int atom = 0; atom < figure.length; atom++) {
          boolean in =
              (row == AREAS || atom / YEARS == row) && (column == YEARS || atom % YEARS == column);
          figure[atom] = in ? 1 : 0;
        }
        if (TABLE.cell(0, row, column).value().isPresent()) {
          oracle.learn(figure);
        }
        if (few(row, column)) {
          targets.add(figure);
        }
      }
    }
    assertTrue(targets.size() > 10, "only " + targets.size() + " small cells");
    for (long[] target : targets) {
      assertFalse(oracle.knows(target));
    }
  }

  private static boolean few(int row, int column) {
    Set<String> agents = new HashSet<>();
    int sales = 0;
    for (MarketSale sale : SampleData.sales()) {
      if ((row == AREAS || sale.area().equals(TABLE.rows().key(row)))
          && (column == YEARS || sale.year() == 2006 + column)) {
        sales++;
        agents.add(sale.broker());
      }
    }
    return sales < 5 || agents.size() < 3;
  }
}
