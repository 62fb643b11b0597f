package io.vesta.approval.outbox;

import io.vesta.core.error.VestaException;
import java.util.Objects;
import java.util.regex.Pattern;

/** How an attempt to send ended. Whatever a channel is not sure of is {@link Lost}. */
public sealed interface Delivery {

  /**
   * The provider took it.
   *
   * @param providerId what the provider calls it, at most 200 characters
   */
  record Accepted(String providerId) implements Delivery {
    /** Checks the length. */
    public Accepted {
      Objects.requireNonNull(providerId, "providerId");
      if (providerId.length() > 200) {
        throw VestaException.invalid(
            "provider id", "a text of " + providerId.length() + " characters", "use at most 200");
      }
    }
  }

  /**
   * The provider refused it for good.
   *
   * @param code why, as an upper-case word such as {@code MAILBOX_UNKNOWN}
   */
  record Rejected(String code) implements Delivery {
    /** Checks the word. */
    public Rejected {
      requireWord(code);
    }
  }

  /**
   * It failed before a byte left, and can be tried again.
   *
   * @param code why, as an upper-case word such as {@code NO_CONNECTION}
   */
  record NotSent(String code) implements Delivery {
    /** Checks the word. */
    public NotSent {
      requireWord(code);
    }
  }

  /**
   * There was no answer: it may be out or not.
   *
   * @param code why, as an upper-case word such as {@code TIMEOUT}
   */
  record Lost(String code) implements Delivery {
    /** Checks the word. */
    public Lost {
      requireWord(code);
    }
  }

  private static void requireWord(String code) {
    if (!Pattern.matches("[A-Z][A-Z0-9_]{0,63}", Objects.requireNonNull(code, "code"))) {
      throw VestaException.invalid(
          "delivery code",
          "a text of " + code.length() + " characters outside the allowed form",
          "use an upper-case word such as NO_CONNECTION");
    }
  }
}
