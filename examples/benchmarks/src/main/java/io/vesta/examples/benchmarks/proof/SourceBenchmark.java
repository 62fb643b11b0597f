package io.vesta.examples.benchmarks.proof;

import io.vesta.core.storage.Database;
import io.vesta.examples.benchmarks.proof.Sales.Sale;
import io.vesta.proof.cells.CellSource;
import io.vesta.proof.cells.Column;
import io.vesta.proof.cells.SourceRow;
import io.vesta.proof.protect.DisclosurePolicy;
import io.vesta.proof.protect.Protection;
import io.vesta.proof.protect.Protector;
import io.vesta.proof.publish.Files;
import io.vesta.proof.spec.Dimension;
import io.vesta.proof.spec.Measure;
import io.vesta.proof.spec.ProofSpec;
import io.vesta.proof.spec.Unit;
import java.io.IOException;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
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
 * A protected table of 50 areas and 20 types from the rows of an SQLite file, grouped there or read
 * into memory and grouped here. Before anything is timed, the files of both have to be the same.
 */
@State(Scope.Benchmark)
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.MILLISECONDS)
@Warmup(iterations = 1, time = 5)
@Measurement(iterations = 3, time = 5)
@Fork(1)
public class SourceBenchmark {

  private static final int AREAS = 50;
  private static final int TYPES = 20;

  /** How many rows. */
  @Param({"1000000"})
  public int rows;

  private final Protector protector = new Protector(DisclosurePolicy.STANDARD);
  private ProofSpec<SourceRow> spec;
  private Path file;
  private Database database;

  /** A row in memory. */
  private record Row(String deal, String area, String type, String broker, long cents)
      implements SourceRow {

    @Override
    public String text(String column) {
      return switch (column) {
        case "deal" -> deal;
        case "area" -> area;
        case "type" -> type;
        default -> broker;
      };
    }

    @Override
    public Long whole(String column) {
      return cents;
    }
  }

  /** Fills the file and compares. */
  @Setup
  public void load() throws SQLException, IOException {
    ProofSpec<Sale> same = Sales.spec(AREAS, TYPES);
    spec =
        ProofSpec.<SourceRow>builder(
                same.title(),
                same.period(),
                same.asOf(),
                same.source(),
                Dimension.of("Area", "All", same.rows().codes(), new Column.Text("area")))
            .columns(
                Dimension.of(
                    "Type", "All", same.columns().orElseThrow().codes(), new Column.Text("type")))
            .contributor(Unit.DEAL, new Column.Text("deal"))
            .contributor(Unit.BROKER, new Column.Text("broker"))
            .measure(Measure.count("sales", "Sales", new Column.Every()))
            .measure(Measure.sumOfCents("volume", "Volume", "USD", new Column.Cents("cents")))
            .build();
    file = java.nio.file.Files.createTempDirectory("vesta-source").resolve("sales.db");
    database = Database.sqlite(file);
    try (Connection connection = open();
        Statement statement = connection.createStatement()) {
      statement.execute(
          "create table sales (deal text, area text, type text, broker text, cents integer)");
      connection.setAutoCommit(false);
      try (PreparedStatement insert =
          connection.prepareStatement("insert into sales values (?, ?, ?, ?, ?)")) {
        for (Sale sale : Sales.make(rows, AREAS, TYPES)) {
          insert.setString(1, sale.deal());
          insert.setString(2, sale.area());
          insert.setString(3, sale.type());
          insert.setString(4, sale.broker());
          insert.setLong(5, sale.cents());
          insert.execute();
        }
      }
      connection.commit();
    }
    String here = Files.of(groupedHere().table()).digest();
    if (!here.equals(Files.of(groupedThere().table()).digest())) {
      throw new IllegalStateException("other files");
    }
  }

  private Connection open() throws SQLException {
    return DriverManager.getConnection("jdbc:sqlite:" + file);
  }

  /** Removes the file. */
  @TearDown
  public void close() throws IOException {
    database.close();
    java.nio.file.Files.deleteIfExists(file);
    java.nio.file.Files.deleteIfExists(file.getParent());
  }

  /** By SQLite. */
  @Benchmark
  public Protection groupedThere() {
    return protector.protect(spec, CellSource.table(database, "sales"));
  }

  /** By the tallies of the protector, from rows that are read into memory. */
  @Benchmark
  public Protection groupedHere() throws SQLException {
    List<SourceRow> all = new ArrayList<>();
    try (Connection connection = open();
        Statement statement = connection.createStatement();
        ResultSet row = statement.executeQuery("select * from sales")) {
      while (row.next()) {
        all.add(
            new Row(
                row.getString(1),
                row.getString(2),
                row.getString(3),
                row.getString(4),
                row.getLong(5)));
      }
    }
    return protector.protect(spec, all);
  }
}
