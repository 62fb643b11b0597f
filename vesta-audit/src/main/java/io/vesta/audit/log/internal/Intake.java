package io.vesta.audit.log.internal;

import io.vesta.audit.AuditError;
import io.vesta.audit.entry.AuditEntry;
import io.vesta.audit.tree.EntryBundle;
import io.vesta.audit.tree.Hash;
import io.vesta.core.error.ErrorCode;
import io.vesta.core.error.VestaException;
import io.vesta.core.storage.UnitOfWork;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * One batch of waiting entries on its way into the logs. A log that must not be signed is parked:
 * none of its entries is taken, and its rows are remembered until it was mended. Not thread-safe.
 */
public final class Intake implements Backlog.Taker {

  private static final int FLUSH = 1_000;

  private final UnitOfWork work;
  private final Backlog backlog;
  private final LogGuard guard;
  private final Map<String, GrowingLog> logs = new HashMap<>();
  private final Map<String, VestaException> parked;
  private final Set<String> behind = new HashSet<>();
  private final Set<String> ids = new HashSet<>();
  private final List<Backlog.Indexed> unwritten = new ArrayList<>();
  private boolean careful;
  private long taken;
  private @Nullable Instant oldest;

  /**
   * A batch within a transaction that leads.
   *
   * @param damaged logs of which an earlier try has found that they must not be signed, and why
   * @param careful whether each id is looked for in the index before it is taken: an earlier try
   *     has found that one is there
   */
  public Intake(
      UnitOfWork work,
      Backlog backlog,
      LogGuard guard,
      Map<String, VestaException> damaged,
      boolean careful) {
    this.work = work;
    this.backlog = backlog;
    this.guard = guard;
    this.parked = new HashMap<>(damaged);
    this.careful = careful;
  }

  /**
   * Takes in what was parked, as far as it was mended; comes before anything newer.
   *
   * @return whether more is parked that can be taken
   */
  public boolean resume() {
    boolean before = careful;
    careful = true;
    for (String brokerage : Parking.brokerages(work)) {
      List<Parking.Row> rows =
          parked.containsKey(brokerage) ? List.of() : Parking.rows(work, brokerage, FLUSH);
      for (Parking.Row row : rows) {
        row.giveTo(this);
        if (parked.containsKey(brokerage)) {
          break;
        }
      }
      if (!parked.containsKey(brokerage)) {
        boolean all = rows.size() < FLUSH;
        Parking.forget(work, brokerage, all ? Long.MAX_VALUE : rows.get(FLUSH - 1).seq());
        if (!all) {
          behind.add(brokerage);
        }
      }
    }
    careful = before;
    return !behind.isEmpty();
  }

  /**
   * Takes a row's entries in, or parks the row.
   *
   * @throws DamagedException if entries of the same log were taken before
   */
  @Override
  public int take(String xid, long seq, String brokerage, byte[] bundle) {
    if (parked.containsKey(brokerage) || behind.contains(brokerage)) {
      Parking.park(work, brokerage, xid, seq);
      return 0;
    }
    int count = 0;
    try {
      count = takeIn(xid, seq, brokerage, entries(seq, bundle));
    } catch (VestaException e) {
      if (e.code().type() != ErrorCode.Type.INTEGRITY) {
        throw e;
      }
      if (logs.containsKey(brokerage)) {
        throw new DamagedException(brokerage, e);
      }
      parked.put(brokerage, e);
      Parking.park(work, brokerage, xid, seq);
    }
    if (unwritten.size() >= FLUSH) {
      flush();
    }
    return count;
  }

  private int takeIn(String xid, long seq, String brokerage, List<byte[]> bundle) {
    List<AuditEntry> entries = new ArrayList<>(bundle.size());
    for (byte[] bytes : bundle) {
      AuditEntry entry = read(seq, bytes);
      // What somebody else wrote into the table is not signed.
      if (!entry.brokerage().key().equals(brokerage)) {
        throw refused(seq, "is another brokerage's than its entry");
      }
      requireNew(seq, entry);
      entries.add(entry);
    }
    GrowingLog log =
        logs.computeIfAbsent(brokerage, key -> new GrowingLog(work, guard.toSign(work, key)));
    int position = 1;
    for (int i = 0; i < entries.size(); i++) {
      byte[] bytes = bundle.get(i);
      Columns columns = Columns.of(entries.get(i));
      position += 2;
      unwritten.add(
          new Backlog.Indexed(brokerage, log.size(), xid, seq, position, bytes.length, columns));
      position += bytes.length;
      log.append(Hash.leaf(bytes));
      Instant at = entries.get(i).at();
      oldest = oldest == null || at.isBefore(oldest) ? at : oldest;
    }
    if (careful) {
      // So that it is this log's if the index holds a place already.
      flush();
    }
    taken += entries.size();
    return entries.size();
  }

  private void requireNew(long seq, AuditEntry entry) {
    String id = entry.id().toString();
    if (careful && (!ids.add(id) || backlog.known(work, id))) {
      throw Backlog.repeated(seq, seq);
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
        "the audit row " + seq + " " + why + "; the log is parked: find out who wrote it");
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

  /** The logs that were parked, and why; by the key of their brokerage. */
  public Map<String, VestaException> parked() {
    return parked;
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
