package io.vesta.examples.benchmarks;

import com.zaxxer.hikari.HikariConfig;
import com.zaxxer.hikari.HikariDataSource;
import io.zonky.test.db.postgres.embedded.EmbeddedPostgres;
import java.io.IOException;
import java.sql.Connection;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.ArrayList;
import java.util.List;

/**
 * A PostgreSQL server of this process, as durable as one in production: what the embedded server
 * switches off for tests is on.
 */
public final class Postgres implements AutoCloseable {

  private final EmbeddedPostgres server;
  private final List<HikariDataSource> pools = new ArrayList<>();

  private Postgres(EmbeddedPostgres server) {
    this.server = server;
  }

  /** Starts a server with an empty data directory below the system's temporary one. */
  public static Postgres start() throws IOException {
    return new Postgres(
        EmbeddedPostgres.builder()
            .setServerConfig("fsync", "on")
            .setServerConfig("synchronous_commit", "on")
            .setServerConfig("full_page_writes", "on")
            .setServerConfig("max_connections", "300")
            .setServerConfig("shared_buffers", "1GB")
            // A checkpoint or its first full pages in one subject's turn would be charged to it.
            .setServerConfig("max_wal_size", "16GB")
            .setServerConfig("checkpoint_timeout", "30min")
            .start());
  }

  /**
   * A pool over an empty database.
   *
   * @param connections how many, all open from the start
   */
  public HikariDataSource fresh(int connections) throws SQLException {
    String name = "bench_" + pools.size();
    try (Connection connection = server.getPostgresDatabase().getConnection();
        Statement statement = connection.createStatement()) {
      statement.execute("create database " + name);
    }
    HikariConfig config = new HikariConfig();
    config.setDataSource(server.getDatabase("postgres", name));
    config.setMaximumPoolSize(connections);
    HikariDataSource pool = new HikariDataSource(config);
    pools.add(pool);
    return pool;
  }

  @Override
  public void close() throws IOException {
    pools.forEach(HikariDataSource::close);
    server.close();
  }
}
