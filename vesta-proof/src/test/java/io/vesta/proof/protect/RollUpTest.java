package io.vesta.proof.protect;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.vesta.proof.brokerage.MarketSale;
import io.vesta.proof.brokerage.SampleData;
import io.vesta.proof.protect.Tables.Sale;
import io.vesta.proof.render.ProofPage;
import io.vesta.proof.spec.Code;
import io.vesta.proof.spec.Dimension;
import io.vesta.proof.spec.Measure;
import io.vesta.proof.spec.ProofSpec;
import io.vesta.proof.spec.Unit;
import java.math.BigDecimal;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.BitSet;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

class RollUpTest {

  private static ProofSpec<Sale> spec(int rows) {
    return spec(rows, 15);
  }

  private static ProofSpec<Sale> spec(int rows, int mostWithheld) {
    Dimension<Sale> halves =
        Dimension.of(
            "Half",
            "All rows",
            List.of(new Code("a", "First half"), new Code("b", "Second half")),
            s -> Integer.parseInt(s.rows().iterator().next().substring(1)) < rows / 2 ? "a" : "b");
    return Tables.spec(rows).columns(Tables.columns(2)).rollUp(mostWithheld, halves).build();
  }

  @Test
  void a_table_that_is_too_fine_is_rolled_up() {
    int[][] counts = {{2, 1}, {3, 2}, {9, 8}, {1, 2}, {2, 4}, {7, 9}};
    Protection protection = new Protector(Tables.THREE).protect(spec(6), Tables.sales(counts));
    assertEquals("Half", protection.table().rows().title());
    assertEquals(0, protection.table().withheld());
    assertEquals("14", protection.table().cell(0, 0, 0).toString());
    assertFalse(
        new String(ProofPage.render(protection.table()), StandardCharsets.UTF_8)
            .contains("Label r0"));
  }

  @Test
  void a_table_that_is_not_stays_as_fine_as_it_is() {
    int[][] counts = {{5, 5}, {5, 5}, {9, 8}, {6, 7}, {5, 4}, {7, 9}};
    Protection protection = new Protector(Tables.THREE).protect(spec(6), Tables.sales(counts));
    assertEquals("Row", protection.table().rows().title());
    assertEquals(6, protection.table().rows().codes().size());
  }

  @Test
  void a_table_in_which_too_much_hangs_together_is_rolled_up_before_it_is_solved() {
    // Four unsafe cells of one column hang together; the halves have none.
    int[][] counts = {{2, 9}, {1, 9}, {9, 8}, {1, 9}, {2, 9}, {7, 9}};
    List<Sale> sales = Tables.sales(counts);
    ProofSpec<Sale> patient = spec(6, 99);
    Protection solved =
        new Protector(Tables.THREE, network -> Suppression.withhold(network, 4))
            .protect(patient, sales);
    assertEquals("Row", solved.table().rows().title());
    assertEquals(4, solved.unsafe());
    Protector capped = new Protector(Tables.THREE, network -> Suppression.withhold(network, 3));
    assertEquals("Half", capped.protect(patient, sales).table().rows().title());
    // Where nothing coarser is declared, nothing is shown, and the evidence still holds.
    ProofSpec<Sale> alone = Tables.spec(6).columns(Tables.columns(2)).build();
    assertEquals(0, capped.protect(alone, sales).table().shown());
  }

  @Test
  void cells_hang_together_by_common_lines() {
    Suppression.Network network =
        new Suppression.Network(
            4,
            4,
            new BitSet(),
            new BitSet(),
            List.of(),
            cell -> 1,
            cells -> false,
            cell -> List.of());
    assertEquals(0, Suppression.together(network, new BitSet()));
    assertEquals(1, Suppression.together(network, cells(0, 5, 10)), "no line in common");
    assertEquals(2, Suppression.together(network, cells(0, 1, 10)), "a row");
    assertEquals(3, Suppression.together(network, cells(0, 4, 5, 10)), "a column, then a row");
    assertEquals(2, Suppression.together(network, cells(3, 7)), "totals of two rows");
  }

  private static BitSet cells(int... numbers) {
    BitSet cells = new BitSet();
    IntStream.of(numbers).forEach(cells::set);
    return cells;
  }

  @Test
  void what_is_lost_on_a_real_market_with_its_small_neighbourhoods_rolled_up() {
    Map<String, Integer> sizes = new HashMap<>();
    SampleData.sales().forEach(sale -> sizes.merge(sale.area(), 1, Integer::sum));
    List<Code> coarse = new ArrayList<>();
    SampleData.areas().stream()
        .filter(code -> sizes.getOrDefault(code.key(), 0) >= 40)
        .forEach(coarse::add);
    coarse.add(new Code("other", "Smaller neighborhoods"));
    ProofSpec<MarketSale> market = SampleData.market();
    ProofSpec<MarketSale> spec =
        ProofSpec.builder(
                market.title(), market.period(), market.asOf(), market.source(), market.rows())
            .columns(market.columns().orElseThrow())
            .contributor(Unit.DEAL, MarketSale::key)
            .contributor(Unit.BROKER, MarketSale::broker)
            .measure(Measure.count("sales", "Sales", sale -> true))
            .measure(Measure.sumOfCents("volume", "Total price", "USD", MarketSale::cents))
            .rollUp(
                15,
                Dimension.of(
                    "Neighborhood",
                    "All neighborhoods",
                    coarse,
                    sale -> sizes.getOrDefault(sale.area(), 0) >= 40 ? sale.area() : "other"))
            .build();
    ReleasedTable table =
        new Protector(DisclosurePolicy.STANDARD).protect(spec, SampleData.sales()).table();
    int places = table.rows().lines() * table.columnCount();
    int withheld = table.withheld() / table.measures().size();
    assertTrue(withheld * 100 <= places * 15, withheld + " of " + places);
    BigDecimal shown = BigDecimal.ZERO;
    for (int row = 0; row < table.rows().codes().size(); row++) {
      for (int column = 0; column < 5; column++) {
        shown = shown.add(table.cell(1, row, column).value().orElse(BigDecimal.ZERO));
      }
    }
    BigDecimal all = table.cell(1, table.rows().codes().size(), 5).value().orElseThrow();
    assertTrue(
        shown.multiply(new BigDecimal("100")).compareTo(all.multiply(new BigDecimal("95"))) >= 0,
        "at most five percent of the value is withheld");
  }
}
