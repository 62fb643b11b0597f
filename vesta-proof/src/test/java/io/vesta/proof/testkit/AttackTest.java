package io.vesta.proof.testkit;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.vesta.proof.brokerage.MarketSale;
import io.vesta.proof.brokerage.SampleData;
import io.vesta.proof.protect.DisclosurePolicy;
import io.vesta.proof.protect.Ledger;
import io.vesta.proof.protect.Protection;
import io.vesta.proof.protect.Protector;
import io.vesta.proof.protect.ReleasedTable;
import io.vesta.proof.protect.Tables;
import io.vesta.proof.protect.Tables.Sale;
import io.vesta.proof.protect.Weakened;
import io.vesta.proof.render.ProofData;
import io.vesta.proof.render.ProofPage;
import io.vesta.proof.spec.Code;
import io.vesta.proof.spec.Dimension;
import io.vesta.proof.spec.Measure;
import io.vesta.proof.spec.Period;
import io.vesta.proof.spec.ProofSpec;
import io.vesta.proof.spec.Unit;
import java.math.BigDecimal;
import java.nio.charset.StandardCharsets;
import java.time.LocalDate;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.function.BiPredicate;
import java.util.function.Function;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;

/**
 * Attacks on published figures, numbered as in the research that collected them; see {@link
 * PageAttackTest} for those on whole pages. Each is shown to succeed against our own pages with the
 * one defence switched off that is meant against it ({@link Weakened}, a ledger of its own for each
 * release, a policy or a spec that leaves a rule out), and then to fail against ours. Where nothing
 * can be switched off, the test says why.
 */
class AttackTest {

  private static final int[][] COUNTS = {{9, 2, 9}, {9, 9, 9}, {9, 9, 9}};

  static List<Sale> in(List<Sale> sales, String row, String column) {
    return sales.stream()
        .filter(s -> row.equals("*") || s.rows().contains(row))
        .filter(s -> column.equals("*") || s.column().equals(column))
        .toList();
  }

  static void see(ProofAttack<Sale> attack, ReleasedTable table, List<Sale> sales) {
    attack.see(
        table, sales, (s, key) -> s.rows().contains(key), (s, key) -> s.column().equals(key));
  }

  @Test
  void a1_a_total_less_its_visible_cells() {
    List<Sale> sales = Tables.sales(COUNTS);
    ProofAttack<Sale> minimum = new ProofAttack<>();
    ProofSpec<Sale> spec = Tables.spec(3).columns(Tables.columns(3)).build();
    ReleasedTable page = Weakened.withoutSecondary(Tables.THREE).protect(spec, sales).table();
    assertEquals(1, page.withheld());
    see(minimum, page, sales);
    assertTrue(minimum.learns(in(sales, "r0", "c1")));

    ProofAttack<Sale> ours = new ProofAttack<>();
    see(ours, Tables.protect(COUNTS, Tables.THREE).table(), sales);
    assertFalse(ours.learns(in(sales, "r0", "c1")));
  }

  /** A deal in a region, county and group; each of the three lists is safe by itself. */
  private record Linked(String deal, String region, String county, String group) {}

  private static final Map<String, List<String>> REGIONS =
      new TreeMap<>(
          Map.of(
              "A",
              List.of("c1", "small", "2"),
              "B",
              List.of("c1", "small", "2"),
              "I",
              List.of("c1", "small", "8"),
              "J",
              List.of("c1", "small", "8"),
              "K",
              List.of("c2", "small", "3"),
              "L",
              List.of("c2", "BIG", "3"),
              "M",
              List.of("c2", "BIG", "3"),
              "N",
              List.of("c2", "small", "7")));

  private static ProofSpec<Linked> linked(List<String> keys, Function<Linked, String> value) {
    LocalDate day = LocalDate.of(2026, 6, 30);
    return ProofSpec.builder(
            "Linked",
            Period.twelveMonthsTo(day),
            day,
            "Issue 136",
            Dimension.of("By", "All", keys.stream().map(key -> new Code(key, key)).toList(), value))
        .contributor(Unit.DEAL, Linked::deal)
        .contributor(Unit.BROKER, Linked::deal)
        .measure(Measure.count("n", "Deals", row -> true))
        .build();
  }

