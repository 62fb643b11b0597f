package io.vesta.proof.testkit;

import static io.vesta.proof.publish.World.BROKER;
import static io.vesta.proof.testkit.AttackTest.in;
import static io.vesta.proof.testkit.AttackTest.see;
import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.vesta.core.config.ConfigurationException;
import io.vesta.core.config.VestaConfig;
import io.vesta.core.error.VestaException;
import io.vesta.core.id.BrokerageId;
import io.vesta.proof.ledger.Release;
import io.vesta.proof.ledger.internal.JdbcReleaseLedger;
import io.vesta.proof.protect.DisclosurePolicy;
import io.vesta.proof.protect.Ledger;
import io.vesta.proof.protect.ProofConfig;
import io.vesta.proof.protect.Protection;
import io.vesta.proof.protect.Protector;
import io.vesta.proof.protect.ReleasedTable;
import io.vesta.proof.protect.Tables;
import io.vesta.proof.protect.Tables.Sale;
import io.vesta.proof.protect.Weakened;
import io.vesta.proof.publish.Canaries;
import io.vesta.proof.publish.Files;
import io.vesta.proof.publish.LeakScan;
import io.vesta.proof.publish.Publication;
import io.vesta.proof.publish.World;
import io.vesta.proof.render.ProofPage;
import io.vesta.proof.signed.Manifest;
import io.vesta.proof.signed.ProofVerifier;
import io.vesta.proof.signed.ProofVerifier.Fault;
import io.vesta.proof.signed.internal.Digests;
import io.vesta.proof.spec.Dimension;
import io.vesta.proof.spec.Measure;
import io.vesta.proof.spec.ProofSpec;
import io.vesta.proof.spec.Unit;
import io.vesta.testkit.Engine;
import java.math.BigDecimal;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.security.SecureRandom;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Base64;
import java.util.Collections;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import java.util.Set;
import java.util.UUID;
import java.util.function.BinaryOperator;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * The attacks on whole pages, packages and release histories; see {@link AttackTest} for the
 * others. Each succeeds first, with the defence against it switched off; where that cannot be, the
 * test says why.
 */
class PageAttackTest {

  private static final Canaries NONE = Canaries.of(List.of());
  private static final int[][] COUNTS = {{9, 2, 9}, {9, 9, 9}, {9, 9, 9}};

  @TempDir private Path directory;

  @Test
  void a2_two_withheld_cells_in_every_line_that_can_be_computed_all_the_same() {
    // Two rings of withheld cells and one cell between them: every line has two or more.
    int[][] counts = {{2, 2, 2, 9}, {2, 2, 9, 9}, {9, 9, 2, 2}, {9, 9, 2, 2}};
    List<Sale> sales = Tables.sales(counts);
    ProofAttack<Sale> minimum = new ProofAttack<>();
    ProofSpec<Sale> spec = Tables.spec(4).columns(Tables.columns(4)).build();
    ReleasedTable page = Weakened.withoutSecondary(Tables.THREE).protect(spec, sales).table();
    assertEquals(9, page.withheld());
    see(minimum, page, sales);
    assertTrue(minimum.learns(in(sales, "r0", "c2")));
    ProofAttack<Sale> ours = new ProofAttack<>();
    see(ours, Tables.protect(counts, Tables.THREE).table(), sales);
    for (int i = 0; i < 4; i++) {
      for (int j = 0; j < 4; j++) {
        assertFalse(counts[i][j] < 3 && ours.learns(in(sales, "r" + i, "c" + j)));
      }
    }
  }

