package io.vesta.core.audit;

import io.vesta.core.error.VestaException;
import io.vesta.core.id.Ref;
import java.math.BigDecimal;
import java.time.Instant;
import java.util.Objects;
import java.util.regex.Pattern;

/**
 * What a detail of an audit event may be. There is no text: an entry can never be erased, so
 * nothing that a person wrote or that describes a person may enter it.
 */
public sealed interface AuditValue {

  /**
   * A reference to a thing.
   *
   * @param ref the thing
   */
  record Reference(Ref ref) implements AuditValue {
    /** Checks presence. */
    public Reference {
      Objects.requireNonNull(ref, "ref");
    }
  }

  /**
   * One of a closed set of words.
   *
   * @param name the name of an enum constant
   */
  record Code(String name) implements AuditValue {

    private static final Pattern NAME = Pattern.compile("[A-Z][A-Z0-9_]{0,63}");

    /** Checks that it looks like the name of an enum constant. */
    public Code {
      Objects.requireNonNull(name, "name");
      if (!NAME.matcher(name).matches()) {
        throw VestaException.invalid(
            "audit code",
            "a text of " + name.length() + " characters outside the allowed form",
            "use the upper-case name of an enum constant");
      }
    }
  }

  /**
   * A number.
   *
   * @param value the number
   */
  record Amount(BigDecimal value) implements AuditValue {
    /** Checks presence. */
    public Amount {
      Objects.requireNonNull(value, "value");
    }
  }

  /**
   * A point in time.
   *
   * @param instant the time; kept to the millisecond
   */
  record At(Instant instant) implements AuditValue {
    /** Checks presence. */
    public At {
      Objects.requireNonNull(instant, "instant");
    }
  }

  /**
   * Yes or no.
   *
   * @param value which
   */
  record Flag(boolean value) implements AuditValue {}

  /**
   * A SHA-256 digest, such as of an approved envelope. The digested bytes must not be guessable
   * from a small set: an e-mail address's digest is the address.
   *
   * @param hex 64 lower-case hexadecimal digits
   */
  record Digest(String hex) implements AuditValue {

    private static final Pattern HEX = Pattern.compile("[0-9a-f]{64}");

    /** Checks the shape. */
    public Digest {
      Objects.requireNonNull(hex, "hex");
      if (!HEX.matcher(hex).matches()) {
        throw VestaException.invalid(
            "audit digest",
            "a text of " + hex.length() + " characters",
            "use 64 lower-case hexadecimal digits");
      }
    }
  }
}
