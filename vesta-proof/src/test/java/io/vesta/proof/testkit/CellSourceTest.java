package io.vesta.proof.testkit;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.vesta.core.error.VestaException;
import io.vesta.proof.ProofError;
import io.vesta.proof.cells.CellSource;
import io.vesta.proof.cells.Cells;
import io.vesta.proof.cells.Column;
import io.vesta.proof.cells.SourceRow;
import io.vesta.proof.protect.DisclosurePolicy;
import io.vesta.proof.protect.Protector;
import io.vesta.proof.spec.Unit;
import io.vesta.testkit.Engine;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.ArrayList;
import java.util.EnumSet;
import java.util.List;
import java.util.Set;
import java.util.function.UnaryOperator;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** The grouping by SQL keeps the contract, and the contract bites: careless sources fail it. */
class CellSourceTest extends CellSourceContract {

  @TempDir private Path folder;

  private static CellSource builtIn(Engine.Fresh fresh, List<Sale> sales) {
    try (Connection connection = fresh.host().getConnection();
        Statement statement = connection.createStatement()) {
      statement.execute(TABLE);
    } catch (SQLException e) {
      throw new AssertionError(e);
    }
    insert(fresh, sales);
    return CellSource.table(fresh.database(), "sales");
  }

  private static void insert(Engine.Fresh fresh, List<Sale> sales) {
    try (Connection connection = fresh.host().getConnection();
        PreparedStatement insert =
            connection.prepareStatement("insert into sales values (?, ?, ?, ?, ?, ?, ?)")) {
      connection.setAutoCommit(false);
      for (Sale sale : sales) {
        insert.setString(1, sale.area());
        insert.setString(2, sale.type());
        insert.setString(3, sale.deal());
        insert.setString(4, sale.client());
        insert.setString(5, sale.broker());
        insert.setObject(6, sale.cents());
        insert.setObject(7, sale.days() == null ? null : Integer.valueOf(sale.days().intValue()));
        insert.addBatch();
      }
      insert.executeBatch();
      connection.commit();
    } catch (SQLException e) {
      throw new AssertionError(e);
    }
  }

  @Override
  protected CellSource source(Engine.Fresh fresh, List<Sale> sales) {
    return builtIn(fresh, sales);
  }

  @Override
  protected void add(Engine.Fresh fresh, Sale sale) {
    insert(fresh, List.of(sale));
  }

  /** Passes everything on. */
  private static class Passing implements Cells {

    final Cells to;

    Passing(Cells to) {
      this.to = to;
    }

    @Override
    public void place(String row, String column, List<Part> parts) {
      to.place(row, column, parts);
    }

    @Override
    public void contributor(
        Unit unit, String contributor, String row, String column, List<Part> parts) {
      to.contributor(unit, contributor, row, column, parts);
    }

    @Override
    public void crowd(Unit unit, String row, String column, List<Crowd> parts) {
      to.crowd(unit, row, column, parts);
    }

    @Override
    public void row(SourceRow row) {
      to.row(row);
    }
  }

  private interface Law {
    void holds(CellSourceContract contract, Engine engine);
  }

  /** The contract over a source that lets what the built-in one tells through something. */
  private CellSourceContract over(UnaryOperator<Cells> careless) {
    CellSourceContract contract =
        new CellSourceContract() {
          @Override
          protected CellSource source(Engine.Fresh fresh, List<Sale> sales) {
            CellSource whole = builtIn(fresh, sales);
            return (spec, cells) -> whole.read(spec, careless.apply(cells));
          }

          @Override
          protected void add(Engine.Fresh fresh, Sale sale) {
            insert(fresh, List.of(sale));
          }
        };
    contract.directory = folder;
    return contract;
  }

  private void contradicts(UnaryOperator<Cells> careless) {
    CellSourceContract contract = over(careless);
    VestaException refusal =
        assertThrows(
            VestaException.class,
            () -> contract.the_files_are_the_same_to_the_byte_as_of_rows_in_memory(Engine.SQLITE));
    assertEquals(ProofError.SOURCE_CONTRADICTS, refusal.code());
  }

  private void bites(UnaryOperator<Cells> careless, Law law) {
    CellSourceContract contract = over(careless);
    assertThrows(AssertionError.class, () -> law.holds(contract, Engine.SQLITE));
  }

