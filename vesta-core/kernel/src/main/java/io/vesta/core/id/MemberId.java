package io.vesta.core.id;

import java.util.Objects;

/**
 * A licensee or staff member (RESO {@code MemberKey}).
 *
 * @param brokerage the tenant
 * @param key the host's key within the tenant: see {@link Ref} for the characters that a key may
 *     hold
 */
public record MemberId(BrokerageId brokerage, String key) implements EntityId {

  /** Checks the key's shape. */
  public MemberId {
    Objects.requireNonNull(brokerage, "brokerage");
    Ref.requireKey("member key", key);
  }
}
