package io.vesta.audit.retention;

import io.vesta.audit.log.AuditLog;
import io.vesta.audit.vault.Vault;
import io.vesta.core.access.Actor;
import io.vesta.core.audit.AuditAction;
import io.vesta.core.audit.AuditEvent;
import io.vesta.core.config.VestaConfig;
import io.vesta.core.id.Ref;
import io.vesta.core.storage.Database;
import io.vesta.core.storage.UnitOfWork;
import jakarta.inject.Inject;

/**
 * Takes back what the log's erasable details say about somebody. No byte of the log changes: every
 * proof given before stays valid, and the digests that remain tell nothing without the salts.
 * Thread-safe.
 */
public final class Erasure {

  /** What the log says of it. */
  public static final AuditAction ERASED = new AuditAction("vesta.audit.subject.erased");

  /** Why somebody is erased: GDPR article 17(1)(a) to (e), or a request under another law. */
  public enum Basis {
    /** The purpose is over. */
    NO_LONGER_NEEDED,
    /** Consent was withdrawn. */
    CONSENT_WITHDRAWN,
    /** The subject objected. */
    OBJECTION,
    /** It should not have been recorded. */
    UNLAWFUL,
    /** A law demands it. */
    LEGAL_OBLIGATION,
    /** The subject asked, under another law. */
    REQUEST
  }

  private final Database database;
  private final AuditLog log;
  private final Vault vault;

  @Inject
  Erasure(VestaConfig config, AuditLog log, Vault vault) {
    this.database = config.database();
    this.log = log;
    this.vault = vault;
  }

  /**
   * Erases a subject in a transaction of its own.
   *
   * @param operator a person of the brokerage; whether they may do so is the host's to check
   * @param subject whose values
   * @param basis why
   * @return how many values were destroyed
   * @throws io.vesta.core.error.VestaException with code {@code VESTA-AUDIT-015} if a legal hold
   *     stands for the subject
   */
  public int erase(Actor operator, Ref subject, Basis basis) {
    return database.write(work -> erase(work, operator, subject, basis));
  }

  /** Erases a subject as part of a unit of work; see {@link #erase(Actor, Ref, Basis)}. */
  public int erase(UnitOfWork work, Actor operator, Ref subject, Basis basis) {
    operator.requirePerson("erasing a subject");
    LegalHolds.alone(work, operator.brokerage());
    LegalHolds.requireNone(work, operator.brokerage(), subject);
    int values = vault.destroy(work, operator.brokerage(), subject);
    log.append(
        work,
        AuditEvent.builder(ERASED, operator, subject)
            .with("basis", basis)
            .with("values", values)
            .build());
    return values;
  }
}
