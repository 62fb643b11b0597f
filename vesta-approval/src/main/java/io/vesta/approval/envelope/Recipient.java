package io.vesta.approval.envelope;

import java.util.Objects;

/**
 * Somebody who gets the message.
 *
 * @param role how
 * @param address where
 */
public record Recipient(Role role, Address address) {

  /** How somebody gets a message. */
  public enum Role {
    /** It is for them. */
    TO,
    /** They get a copy and all see it. */
    CC,
    /** They get a copy and nobody sees it. */
    BCC
  }

  /** Checks presence. */
  public Recipient {
    Objects.requireNonNull(role, "role");
    Objects.requireNonNull(address, "address");
  }
}
