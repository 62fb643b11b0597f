package io.vesta.rbac;

import io.vesta.core.error.ErrorCode;

/** The error codes of vesta-rbac. */
public enum RbacError implements ErrorCode {
  /** A policy cannot be loaded. */
  POLICY_INVALID("VESTA-RBAC-001", Type.CONFIG),
  /** An organisation contradicts itself. */
  ORGANISATION_INVALID("VESTA-RBAC-002", Type.CONFIG);

  private final String code;
  private final Type type;

  RbacError(String code, Type type) {
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
