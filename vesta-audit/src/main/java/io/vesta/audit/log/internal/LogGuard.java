package io.vesta.audit.log.internal;

import io.vesta.audit.AuditError;
import io.vesta.audit.note.Checkpoint;
import io.vesta.audit.tree.Hash;
import io.vesta.audit.tree.Proofs;
import io.vesta.core.error.VestaException;
import io.vesta.core.storage.UnitOfWork;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;

/**
 * Lets nobody build on a log's stored end, or read by it, unless a key in use signed it, everything
 * stored agrees with that checkpoint, and it continues what this process saw of the log before.
 * Thread-safe.
 *
 * <p><b>Not guaranteed.</b> The memory lasts as long as the process: a database that is rolled back
 * while no node runs is noticed only by whoever kept an earlier checkpoint.
 */
public final class LogGuard {

  private final LogKeys keys;
  private final Map<String, Seen> seen = new ConcurrentHashMap<>();

  /** A guard that has seen nothing. */
  public LogGuard(LogKeys keys) {
    this.keys = keys;
  }

  /**
   * The checked end of a log; empty if it was never signed.
   *
   * @param work a transaction that has read nothing yet, or that leads
   * @throws VestaException with code {@code VESTA-AUDIT-003} or {@code VESTA-AUDIT-004} if it is
   *     not to be trusted
   */
  public Optional<LogState> find(UnitOfWork work, String brokerage) {
    // Before the table is read: what another thread commits meanwhile is no rollback.
    Seen before = seen.get(brokerage);
    Optional<LogState> found = LogTables.find(work, brokerage);
    if (found.isEmpty()) {
      if (before != null) {
        throw rolledBack();
      }
      return found;
    }
    LogState state = found.get();
    if (before != null && before.note.equals(state.note())) {
      state.requireAgreement(before.checkpoint);
      return found;
    }
    Checkpoint checkpoint = keys.open(brokerage, state.note());
    state.requireAgreement(checkpoint);
    if (before != null) {
      requireContinuation(before.checkpoint, checkpoint, new StoredTree(work, state));
    }
    remember(state);
    return found;
  }

  /** Remembers the end of a log that is checked and committed. */
  public void remember(LogState committed) {
    seen.merge(
        committed.brokerage(),
        new Seen(committed.note(), checkpoint(committed)),
        (old, fresh) -> old.checkpoint.size() > fresh.checkpoint.size() ? old : fresh);
  }

  /** What a checkpoint of a log's end says. */
  public Checkpoint checkpoint(LogState end) {
    return new Checkpoint(keys.origin(end.brokerage()), end.size(), end.root());
  }

  private static void requireContinuation(Checkpoint before, Checkpoint now, StoredTree tree) {
    Hash earlier = now.size() < before.size() ? null : Proofs.root(before.size(), tree);
    if (!before.root().equals(earlier)) {
      throw rolledBack();
    }
  }

  private static VestaException rolledBack() {
    return new VestaException(
        AuditError.LOG_ROLLED_BACK,
        "a log does not continue the checkpoint that this process saw before; nothing more is signed:"
            + " find out whether a backup was restored, then restart");
  }

  private record Seen(String note, Checkpoint checkpoint) {}
}