  @Test
  void a5_late_deals_that_drip_into_release_after_release() {
    Random random = new Random(17);
    int[][] counts = {{9, 8}, {7, 12}};
    Ledger ledger = new Ledger();
    ProofAttack<Sale> apart = new ProofAttack<>();
    ProofAttack<Sale> together = new ProofAttack<>();
    List<List<Sale>> all = new ArrayList<>();
    for (int release = 0; release < 6; release++) {
      Protection protection = Tables.protect(counts, Tables.THREE);
      List<Sale> sales = Tables.sales(counts);
      see(apart, protection.table(), sales);
      all.add(sales);
      ReleasedTable table = ledger.publish(protection).table();
      for (int row = 0; row <= 2; row++) {
        for (int column = 0; column <= 2; column++) {
          String down = table.rows().key(row);
          String across = table.columns().orElseThrow().key(column);
          String figure = table.cell(0, row, column).toString();
          // Deals are only added: a figure is made of those of the release that had as many.
          together.see(
              all.stream()
                  .map(then -> in(then, down, across))
                  .filter(then -> figure.equals("" + then.size()))
                  .findFirst()
                  .orElseThrow());
        }
      }
      counts[random.nextInt(2)][random.nextInt(2)]++;
    }
    assertTrue(apart.singles() >= 3, "only " + apart.singles());
    assertEquals(0, together.singles());
    // The pages themselves: figures move by three deals or more, or not at all.
    Set<String> totals = new HashSet<>();
    Ledger again = new Ledger();
    for (int late = 0; late < 6; late++) {
      int[][] drip = {{9 + late, 8}, {7, 12}};
      totals.add(
          again.publish(Tables.protect(drip, Tables.THREE)).table().cell(0, 2, 2).toString());
    }
    assertEquals(Set.of("36", "39"), totals);
  }

  @Test
  void a10_zero_few_and_withheld_for_others_look_alike() {
    int[][] counts = {{9, 0, 9}, {9, 9, 2}, {9, 9, 9}};
    // A page that prints zero tells more than one that does not.
    ReleasedTable telling =
        Weakened.showingZero(Tables.THREE)
            .protect(Tables.spec(3).columns(Tables.columns(3)).build(), Tables.sales(counts))
            .table();
    assertEquals("0", telling.cell(0, 0, 1).toString());
    assertNotEquals(telling.cell(0, 0, 1).toString(), telling.cell(0, 1, 2).toString());
    ReleasedTable table = Tables.protect(counts, Tables.THREE).table();
    List<String> lines =
        new String(ProofPage.render(table), StandardCharsets.UTF_8).lines().toList();
    assertSame(table.cell(0, 0, 1), table.cell(0, 1, 2));
    assertEquals(
        table.withheld(), lines.stream().filter(l -> l.contains("<td>\u2014</td>")).count());
  }

  /**
   * Sees every figure that a claim has ever shown, made of the rows of the release that it is of.
   * The ledger says which release that is, and the pages have to bear it out.
   */
  private static void seeAll(
      ProofAttack<Sale> attack,
      Ledger ledger,
      List<ReleasedTable> pages,
      List<List<Sale>> releases) {
    for (ReleasedTable page : pages) {
      for (int row = 0; row < page.rows().lines(); row++) {
        for (int column = 0; column < page.columnCount(); column++) {
          String down = page.rows().key(row);
          String across = page.columns().orElseThrow().key(column);
          Optional<BigDecimal> shown = page.cell(0, row, column).value();
          if (shown.isPresent()) {
            List<Sale> members =
                ledger.history().figures().stream()
                    .filter(f -> f.row().equals(down) && f.column().equals(across))
                    .filter(f -> f.values().containsKey("sales"))
                    .map(f -> in(releases.get(f.basis() - 1), down, across))
                    .filter(sales -> shown.get().intValueExact() == sales.size())
                    .findFirst()
                    .orElseThrow(() -> new AssertionError("a figure of no release"));
            attack.see(members);
          }
        }
      }
    }
  }

