package io.vesta.core.storage.internal;

import io.vesta.core.storage.Dialect;
import io.vesta.core.storage.UnitOfWork;
import java.sql.Connection;
import org.jdbi.v3.core.Handle;
import org.jspecify.annotations.Nullable;

/** A unit of work on one connection. */
final class JdbcUnitOfWork implements UnitOfWork {

  private final Connection connection;
  private final Dialect dialect;
  private final Lending lending;
  private @Nullable Handle handle;

  JdbcUnitOfWork(Connection connection, Dialect dialect, Lending lending) {
    this.connection = connection;
    this.dialect = dialect;
    this.lending = lending;
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
      open = lending.open(connection);
      handle = open;
    }
    return open;
  }
}
