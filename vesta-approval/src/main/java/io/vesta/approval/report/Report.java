package io.vesta.approval.report;

import io.vesta.core.error.VestaException;
import java.util.Objects;
import java.util.regex.Pattern;

/** A provider's word on the message of a key, after it was verified. */
public sealed interface Report {

  /** Under which key it was sent: 64 hexadecimal digits, as the channel gave it to the provider. */
  String key();

  /**
   * The provider has the message, or has delivered it; also if it bounced afterwards.
   *
   * @param key its key
   * @param providerId what the provider calls it, 1 to 200 characters
   */
  record Taken(String key, String providerId) implements Report {
    /** Checks the shapes. */
    public Taken {
      requireKey(key);
      if (providerId.isEmpty() || providerId.length() > 200) {
        throw VestaException.invalid(
            "provider id", "a text of " + providerId.length() + " characters", "use 1 to 200");
      }
    }
  }

  /**
   * The provider did not take the message and never will.
   *
   * @param key its key
   * @param code why, as an upper-case word such as {@code MAILBOX_UNKNOWN}
   */
  record Refused(String key, String code) implements Report {

    private static final Pattern CODE = Pattern.compile("[A-Z][A-Z0-9_]{0,63}");

    /** Checks the shapes. */
    public Refused {
      requireKey(key);
      if (!CODE.matcher(code).matches()) {
        throw VestaException.invalid(
            "report code",
            "a text of " + code.length() + " characters outside the allowed form",
            "use an upper-case word such as MAILBOX_UNKNOWN");
      }
    }
  }

  private static void requireKey(String key) {
    if (!Pattern.matches("[0-9a-f]{64}", Objects.requireNonNull(key, "key"))) {
      throw VestaException.invalid(
          "report key",
          "a text of " + key.length() + " characters outside the allowed form",
          "give back the key of the permit, 64 hexadecimal digits");
    }
  }
}