  @Test
  void a3_lists_of_one_population_that_are_safe_one_by_one() {
    List<Linked> deals = new ArrayList<>();
    REGIONS.forEach(
        (region, facts) -> {
          for (int i = 0; i < Integer.parseInt(facts.get(2)); i++) {
            deals.add(new Linked(region + i, region, facts.get(0), facts.get(1)));
          }
        });
    List<Linked> secret = deals.stream().filter(d -> d.region().equals("K")).toList();
    Protector protector = new Protector(new DisclosurePolicy(4, 4, 4, 1, List.of()));
    List<Protection> lists =
        List.of(
            protector.protect(linked(List.copyOf(REGIONS.keySet()), Linked::region), deals),
            protector.protect(linked(List.of("c1", "c2"), Linked::county), deals),
            protector.protect(linked(List.of("small", "BIG"), Linked::group), deals));
    ProofAttack<Linked> apart = new ProofAttack<>();
    ProofAttack<Linked> together = new ProofAttack<>();
    Ledger ledger = new Ledger();
    for (Protection list : lists) {
      BiPredicate<Linked, String> in =
          (deal, key) -> Set.of(deal.region(), deal.county(), deal.group()).contains(key);
      apart.see(list.table(), deals, in, in);
      together.see(ledger.publish(list).table(), deals, in, in);
    }
    assertTrue(apart.learns(secret), "K = small - c1 - N");
    assertFalse(together.learns(secret), "one claim is one system");
  }

  @Test
  void a4_the_difference_of_two_releases() {
    List<Sale> before = Tables.sales(COUNTS);
    int[][] more = {{9, 2, 9}, {9, 9, 9}, {9, 9, 10}};
    List<Sale> after = Tables.sales(more);
    ProofAttack<Sale> apart = new ProofAttack<>();
    see(apart, Tables.protect(COUNTS, Tables.THREE).table(), before);
    see(apart, Tables.protect(more, Tables.THREE).table(), after);
    assertTrue(apart.singles() >= 1);

    Ledger ledger = new Ledger();
    ReleasedTable first = ledger.publish(Tables.protect(COUNTS, Tables.THREE)).table();
    ReleasedTable second = ledger.publish(Tables.protect(more, Tables.THREE)).table();
    assertArrayEquals(ProofPage.render(first), ProofPage.render(second));
  }

  private static List<Sale> shares(long... dollars) {
    List<Sale> sales = new ArrayList<>();
    for (int i = 0; i < dollars.length; i++) {
      sales.add(new Sale(Set.of("r0"), "c0", "d" + i, "b" + i, dollars[i] * 100));
    }
    return sales;
  }

  @Test
  void a6_the_second_largest_broker_estimates_the_largest() {
    List<Sale> sales = shares(1000, 500, 20, 20, 20);
    ProofSpec<Sale> spec =
        Tables.spec(1).measure(Measure.sumOfCents("v", "Volume", "USD", Sale::cents)).build();
    DisclosurePolicy counting = new DisclosurePolicy(5, 5, 3, 1, List.of());
    ReleasedTable minimum = new Protector(counting).protect(spec, sales).table();
    BigDecimal sum = minimum.cell(1, 0, 0).value().orElseThrow();
    BigDecimal estimate = sum.subtract(new BigDecimal("500"));
    assertTrue(estimate.compareTo(new BigDecimal("1100")) < 0, "within ten percent of 1000");

    ReleasedTable ours = new Protector(DisclosurePolicy.STANDARD).protect(spec, sales).table();
    assertEquals(0, ours.shown());
  }

  @Test
  void a7_a_single_contributor_who_knows_itself() {
    // Two withheld cells of one deal each: either knows the other from the total.
    int[] counts = {1, 22, 1, 30};
    List<Sale> sales = Tables.sales(new int[][] {{1}, {22}, {1}, {30}});
    ProofAttack<Sale> minimum = new ProofAttack<>();
    see(
        minimum,
        Weakened.cellByCell(Tables.THREE).protect(Tables.spec(4).build(), sales).table(),
        sales);
    assertFalse(minimum.learns(in(sales, "r2", "*")), "strangers do not");
    minimum.see(in(sales, "r0", "*"));
    assertTrue(minimum.learns(in(sales, "r2", "*")));

    ProofAttack<Sale> ours = new ProofAttack<>();
    see(ours, Tables.protectList(Tables.THREE, counts).table(), sales);
    ours.see(in(sales, "r0", "*"));
    assertFalse(ours.learns(in(sales, "r2", "*")));
  }

