package io.vesta.approval.hold;

import io.vesta.approval.envelope.Address;
import io.vesta.approval.envelope.Channel;
import io.vesta.core.id.BrokerageId;
import io.vesta.core.storage.UnitOfWork;

/**
 * The host's port: who must not be written to.
 *
 * <p><b>Contract.</b> Thread-safe. Asked for every recipient in the transaction that takes a draft
 * for sending. It reads in the given unit of work if its facts are in the same database, does not
 * write, and does not block on the network. If it throws, nothing is sent.
 */
@FunctionalInterface
public interface SuppressionList {

  /** Whether an address of a channel must not get anything from a brokerage. */
  boolean suppressed(UnitOfWork work, BrokerageId brokerage, Channel channel, Address address);
}
