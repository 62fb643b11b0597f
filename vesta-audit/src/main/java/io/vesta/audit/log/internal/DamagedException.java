package io.vesta.audit.log.internal;

import io.vesta.core.error.VestaException;

/** Ends a batch that took entries of a log and then found that it must not be signed. */
public final class DamagedException extends VestaException {

  private static final long serialVersionUID = 1L;

  private final String brokerage;

  DamagedException(String brokerage, VestaException cause) {
    super(cause.code(), "a log is damaged", cause);
    this.brokerage = brokerage;
  }

  /** Whose log it is. */
  public String brokerage() {
    return brokerage;
  }
}
