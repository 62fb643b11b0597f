package io.vesta.proof.brokerage;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.databind.JsonNode;
import io.vesta.proof.brokerage.Sides.Exclusion;
import io.vesta.proof.protect.DisclosurePolicy;
import io.vesta.proof.protect.Protection;
import io.vesta.proof.protect.Protector;
import io.vesta.proof.protect.Range;
import io.vesta.proof.protect.ReleasedTable;
import io.vesta.proof.spec.Period;
import java.math.BigDecimal;
import java.time.LocalDate;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.junit.jupiter.api.Test;

class ProductionProofTest {

  private static final JsonNode EXPECTED = SampleData.expectedMetrics();

  private static Protection protection() {
    return new Protector(DisclosurePolicy.STANDARD)
        .protect(SampleData.production(), SampleData.sides().sides());
  }

  /** Compares what is shown of a place; returns how many figures that were. */
  private static int compare(ReleasedTable table, JsonNode expected, int row, int column) {
    int shown = 0;
    for (int m = 0; m < table.measures().size(); m++) {
      String key = table.measures().get(m).key();
      Optional<Range> range = table.cell(m, row, column).range();
      if (range.isPresent()) {
        BigDecimal other = expected.get(key).decimalValue();
        boolean holds =
            range.get().low().compareTo(other) <= 0 && range.get().high().compareTo(other) >= 0;
        assertTrue(holds, () -> key + " " + range.get() + " " + other);
        assertEquals(key.endsWith("_median"), !range.get().exact(), key);
        shown++;
      }
    }
    return shown;
  }

  @Test
  void every_figure_that_is_shown_equals_another_programs() {
    ReleasedTable table = protection().table();
    int whole = table.columnCount() - 1;
    int trailing = 1;
    assertEquals(7, compare(table, EXPECTED.get("brokerage_all_time"), 3, whole));
    assertEquals(7, compare(table, EXPECTED.get("trailing_12m"), 3, trailing));
    int offices = 0;
    for (int row = 0; row < 3; row++) {
      offices +=
          compare(
              table,
              EXPECTED.get("by_office_trailing_12m").get(table.rows().key(row)),
              row,
              trailing);
    }
    assertTrue(offices >= 5, "at least one office is shown: " + offices);
  }

  @Test
  void without_disclosure_control_every_office_would_equal_it_too() {
    // The figures themselves, cell by cell, with the weakest policy and one office at a time.
    List<Side> sides = SampleData.sides().sides();
    for (String office : List.of("O1", "O2", "O3")) {
      List<Side> own = sides.stream().filter(side -> side.offices().contains(office)).toList();
      ReleasedTable table =
          new Protector(DisclosurePolicy.STANDARD).protect(SampleData.production(), own).table();
      assertEquals(7, compare(table, EXPECTED.get("by_office_trailing_12m").get(office), 3, 1));
    }
  }

  @Test
  void the_three_wrong_listings_are_left_out_and_told() {
    Map<Exclusion, Integer> excluded = SampleData.sides().excluded();
    JsonNode expected = EXPECTED.get("excluded_rows");
    assertEquals(
        Map.of(
            Exclusion.ZERO_PRICE, expected.get("closed_zero_price").asInt(),
            Exclusion.MISSING_PRICE, expected.get("closed_missing_price").asInt(),
            Exclusion.FUTURE_DATE, expected.get("closed_future_date").asInt()),
        excluded);
  }

  @Test
  void no_row_of_the_period_is_rejected() {
    Protection protection = protection();
    assertTrue(protection.rejected().isEmpty());
    assertEquals(433, protection.rows());
  }

  private static ClosedListing listing(String type, String close, String seller, String buyer) {
    return new ClosedListing(
        "L1",
        "Closed",
        type,
        Optional.of(new BigDecimal("500000")),
        Optional.of(new BigDecimal("490000.50")),
        Optional.of(LocalDate.parse(close)),
        10,
        Optional.of("M1"),
        Optional.of(seller),
        Optional.of("M2"),
        Optional.of(buyer));
  }

  private static List<Side> sidesOf(ClosedListing listing) {
    return Sides.of(List.of(listing), Set.of("O1", "O2"), SampleData.AS_OF).sides();
  }

  @Test
  void a_deal_with_both_sides_counts_two_and_one_with_neither_counts_none() {
    List<Side> both = sidesOf(listing("Residential", "2026-01-01", "O1", "O2"));
    assertEquals(2, both.size());
    assertEquals(Set.of("O1", "O2"), both.get(0).offices());
    assertEquals(49_000_050L, both.get(1).cents());
    assertEquals(Optional.empty(), both.get(1).listToSale(), "a ratio belongs to the seller");
    assertEquals(1, sidesOf(listing("Residential", "2026-01-01", "O1", "EXT")).size());
    assertEquals(0, sidesOf(listing("Residential", "2026-01-01", "EXT", "EXT")).size());
  }

  @Test
  void a_lease_is_no_sale() {
    assertEquals(0, sidesOf(listing("Residential Lease", "2026-01-01", "O1", "O1")).size());
  }

  @Test
  void the_twelve_months_begin_after_their_first_day() {
    var trailing = Period.twelveMonthsTo(SampleData.AS_OF);
    assertEquals(false, trailing.holds(LocalDate.parse("2025-06-30")));
    assertEquals(true, trailing.holds(LocalDate.parse("2025-07-01")));
    assertEquals(true, trailing.holds(SampleData.AS_OF));
    assertEquals(false, trailing.holds(SampleData.AS_OF.plusDays(1)));
  }
}
