package io.vesta.core.storage;

import java.sql.Connection;
import org.jdbi.v3.core.Handle;

/**
 * One open transaction that Vesta's writes take part in: begun by Vesta ({@link Database#write}) or
 * joined to the host's ({@link Database#join}). Whoever began it ends it. Belongs to one thread and
 * is of no use after its end.
 *
 * <p>Stores must not commit, roll back, close or change the auto-commit mode of the connection.
 */
public interface UnitOfWork {

  /** The connection that holds the transaction; never null. */
  Connection connection();

  /** The engine behind the connection; never null. */
  Dialect dialect();

  /**
   * The same connection through Jdbi, for our own stores; it is closed by nobody but the unit of
   * work. Never null.
   */
  Handle handle();
}
