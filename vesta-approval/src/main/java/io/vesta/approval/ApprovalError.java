package io.vesta.approval;

import io.vesta.core.error.ErrorCode;

/** The error codes of vesta-approval. */
public enum ApprovalError implements ErrorCode {
  /** What is stored of a draft cannot be what Vesta stored. */
  TAMPERED("VESTA-APPROVAL-001", Type.INTEGRITY),
  /** A rule pack cannot be loaded. */
  RULE_PACK_INVALID("VESTA-APPROVAL-002", Type.CONFIG),
  /** A sealing key cannot be used. */
  KEY_INVALID("VESTA-APPROVAL-003", Type.CONFIG),
  /** A permit was used twice, too late or for another channel. */
  PERMIT_REFUSED("VESTA-APPROVAL-004", Type.INTEGRITY);

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
