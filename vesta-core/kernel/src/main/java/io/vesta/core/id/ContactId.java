package io.vesta.core.id;

import java.util.Objects;

/**
 * A person known to a member (RESO {@code ContactKey}).
 *
 * @param brokerage the tenant
 * @param key the host's key within the tenant: see {@link Ref} for the characters that a key may
 *     hold
 */
public record ContactId(BrokerageId brokerage, String key) implements EntityId {

  /** Checks the key's shape. */
  public ContactId {
    Objects.requireNonNull(brokerage, "brokerage");
    Ref.requireKey("contact key", key);
  }
}
