package io.vesta.core.id;

import java.util.Objects;

/**
 * A proposed outbound message.
 *
 * @param brokerage the tenant
 * @param key the host's key within the tenant: see {@link Ref} for the characters that a key may
 *     hold
 */
public record DraftId(BrokerageId brokerage, String key) implements EntityId {

  /** Checks the key's shape. */
  public DraftId {
    Objects.requireNonNull(brokerage, "brokerage");
    Ref.requireKey("draft key", key);
  }
}
