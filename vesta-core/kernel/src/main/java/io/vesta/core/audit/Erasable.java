package io.vesta.core.audit;

import io.vesta.core.error.VestaException;
import io.vesta.core.id.Ref;
import java.math.BigDecimal;
import java.nio.charset.StandardCharsets;
import java.util.Objects;

/**
 * A value about a person that an audit event may carry, because it can be taken back: the log holds
 * only a salted digest of it, and the value itself lies elsewhere until its subject is erased.
 * Immutable; shows nothing of the value in texts.
 *
 * @param <T> {@link String}, {@link BigDecimal} or {@link Boolean}
 */
public final class Erasable<T> {

  private static final int LONGEST_TEXT = 16_384;
  private static final int MOST_DIGITS = 100;

  private final Ref subject;
  private final T value;

  private Erasable(Ref subject, T value) {
    this.subject = Objects.requireNonNull(subject, "subject");
    this.value = Objects.requireNonNull(value, "value");
  }

  /**
   * A text, such as a name or a reason that somebody wrote.
   *
   * @param subject whom it is about: with them it is erased
   * @param value at most 16,384 characters of well-formed Unicode
   */
  public static Erasable<String> text(Ref subject, String value) {
    if (value.length() > LONGEST_TEXT) {
      throw VestaException.invalid(
          "erasable text",
          "a text of " + value.length() + " characters",
          "keep it to " + LONGEST_TEXT);
    }
    if (!StandardCharsets.UTF_8.newEncoder().canEncode(value)) {
      throw VestaException.invalid(
          "erasable text", "a text with half of a surrogate pair", "give well-formed Unicode");
    }
    return new Erasable<>(subject, value);
  }

  /**
   * A number, such as an income.
   *
   * @param subject whom it is about: with them it is erased
   * @param value at most 100 digits before and after the point
   */
  public static Erasable<BigDecimal> number(Ref subject, BigDecimal value) {
    if (value.precision() > MOST_DIGITS || Math.abs((long) value.scale()) > MOST_DIGITS) {
      throw VestaException.invalid(
          "erasable number", "of more than " + MOST_DIGITS + " digits", "round it");
    }
    return new Erasable<>(subject, value);
  }

  /**
   * A yes or no, such as whether somebody is insolvent.
   *
   * @param subject whom it is about: with them it is erased
   * @param value which
   */
  public static Erasable<Boolean> flag(Ref subject, boolean value) {
    return new Erasable<>(subject, value);
  }

  /** Whom the value is about; never null. */
  public Ref subject() {
    return subject;
  }

  /** The value; never null. */
  public T value() {
    return value;
  }

  /** Nothing of the value. */
  @Override
  public String toString() {
    return "Erasable[" + subject.type() + "]";
  }
}
