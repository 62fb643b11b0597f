package io.vesta.core.id;

import java.util.Objects;

/**
 * A named group of members (RESO {@code TeamKey}); it may span offices.
 *
 * @param brokerage the tenant
 * @param key the host's key within the tenant: see {@link Ref} for the characters that a key may
 *     hold
 */
public record TeamId(BrokerageId brokerage, String key) implements EntityId {

  /** Checks the key's shape. */
  public TeamId {
    Objects.requireNonNull(brokerage, "brokerage");
    Ref.requireKey("team key", key);
  }
}
