package io.vesta.approval.envelope;

import io.vesta.core.error.VestaException;
import java.util.Locale;
import java.util.Objects;
import java.util.regex.Pattern;

/**
 * Where a message goes or comes from, in the one spelling in which it is digested. Only ASCII: a
 * letter that merely looks like another one would let a reviewer approve another recipient than the
 * one they read. A person's data, so it does not print.
 *
 * @param value an address that {@link #of} made
 */
public record Address(String value) {

  /** RFC 5321 mailbox without quoted local parts and address literals; IDN domains as A-labels. */
  private static final Pattern MAIL =
      Pattern.compile(
          "[A-Za-z0-9!#$%&'*+/=?^_`{|}~-]{1,64}(\\.[A-Za-z0-9!#$%&'*+/=?^_`{|}~-]{1,64})*"
              + "@([a-z0-9]([a-z0-9-]{0,61}[a-z0-9])?\\.)+[a-z0-9]([a-z0-9-]{0,61}[a-z0-9])?");

  private static final Pattern NUMBER = Pattern.compile("\\+[1-9][0-9]{6,14}");
  private static final Pattern OTHER = Pattern.compile("[!-~]{1,254}");
  private static final int LONGEST = 254;

  /** Checks that it could be an address of some channel. */
  public Address {
    Objects.requireNonNull(value, "value");
    if (!OTHER.matcher(value).matches()) {
      throw VestaException.invalid(
          "address", shape(value), "use 1 to 254 visible ASCII characters");
    }
  }

  /**
   * The address in its one spelling: the domain of a mailbox in lower case, a telephone number
   * without anything but digits after its plus.
   *
   * @param channel by which it is used
   * @param text as it was given
   * @throws VestaException if the channel has no such addresses
   */
  public static Address of(Channel channel, String text) {
    String trimmed = Objects.requireNonNull(text, "text").strip();
    if (channel.equals(Channel.EMAIL)) {
      int at = trimmed.lastIndexOf('@');
      String mail =
          trimmed.substring(0, Math.max(at, 0))
              + trimmed.substring(Math.max(at, 0)).toLowerCase(Locale.ROOT);
      if (mail.length() > LONGEST || !MAIL.matcher(mail).matches()) {
        throw VestaException.invalid(
            "e-mail address",
            shape(text),
            "use local@domain in ASCII, with an internationalised domain as xn-- labels");
      }
      return new Address(mail);
    }
    if (channel.equals(Channel.SMS)) {
      String number = trimmed.replaceAll("[ ().-]", "");
      if (!NUMBER.matcher(number).matches()) {
        throw VestaException.invalid(
            "telephone number", shape(text), "use E.164, such as +1 and ten digits");
      }
      return new Address(number);
    }
    return new Address(trimmed);
  }

  private static String shape(String text) {
    boolean ascii = text.chars().allMatch(c -> c < 0x80);
    return "a text of "
        + text.length()
        + " characters"
        + (ascii ? " outside the allowed form" : ", some outside ASCII");
  }

  /** Nothing: it is a person's. */
  @Override
  public String toString() {
    return "Address[hidden]";
  }
}
