package io.vesta.audit.retention;

import io.vesta.audit.AuditError;
import io.vesta.audit.log.AuditLog;
import io.vesta.core.access.Actor;
import io.vesta.core.audit.AuditAction;
import io.vesta.core.audit.AuditEvent;
import io.vesta.core.config.VestaConfig;
import io.vesta.core.error.VestaException;
import io.vesta.core.id.BrokerageId;
import io.vesta.core.id.Ref;
import io.vesta.core.storage.Database;
import io.vesta.core.storage.Dialect;
import io.vesta.core.storage.UnitOfWork;
import jakarta.inject.Inject;

/**
 * Orders to keep what could otherwise go: while one stands for a subject, the subject is not erased
 * and nothing of the brokerage's log is pruned. Placing and lifting one are entries. Thread-safe.
 */
public final class LegalHolds {

  /** What the log says when one is placed. */
  public static final AuditAction PLACED = new AuditAction("vesta.audit.hold.placed");

  /** What the log says when one is lifted. */
  public static final AuditAction LIFTED = new AuditAction("vesta.audit.hold.lifted");

  private final Database database;
  private final AuditLog log;

  @Inject
  LegalHolds(VestaConfig config, AuditLog log) {
    this.database = config.database();
    this.log = log;
  }

  /**
   * Places a hold. Whether the operator may do so is the host's to check.
   *
   * @param operator a person of the brokerage
   * @param subject whose entries and values are to be kept
   * @param matter the case that asks for it
   * @return false if it stood already
   */
  public boolean place(Actor operator, Ref subject, Ref matter) {
    return change(
        operator,
        subject,
        matter,
        PLACED,
        "insert into vesta_audit_hold (brokerage, subject, matter) values (?, ?, ?)"
            + " on conflict (brokerage, subject, matter) do nothing");
  }

  /**
   * Lifts a hold.
   *
   * @param operator a person of the brokerage
   * @param subject whose entries and values were to be kept
   * @param matter the case that asked for it
   * @return false if there was none
   */
  public boolean lift(Actor operator, Ref subject, Ref matter) {
    return change(
        operator,
        subject,
        matter,
        LIFTED,
        "delete from vesta_audit_hold where brokerage = ? and subject = ? and matter = ?");
  }

  private boolean change(
      Actor operator, Ref subject, Ref matter, AuditAction action, String statement) {
    operator.requirePerson("a legal hold");
    BrokerageId brokerage = operator.brokerage();
    return database.write(
        work -> {
          alone(work, brokerage);
          int changed =
              work.handle()
                  .execute(statement, brokerage.key(), subject.toString(), matter.toString());
          if (changed == 1) {
            log.append(
                work, AuditEvent.builder(action, operator, subject).correlation(matter).build());
          }
          return changed == 1;
        });
  }

  /** Makes holds and what they forbid wait for each other, until the transaction ends. */
  static void alone(UnitOfWork work, BrokerageId brokerage) {
    if (work.dialect() == Dialect.POSTGRESQL) {
      work.handle()
          .select(
              "select pg_advisory_xact_lock(hashtextextended(?, 0))",
              "vesta audit hold " + brokerage.key())
          .mapToMap()
          .list();
    }
  }

  /** Refuses if a hold stands for a subject. */
  static void requireNone(UnitOfWork work, BrokerageId brokerage, Ref subject) {
    requireNone(
        work.handle()
            .createQuery(
                "select count(*) from vesta_audit_hold where brokerage = ? and subject = ?")
            .bind(0, brokerage.key())
            .bind(1, subject.toString())
            .mapTo(Long.class)
            .one());
  }

  /** Refuses if any hold stands in a brokerage. */
  static void requireNone(UnitOfWork work, BrokerageId brokerage) {
    requireNone(
        work.handle()
            .createQuery("select count(*) from vesta_audit_hold where brokerage = ?")
            .bind(0, brokerage.key())
            .mapTo(Long.class)
            .one());
  }

  private static void requireNone(long holds) {
    if (holds > 0) {
      throw new VestaException(
          AuditError.HELD,
          holds + " legal holds forbid it; lift them when their matters are closed");
    }
  }
}
