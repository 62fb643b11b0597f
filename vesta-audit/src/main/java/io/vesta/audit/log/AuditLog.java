package io.vesta.audit.log;

import io.vesta.audit.AuditError;
import io.vesta.audit.entry.AuditEntry;
import io.vesta.audit.log.internal.GroupCommit;
import io.vesta.audit.tree.EntryBundle;
import io.vesta.audit.vault.Vault;
import io.vesta.core.audit.AuditEvent;
import io.vesta.core.audit.AuditTrail;
import io.vesta.core.config.VestaConfig;
import io.vesta.core.error.VestaException;
import io.vesta.core.storage.Schema;
import io.vesta.core.storage.UnitOfWork;
import jakarta.inject.Inject;
import java.sql.PreparedStatement;
import java.sql.SQLException;
import java.util.List;
import java.util.UUID;
import org.jdbi.v3.core.JdbiException;

/**
 * Records what happened in the log of the actor's brokerage. Thread-safe.
 *
 * <p><b>Guarantees.</b> Recording is one insert in the caller's transaction and waits for no other
 * host transaction on PostgreSQL; the entry commits or vanishes with the act. Its place in the tree
 * is found afterwards by the {@link Sequencer}.
 *
 * <p><b>Not guaranteed.</b> Until the next signed checkpoint, whoever may delete rows from the
 * database can take an entry away unnoticed: sequence often.
 */
public final class AuditLog implements AuditTrail {

  private final VestaConfig config;
  private final Vault vault;
  private final GroupCommit group;

  @Inject
  AuditLog(VestaConfig config, Vault vault) {
    this.config = config;
    this.vault = vault;
    this.group = new GroupCommit(config.database());
  }

  /** The tables of the audit log, for {@link io.vesta.core.storage.SchemaInstaller}. */
  public static Schema schema() {
    return new Schema("audit", AuditLog.class, List.of("V1__audit.sql"));
  }

  /**
   * {@inheritDoc}
   *
   * <p>Erasable details go into the vault in the same transaction; the entry holds their digests.
   *
   * @throws VestaException with code {@code VESTA-AUDIT-001} if the event is too large for an
   *     entry, {@code VESTA-AUDIT-009} if the database refuses it, {@code VESTA-AUDIT-013} if there
   *     are erasable details and the vault has no key
   */
  @Override
  public UUID append(UnitOfWork work, AuditEvent event) {
    AuditEntry entry =
        AuditEntry.of(config.newId(), config.clock().instant(), event, keep(work, event));
    try (PreparedStatement insert =
        work.connection()
            .prepareStatement("insert into vesta_audit_entry (brokerage, bytes) values (?, ?)")) {
      insert.setString(1, entry.brokerage().key());
      insert.setBytes(2, EntryBundle.encode(List.of(entry.bytes())));
      insert.executeUpdate();
    } catch (SQLException e) {
      throw new VestaException(
          AuditError.STORE_FAILED,
          "the audit entry was not recorded (SQL state " + e.getSQLState() + "); do not do the act",
          e);
    }
    return entry.id();
  }

  private List<String> keep(UnitOfWork work, AuditEvent event) {
    try {
      return vault.keep(work, event);
    } catch (JdbiException e) {
      // Without its cause, which quotes what was bound.
      throw new VestaException(
          AuditError.STORE_FAILED, "the erasable details were not recorded; do not do the act");
    }
  }

  /**
   * Records an event that goes with no other change, such as a refused attempt. Callers that wait
   * at the same time share a commit; entries with erasable details have one of their own.
   *
   * @param event what happened
   * @return the id of the entry, which is durable
   * @throws VestaException if it could not be recorded
   */
  public UUID append(AuditEvent event) {
    return append(List.of(event)).get(0);
  }

  /**
   * Records events that go with no other change, all or none of them: where syncing the disk takes
   * long, one caller with many events gets further than many with one.
   *
   * @param events what happened, in order
   * @return the ids of the entries, which are durable, in the same order
   * @throws VestaException if they could not be recorded
   */
  public List<UUID> append(List<AuditEvent> events) {
    if (events.stream().anyMatch(event -> !event.erasables().isEmpty())) {
      return config
          .database()
          .write(work -> events.stream().map(event -> append(work, event)).toList());
    }
    List<AuditEntry> entries =
        events.stream()
            .map(event -> AuditEntry.of(config.newId(), config.clock().instant(), event, List.of()))
            .toList();
    group.append(entries);
    return entries.stream().map(AuditEntry::id).toList();
  }
}
