package io.vesta.core.storage.internal;

import io.vesta.core.storage.Dialect;
import io.vesta.core.storage.UnitOfWork;
import java.sql.Connection;
import org.jdbi.v3.core.ConnectionFactory;
import org.jdbi.v3.core.Handle;
import org.jdbi.v3.core.Handles;
import org.jdbi.v3.core.Jdbi;
import org.jdbi.v3.core.statement.StatementExceptions;
import org.jspecify.annotations.Nullable;

/** A unit of work on one connection. */
final class JdbcUnitOfWork implements UnitOfWork {

  private final Connection connection;
  private final Dialect dialect;
  private @Nullable Handle handle;

  JdbcUnitOfWork(Connection connection, Dialect dialect) {
    this.connection = connection;
    this.dialect = dialect;
  }

  @Override
  public Connection connection() {
    return connection;
  }

  @Override
  public Dialect dialect() {
    return dialect;
  }

  @Override
  public Handle handle() {
    Handle open = handle;
    if (open == null) {
      Jdbi jdbi = Jdbi.create(new Borrowed(connection));
      // Jdbi would otherwise roll the open transaction back when a handle is closed.
      jdbi.getConfig(Handles.class).setForceEndTransactions(false);
      // Nor may a failed statement's exception quote what was bound: bodies, addresses, digests.
      jdbi.getConfig(StatementExceptions.class)
          .setMessageRendering(StatementExceptions.MessageRendering.NONE);
      open = jdbi.open();
      handle = open;
    }
    return open;
  }

  /** Gives out a connection that Jdbi must not close. */
  private record Borrowed(Connection connection) implements ConnectionFactory {

    @Override
    public Connection openConnection() {
      return connection;
    }

    @Override
    public void closeConnection(Connection borrowed) {}
  }
}
