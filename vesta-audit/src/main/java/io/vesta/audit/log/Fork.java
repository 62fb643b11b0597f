package io.vesta.audit.log;

import io.vesta.audit.AuditError;
import io.vesta.audit.log.internal.Backlog;
import io.vesta.audit.log.internal.LogGuard;
import io.vesta.audit.log.internal.LogKeys;
import io.vesta.audit.log.internal.LogState;
import io.vesta.audit.log.internal.LogTables;
import io.vesta.audit.log.internal.Testimony;
import io.vesta.audit.note.SignedNote;
import io.vesta.core.access.Actor;
import io.vesta.core.audit.AuditAction;
import io.vesta.core.audit.AuditEvent;
import io.vesta.core.config.VestaConfig;
import io.vesta.core.error.VestaException;
import io.vesta.core.id.Ref;
import io.vesta.core.storage.Database;
import io.vesta.core.storage.UnitOfWork;
import jakarta.inject.Inject;
import java.nio.charset.StandardCharsets;

/**
 * The way on for a log that lost its newest entries for good: it is continued under a new origin,
 * and that this was decided, by whom and at which size, is its next entry. The old origin's
 * checkpoints stay what they are, evidence of what was lost. Thread-safe.
 */
public final class Fork {

  /** What the log says of it. */
  public static final AuditAction FORKED = new AuditAction("vesta.audit.log.forked");

  private static final int MOST_ORIGINS = 100;

  private final Database database;
  private final Backlog backlog;
  private final AuditLog log;
  private final LogKeys keys;
  private final LogGuard guard;
  private final Testimony testimony;

  @Inject
  Fork(VestaConfig config, AuditLog log, LogKeys keys, LogGuard guard, Testimony testimony) {
    this.database = config.database();
    this.backlog = Backlog.of(database.dialect());
    this.log = log;
    this.keys = keys;
    this.guard = guard;
    this.testimony = testimony;
  }

  /**
   * Continues the log of the operator's brokerage under a new origin. Whether the operator may do
   * so is the host's to check.
   *
   * @param operator a person
   * @return the first checkpoint under the new origin, of the entries that are left. Its key has a
   *     new name: give it to whoever verifies
   * @throws VestaException with code {@code VESTA-AUDIT-012} if the log continues all that was seen
   *     and witnessed of it, {@code VESTA-AUDIT-011} if no witness answers, {@code VESTA-AUDIT-003}
   *     if what is left is damaged
   */
  public SignedNote record(Actor operator) {
    operator.requirePerson("continuing an audit log under a new origin");
    String brokerage = operator.brokerage().key();
    requireDisagreement(brokerage);
    LogState left = database.read(work -> left(work, brokerage));
    LogState forked = unknown(left);
    database.write(
        work -> {
          backlog.lead(work);
          if (!left(work, brokerage).equals(left)) {
            throw new VestaException(
                AuditError.LEADERSHIP_LOST, "the log changed meanwhile; look at it again");
          }
          LogTables.save(work, forked);
          return log.append(work, event(operator, left, forked));
        });
    guard.forget(brokerage);
    guard.remember(forked);
    guard.confirm(forked);
    return SignedNote.parse(forked.note().getBytes(StandardCharsets.UTF_8));
  }

  private void requireDisagreement(String brokerage) {
    try {
      if (testimony.any()) {
        testimony.show(brokerage);
      } else {
        database.read(work -> guard.find(work, brokerage));
      }
    } catch (VestaException e) {
      if (e.code() == AuditError.LOG_ROLLED_BACK) {
        return;
      }
      throw e;
    }
    throw new VestaException(
        AuditError.FORK_REFUSED,
        "the log continues all that was seen and witnessed of it; there is nothing to fork from");
  }

  /** The stored end, without regard to what was seen before, but signed and whole. */
  private LogState left(UnitOfWork work, String brokerage) {
    return new LogGuard(keys, false)
        .find(work, brokerage)
        .orElseGet(() -> LogState.empty(brokerage));
  }

  /** The same end under the first origin that no witness knows: earlier forks may be lost too. */
  private LogState unknown(LogState left) {
    for (int fork = left.fork() + 1; fork <= left.fork() + MOST_ORIGINS; fork++) {
      LogState candidate = left.signedBy(keys, fork);
      if (testimony.begin(candidate)) {
        return candidate;
      }
    }
    throw new VestaException(
        AuditError.WITNESS_UNAVAILABLE, "no witness remembers a new origin; ask them again later");
  }

  private static AuditEvent event(Actor operator, LogState left, LogState forked) {
    return AuditEvent.builder(FORKED, operator, new Ref("AuditLog", left.brokerage()))
        .with("fork", forked.fork())
        .with("size", left.size())
        .withDigest("root", left.root().bytes())
        .build();
  }
}
