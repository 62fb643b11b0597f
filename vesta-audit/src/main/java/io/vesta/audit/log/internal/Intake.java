package io.vesta.audit.log.internal;

import io.vesta.audit.AuditError;
import io.vesta.audit.entry.AuditEntry;
import io.vesta.audit.tree.EntryBundle;
import io.vesta.audit.tree.Hash;
import io.vesta.core.error.VestaException;
import io.vesta.core.storage.UnitOfWork;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** One batch of waiting entries on its way into the logs. Not thread-safe. */
public final class Intake implements Backlog.Taker {

  private static final int FLUSH = 1_000;

  private final UnitOfWork work;
  private final Backlog backlog;
  private final LogGuard guard;
  private final Map<String, GrowingLog> logs = new HashMap<>();
  private final List<Backlog.Indexed> unwritten = new ArrayList<>();
  private long taken;
  private @Nullable Instant oldest;

  /** A batch within a transaction that leads. */
  public Intake(UnitOfWork work, Backlog backlog, LogGuard guard) {
    this.work = work;
    this.backlog = backlog;
    this.guard = guard;
  }

  /**
   * Takes a row's entries in.
   *
   * @throws VestaException with code {@code VESTA-AUDIT-002} if it holds any that is none of its
   *     brokerage: what somebody else wrote into the table is not signed
   */
  @Override
  public void take(String xid, long seq, String brokerage, byte[] bundle) {
    int position = 1;
    for (byte[] bytes : entries(seq, bundle)) {
      AuditEntry entry = read(seq, bytes);
      if (!entry.brokerage().key().equals(brokerage)) {
        throw refused(seq, "is another brokerage's than its entry");
      }
      GrowingLog log =
          logs.computeIfAbsent(brokerage, key -> new GrowingLog(work, guard.toSign(work, key)));
      position += 2;
      unwritten.add(
          new Backlog.Indexed(
              brokerage, log.size(), xid, seq, position, bytes.length, Columns.of(entry)));
      position += bytes.length;
      log.append(Hash.leaf(bytes));
      taken++;
      Instant at = entry.at();
      oldest = oldest == null || at.isBefore(oldest) ? at : oldest;
    }
    if (unwritten.size() >= FLUSH) {
      flush();
    }
  }

  private static List<byte[]> entries(long seq, byte[] bundle) {
    try {
      List<byte[]> entries = EntryBundle.decode(bundle);
      if (!entries.isEmpty()) {
        return entries;
      }
    } catch (IllegalArgumentException e) {
      // Told like a row without entries.
    }
    throw refused(seq, "holds " + bundle.length + " bytes that are no bundle of entries");
  }

  private static AuditEntry read(long seq, byte[] bytes) {
    try {
      return AuditEntry.parse(bytes);
    } catch (VestaException e) {
      throw refused(seq, "holds an entry of " + bytes.length + " bytes that is none of version 1");
    }
  }

  private static VestaException refused(long seq, String why) {
    return new VestaException(
        AuditError.ENTRY_MALFORMED,
        "the audit row " + seq + " " + why + "; nothing is signed: find out who wrote it");
  }

  /** Writes what is left and signs every log that grew; gives their new ends. */
  public List<LogState> close(LogKeys keys) {
    flush();
    return logs.values().stream().map(log -> log.close(keys)).toList();
  }

  /** How the keys changed since the logs that grew were last signed. */
  public List<LogKeys.KeyChange> changes(LogKeys keys) {
    return logs.values().stream().flatMap(log -> keys.changed(log.before()).stream()).toList();
  }

  /** How many entries were taken in. */
  public long taken() {
    return taken;
  }

  /** The earliest time of an entry; null if there is none. */
  public @Nullable Instant oldest() {
    return oldest;
  }

  private void flush() {
    if (!unwritten.isEmpty()) {
      backlog.index(work, unwritten);
      unwritten.clear();
    }
  }
}
