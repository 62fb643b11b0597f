package io.vesta.posture;

import io.vesta.core.error.ErrorCode;

/** The error codes of vesta-posture. */
public enum PostureError implements ErrorCode {
  /** A sign-off cannot be set up: a family without a required check, or a name twice. */
  SIGNOFF_INVALID("VESTA-POSTURE-001", Type.CONFIG),
  /** A signed sign-off does not let this artifact go here and now. */
  SIGNOFF_REFUSED("VESTA-POSTURE-002", Type.DENIED);

  private final String code;
  private final Type type;

  PostureError(String code, Type type) {
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
