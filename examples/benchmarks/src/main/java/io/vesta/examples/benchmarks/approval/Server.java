package io.vesta.examples.benchmarks.approval;

import com.zaxxer.hikari.HikariConfig;
import com.zaxxer.hikari.HikariDataSource;
import io.vesta.examples.benchmarks.Postgres;
import io.vesta.testkit.Engine;
import java.io.IOException;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.ArrayList;
import java.util.List;
import javax.sql.DataSource;
import org.jspecify.annotations.Nullable;

/** One PostgreSQL for all subjects, each with a database and a pool of its own. */
final class Server implements AutoCloseable {

  private final @Nullable Postgres durable;
  private final List<HikariDataSource> pools = new ArrayList<>();

  private Server(@Nullable Postgres durable) {
    this.durable = durable;
  }

  /**
   * Starts it.
   *
   * @param durable whether commits reach the disk, as in production; otherwise the tests' server,
   *     which leaves the disk out
   */
  static Server start(boolean durable) throws IOException {
    return new Server(durable ? Postgres.start() : null);
  }

  /** A pool over an empty database. */
  HikariDataSource fresh(int connections) throws SQLException {
    Postgres server = durable;
    if (server != null) {
      return server.fresh(connections);
    }
    DataSource source = Engine.POSTGRESQL.fresh(Path.of(".")).host();
    HikariConfig config = new HikariConfig();
    config.setDataSource(source);
    config.setMaximumPoolSize(connections);
    HikariDataSource pool = new HikariDataSource(config);
    pools.add(pool);
    return pool;
  }

  /** The number that a query gives. */
  static long count(DataSource source, String sql) throws SQLException {
    try (Connection connection = source.getConnection();
        Statement statement = connection.createStatement();
        ResultSet rows = statement.executeQuery(sql)) {
      rows.next();
      return rows.getLong(1);
    }
  }

  /** Runs statements in one transaction. */
  static void run(DataSource source, String... all) throws SQLException {
    try (Connection connection = source.getConnection();
        Statement statement = connection.createStatement()) {
      connection.setAutoCommit(false);
      for (String sql : all) {
        statement.execute(sql);
      }
      connection.commit();
      connection.setAutoCommit(true);
    }
  }

  /** Demands that what was done is what was to be done. */
  static void require(String who, long started, long finished) {
    if (started != finished) {
      throw new IllegalStateException(
          who + " finished " + finished + " of " + started + " that were started");
    }
  }

  @Override
  public void close() throws IOException {
    pools.forEach(HikariDataSource::close);
    if (durable != null) {
      durable.close();
    }
  }
}
