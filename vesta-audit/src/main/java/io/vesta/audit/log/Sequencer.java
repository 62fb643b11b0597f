package io.vesta.audit.log;

import io.vesta.audit.log.internal.Backlog;
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
import io.vesta.core.id.BrokerageId;
import io.vesta.core.id.Ref;
import io.vesta.core.storage.Database;
import io.vesta.core.storage.UnitOfWork;
import jakarta.inject.Inject;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/**
 * Gives committed entries their places in the logs and signs one checkpoint per log and batch. The
 * host calls it from its own scheduler, several times a second if it likes and on any number of
 * nodes: one works at a time, the others wait. Thread-safe.
 *
 * <p><b>Guarantees.</b> When {@link #sequence()} returns, every entry that was committed before it
 * was called is under a signed checkpoint, once. It waits for no open host transaction, not even a
 * long one. It never signs a log that is not a continuation of its last signed checkpoint, nor,
 * where there are witnesses, of what they remember: they are asked before the first signature that
 * a process makes in a log, and by {@link Witnessing}. At least one of them must answer; one that
 * disagrees ends all signing in that log until an operator records a {@link Fork}.
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
   */
  public record Done(long entries, Duration lag) {}

  /**
   * Sequences all that is committed, of every brokerage.
   *
   * @return what was done
   * @throws io.vesta.core.error.VestaException if a log or a waiting row is damaged, or a witness
   *     disagrees or none answers; nothing of that batch is signed then, for any brokerage
   */
  public Done sequence() {
    long entries = 0;
    Duration lag = Duration.ZERO;
    Batch batch;
    do {
      batch = confirmed(this::batch);
      batch.ends.forEach(guard::remember);
      entries += batch.taken;
      if (batch.oldest != null) {
        Duration waited = Duration.between(batch.oldest, config.clock().instant());
        lag = waited.compareTo(lag) > 0 ? waited : lag;
      }
    } while (batch.more);
    return new Done(entries, lag);
  }

  /**
   * Sequences all that is committed, and gives a brokerage's signed checkpoint: also if nothing is
   * new, and that of the empty log if the brokerage has no entry yet. It is signed by every key in
   * use.
   *
   * @param brokerage whose log
   * @return the checkpoint, to be shown to anybody who should remember it
   */
  public SignedNote sequence(BrokerageId brokerage) {
    sequence();
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

  private Batch batch(UnitOfWork work) {
    backlog.lead(work);
    Intake intake = new Intake(work, backlog, guard);
    boolean more = backlog.take(work, intake);
    intake.changes(keys).forEach(change -> tell(work, change));
    return new Batch(intake.close(keys), intake.taken(), intake.oldest(), more);
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

  private record Batch(List<LogState> ends, long taken, @Nullable Instant oldest, boolean more) {}
}
