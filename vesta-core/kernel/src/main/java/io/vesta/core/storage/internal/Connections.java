package io.vesta.core.storage.internal;

import java.sql.Connection;
import java.sql.SQLException;
import java.util.concurrent.atomic.AtomicReference;
import javax.sql.DataSource;
import org.jspecify.annotations.Nullable;

/**
 * Where transactions get their connections. A host's pool keeps its own; of those to an SQLite file
 * the last idle one is kept, because opening one costs more than most transactions, and closing the
 * last one copies the write-ahead log. Thread-safe.
 */
final class Connections {

  private final DataSource source;
  private final boolean kept;
  private final AtomicReference<@Nullable Connection> idle = new AtomicReference<>();

  /**
   * @param kept whether an idle connection is kept
   */
  Connections(DataSource source, boolean kept) {
    this.source = source;
    this.kept = kept;
  }

  /** A connection; the caller gives it back or discards it. */
  Connection take() throws SQLException {
    Connection waiting = idle.getAndSet(null);
    return waiting == null ? source.getConnection() : waiting;
  }

  /** Takes a connection back that is as it came. */
  void giveBack(Connection connection) throws SQLException {
    if (!kept || !idle.compareAndSet(null, connection)) {
      connection.close();
    }
  }

  /** Closes a connection whose transaction failed, which is what the caller is going to tell. */
  void discard(Connection connection) {
    try {
      connection.close();
    } catch (SQLException e) {
      // Nothing was committed on it, and nobody will use it again.
    }
  }

  /** Closes what is idle. */
  void close() throws SQLException {
    Connection waiting = idle.getAndSet(null);
    if (waiting != null) {
      waiting.close();
    }
  }
}
