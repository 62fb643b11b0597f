package io.vesta.audit.tree.broken;

import io.vesta.core.id.BrokerageId;

/** A deliberate break. */
public final class UsesKernel {
  BrokerageId brokerage;
}
