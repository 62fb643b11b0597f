package io.vesta.approval.broken;

import io.vesta.approval.outbox.DeliveryChannel;
import io.vesta.approval.outbox.SendPermit;

/** A deliberate break. */
public final class SendsByItself {
  void send(DeliveryChannel channel, SendPermit permit) {
    channel.send(permit);
  }
}