  @Test
  void a8_an_exact_median_is_a_sale() {
    Map<String, List<Long>> prices = new TreeMap<>();
    for (MarketSale sale : SampleData.sales()) {
      prices.computeIfAbsent(sale.area() + sale.year(), key -> new ArrayList<>()).add(sale.cents());
    }
    int told = 0;
    int records = 0;
    for (List<Long> cell : prices.values()) {
      if (cell.size() >= 5) {
        List<Long> sorted = cell.stream().sorted().toList();
        long middle = sorted.get(sorted.size() / 2) + sorted.get((sorted.size() - 1) / 2);
        told++;
        records += sorted.contains(middle / 2) ? 1 : 0;
      }
    }
    // Worked out here because there is nothing to switch off: no measure is an exact median.
    assertTrue(records * 2 > told, records + " of " + told + " exact medians are a sale's price");

    Dimension<MarketSale> areas =
        Dimension.of("Area", "All areas", SampleData.areas(), MarketSale::area);
    ProofSpec<MarketSale> spec =
        ProofSpec.builder(
                "Medians",
                SampleData.market().period(),
                SampleData.market().asOf(),
                "Ames City Assessor",
                areas)
            .columns(SampleData.market().columns().orElseThrow())
            .contributor(Unit.DEAL, MarketSale::key)
            .contributor(Unit.BROKER, MarketSale::broker)
            .measure(Measure.count("sales", "Sales", sale -> true))
            .measure(
                Measure.median(
                    "median",
                    "Median price",
                    "USD",
                    new BigDecimal("5000"),
                    sale -> Optional.of(BigDecimal.valueOf(sale.cents(), 2))))
            .build();
    ReleasedTable table =
        new Protector(DisclosurePolicy.STANDARD).protect(spec, SampleData.sales()).table();
    int ranges = 0;
    for (int row = 0; row < table.rows().lines(); row++) {
      for (int column = 0; column < table.columnCount(); column++) {
        var range = table.cell(1, row, column).range();
        ranges += range.isPresent() ? 1 : 0;
        assertTrue(range.isEmpty() || !range.get().exact());
      }
    }
    assertTrue(ranges > 60, "only " + ranges);
  }

  @Test
  void a9_all_but_one() {
    List<Sale> sales = shares(10, 10, 10, 10, 10, 10, 99);
    ProofSpec<Sale> spec =
        Tables.spec(1).measure(Measure.count("low", "Below 50", s -> s.cents() < 5_000)).build();
    DisclosurePolicy policy = DisclosurePolicy.STANDARD;
    // Six of seven: on two pages, of which neither knows the other, each count has enough deals.
    List<Sale> cheap = sales.subList(0, 6);
    ProofAttack<Sale> apart = new ProofAttack<>();
    ReleasedTable first = new Protector(policy).protect(Tables.spec(1).build(), sales).table();
    see(apart, first, sales);
    see(apart, new Protector(policy).protect(Tables.spec(1).build(), cheap).table(), cheap);
    assertTrue(apart.learns(List.of(sales.get(6))), "the one that is not below 50");
    assertEquals(0, new Protector(policy).protect(spec, sales).table().shown());
    // With five beyond, or none, it is told.
    List<Sale> many = new ArrayList<>(sales);
    for (int i = 0; i < 4; i++) {
      many.add(new Sale(Set.of("r0"), "c0", "x" + i, "y" + i, 9_900));
    }
    assertEquals(4, new Protector(policy).protect(spec, many).table().shown());
    assertEquals(4, new Protector(policy).protect(spec, sales.subList(0, 6)).table().shown());
  }

