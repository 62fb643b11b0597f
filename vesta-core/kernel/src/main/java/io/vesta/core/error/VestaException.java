package io.vesta.core.error;

import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * The root of everything that Vesta throws on purpose. The message starts with the stable code and
 * names the field, the shape of the value and the mend; it never holds a secret, a message body or
 * a person's data.
 */
public class VestaException extends RuntimeException {

  private static final long serialVersionUID = 1L;

  private final ErrorCode code;

  /**
   * @param code the stable code
   * @param message one sentence that names the field and the mend, without personal data
   * @param cause what lies beneath, or null
   */
  public VestaException(ErrorCode code, String message, @Nullable Throwable cause) {
    super(Objects.requireNonNull(code, "code").code() + ": " + message, cause);
    this.code = code;
  }

  /**
   * @param code the stable code
   * @param message one sentence that names the field and the mend, without personal data
   */
  public VestaException(ErrorCode code, String message) {
    this(code, message, null);
  }

  /** The stable code; never null. */
  public final ErrorCode code() {
    return code;
  }

  /**
   * An exception for an argument of the wrong shape.
   *
   * @param field the argument's name
   * @param shape what the value looks like, such as {@code "a text of 300 characters"}; never the
   *     value itself
   * @param mend what would be accepted
   */
  public static VestaException invalid(String field, String shape, String mend) {
    return new VestaException(CoreError.INPUT_INVALID, field + " is " + shape + "; " + mend);
  }
}
