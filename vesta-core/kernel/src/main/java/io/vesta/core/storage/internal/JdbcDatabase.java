package io.vesta.core.storage.internal;

import io.vesta.core.error.CoreError;
import io.vesta.core.error.VestaException;
import io.vesta.core.storage.Database;
import io.vesta.core.storage.Dialect;
import io.vesta.core.storage.UnitOfWork;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.SQLException;
import java.util.Objects;
import java.util.function.Function;
import javax.sql.DataSource;
import org.jdbi.v3.core.JdbiException;
import org.sqlite.SQLiteConfig;
import org.sqlite.SQLiteDataSource;

/** A database over JDBC. */
public final class JdbcDatabase implements Database {

  private static final int BUSY_MILLIS = 10_000;

  /** Pages after which the write-ahead log is copied: 32 MiB, because every copy syncs the file. */
  private static final int CHECKPOINT_PAGES = 8_192;

  /** In KiB, as a negative number. */
  private static final int CACHE = -16_384;

  private final Connections writer;
  private final Connections reader;
  private final Dialect dialect;
  private final Lending lending = new Lending();

  private JdbcDatabase(Connections writer, Connections reader, Dialect dialect) {
    this.writer = writer;
    this.reader = reader;
    this.dialect = dialect;
  }

  /** See {@link Database#sqlite(Path)}. */
  public static Database sqlite(Path file) {
    // A writer takes SQLite's lock when it begins: a read lock that is raised later can fail at
    // once with SQLITE_BUSY.
    return new JdbcDatabase(
        new Connections(sqlite(file, SQLiteConfig.TransactionMode.IMMEDIATE), true),
        new Connections(sqlite(file, SQLiteConfig.TransactionMode.DEFERRED), true),
        Dialect.SQLITE);
  }

  private static DataSource sqlite(Path file, SQLiteConfig.TransactionMode mode) {
    SQLiteConfig config = new SQLiteConfig();
    config.setJournalMode(SQLiteConfig.JournalMode.WAL);
    config.setSynchronous(SQLiteConfig.SynchronousMode.FULL);
    config.enforceForeignKeys(true);
    config.setBusyTimeout(BUSY_MILLIS);
    config.setTransactionMode(mode);
    config.setCacheSize(CACHE);
    config.setPragma(SQLiteConfig.Pragma.WAL_AUTOCHECKPOINT, String.valueOf(CHECKPOINT_PAGES));
    SQLiteDataSource source = new SQLiteDataSource(config);
    source.setUrl("jdbc:sqlite:" + file.toAbsolutePath());
    return source;
  }

  /** See {@link Database#of(DataSource)}. */
  public static Database of(DataSource dataSource) {
    Objects.requireNonNull(dataSource, "dataSource");
    try (Connection connection = dataSource.getConnection()) {
      Connections pooled = new Connections(dataSource, false);
      return new JdbcDatabase(pooled, pooled, Dialect.of(connection));
    } catch (SQLException e) {
      throw failed("the database cannot be reached", e);
    }
  }

  @Override
  public Dialect dialect() {
    return dialect;
  }

  @Override
  public <T> T write(Function<UnitOfWork, T> work) {
    return transact(writer, work, true);
  }

  @Override
  public <T> T read(Function<UnitOfWork, T> work) {
    return transact(reader, work, false);
  }

  @Override
  public UnitOfWork join(Connection connection) {
    Objects.requireNonNull(connection, "connection");
    try {
      if (connection.isClosed()) {
        throw new VestaException(
            CoreError.JOIN_REFUSED, "the connection is closed; join an open transaction");
      }
      if (connection.getAutoCommit()) {
        throw new VestaException(
            CoreError.JOIN_REFUSED,
            "the connection is in auto-commit mode; switch it off to begin a transaction, then join");
      }
    } catch (SQLException e) {
      throw failed("the host's connection did not answer", e);
    }
    Dialect theirs = Dialect.of(connection);
    if (theirs != dialect) {
      throw new VestaException(
          CoreError.JOIN_REFUSED,
          "the connection is to " + theirs + " and Vesta's tables are in " + dialect);
    }
    return new JdbcUnitOfWork(connection, dialect, lending);
  }

  @Override
  public void close() {
    try {
      writer.close();
      reader.close();
    } catch (SQLException e) {
      throw failed("a connection could not be closed", e);
    }
  }

  private <T> T transact(Connections source, Function<UnitOfWork, T> work, boolean commit) {
    try {
      Connection connection = source.take();
      boolean whole = false;
      try {
        T result = transact(connection, work, commit);
        whole = true;
        return result;
      } finally {
        if (whole) {
          source.giveBack(connection);
        } else {
          source.discard(connection);
        }
      }
    } catch (SQLException e) {
      throw failed("the transaction failed and was rolled back", e);
    } catch (JdbiException e) {
      // Left out: its type is none of the caller's, and the driver's says all that it says.
      if (e.getCause() instanceof SQLException cause) {
        throw failed("the transaction failed and was rolled back", cause);
      }
      throw e;
    }
  }

  private <T> T transact(Connection connection, Function<UnitOfWork, T> work, boolean commit)
      throws SQLException {
    boolean autoCommit = connection.getAutoCommit();
    connection.setAutoCommit(false);
    try {
      T result = work.apply(new JdbcUnitOfWork(connection, dialect, lending));
      if (commit) {
        connection.commit();
      } else {
        connection.rollback();
      }
      connection.setAutoCommit(autoCommit);
      return result;
    } catch (Throwable e) {
      // Whatever it is: also a checked exception that a host's code throws without declaring it.
      try {
        connection.rollback();
        connection.setAutoCommit(autoCommit);
      } catch (SQLException second) {
        // A broken connection says so twice; what it was doing says why.
        e.addSuppressed(second);
      }
      throw e;
    }
  }

  private static VestaException failed(String what, SQLException e) {
    return new VestaException(
        CoreError.STORAGE_FAILED, what + " (SQL state " + e.getSQLState() + ")", e);
  }
}
