package io.vesta.core.access;

import io.vesta.core.error.CoreError;
import io.vesta.core.error.VestaException;

/**
 * An operation was attempted without authority. The reason is a stable code, fit for the person who
 * was refused.
 */
public final class AccessDeniedException extends VestaException {

  private static final long serialVersionUID = 1L;

  private final String reason;

  /**
   * @param reason a stable code such as {@code NO_GRANT}
   * @param message one sentence without personal data
   */
  public AccessDeniedException(String reason, String message) {
    super(CoreError.ACCESS_DENIED, reason + ": " + message);
    this.reason = reason;
  }

  /** The stable reason code; never null. */
  public String reason() {
    return reason;
  }
}
