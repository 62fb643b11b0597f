package io.vesta.proof.testkit;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.vesta.core.error.VestaException;
import io.vesta.proof.ProofError;
import io.vesta.proof.cells.CellSource;
import io.vesta.proof.cells.Cells;
import io.vesta.proof.cells.Column;
import io.vesta.proof.cells.SourceRow;
import io.vesta.proof.protect.DisclosurePolicy;
import io.vesta.proof.protect.Protection;
import io.vesta.proof.protect.Protector;
import io.vesta.proof.protect.RowVersion;
import io.vesta.proof.protect.Tables;
import io.vesta.proof.publish.Files;
import io.vesta.proof.spec.Dimension;
import io.vesta.proof.spec.Measure;
import io.vesta.proof.spec.Period;
import io.vesta.proof.spec.ProofSpec;
import io.vesta.proof.spec.Unit;
import io.vesta.testkit.Engine;
import java.math.BigDecimal;
import java.nio.file.Path;
import java.time.LocalDate;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.function.IntFunction;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** What every {@link CellSource} must do; extend it and give yours over the same rows. */
public abstract class CellSourceContract {

  /** A row of the table {@code sales}: texts, cents, and days that may be missing. */
  public record Sale(
      @Nullable String area,
      String type,
      String deal,
      String client,
      String broker,
      @Nullable Long cents,
      @Nullable Long days)
      implements SourceRow {

    @Override
    public @Nullable String text(String column) {
      return switch (column) {
        case "area" -> area;
        case "type" -> type;
        case "deal" -> deal;
        case "client" -> client;
        case "broker" -> broker;
        default -> throw new AssertionError(column);
      };
    }

    @Override
    public @Nullable Long whole(String column) {
      return column.equals("cents") ? cents : days;
    }
  }

  /** How a table of SQL is made that can hold the rows. */
  public static final String TABLE =
      "create table sales (area text, type text, deal text, client text, broker text,"
          + " cents bigint, days integer)";

  @TempDir Path directory;

  /** A source of the given rows. */
  protected abstract CellSource source(Engine.Fresh fresh, List<Sale> sales);

  /** Adds a row to what the source of the same database reads. */
  protected abstract void add(Engine.Fresh fresh, Sale sale);

  /** The engines that it runs on. */
  static List<Engine> engines() {
    return List.of(Engine.values());
  }

  static Sale sale(int n, int area, int type, String broker, long cents) {
    return new Sale("r" + area, "c" + type, "d" + n, "k" + n % 50, broker, cents, n % 90L);
  }

  private static List<Sale> sales(int count, IntFunction<Sale> sale) {
    return new ArrayList<>(IntStream.range(0, count).mapToObj(sale).toList());
  }

  private static ProofSpec.Builder<SourceRow> spec(int areas) {
    LocalDate day = LocalDate.of(2026, 6, 30);
    return ProofSpec.<SourceRow>builder(
            "Sales",
            Period.twelveMonthsTo(day),
            day,
            "Synthetic MLS",
            Dimension.of("Area", "All areas", Tables.codes("r", areas), new Column.Text("area")))
        .contributor(Unit.DEAL, new Column.Text("deal"))
        .contributor(Unit.CLIENT, new Column.Text("client"))
        .contributor(Unit.BROKER, new Column.Text("broker"))
        .measure(Measure.count("sales", "Sales", new Column.Every()))
        .measure(Measure.sumOfCents("volume", "Volume", "USD", new Column.Cents("cents")))
        .measure(Measure.mean("days", "Days", "days", 1, new Column.Whole("days", 0)));
  }

  static ProofSpec<SourceRow> table(int areas, int types) {
    return spec(areas)
        .columns(
            Dimension.of("Type", "All types", Tables.codes("c", types), new Column.Text("type")))
        .build();
  }

  private static Map<RowVersion, Integer> counted(Protection protection) {
    Map<RowVersion, Integer> counted = new HashMap<>();
    protection.population().forEach(version -> counted.merge(version, 1, Integer::sum));
    return counted;
  }

