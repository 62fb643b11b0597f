package io.vesta.core.storage.internal;

import java.sql.Connection;
import org.jdbi.v3.core.ConnectionFactory;
import org.jdbi.v3.core.Handle;
import org.jdbi.v3.core.Handles;
import org.jdbi.v3.core.Jdbi;
import org.jdbi.v3.core.statement.StatementExceptions;

/**
 * Opens Jdbi's handles on connections that are only lent to it. One Jdbi serves all of a database's
 * transactions, because it remembers the statements that it has parsed: parsing them anew in each
 * transaction took most of its time. Thread-safe.
 */
final class Lending {

  private static final ThreadLocal<Connection> LENT = new ThreadLocal<>();
  private final Jdbi jdbi =
      Jdbi.create(
          new ConnectionFactory() {
            @Override
            public Connection openConnection() {
              return LENT.get();
            }

            @Override
            public void closeConnection(Connection connection) {
              // Whoever began the transaction closes it.
            }
          });

  Lending() {
    // Jdbi would otherwise roll the open transaction back when a handle is closed.
    jdbi.getConfig(Handles.class).setForceEndTransactions(false);
    // Nor may a failed statement's exception quote what was bound: bodies, addresses, digests.
    jdbi.getConfig(StatementExceptions.class)
        .setMessageRendering(StatementExceptions.MessageRendering.NONE);
  }

  /** A handle on a connection that stays its owner's. */
  Handle open(Connection connection) {
    LENT.set(connection);
    try {
      return jdbi.open();
    } finally {
      LENT.remove();
    }
  }
}
