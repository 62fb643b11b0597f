package io.vesta.approval.envelope;

import io.vesta.core.error.VestaException;
import java.util.Objects;
import java.util.regex.Pattern;

/**
 * By which way a message leaves.
 *
 * @param name upper-case letters, digits and underscores, at most 32
 */
public record Channel(String name) {

  private static final Pattern NAME = Pattern.compile("[A-Z][A-Z0-9_]{0,31}");

  /** Internet mail; addresses as in RFC 5321, ASCII only. */
  public static final Channel EMAIL = new Channel("EMAIL");

  /** Text messages; addresses are E.164 numbers. */
  public static final Channel SMS = new Channel("SMS");

  /** Checks the name's shape. */
  public Channel {
    Objects.requireNonNull(name, "name");
    if (!NAME.matcher(name).matches()) {
      throw VestaException.invalid(
          "channel",
          "a text of " + name.length() + " characters outside the allowed form",
          "use upper-case letters, digits and underscores, such as EMAIL");
    }
  }
}
