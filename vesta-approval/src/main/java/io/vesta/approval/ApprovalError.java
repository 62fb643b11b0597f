package io.vesta.approval;

import io.vesta.core.error.ErrorCode;

/** The error codes of vesta-approval. */
public enum ApprovalError implements ErrorCode {
  /** The draft cannot do what was asked in its state. */
  REFUSED("VESTA-APPROVAL-001", Type.USER),
  /** Stored bytes, approval and context do not belong together. */
  TAMPERED("VESTA-APPROVAL-002", Type.INTEGRITY),
  /** A rule pack cannot be loaded. */
  RULE_PACK_INVALID("VESTA-APPROVAL-003", Type.CONFIG);

  private final String code;
  private final Type type;

  ApprovalError(String code, Type type) {
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