  @Test
  void a11_a_rare_or_undeclared_name_is_in_no_byte() {
    List<Sale> sales = new ArrayList<>(Tables.sales(COUNTS));
    sales.add(new Sale(Set.of("Castle"), "c0", "dx", "bx", 1));
    ProofSpec<Sale> spec = Tables.spec(3).columns(Tables.columns(3)).build();
    Protection protection = new Protector(Tables.THREE).protect(spec, sales);
    String bytes =
        new String(ProofPage.render(protection.table()), StandardCharsets.UTF_8)
            + new String(ProofData.render(protection.table()), StandardCharsets.UTF_8)
            + protection;
    assertFalse(bytes.contains("Castle"));
    assertEquals(1, protection.rejected().size());
    // A host that takes its list from the data declares the name itself, and prints it.
    List<Code> codes = new ArrayList<>(Tables.codes("r", 3));
    codes.add(new Code("Castle", "Castle"));
    ProofSpec<Sale> taken =
        Tables.spec(Dimension.of("Row", "All rows", codes, sale -> sale.rows().iterator().next()))
            .build();
    assertTrue(
        new String(
                ProofPage.render(new Protector(Tables.THREE).protect(taken, sales).table()),
                StandardCharsets.UTF_8)
            .contains("Castle"));
  }

  /** A spec whose rows are declared in the order in which they are first met. */
  static ProofSpec<Sale> asTheyCome(List<Sale> sales) {
    return Tables.spec(
            Dimension.of(
                "Row",
                "All rows",
                sales.stream()
                    .map(sale -> sale.rows().iterator().next())
                    .distinct()
                    .map(key -> new Code(key, "Label " + key))
                    .toList(),
                sale -> sale.rows().iterator().next()))
        .build();
  }

  @Test
  void a12_other_ids_give_the_same_bytes() {
    List<Sale> sales = Tables.sales(COUNTS);
    List<Sale> renamed = new ArrayList<>();
    for (Sale s : sales) {
      String id = "z" + (1_000 - renamed.size());
      renamed.add(new Sale(s.rows(), s.column(), id, "q" + s.broker(), s.cents()));
    }
    ProofSpec<Sale> spec = Tables.spec(3).columns(Tables.columns(3)).build();
    Protector protector = new Protector(Tables.THREE);
    assertArrayEquals(
        ProofPage.render(protector.protect(spec, sales).table()),
        ProofPage.render(protector.protect(spec, renamed).table()));
    // No id can be printed: words are declared. A host that declares them in the order in which its
    // rows come, which is that of their ids, lets that order out.
    renamed.sort(Comparator.comparing(Sale::deal));
    assertFalse(
        Arrays.equals(
            ProofPage.render(protector.protect(asTheyCome(sales), sales).table()),
            ProofPage.render(protector.protect(asTheyCome(renamed), renamed).table())));
  }

  @Test
  void a15_a_mean_times_its_count() {
    List<Sale> few = shares(1000, 500, 20, 20, 20);
    ProofSpec<Sale> means =
        Tables.spec(1)
            .measure(
                Measure.mean(
                    "m", "Mean", "USD", 2, s -> Optional.of(BigDecimal.valueOf(s.cents(), 2))))
            .build();
    ReleasedTable page =
        Weakened.countingOnly(DisclosurePolicy.STANDARD).protect(means, few).table();
    BigDecimal largest =
        page.cell(1, 0, 0)
            .value()
            .orElseThrow()
            .multiply(page.cell(0, 0, 0).value().orElseThrow())
            .subtract(new BigDecimal("500"));
    assertTrue(largest.compareTo(new BigDecimal("1100")) < 0, "within ten percent of 1000");
    assertEquals(0, new Protector(DisclosurePolicy.STANDARD).protect(means, few).table().shown());
    ProofSpec<MarketSale> spec = SampleData.market();
    ReleasedTable table =
        new Protector(DisclosurePolicy.STANDARD).protect(spec, SampleData.sales()).table();
    for (int row = 0; row < table.rows().lines(); row++) {
      for (int column = 0; column < table.columnCount(); column++) {
        boolean count = table.cell(0, row, column).value().isPresent();
        assertEquals(count, table.cell(1, row, column).value().isPresent());
        assertEquals(count, table.cell(2, row, column).value().isPresent());
      }
    }
  }