  /** Both ways; what came out of the source. */
  private Protection same(Engine engine, ProofSpec<SourceRow> spec, List<Sale> sales) {
    Protector protector = new Protector(DisclosurePolicy.STANDARD);
    Protection memory = protector.protect(spec, List.<SourceRow>copyOf(sales));
    assertEquals(List.of(), memory.rejected());
    Protection source = protector.protect(spec, source(engine.fresh(directory), sales));
    assertEquals(Files.of(memory.table()).digest(), Files.of(source.table()).digest());
    assertEquals(memory.rows(), source.rows());
    assertEquals(memory.unsafe(), source.unsafe());
    assertEquals(memory.secondary(), source.secondary());
    assertEquals(counted(memory), counted(source));
    assertEquals(memory.evidence().demands(), source.evidence().demands());
    return source;
  }

  @ParameterizedTest
  @MethodSource("engines")
  void the_files_are_the_same_to_the_byte_as_of_rows_in_memory(Engine engine) {
    for (int seed = 0; seed < 4; seed++) {
      Random random = new Random(seed);
      List<Sale> sales =
          sales(
              250,
              n -> {
                int area = (int) (random.nextDouble() * random.nextDouble() * 6);
                Sale sale =
                    sale(
                        n,
                        area,
                        random.nextInt(4),
                        "b" + random.nextInt(40),
                        random.nextInt(90_000_000));
                return random.nextInt(5) > 0
                    ? sale
                    : new Sale(
                        sale.area(),
                        sale.type(),
                        sale.deal(),
                        sale.client(),
                        sale.broker(),
                        sale.cents(),
                        null);
              });
      Protection protection = same(engine, table(6, 4), sales);
      assertTrue(protection.table().shown() > 0 && protection.table().withheld() > 0);
    }
  }

  @ParameterizedTest
  @MethodSource("engines")
  void a_deal_in_two_places_and_brokers_that_keep_to_one_count_as_what_they_are(Engine engine) {
    // The deals are sold in parts, one in each type; the brokers stay in their areas and types, and
    // one brings nearly all of hers.
    List<Sale> sales =
        sales(
            240,
            n -> {
              String broker = n / 2 % 3 + "-" + n % 2 + "-" + n / 6 % 4;
              return new Sale(
                  "r" + n / 2 % 3,
                  "c" + n % 2,
                  "d" + n / 2,
                  "k" + n / 2,
                  broker,
                  (broker.equals("0-0-0") ? 1_000_000_00L : 1_000_00L) + n,
                  n % 90L);
            });
    Protection protection = same(engine, table(3, 2), sales);
    assertTrue(protection.table().cell(1, 0, 0).value().isEmpty());
    assertTrue(protection.table().shown() > 0);
  }

  @ParameterizedTest
  @MethodSource("engines")
  void a_list_without_columns_and_a_table_that_is_rolled_up(Engine engine) {
    List<Sale> sales = sales(90, n -> sale(n, n % 7 % 5, n % 2, "b" + n % 11, 1_000L + 37 * n));
    same(engine, spec(5).build(), sales);
    ProofSpec<SourceRow> fine =
        spec(9)
            .rollUp(
                5, Dimension.of("Type", "All types", Tables.codes("c", 2), new Column.Text("type")))
            .build();
    Protection rolled = same(engine, fine, sales);
    assertEquals("Type", rolled.table().rows().title());
  }

  @ParameterizedTest
  @MethodSource("engines")
  void texts_are_the_same_only_to_the_character(Engine engine) {
    // Two brokers to whom a careless engine gives one name; with them there are three.
    String[] brokers = {"ann", "Ann", "ann "};
    List<Sale> sales = sales(30, n -> sale(n, n % 2, 0, brokers[n / 2 % 3], 1_000_00L + n));
    assertTrue(same(engine, table(2, 1), sales).table().shown() > 0);
  }

