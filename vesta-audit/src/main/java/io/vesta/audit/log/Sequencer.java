package io.vesta.audit.log;

import io.vesta.audit.AuditError;
import io.vesta.audit.log.internal.Backlog;
import io.vesta.audit.log.internal.DamagedException;
import io.vesta.audit.log.internal.Intake;
import io.vesta.audit.log.internal.LogGuard;
import io.vesta.audit.log.internal.LogKeys;
import io.vesta.audit.log.internal.LogState;
import io.vesta.audit.log.internal.LogTables;
import io.vesta.audit.log.internal.Testimony;
import io.vesta.audit.log.internal.UnconfirmedException;
import io.vesta.audit.note.SignedNote;
import io.vesta.core.access.Actor;
import io.vesta.core.audit.AuditAction;
import io.vesta.core.audit.AuditEvent;
import io.vesta.core.config.VestaConfig;
import io.vesta.core.error.ErrorCode;
import io.vesta.core.error.VestaException;
import io.vesta.core.id.BrokerageId;
import io.vesta.core.id.Ref;
import io.vesta.core.storage.Database;
import io.vesta.core.storage.UnitOfWork;
import jakarta.inject.Inject;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/**
 * Gives committed entries their places in the logs and signs one checkpoint per log and batch. The
 * host calls it from its own scheduler, several times a second if it likes and on any number of
 * nodes: one works at a time, the others wait. Thread-safe.
 *
 * <p><b>Guarantees.</b> When {@link #sequence()} returns, every entry that was committed before it
 * was called is under a signed checkpoint, once, except in the logs that {@link Done} names. It
 * waits for no open host transaction, not even a long one. It never signs a log that is not a
 * continuation of its last signed checkpoint, nor, where there are witnesses, of what they
 * remember: they are asked before the first signature that a process makes in a log, and by {@link
 * Witnessing}. At least one of them must answer; one that disagrees ends all signing in that log
 * until an operator records a {@link Fork}. What is wrong with one log delays no other.
 */
public final class Sequencer {

  /**
   * What the log says when it is first signed by other keys than before: {@code added1} and so on
   * are the fingerprints of new keys, {@code retired1} and so on the ids of old ones.
   */
  public static final AuditAction KEYS_CHANGED = new AuditAction("vesta.audit.keys.changed");

  private final VestaConfig config;
  private final AuditLog log;
  private final Database database;
  private final Backlog backlog;
  private final LogKeys keys;
  private final LogGuard guard;
  private final Testimony testimony;

  @Inject
  Sequencer(VestaConfig config, AuditLog log, LogKeys keys, LogGuard guard, Testimony testimony) {
    this.config = config;
    this.log = log;
    this.database = config.database();
    this.backlog = Backlog.of(database.dialect());
    this.keys = keys;
    this.guard = guard;
    this.testimony = testimony;
  }

  /**
   * What a call did.
   *
   * @param entries how many entries got their place
   * @param lag the longest time from an entry's own time to now; zero if there was none. Alarm on
   *     it
   * @param parked the logs of which nothing is signed, and why, by the key of their brokerage: the
   *     log or a waiting row is damaged, or a witness disagrees. Alarm on it. Their entries wait;
   *     once it is mended, the next call takes them, in order and before newer ones
   */
  public record Done(long entries, Duration lag, Map<String, VestaException> parked) {

    /** Copies the map. */
    public Done {
      parked = Map.copyOf(parked);
    }
  }

  /**
   * Sequences all that is committed, of every brokerage whose log is not parked.
   *
   * @return what was done
   * @throws VestaException if the database fails, another node sequences at the same time without
   *     the lock, or no witness answers; nothing of that batch is signed then, for any brokerage
   */
  public Done sequence() {
    long entries = 0;
    Duration lag = Duration.ZERO;
    Map<String, VestaException> parked = new HashMap<>();
    Batch batch;
    do {
      batch = batch(parked);
      parked.putAll(batch.parked);
      batch.ends.forEach(guard::remember);
      entries += batch.taken;
      if (batch.oldest != null) {
        Duration waited = Duration.between(batch.oldest, config.clock().instant());
        lag = waited.compareTo(lag) > 0 ? waited : lag;
      }
    } while (batch.more);
    return new Done(entries, lag, parked);
  }

