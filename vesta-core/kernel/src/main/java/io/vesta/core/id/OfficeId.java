package io.vesta.core.id;

import java.util.Objects;

/**
 * A main or branch place of business (RESO {@code OfficeKey}).
 *
 * @param brokerage the tenant
 * @param key the host's key within the tenant: see {@link Ref} for the characters that a key may
 *     hold
 */
public record OfficeId(BrokerageId brokerage, String key) implements EntityId {

  /** Checks the key's shape. */
  public OfficeId {
    Objects.requireNonNull(brokerage, "brokerage");
    Ref.requireKey("office key", key);
  }
}
