package io.vesta.audit.log.internal;

import io.vesta.audit.AuditError;
import io.vesta.core.error.VestaException;

/** Ends a batch that would sign a log of which the witnesses were not asked yet. */
public final class UnconfirmedException extends VestaException {

  private static final long serialVersionUID = 1L;

  private final String brokerage;

  UnconfirmedException(String brokerage) {
    super(AuditError.WITNESS_UNAVAILABLE, "the witnesses of a log were not asked yet");
    this.brokerage = brokerage;
  }

  /** Whose log it is. */
  public String brokerage() {
    return brokerage;
  }
}
