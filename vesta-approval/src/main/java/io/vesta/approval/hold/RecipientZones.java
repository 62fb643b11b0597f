package io.vesta.approval.hold;

import io.vesta.approval.envelope.Address;
import io.vesta.approval.envelope.Channel;
import io.vesta.core.id.BrokerageId;
import io.vesta.core.storage.UnitOfWork;
import java.time.ZoneId;
import java.util.Set;

/**
 * The host's port: in which time zones a recipient may be. A host that knows where a client lives
 * brings its own; the built-in one looks at telephone numbers.
 *
 * <p><b>Contract.</b> As {@link SuppressionList}.
 */
@FunctionalInterface
public interface RecipientZones {

  /**
   * The zones that the recipient may be in.
   *
   * @return all that are possible; empty if unknown, and then every zone of the United States must
   *     allow the message
   */
  Set<ZoneId> of(UnitOfWork work, BrokerageId brokerage, Channel channel, Address address);
}
