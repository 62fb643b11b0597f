package io.vesta.examples.benchmarks.proof;

import io.vesta.examples.benchmarks.proof.Sales.Sale;
import io.vesta.proof.protect.DisclosurePolicy;
import io.vesta.proof.protect.Protector;
import io.vesta.proof.protect.ReleasedTable;
import io.vesta.proof.spec.ProofSpec;
import java.math.BigDecimal;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import org.duckdb.DuckDBAppender;
import org.duckdb.DuckDBConnection;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Fork;
import org.openjdk.jmh.annotations.Measurement;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.annotations.OutputTimeUnit;
import org.openjdk.jmh.annotations.Param;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.State;
import org.openjdk.jmh.annotations.TearDown;
import org.openjdk.jmh.annotations.Warmup;

/**
 * A protected table of 50 areas and 20 types from rows, beside DuckDB that groups the same rows
 * into the same cells and protects nothing. Before anything is timed, every cell that is shown has
 * to be DuckDB's.
 *
 * <p>Fairness: DuckDB has its rows in columns and in its own memory, on two threads; ours are
 * objects and one thread, and what stands behind each figure is counted per broker and deal.
 */
@State(Scope.Benchmark)
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.MILLISECONDS)
@Warmup(iterations = 2, time = 5)
@Measurement(iterations = 5, time = 5)
@Fork(1)
public class ReleaseBenchmark {

  private static final int AREAS = 50;
  private static final int TYPES = 20;
  private static final String SQL =
      "select coalesce(area, '*'), coalesce(type, '*'), count(*), sum(cents) from sales"
          + " group by grouping sets ((area, type), (area), (type), ())";

  /** How many rows. */
  @Param({"1000000"})
  public int rows;

  private final ProofSpec<Sale> spec = Sales.spec(AREAS, TYPES);
  private final Protector protector = new Protector(DisclosurePolicy.STANDARD);
  private List<Sale> sales;
  private Connection duck;

  /** Loads both and compares. */
  @Setup
  public void load() throws SQLException {
    sales = Sales.make(rows, AREAS, TYPES);
    duck = DriverManager.getConnection("jdbc:duckdb:");
    try (Statement statement = duck.createStatement()) {
      statement.execute("set threads to 2");
      statement.execute("create table sales (area varchar, type varchar, cents bigint)");
    }
    try (DuckDBAppender appender =
        duck.unwrap(DuckDBConnection.class).createAppender("main", "sales")) {
      for (Sale sale : sales) {
        appender.beginRow();
        appender.append(sale.area());
        appender.append(sale.type());
        appender.append(sale.cents());
        appender.endRow();
      }
    }
    Map<String, BigDecimal[]> expected = groupingSets();
    ReleasedTable table = safeRelease();
    for (int row = 0; row < table.rows().lines(); row++) {
      for (int column = 0; column < table.columnCount(); column++) {
        String key = table.rows().key(row) + " " + table.columns().orElseThrow().key(column);
        for (int m = 0; m < 2; m++) {
          var shown = table.cell(m, row, column).value();
          if (shown.isPresent() && shown.get().compareTo(expected.get(key)[m]) != 0) {
            throw new IllegalStateException("another figure in " + key);
          }
        }
      }
    }
    if (table.shown() == 0) {
      throw new IllegalStateException("nothing is shown");
    }
  }

  /** Closes DuckDB. */
  @TearDown
  public void close() throws SQLException {
    duck.close();
  }

  /** Ours: tally, rules, secondary suppression, witnesses. */
  @Benchmark
  public ReleasedTable safeRelease() {
    return protector.protect(spec, sales).table();
  }

  /** DuckDB's bare grouping. */
  @Benchmark
  public Map<String, BigDecimal[]> groupingSets() throws SQLException {
    Map<String, BigDecimal[]> cells = new HashMap<>();
    try (Statement statement = duck.createStatement();
        ResultSet found = statement.executeQuery(SQL)) {
      while (found.next()) {
        cells.put(
            found.getString(1) + " " + found.getString(2),
            new BigDecimal[] {
              BigDecimal.valueOf(found.getLong(3)),
              new BigDecimal(found.getString(4)).movePointLeft(2)
            });
      }
    }
    return cells;
  }
}