  @ParameterizedTest
  @MethodSource("engines")
  void sums_are_exact_beyond_what_a_double_holds(Engine engine) {
    List<Sale> sales = sales(40, n -> sale(n, n % 2, 0, "b" + n % 9, (1L << 53) + 1 + 2L * n));
    Protection protection = same(engine, table(2, 1), sales);
    long cents = 40 * ((1L << 53) + 1) + 40 * 39;
    assertEquals(
        BigDecimal.valueOf(cents, 2), protection.table().cell(1, 2, 1).value().orElseThrow());
  }

  @ParameterizedTest
  @MethodSource("engines")
  void rows_that_have_no_place_are_refused_and_not_left_out(Engine engine) {
    Protector protector = new Protector(DisclosurePolicy.STANDARD);
    Sale good = sale(0, 1, 1, "b0", 100);
    for (Sale bad :
        List.of(
            sale(1, 7, 1, "b1", 100),
            sale(1, 1, 7, "b1", 100),
            sale(1, 1, 1, "b1", -1),
            new Sale(null, "c1", "d1", "k1", "b1", 100L, 1L),
            new Sale("r1", "c1", "d1", "k1", "b1", null, 1L))) {
      CellSource source = source(engine.fresh(directory), List.of(good, bad));
      VestaException refusal =
          assertThrows(VestaException.class, () -> protector.protect(table(2, 2), source));
      assertEquals(ProofError.SOURCE_UNFIT, refusal.code());
      assertFalse(String.valueOf(refusal.getMessage()).contains("r7"));
    }
  }

  @ParameterizedTest
  @MethodSource("engines")
  void a_spec_with_something_else_than_columns_is_refused(Engine engine) {
    CellSource source = source(engine.fresh(directory), List.of(sale(0, 1, 1, "b0", 100)));
    ProofSpec.Builder<SourceRow> some =
        spec(2).measure(Measure.sumOfCents("x", "Half", "USD", row -> row.whole("cents") / 2));
    VestaException refusal =
        assertThrows(
            VestaException.class,
            () -> new Protector(DisclosurePolicy.STANDARD).protect(some.build(), source));
    assertEquals(ProofError.SOURCE_UNFIT, refusal.code());
    assertTrue(String.valueOf(refusal.getMessage()).contains("measure x"));
  }

  @ParameterizedTest
  @MethodSource("engines")
  void a_row_that_comes_meanwhile_changes_nothing_of_what_is_told(Engine engine) {
    Engine.Fresh fresh = engine.fresh(directory);
    List<Sale> sales = sales(30, n -> sale(n, n % 2, n % 2, "b" + n % 5, 100));
    CellSource source = source(fresh, sales);
    Late late = new Late(() -> add(fresh, sale(99, 0, 0, "b99", 900)));
    source.read(table(2, 2), late);
    assertEquals(30, late.inPlaces);
    assertEquals(30, late.inBrokers);
    assertEquals(30, late.rows);
    late.inPlaces = 0;
    source.read(table(2, 2), late);
    assertEquals(31, late.inPlaces, "it did come");
  }

  /** Lets a row come as soon as the first place has been told. */
  private static final class Late implements Cells {

    private final Runnable coming;
    private boolean came;
    private long inPlaces;
    private long inBrokers;
    private long rows;

    Late(Runnable coming) {
      this.coming = coming;
    }

    @Override
    public void place(String row, String column, List<Part> parts) {
      inPlaces += parts.get(0).rows();
      if (!came) {
        came = true;
        coming.run();
      }
    }

    @Override
    public void contributor(
        Unit unit, String contributor, String row, String column, List<Part> parts) {
      inBrokers += unit == Unit.BROKER ? parts.get(0).rows() : 0;
    }

    @Override
    public void crowd(Unit unit, String row, String column, List<Crowd> parts) {
      inBrokers += unit == Unit.BROKER ? parts.get(0).all().rows() : 0;
    }

    @Override
    public void row(SourceRow row) {
      rows++;
    }
  }
}
