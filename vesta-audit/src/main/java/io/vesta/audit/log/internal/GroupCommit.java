package io.vesta.audit.log.internal;

import io.vesta.audit.AuditError;
import io.vesta.audit.entry.AuditEntry;
import io.vesta.core.error.VestaException;
import io.vesta.core.storage.Database;
import io.vesta.core.storage.UnitOfWork;
import java.sql.PreparedStatement;
import java.sql.SQLException;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.List;
import java.util.Queue;
import java.util.concurrent.CompletableFuture;
import org.jspecify.annotations.Nullable;

/**
 * Makes entries durable that change nothing else. Those that arrive while others are committed wait
 * and share the next commit: what costs is the disk's sync, and one is enough for all. The first of
 * those that wait does it for the rest, so no thread of our own is needed. Thread-safe.
 */
public final class GroupCommit {

  /** More would keep the first of them waiting for the last. */
  private static final int MOST = 1_024;

  private final Database database;
  private final Queue<Waiting> waiting = new ArrayDeque<>();
  private boolean committing;

  /** Commits to a database. */
  public GroupCommit(Database database) {
    this.database = database;
  }

  /**
   * Records an entry; returns when it is durable.
   *
   * @throws VestaException if the database refused; the entry is not recorded then
   */
  public void append(AuditEntry entry) {
    Waiting own = new Waiting(entry);
    synchronized (this) {
      waiting.add(own);
      if (!committing) {
        committing = true;
        own.turn.complete(true);
      }
    }
    // Not interruptible: whether the entry is durable has to be known.
    if (own.turn.join()) {
      commit();
    }
    VestaException failed = own.failed;
    if (failed != null) {
      throw new VestaException(failed.code(), "the audit entry was not recorded", failed);
    }
  }

  private void commit() {
    List<Waiting> batch = new ArrayList<>();
    synchronized (this) {
      while (batch.size() < MOST && !waiting.isEmpty()) {
        batch.add(waiting.remove());
      }
    }
    try {
      database.write(work -> insert(work, batch));
    } catch (VestaException e) {
      batch.forEach(one -> one.failed = e);
    } catch (RuntimeException | Error e) {
      // A data source of the host's that breaks its contract must not make entries look durable.
      VestaException broken =
          new VestaException(AuditError.STORE_FAILED, "the database failed unexpectedly", e);
      batch.forEach(one -> one.failed = broken);
    } finally {
      synchronized (this) {
        Waiting next = waiting.peek();
        committing = next != null;
        if (next != null) {
          next.turn.complete(true);
        }
      }
      // Without effect on the one who committed: its turn was told already.
      batch.forEach(one -> one.turn.complete(false));
    }
  }

  private static int insert(UnitOfWork work, List<Waiting> batch) {
    try (PreparedStatement insert = work.connection().prepareStatement(Waiting.INSERT)) {
      for (Waiting one : batch) {
        insert.setString(1, one.entry.brokerage().key());
        insert.setBytes(2, one.entry.bytes());
        insert.addBatch();
      }
      return insert.executeBatch().length;
    } catch (SQLException e) {
      throw new VestaException(
          AuditError.STORE_FAILED,
          "the database refused audit entries (SQL state " + e.getSQLState() + ")",
          e);
    }
  }

  /** An entry and whoever waits for it: true is their turn to commit, false that all is done. */
  private static final class Waiting {

    static final String INSERT = "insert into vesta_audit_entry (brokerage, bytes) values (?, ?)";

    private final AuditEntry entry;
    private final CompletableFuture<Boolean> turn = new CompletableFuture<>();
    private volatile @Nullable VestaException failed;

    Waiting(AuditEntry entry) {
      this.entry = entry;
    }
  }
}
