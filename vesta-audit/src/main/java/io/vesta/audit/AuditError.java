package io.vesta.audit;

import io.vesta.core.error.ErrorCode;

/** The error codes of the audit log. */
public enum AuditError implements ErrorCode {
  /** An event cannot become an entry: too large, or a value outside what the format holds. */
  EVENT_REFUSED("VESTA-AUDIT-001", Type.USER),
  /** Stored bytes are no entry of version 1, or of another brokerage than their row says. */
  ENTRY_MALFORMED("VESTA-AUDIT-002", Type.INTEGRITY),
  /** The stored state of a log contradicts its own signed checkpoint. */
  LOG_DAMAGED("VESTA-AUDIT-003", Type.INTEGRITY),
  /** A log is shorter than it was, or was signed under another origin. */
  LOG_ROLLED_BACK("VESTA-AUDIT-004", Type.INTEGRITY),
  /** A row that was read is not what the tree holds at its index. */
  ENTRY_TAMPERED("VESTA-AUDIT-005", Type.INTEGRITY),
  /** A signing key cannot be used. */
  KEY_INVALID("VESTA-AUDIT-006", Type.CONFIG),
  /** An export directory cannot be written. */
  EXPORT_FAILED("VESTA-AUDIT-007", Type.EXTERNAL),
  /** Another sequencer changed the log meanwhile. */
  LEADERSHIP_LOST("VESTA-AUDIT-008", Type.EXTERNAL),
  /** The database refused or failed. */
  STORE_FAILED("VESTA-AUDIT-009", Type.EXTERNAL),
  /** An entry that waits has the id or the place of one that is in a log. */
  ENTRY_REPEATED("VESTA-AUDIT-010", Type.INTEGRITY),
  /** No witness answered, or none in a way that can be believed. */
  WITNESS_UNAVAILABLE("VESTA-AUDIT-011", Type.EXTERNAL),
  /** There is nothing to fork a log from. */
  FORK_REFUSED("VESTA-AUDIT-012", Type.USER),
  /** The vault has no usable key. */
  VAULT_KEY_INVALID("VESTA-AUDIT-013", Type.CONFIG),
  /** A kept value is not the one that was recorded. */
  VAULT_DAMAGED("VESTA-AUDIT-014", Type.INTEGRITY),
  /** A legal hold stands in the way of erasing or pruning. */
  HELD("VESTA-AUDIT-015", Type.USER);

  private final String code;
  private final Type type;

  AuditError(String code, Type type) {
    this.code = code;
    this.type = type;
  }

  @Override
  public String code() {
    return code;
  }

  @Override
  public Type type() {
    return type;
  }
}
