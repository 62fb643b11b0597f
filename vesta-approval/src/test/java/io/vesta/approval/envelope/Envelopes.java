package io.vesta.approval.envelope;

import io.vesta.core.id.BrokerageId;
import io.vesta.core.id.DraftId;

/** Envelopes for tests. */
final class Envelopes {

  static final DraftId DRAFT = new DraftId(new BrokerageId("acme"), "d1");
  static final Sender SENDER = new Sender(new Address("ann@acme.example"), "Ann Agent");

  private Envelopes() {}

  static Envelope.Builder mail() {
    return Envelope.builder(DRAFT, 1, Channel.EMAIL, SENDER)
        .add(Recipient.Role.TO, new Address("cleo@client.example"))
        .subject("Your visit")
        .body("Hello Cleo,\n\nSaturday at ten?\n");
  }
}
