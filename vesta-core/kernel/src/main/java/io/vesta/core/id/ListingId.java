package io.vesta.core.id;

import java.util.Objects;

/**
 * A property offered (RESO {@code ListingKey}).
 *
 * @param brokerage the tenant
 * @param key the host's key within the tenant: see {@link Ref} for the characters that a key may
 *     hold
 */
public record ListingId(BrokerageId brokerage, String key) implements EntityId {

  /** Checks the key's shape. */
  public ListingId {
    Objects.requireNonNull(brokerage, "brokerage");
    Ref.requireKey("listing key", key);
  }
}
