package io.vesta.rbac;

import io.vesta.core.error.ErrorCode;

/** The error codes of vesta-rbac. */
public enum RbacError implements ErrorCode {
  /** A policy cannot be loaded. */
  POLICY_INVALID("VESTA-RBAC-001", Type.CONFIG),
  /** An organisation contradicts itself. */
  ORGANISATION_INVALID("VESTA-RBAC-002", Type.CONFIG),
  /** Two interpreters of one policy disagree. */
  INTERPRETERS_DIFFER("VESTA-RBAC-003", Type.INTEGRITY),
  /** The installed row-level security is not that of the policy that decides. */
  ROW_SECURITY_STALE("VESTA-RBAC-004", Type.CONFIG),
  /** The data behind an AuthZEN endpoint has another shape. */
  DIRECTORY_INVALID("VESTA-RBAC-005", Type.CONFIG),
  /** A method that requires a permission would run without being asked. */
  METHOD_UNGUARDED("VESTA-RBAC-006", Type.CONFIG);

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