  @Test
  void a18_nothing_that_prints_tells_a_record() {
    List<Sale> sales = Tables.sales(COUNTS);
    Ledger ledger = new Ledger();
    Protection protection = Tables.protect(COUNTS, Tables.THREE);
    var renewal = ledger.publish(protection);
    int[][] more = {{9, 2, 9}, {9, 9, 9}, {9, 9, 10}};
    var second = ledger.publish(Tables.protect(more, Tables.THREE));
    assertFalse(second.refusals().isEmpty());
    String printed =
        protection
            + " "
            + protection.evidence()
            + protection.evidence().grid()
            + protection.evidence().witnesses()
            + protection.population()
            + ledger.history()
            + ledger.history().entries()
            + renewal
            + second.refusals();
    // The objects hold what they do not print; their texts cannot be switched off.
    assertEquals(
        sales.stream().map(Sale::deal).collect(Collectors.toSet()),
        protection.population().stream()
            .map(row -> row.contributors().get(Unit.DEAL))
            .collect(Collectors.toSet()));
    assertTrue(sales.toString().contains(sales.get(0).deal()));
    for (Sale sale : sales) {
      assertFalse(printed.contains(sale.deal()), printed);
      assertFalse(printed.contains("\"" + sale.broker()), printed);
    }
  }

  /**
   * Of all withheld counts below three in tables of two by two, the share per mille that no other
   * table with the same page has. Secrets are counted where all counts are at most 5, so that
   * others, up to 11, can be larger.
   */
  private static int aloneOfThousand(Protector protector) {
    Map<String, List<int[]>> pages = new HashMap<>();
    ProofSpec<Sale> spec = Tables.spec(2).columns(Tables.columns(2)).build();
    for (int n = 0; n < 20_736; n++) {
      int[] cells = {n % 12, n / 12 % 12, n / 144 % 12, n / 1728};
      int[][] counts = {{cells[0], cells[1]}, {cells[2], cells[3]}};
      ReleasedTable table = protector.protect(spec, Tables.sales(counts)).table();
      StringBuilder page = new StringBuilder();
      for (int i = 0; i <= 2; i++) {
        for (int j = 0; j <= 2; j++) {
          page.append(table.cell(0, i, j)).append(' ');
        }
      }
      pages.computeIfAbsent(page.toString(), key -> new ArrayList<>()).add(cells);
    }
    int secrets = 0;
    int alone = 0;
    for (List<int[]> alike : pages.values()) {
      for (int cell = 0; cell < 4; cell++) {
        Set<Integer> values = new HashSet<>();
        for (int[] table : alike) {
          values.add(table[cell]);
        }
        for (int[] table : alike) {
          if (table[cell] < 3 && Arrays.stream(table).max().orElse(0) <= 5) {
            secrets++;
            alone += values.size() == 1 ? 1 : 0;
          }
        }
      }
    }
    assertTrue(secrets > 1_000, "only " + secrets);
    return 1_000 * alone / secrets;
  }

  @Test
  void a20_the_pattern_of_what_is_withheld_may_tell_in_the_smallest_worlds_and_seldom() {
    // Whoever knows the method knows that another table would have given another pattern. How often
    // do the page and the method together leave one value only? This is not prevented (see
    // Protector), and must not get worse; without secondary suppression it is the rule.
    int minimum = aloneOfThousand(Weakened.withoutSecondary(Tables.THREE));
    assertTrue(minimum > 300, "only " + minimum);
    int ours = aloneOfThousand(new Protector(Tables.THREE));
    assertTrue(ours <= 55, "as much as " + ours);
  }

  @Test
  void a22_whether_one_deal_is_in_the_data() {
    int[][] without = {{9, 2, 9}, {9, 9, 9}, {9, 9, 9}};
    int[][] with = {{9, 2, 9}, {9, 9, 9}, {9, 10, 9}};
    List<byte[]> pages = new ArrayList<>();
    for (int[][] counts : List.of(without, with)) {
      Ledger ledger = new Ledger();
      ledger.publish(Tables.protect(without, Tables.THREE));
      pages.add(ProofPage.render(ledger.publish(Tables.protect(counts, Tables.THREE)).table()));
    }
    assertArrayEquals(pages.get(0), pages.get(1));
    assertFalse(
        Arrays.equals(
            ProofPage.render(Tables.protect(without, Tables.THREE).table()),
            ProofPage.render(Tables.protect(with, Tables.THREE).table())),
        "without a ledger the pages differ");
  }
}
