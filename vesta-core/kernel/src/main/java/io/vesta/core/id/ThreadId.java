package io.vesta.core.id;

import java.util.Objects;

/**
 * A conversation with a contact.
 *
 * @param brokerage the tenant
 * @param key the host's key within the tenant: see {@link Ref} for the characters that a key may
 *     hold
 */
public record ThreadId(BrokerageId brokerage, String key) implements EntityId {

  /** Checks the key's shape. */
  public ThreadId {
    Objects.requireNonNull(brokerage, "brokerage");
    Ref.requireKey("thread key", key);
  }
}