  @Test
  void a13_the_same_page_under_a_filter_that_leaves_one_out() {
    List<Sale> all = Tables.sales(COUNTS);
    List<Sale> filtered = new ArrayList<>(all);
    Sale luxury = filtered.remove(filtered.size() - 1);
    Protector protector = new Protector(Tables.THREE);
    ProofSpec<Sale> spec = Tables.spec(3).columns(Tables.columns(3)).build();
    ProofAttack<Sale> apart = new ProofAttack<>();
    see(apart, protector.protect(spec, all).table(), all);
    see(apart, protector.protect(spec, filtered).table(), filtered);
    assertTrue(apart.learns(List.of(luxury)));
    Ledger ledger = new Ledger();
    ReleasedTable first = ledger.publish(protector.protect(spec, all)).table();
    ReleasedTable second = ledger.publish(protector.protect(spec, filtered)).table();
    ProofAttack<Sale> together = new ProofAttack<>();
    seeAll(together, ledger, List.of(first, second), List.of(all, filtered));
    assertFalse(together.learns(List.of(luxury)));
    assertEquals(0, together.singles());
    for (int row = 0; row < 3; row++) {
      for (int column = 0; column < 3; column++) {
        List<Sale> cell = in(all, "r" + row, "c" + column);
        assertFalse(cell.size() < 3 && together.learns(cell));
      }
    }
    // What is asked of a page is declared, of a closed set of measures.
    assertTrue(Measure.class.isSealed());
    assertEquals(4, Measure.class.getPermittedSubclasses().length);
  }

  private static Protection median(List<Long> dollars) {
    List<Sale> sales =
        IntStream.range(0, dollars.size())
            .mapToObj(i -> new Sale(Set.of("r0"), "c0", "d" + i, "b" + i, dollars.get(i) * 100))
            .toList();
    return new Protector(Tables.THREE)
        .protect(
            Tables.spec(1)
                .measure(
                    Measure.median(
                        "median",
                        "Median",
                        "USD",
                        new BigDecimal("100"),
                        s -> Optional.of(BigDecimal.valueOf(s.cents(), 2))))
                .build(),
            sales);
  }

  @Test
  void a14_a_late_deal_that_moves_a_rounded_figure_over_its_step() {
    List<Long> prices =
        new ArrayList<>(List.of(500L, 550L, 590L, 599L, 601L, 603L, 640L, 660L, 700L, 710L));
    String before = median(prices).table().cell(1, 0, 0).toString();
    int moved = 0;
    for (long late = 400; late <= 800; late += 25) {
      List<Long> more = new ArrayList<>(prices);
      more.add(late);
      Protection after = median(more);
      moved += after.table().cell(1, 0, 0).toString().equals(before) ? 0 : 1;
      Ledger ledger = new Ledger();
      ledger.publish(median(prices));
      assertEquals(before, ledger.publish(after).table().cell(1, 0, 0).toString());
    }
    assertTrue(moved > 0, "without a ledger some late deal tells on which side it is");
  }

  /** Two lists that differ in withheld cells only, of which one has more digits. */
  private static final List<int[]> ALIKE = List.of(new int[] {2, 9, 30}, new int[] {1, 10, 30});

  private static Protection alike(Protector protector, int[] counts) {
    int[][] column = Arrays.stream(counts).mapToObj(n -> new int[] {n}).toArray(int[][]::new);
    return protector.protect(Tables.spec(counts.length).build(), Tables.sales(column));
  }

  private static Map<String, byte[]> files(Protector protector, int[] counts) {
    return Files.of(alike(protector, counts).table()).byName();
  }

  /** The drawings of a page. */
  private static String drawn(Map<String, byte[]> files) {
    String page = new String(files.get(Files.PAGE), StandardCharsets.UTF_8);
    return page.substring(page.indexOf("<svg"), page.lastIndexOf("</svg>"));
  }

  @Test
  void a16_what_a_drawing_or_a_file_tells_beyond_the_figures() {
    // Drawings follow the cells: with nothing withheld they tell the two tables apart.
    Protector open = Weakened.showingAll(Tables.THREE);
    assertNotEquals(drawn(files(open, ALIKE.get(0))), drawn(files(open, ALIKE.get(1))));
    Protector protector = new Protector(Tables.THREE);
    assertEquals(2, alike(protector, ALIKE.get(0)).table().withheld());
    Map<String, byte[]> first = files(protector, ALIKE.get(0));
    Map<String, byte[]> second = files(protector, ALIKE.get(1));
    assertEquals(4, first.size());
    assertEquals(first.keySet(), second.keySet());
    first.forEach((name, bytes) -> assertArrayEquals(bytes, second.get(name), name));
  }

  private static final List<String> NAMES = List.of("Zoe Quill", "12 Elm Street");

