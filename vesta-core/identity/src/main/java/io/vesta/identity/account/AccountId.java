package io.vesta.identity.account;

import io.vesta.core.id.BrokerageId;
import io.vesta.core.id.Ref;
import java.util.Objects;
import java.util.UUID;

/**
 * A connected account. The server makes it; a browser never chooses one.
 *
 * @param brokerage the tenant
 * @param value a UUID of version 7
 */
public record AccountId(BrokerageId brokerage, UUID value) {

  /** Checks presence. */
  public AccountId {
    Objects.requireNonNull(brokerage, "brokerage");
    Objects.requireNonNull(value, "value");
  }

  /** The reference under which the audit log names it. */
  public Ref ref() {
    return new Ref("ConnectedAccount", value.toString());
  }
}
