package io.vesta.core.storage.internal;

import java.sql.Connection;
import java.util.Objects;
import org.jdbi.v3.core.ConnectionFactory;
import org.jdbi.v3.core.Handle;
import org.jdbi.v3.core.Handles;
import org.jdbi.v3.core.Jdbi;
import org.jdbi.v3.core.statement.StatementExceptions;
import org.jspecify.annotations.Nullable;

/**
 * Opens Jdbi's handles on connections that are only lent to it. One Jdbi serves all of a database's
 * transactions, because it remembers the statements that it has parsed: parsing them anew in each
 * transaction took most of its time. Thread-safe.
 */
final class Lending {

  /** Guarded by this: Jdbi asks for it while a handle is opened, in the thread that opens it. */
  private @Nullable Connection lent;

  private final Jdbi jdbi =
      Jdbi.create(
          new ConnectionFactory() {
            @Override
            public Connection openConnection() {
              return Objects.requireNonNull(lent, "lent");
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

  /**
   * A handle on a connection that stays its owner's. One at a time: opening sends nothing to the
   * database.
   */
  synchronized Handle open(Connection connection) {
    lent = connection;
    try {
      return jdbi.open();
    } finally {
      lent = null;
    }
  }
}