  @Test
  void a17_a_fault_of_the_renderer_that_writes_a_name_in_some_way() {
    String page =
        new String(
            ProofPage.render(Tables.protect(COUNTS, Tables.THREE).table()), StandardCharsets.UTF_8);
    for (String name : NAMES) {
      for (String written :
          List.of(
              name,
              name.toUpperCase(Locale.ROOT),
              name.replace(" ", "&nbsp;"),
              name.replace(" ", "%20"),
              name.replace("", "\u200b"),
              Base64.getEncoder().encodeToString(name.getBytes(StandardCharsets.UTF_8)))) {
        byte[] faulty =
            page.replace("</main>", "<!-- " + written + " --></main>")
                .getBytes(StandardCharsets.UTF_8);
        assertTrue(new LeakScan(NONE, List.of()).scan("index.html", faulty).isEmpty());
        assertFalse(
            new LeakScan(Canaries.of(NAMES), List.of()).scan("index.html", faulty).isEmpty(),
            written);
      }
    }
  }

  private static List<Integer> lengths(Map<String, byte[]> files) {
    return files.values().stream().map(bytes -> bytes.length).toList();
  }

  @Test
  void a19_sizes_that_depend_on_what_is_withheld() {
    Protector open = Weakened.showingAll(Tables.THREE);
    assertNotEquals(
        lengths(files(open, ALIKE.get(0))),
        lengths(files(open, ALIKE.get(1))),
        "sizes tell the digits of what is shown");
    World world = new World(Engine.SQLITE, directory);
    Set<List<Integer>> sizes = new HashSet<>();
    for (int[] counts : ALIKE) {
      Publication publication =
          world.publish(
              BROKER, "claim" + counts[0], alike(new Protector(Tables.THREE), counts), NONE);
      List<Integer> all = new ArrayList<>(lengths(publication.files()));
      all.add(publication.manifest().bytes().length);
      sizes.add(all);
    }
    assertEquals(1, sizes.size(), sizes::toString);
  }

  private static Manifest manifest(long cents, BinaryOperator<String> commitments) {
    List<Sale> sales = new ArrayList<>(Tables.sales(new int[][] {{9}, {8}}));
    Sale last = sales.remove(16);
    sales.add(new Sale(last.rows(), last.column(), last.deal(), last.broker(), cents));
    Protection protection =
        new Protector(Tables.THREE)
            .protect(
                Tables.spec(2)
                    .measure(Measure.sumOfCents("v", "Volume", "USD", Sale::cents))
                    .build(),
                sales);
    return Manifest.of(
        new Manifest.Facts(
            new BrokerageId("firm"),
            "c",
            new UUID(0, 1),
            1,
            Instant.EPOCH,
            Instant.MAX,
            Release.NO_HEAD),
        protection.table(),
        protection.population(),
        commitments,
        Map.of());
  }

  /** The commitments of the stored ledger whose salt came from some randomness. */
  private BinaryOperator<String> commitments(Random random) {
    World world = new World(Engine.SQLITE, directory);
    return world
        .fresh
        .database()
        .write(work -> new JdbcReleaseLedger(random).commitments(work, World.FIRM));
  }

  @Test
  void a21_guessing_the_one_unknown_price_against_the_input_root() {
    // The attacker has every row but one price, and the code. With a salt that can be had again,
    // as every salt of a seeded generator can, the guess that fits is the price.
    BinaryOperator<String> attackers = commitments(new Random(7));
    String weak = manifest(412_500_00, commitments(new Random(7))).inputRoot();
    String ours = manifest(412_500_00, commitments(new SecureRandom())).inputRoot();
    int found = 0;
    int foundOurs = 0;
    for (long cents = 400_000_00; cents <= 420_000_00; cents += 500_00) {
      String guess = manifest(cents, attackers).inputRoot();
      found += guess.equals(weak) ? 1 : 0;
      foundOurs += guess.equals(ours) ? 1 : 0;
    }
    assertEquals(1, found);
    assertEquals(0, foundOurs);
  }

