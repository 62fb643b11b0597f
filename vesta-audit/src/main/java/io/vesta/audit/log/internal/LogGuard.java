package io.vesta.audit.log.internal;

import io.vesta.audit.AuditError;
import io.vesta.audit.note.Checkpoint;
import io.vesta.audit.note.SignedNote;
import io.vesta.audit.tree.Hash;
import io.vesta.audit.tree.Nodes;
import io.vesta.audit.tree.Proofs;
import io.vesta.core.error.VestaException;
import io.vesta.core.storage.UnitOfWork;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;

/**
 * Lets nobody build on a log's stored end, or read by it, unless a key in use signed it, everything
 * stored agrees with that checkpoint, and it continues what this process saw of the log before; and
 * lets nobody sign a log that this process has not seen before until the witnesses were asked.
 * Thread-safe.
 */
public final class LogGuard {

  private final LogKeys keys;
  private final boolean witnesses;
  private final Map<String, Seen> seen = new ConcurrentHashMap<>();
  private final Set<String> confirmed = ConcurrentHashMap.newKeySet();

  /**
   * A guard that has seen nothing.
   *
   * @param keys who signs
   * @param witnesses whether there are any to ask
   */
  public LogGuard(LogKeys keys, boolean witnesses) {
    this.keys = keys;
    this.witnesses = witnesses;
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
    Checkpoint checkpoint = keys.open(keys.origin(state), state.note());
    state.requireAgreement(checkpoint);
    if (before != null) {
      requireContinuation(before, state, new StoredTree(work, state));
    }
    remember(state);
    return found;
  }

  /**
   * The end of a log that may be signed further; that of the empty log if it was never signed.
   *
   * @param work a transaction that leads
   * @throws UnconfirmedException if the witnesses have to be asked first
   * @throws VestaException as {@link #find}
   */
  public LogState toSign(UnitOfWork work, String brokerage) {
    LogState end = find(work, brokerage).orElseGet(() -> LogState.empty(brokerage));
    if (witnesses && !confirmed.contains(keys.origin(end))) {
      throw new UnconfirmedException(brokerage);
    }
    return end;
  }

  /** Takes note that the witnesses agree with a log's end. */
  public void confirm(LogState end) {
    confirmed.add(keys.origin(end));
  }

  /** Takes note that a witness does not agree: it has to be asked again before more is signed. */
  public void doubt(LogState end) {
    confirmed.remove(keys.origin(end));
  }

  /** Remembers the end of a log that is checked and committed. */
  public void remember(LogState committed) {
    seen.merge(
        committed.brokerage(),
        new Seen(committed.fork(), committed.note(), checkpoint(committed)),
        (old, fresh) -> old.after(fresh) ? old : fresh);
  }

  /** Forgets what was seen of a log: an operator has recorded that it is continued elsewhere. */
  public void forget(String brokerage) {
    seen.remove(brokerage);
  }

  /**
   * The last checkpoint that witnesses signed, if it is of the log's present origin.
   *
   * @param end a checked end
   * @param tree the tree of that end
   * @throws VestaException with code {@code VESTA-AUDIT-003} if the log does not continue it
   */
  public Optional<SignedNote> witnessed(UnitOfWork work, LogState end, Nodes tree) {
    Optional<SignedNote> note =
        LogTables.witnessed(work, end.brokerage())
            .filter(kept -> kept.text().startsWith(keys.origin(end) + "\n"));
    note.ifPresent(
        kept -> {
          Checkpoint checkpoint = keys.open(keys.origin(end), kept.toString());
          if (checkpoint.size() > end.size()
              || checkpoint.size() < end.pruned()
              || !Proofs.root(checkpoint.size(), tree).equals(checkpoint.root())) {
            throw new VestaException(
                AuditError.LOG_DAMAGED,
                "a log does not continue the checkpoint that its witnesses signed; restore it");
          }
        });
    return note;
  }

  /** What a checkpoint of a log's end says. */
  public Checkpoint checkpoint(LogState end) {
    return new Checkpoint(keys.origin(end), end.size(), end.root());
  }

  private static void requireContinuation(Seen before, LogState now, StoredTree tree) {
    if (now.fork() > before.fork) {
      // A new origin owes the old one nothing; that it may begin was the operator's decision.
      return;
    }
    Checkpoint earlier = before.checkpoint;
    boolean shorter = now.fork() < before.fork || now.size() < earlier.size();
    if (!shorter && earlier.size() < now.pruned()) {
      // What would prove it is gone; that the key signed the longer log has to do.
      return;
    }
    Hash root = shorter ? null : Proofs.root(earlier.size(), tree);
    if (!earlier.root().equals(root)) {
      throw rolledBack();
    }
  }

  private static VestaException rolledBack() {
    return new VestaException(
        AuditError.LOG_ROLLED_BACK,
        "a log does not continue the checkpoint that this process saw before; nothing more is signed:"
            + " find out whether a backup was restored, then restart or record a fork");
  }

  private record Seen(int fork, String note, Checkpoint checkpoint) {

    boolean after(Seen other) {
      return fork > other.fork
          || (fork == other.fork && checkpoint.size() > other.checkpoint.size());
    }
  }
}
