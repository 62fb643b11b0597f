package io.vesta.core.storage;

import io.vesta.core.storage.internal.JdbcDatabase;
import java.nio.file.Path;
import java.sql.Connection;
import java.util.function.Function;
import javax.sql.DataSource;

/**
 * The database that holds Vesta's tables; usually the host's own. Thread-safe. Vesta never commits,
 * rolls back or closes a transaction that it did not begin, and uses no thread-bound state: the
 * unit of work is passed on by hand.
 */
public interface Database extends AutoCloseable {

  /**
   * An SQLite file, made if it is missing: write-ahead log, {@code synchronous=FULL}, foreign keys
   * on, ten seconds of patience for the single writer. Up to two idle connections are kept; the
   * write-ahead log beside the file belongs to it until they are {@link #close closed}.
   *
   * @param file the database file; its directory must exist
   */
  static Database sqlite(Path file) {
    return JdbcDatabase.sqlite(file);
  }

  /**
   * A data source of the host, over SQLite or PostgreSQL. Each {@link #read} and {@link #write}
   * takes one connection and gives it back as it came.
   *
   * @param dataSource the host's, usually a pool
   * @throws io.vesta.core.error.VestaException if the engine cannot be reached or is neither of the
   *     two
   */
  static Database of(DataSource dataSource) {
    return JdbcDatabase.of(dataSource);
  }

  /** The engine; never null. */
  Dialect dialect();

  /**
   * Does work in a transaction of its own: committed when the work returns, rolled back when it
   * throws.
   *
   * @param work what to do; its result is returned
   * @throws io.vesta.core.error.VestaException if the database fails; whatever the work throws
   *     passes through
   */
  <T> T write(Function<UnitOfWork, T> work);

  /**
   * Reads in a transaction of its own that is always rolled back.
   *
   * @param work what to read; its result is returned
   * @throws io.vesta.core.error.VestaException if the database fails; whatever the work throws
   *     passes through
   */
  <T> T read(Function<UnitOfWork, T> work);

  /**
   * Makes a transaction that the host holds into a unit of work. It stays the host's: Vesta's
   * writes become durable or vanish when the host commits or rolls back.
   *
   * @param connection an open connection to the same database, with auto-commit off
   * @throws io.vesta.core.error.VestaException if it is closed, in auto-commit mode or to another
   *     engine
   */
  UnitOfWork join(Connection connection);

  /**
   * Closes the idle connections to an SQLite file, so that it may be copied or moved; if it is used
   * again, others are opened. Does nothing to a host's data source.
   *
   * @throws io.vesta.core.error.VestaException if one cannot be closed
   */
  @Override
  void close();
}