  @Test
  void a23_asking_often_and_averaging() {
    // There is no noise that could be switched on or off: nothing averages out because the same
    // question has the same answer, to the byte.
    World world = new World(Engine.SQLITE, directory);
    Set<String> pages = new HashSet<>();
    for (int n = 0; n < 10; n++) {
      pages.add(
          Digests.hex(
              world
                  .publish(BROKER, "production", Tables.protect(COUNTS, Tables.THREE), NONE)
                  .page()));
    }
    assertEquals(1, pages.size());
  }

  @Test
  void a24_two_nodes_that_each_have_a_memory_of_their_own() {
    int[][] more = {{9, 2, 9}, {9, 9, 9}, {9, 9, 10}};
    ReleasedTable one = new Ledger().publish(Tables.protect(COUNTS, Tables.THREE)).table();
    ReleasedTable other = new Ledger().publish(Tables.protect(more, Tables.THREE)).table();
    assertFalse(Arrays.equals(ProofPage.render(one), ProofPage.render(other)));

    World world = new World(Engine.POSTGRESQL, directory);
    Publication first =
        world.publish(BROKER, "production", Tables.protect(COUNTS, Tables.THREE), NONE);
    var node = world.node();
    Protection late = Tables.protect(more, Tables.THREE);
    node.approve(BROKER, node.review(BROKER, "production", late, NONE));
    assertArrayEquals(first.page(), node.publish(BROKER, "production", late, NONE).page());
    // Limits are whole numbers in a range: none of these is one.
    for (String odd : List.of("-1", "0", "2", "5.5", "NaN", "1e-320", "4294967301", "")) {
      VestaConfig config =
          VestaConfig.builder(world.fresh.database()).property("vesta.proof.deals", odd).build();
      assertThrows(
          ConfigurationException.class, () -> config.bind("vesta.proof", ProofConfig.class), odd);
    }
  }

  @Test
  void a25_old_retracted_swapped_and_weaker_packages() {
    World world = new World(Engine.SQLITE, directory);
    Publication first =
        world.publish(BROKER, "production", Tables.protect(COUNTS, Tables.THREE), NONE);
    byte[] retraction = world.publisher.retract(BROKER, "production", 1).orElseThrow();
    Publication second =
        world.publish(BROKER, "production", Tables.protect(COUNTS, Tables.THREE), NONE);
    // A reader who checks the signature alone takes the retracted one.
    assertTrue(world.verdict(first).ok());
    assertEquals(Fault.RETRACTED, world.verdict(first, retraction).findings().get(0).fault());
    assertTrue(world.verdict(second, retraction).ok());
    assertTrue(second.manifest().number() > first.manifest().number(), "which is the later tells");
    // The dataset of another package.
    Map<String, byte[]> swapped = second.files();
    swapped.put(Files.DATASET, new byte[] {'{', '}'});
    assertEquals(
        List.of(Fault.FILE_CHANGED),
        new ProofVerifier(world.key.publicKeys())
                .verify(second.signature().orElseThrow(), swapped, List.of(), world.clock.instant())
                .findings()
                .stream()
                .map(ProofVerifier.Finding::fault)
                .toList());
    // Weaker rules do not get through the publisher, and leave another commitment if they do.
    DisclosurePolicy weaker = new DisclosurePolicy(3, 3, 3, 2, List.of());
    assertThrows(
        VestaException.class,
        () -> world.publish(BROKER, "production", Tables.protect(COUNTS, weaker), NONE));
    world.clock.advance(World.VALIDITY);
    assertEquals(Fault.EXPIRED, world.verdict(second).findings().get(0).fault());
  }

  @Test
  void a26_another_order_or_locale_gives_other_bytes() {
    // The order of rows reaches the bytes only where a host declares its words in that order; no
    // switch makes a renderer heed the locale.
    Locale locale = Locale.getDefault();
    List<Sale> sales = new ArrayList<>(Tables.sales(COUNTS));
    Protector protector = new Protector(Tables.THREE);
    Set<String> asTheyCome = new HashSet<>();
    Set<String> ours = new HashSet<>();
    try {
      for (String tag : List.of("en-US", "de-DE", "ar-EG")) {
        Locale.setDefault(Locale.forLanguageTag(tag));
        Collections.rotate(sales, 30);
        asTheyCome.add(
            Files.of(protector.protect(AttackTest.asTheyCome(sales), sales).table()).digest());
        ours.add(
            Files.of(
                    protector
                        .protect(Tables.spec(3).columns(Tables.columns(3)).build(), sales)
                        .table())
                .digest());
      }
    } finally {
      Locale.setDefault(locale);
    }
    assertTrue(asTheyCome.size() > 1);
    assertEquals(1, ours.size());
  }

