package io.vesta.llm;

import io.vesta.core.error.ErrorCode;

/** The error codes of vesta-llm. */
public enum LlmError implements ErrorCode {
  /** A route file cannot be loaded. */
  ROUTES_INVALID("VESTA-LLM-001", Type.CONFIG),
  /** Nobody approved the routes that production is to use. */
  ROUTES_NOT_APPROVED("VESTA-LLM-002", Type.CONFIG);

  private final String code;
  private final Type type;

  LlmError(String code, Type type) {
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