  @Test
  void a_source_that_loses_rows_places_or_contributors_is_refused() {
    contradicts(
        to ->
            new Passing(to) {
              private int rows;

              @Override
              public void row(SourceRow row) {
                if (rows++ > 0) {
                  super.row(row);
                }
              }
            });
    contradicts(
        to ->
            new Passing(to) {
              @Override
              public void place(String row, String column, List<Part> parts) {
                if (!row.equals("r0")) {
                  super.place(row, column, parts);
                }
              }
            });
    contradicts(
        to ->
            new Passing(to) {
              @Override
              public void contributor(
                  Unit unit, String contributor, String row, String column, List<Part> parts) {
                if (!contributor.equals("b0")) {
                  super.contributor(unit, contributor, row, column, parts);
                }
              }
            });
  }

  @Test
  void a_source_that_takes_texts_for_equal_fails() {
    bites(
        to ->
            new Passing(to) {
              @Override
              public void contributor(
                  Unit unit, String contributor, String row, String column, List<Part> parts) {
                super.contributor(unit, contributor.strip().replace('A', 'a'), row, column, parts);
              }
            },
        CellSourceContract::texts_are_the_same_only_to_the_character);
  }

  @Test
  void a_source_that_tells_too_few_of_the_largest_fails() {
    bites(
        to ->
            new Passing(to) {
              @Override
              public void crowd(Unit unit, String row, String column, List<Crowd> parts) {
                super.crowd(
                    unit,
                    row,
                    column,
                    parts.stream()
                        .map(crowd -> new Crowd(crowd.contributors(), crowd.all(), List.of()))
                        .toList());
              }
            },
        CellSourceContract
            ::a_deal_in_two_places_and_brokers_that_keep_to_one_count_as_what_they_are);
  }

  /** Notes of which units contributors are told one by one. */
  private static final class Named extends Passing {

    private final Set<Unit> units = EnumSet.noneOf(Unit.class);

    Named(Cells to) {
      super(to);
    }

    @Override
    public void contributor(
        Unit unit, String contributor, String row, String column, List<Part> parts) {
      units.add(unit);
      super.contributor(unit, contributor, row, column, parts);
    }
  }

  @ParameterizedTest
  @EnumSource
  void of_deals_that_stand_in_one_place_numbers_alone_leave_the_engine(Engine engine) {
    List<Sale> sales =
        IntStream.range(0, 60).mapToObj(n -> sale(n, n % 2, n % 3, "b" + n % 7, 100 + n)).toList();
    CellSource source = builtIn(engine.fresh(folder), sales);
    List<Named> named = new ArrayList<>();
    new Protector(DisclosurePolicy.STANDARD)
        .protect(
            table(2, 3),
            (spec, cells) -> {
              named.add(new Named(cells));
              source.read(spec, named.get(0));
            });
    assertEquals(Set.of(Unit.CLIENT, Unit.BROKER), named.get(0).units);
  }

  @Test
  void a_column_that_takes_texts_for_equal_does_not_do_so_here() throws SQLException {
    Engine.Fresh fresh = Engine.SQLITE.fresh(folder);
    try (Connection connection = fresh.host().getConnection();
        Statement statement = connection.createStatement()) {
      statement.execute(TABLE.replace("broker text", "broker text collate nocase"));
    }
    String[] brokers = {"ann", "Ann", "ANN"};
    insert(
        fresh,
        IntStream.range(0, 30).mapToObj(n -> sale(n, n % 2, 0, brokers[n % 3], 9_000L)).toList());
    assertTrue(
        new Protector(DisclosurePolicy.STANDARD)
                .protect(table(2, 1), CellSource.table(fresh.database(), "sales"))
                .table()
                .shown()
            > 0);
  }

  @ParameterizedTest
  @EnumSource
  void a_table_without_a_column_of_the_spec_is_an_error(Engine engine) throws SQLException {
    Engine.Fresh fresh = engine.fresh(folder);
    try (Connection connection = fresh.host().getConnection();
        Statement statement = connection.createStatement()) {
      statement.execute(TABLE.replace("broker text", "agent text"));
    }
    CellSource source = CellSource.table(fresh.database(), "sales");
    assertThrows(
        VestaException.class,
        () -> new Protector(DisclosurePolicy.STANDARD).protect(table(2, 2), source));
  }

  @Test
  void names_that_are_more_than_a_name_are_refused() {
    Engine.Fresh fresh = Engine.SQLITE.fresh(folder);
    for (String name : List.of("", "sales s", "a\";drop table sales;--", "Sales", "x".repeat(64))) {
      assertThrows(VestaException.class, () -> CellSource.table(fresh.database(), name), name);
      assertThrows(VestaException.class, () -> new Column.Text(name), name);
    }
  }
}
