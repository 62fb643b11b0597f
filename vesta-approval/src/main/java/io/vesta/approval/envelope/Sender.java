package io.vesta.approval.envelope;

import io.vesta.core.error.VestaException;
import java.util.Objects;

/**
 * In whose name a message leaves.
 *
 * @param address from where
 * @param name the name that readers see: at most 120 characters of one line; empty for none
 */
public record Sender(Address address, String name) {

  private static final int LONGEST = 120;

  /** Checks presence and that the name is one line. */
  public Sender {
    Objects.requireNonNull(address, "address");
    Objects.requireNonNull(name, "name");
    if (name.length() > LONGEST || !Envelope.line(name)) {
      throw VestaException.invalid(
          "sender name",
          "a text of " + name.length() + " characters, or with control characters",
          "use one line of at most " + LONGEST);
    }
  }

  /** Nothing: it is a person's. */
  @Override
  public String toString() {
    return "Sender[hidden]";
  }
}
