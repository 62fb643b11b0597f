package io.vesta.core.error;

/** The kernel's error codes. */
public enum CoreError implements ErrorCode {
  /** A configuration key is missing, unknown or out of range. */
  CONFIG_INVALID("VESTA-CORE-001", Type.CONFIG),
  /** A port has no implementation. */
  PORT_MISSING("VESTA-CORE-002", Type.CONFIG),
  /** A plug-in was refused. */
  PLUGIN_REFUSED("VESTA-CORE-003", Type.CONFIG),
  /** The database refused or failed. */
  STORAGE_FAILED("VESTA-CORE-004", Type.EXTERNAL),
  /** The installed schema is not the one that this version needs. */
  SCHEMA_MISMATCH("VESTA-CORE-005", Type.CONFIG),
  /** An argument has the wrong shape. */
  INPUT_INVALID("VESTA-CORE-006", Type.USER),
  /** The authorizer said no. */
  ACCESS_DENIED("VESTA-CORE-007", Type.DENIED),
  /** A language model failed. */
  MODEL_FAILED("VESTA-CORE-008", Type.EXTERNAL),
  /** A host connection cannot be joined. */
  JOIN_REFUSED("VESTA-CORE-009", Type.USER),
  /** A secret is there and may not be used, or its source cannot be read. */
  SECRET_UNAVAILABLE("VESTA-CORE-010", Type.CONFIG);

  private final String code;
  private final Type type;

  CoreError(String code, Type type) {
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
