package io.vesta.audit.log.internal;

import io.vesta.audit.AuditError;
import io.vesta.audit.entry.AuditEntry;
import io.vesta.audit.tree.EntryBundle;
import io.vesta.audit.tree.Tile;
import io.vesta.core.error.VestaException;
import io.vesta.core.storage.Database;
import io.vesta.core.storage.UnitOfWork;
import java.sql.PreparedStatement;
import java.sql.SQLException;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Queue;
import java.util.concurrent.CompletableFuture;
import org.jspecify.annotations.Nullable;

/**
 * Makes entries durable that change nothing else. Those that arrive while others are committed wait
 * and share the next commit and its rows: what costs is the disk's sync, and then the rows. The
 * first of those that wait does it for the rest, so no thread of our own is needed. Thread-safe.
 */
public final class GroupCommit {

  /** Callers to a commit: more would keep the first of them waiting for the last. */
  private static final int MOST = 1_024;

  /** Bytes after which a row is full: whoever reads an entry reads its row. */
  private static final int ROW = 8_192;

  private final Database database;
  private final Queue<Waiting> waiting = new ArrayDeque<>();
  private boolean committing;

  /** Commits to a database. */
  public GroupCommit(Database database) {
    this.database = database;
  }

  /**
   * Records entries, all or none; returns when they are durable.
   *
   * @throws VestaException if the database refused; none of the entries is recorded then
   */
  public void append(List<AuditEntry> entries) {
    Waiting own = new Waiting(entries);
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
      throw new VestaException(failed.code(), "what happened was not recorded", failed);
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
    Map<String, List<byte[]>> byBrokerage = new LinkedHashMap<>();
    for (Waiting one : batch) {
      for (AuditEntry entry : one.entries) {
        byBrokerage
            .computeIfAbsent(entry.brokerage().key(), key -> new ArrayList<>())
            .add(entry.bytes());
      }
    }
    try (PreparedStatement insert =
        work.connection()
            .prepareStatement("insert into vesta_audit_entry (brokerage, bytes) values (?, ?)")) {
      for (Map.Entry<String, List<byte[]>> entries : byBrokerage.entrySet()) {
        for (byte[] bundle : bundles(entries.getValue())) {
          insert.setString(1, entries.getKey());
          insert.setBytes(2, bundle);
          insert.addBatch();
        }
      }
      return insert.executeBatch().length;
    } catch (SQLException e) {
      throw new VestaException(
          AuditError.STORE_FAILED,
          "the database refused audit entries (SQL state " + e.getSQLState() + ")",
          e);
    }
  }

  private static List<byte[]> bundles(List<byte[]> entries) {
    List<byte[]> bundles = new ArrayList<>();
    int from = 0;
    int bytes = 0;
    for (int i = 0; i < entries.size(); i++) {
      if (i > from && (bytes + entries.get(i).length > ROW || i - from == Tile.WIDTH)) {
        bundles.add(EntryBundle.encode(entries.subList(from, i)));
        from = i;
        bytes = 0;
      }
      bytes += entries.get(i).length;
    }
    bundles.add(EntryBundle.encode(entries.subList(from, entries.size())));
    return bundles;
  }

  /** Entries and whoever waits for them: true is their turn to commit, false that all is done. */
  private static final class Waiting {

    private final List<AuditEntry> entries;
    private final CompletableFuture<Boolean> turn = new CompletableFuture<>();
    private volatile @Nullable VestaException failed;

    Waiting(List<AuditEntry> entries) {
      this.entries = entries;
    }
  }
}
