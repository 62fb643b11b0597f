package io.vesta.core.id;

import java.util.Objects;

/**
 * The paperwork of one sale (RESO {@code TransactionKey}).
 *
 * @param brokerage the tenant
 * @param key the host's key within the tenant: see {@link Ref} for the characters that a key may
 *     hold
 */
public record TransactionId(BrokerageId brokerage, String key) implements EntityId {

  /** Checks the key's shape. */
  public TransactionId {
    Objects.requireNonNull(brokerage, "brokerage");
    Ref.requireKey("transaction key", key);
  }
}
