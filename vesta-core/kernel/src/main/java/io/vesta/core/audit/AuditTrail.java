package io.vesta.core.audit;

import io.vesta.core.storage.UnitOfWork;
import java.util.UUID;

/**
 * The port that records what happened; vesta-audit implements it, and a host may bring its own.
 *
 * <p><b>Contract.</b> The entry becomes durable with the unit of work and vanishes with it. If the
 * trail cannot record, it throws, and the caller lets the unit of work roll back: no audit, no act.
 * Implementations are thread-safe.
 */
public interface AuditTrail {

  /**
   * Records an event as part of a unit of work.
   *
   * @param work the open unit of work that also holds the act itself
   * @param event what happened
   * @return the id of the entry (UUID version 7); never null
   * @throws io.vesta.core.error.VestaException if the entry cannot be recorded
   */
  UUID append(UnitOfWork work, AuditEvent event);
}