  /**
   * Sequences all that is committed, and gives a brokerage's signed checkpoint: also if nothing is
   * new, and that of the empty log if the brokerage has no entry yet. It is signed by every key in
   * use.
   *
   * @param brokerage whose log
   * @return the checkpoint, to be shown to anybody who should remember it
   * @throws VestaException as {@link #sequence()}, and if this brokerage's log is parked
   */
  public SignedNote sequence(BrokerageId brokerage) {
    VestaException why = sequence().parked().get(brokerage.key());
    if (why != null) {
      throw why;
    }
    LogState end = confirmed(work -> current(work, brokerage.key()));
    guard.remember(end);
    return SignedNote.parse(end.note().getBytes(StandardCharsets.UTF_8));
  }

  /** Does work that signs; asks the witnesses about logs that this process sees first. */
  private <T> T confirmed(Function<UnitOfWork, T> signing) {
    while (true) {
      try {
        return database.write(signing);
      } catch (UnconfirmedException e) {
        // Outside of any transaction: a witness may be slow. It throws if they disagree.
        testimony.show(e.brokerage());
      }
    }
  }

  /** Does a batch; tries it again without a log that turns out to be damaged on the way. */
  private Batch batch(Map<String, VestaException> parked) {
    Map<String, VestaException> damaged = new HashMap<>(parked);
    boolean careful = false;
    while (true) {
      boolean checked = careful;
      try {
        return database.write(work -> batch(work, damaged, checked));
      } catch (UnconfirmedException e) {
        show(e.brokerage(), damaged);
      } catch (DamagedException e) {
        damaged.put(e.brokerage(), (VestaException) e.getCause());
      } catch (VestaException e) {
        if (careful || e.code() != AuditError.ENTRY_REPEATED) {
          throw e;
        }
        careful = true;
      }
    }
  }

  private void show(String brokerage, Map<String, VestaException> damaged) {
    try {
      testimony.show(brokerage);
    } catch (VestaException e) {
      if (e.code().type() != ErrorCode.Type.INTEGRITY) {
        throw e;
      }
      damaged.put(brokerage, e);
    }
  }

  private Batch batch(UnitOfWork work, Map<String, VestaException> damaged, boolean careful) {
    backlog.lead(work);
    Intake intake = new Intake(work, backlog, guard, damaged, careful);
    boolean waiting = intake.resume();
    boolean more = backlog.take(work, intake) || waiting;
    intake.changes(keys).forEach(change -> tell(work, change));
    return new Batch(intake.close(keys), intake.taken(), intake.oldest(), intake.parked(), more);
  }

  private LogState current(UnitOfWork work, String brokerage) {
    backlog.lead(work);
    LogState end = guard.toSign(work, brokerage);
    if (!end.note().isEmpty() && keys.allSigned(keys.origin(end), end.note())) {
      return end;
    }
    keys.changed(end).ifPresent(change -> tell(work, change));
    LogState signed = end.signedBy(keys);
    LogTables.save(work, signed);
    return signed;
  }

  /** Keys come and go by the host's configuration: the log tells it by itself. */
  private void tell(UnitOfWork work, LogKeys.KeyChange change) {
    BrokerageId brokerage = new BrokerageId(change.brokerage());
    AuditEvent.Builder event =
        AuditEvent.builder(
            KEYS_CHANGED,
            Actor.system(brokerage, "sequencer"),
            new Ref("AuditLog", change.brokerage()));
    for (int i = 0; i < change.added().size(); i++) {
      event.withDigest("added" + (i + 1), change.added().get(i).fingerprint());
    }
    for (int i = 0; i < change.retired().size(); i++) {
      event.with("retired" + (i + 1), Integer.toUnsignedLong(change.retired().get(i)));
    }
    log.append(work, event.build());
  }

  private record Batch(
      List<LogState> ends,
      long taken,
      @Nullable Instant oldest,
      Map<String, VestaException> parked,
      boolean more) {}
}