  /** A sale to a client. */
  private record Sold(String deal, String client, String broker) {}

  @Test
  void a27_many_deals_of_one_client_are_one_client() {
    List<Sold> sold =
        IntStream.range(0, 9).mapToObj(i -> new Sold("d" + i, "one", "b" + i % 4)).toList();
    Protector protector = new Protector(DisclosurePolicy.STANDARD);
    ProofSpec<Sold> blind = sold().build();
    assertEquals(2, protector.protect(blind, sold).table().shown(), "if nobody counts clients");
    ProofSpec<Sold> spec = sold().contributor(Unit.CLIENT, Sold::client).build();
    assertEquals(0, protector.protect(spec, sold).table().shown());
  }

  private static ProofSpec.Builder<Sold> sold() {
    return ProofSpec.<Sold>builder(
            "Sold",
            Tables.spec(1).build().period(),
            Tables.spec(1).build().asOf(),
            "Synthetic MLS",
            Dimension.of("Row", "All", Tables.codes("r", 1), s -> "r0"))
        .contributor(Unit.DEAL, Sold::deal)
        .contributor(Unit.BROKER, Sold::broker)
        .measure(Measure.count("n", "Deals", s -> true));
  }

  @Test
  void a28_solving_for_every_table_that_fits_the_page() {
    List<int[][]> worlds = new ArrayList<>();
    for (int n = 0; n < 10_000; n++) {
      int[][] counts = {{n % 10, n / 10 % 10}, {n / 100 % 10, n / 1_000}};
      if (Arrays.stream(counts).flatMapToInt(Arrays::stream).sum() <= 12) {
        worlds.add(counts);
      }
    }
    ProofSpec<Sale> spec = Tables.spec(2).columns(Tables.columns(2)).build();
    Protector minimum = Weakened.withoutSecondary(Tables.THREE);
    int minimumSolved = 0;
    int targets = 0;
    for (int[][] truth : worlds) {
      if (Arrays.stream(truth).flatMapToInt(Arrays::stream).sum() <= 8) {
        ReleasedTable ours = Tables.protect(truth, Tables.THREE).table();
        ReleasedTable weak = minimum.protect(spec, Tables.sales(truth)).table();
        for (int cell = 0; cell < 4; cell++) {
          if (truth[cell / 2][cell % 2] == 1 || truth[cell / 2][cell % 2] == 2) {
            targets++;
            assertTrue(solutions(worlds, truth, cell, ours) >= 2, Arrays.deepToString(truth));
            minimumSolved += solutions(worlds, truth, cell, weak) == 1 ? 1 : 0;
          }
        }
      }
    }
    assertTrue(targets > 300, "only " + targets);
    assertTrue(minimumSolved > targets / 4, minimumSolved + " of " + targets);
  }

  /** How many values of a cell fit what a page shows. */
  private static int solutions(List<int[][]> worlds, int[][] truth, int cell, ReleasedTable table) {
    int[] shown = withTotals(truth);
    Set<Integer> values = new HashSet<>();
    for (int[][] world : worlds) {
      int[] other = withTotals(world);
      boolean fits = true;
      for (int place = 0; place < 9 && fits; place++) {
        fits =
            table.cell(0, place / 3, place % 3).range().isEmpty() || shown[place] == other[place];
      }
      if (fits) {
        values.add(world[cell / 2][cell % 2]);
      }
    }
    return values.size();
  }

  private static int[] withTotals(int[][] c) {
    return new int[] {
      c[0][0],
      c[0][1],
      c[0][0] + c[0][1],
      c[1][0],
      c[1][1],
      c[1][0] + c[1][1],
      c[0][0] + c[1][0],
      c[0][1] + c[1][1],
      c[0][0] + c[0][1] + c[1][0] + c[1][1]
    };
  }
}
