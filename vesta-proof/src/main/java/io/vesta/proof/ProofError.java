package io.vesta.proof;

import io.vesta.core.error.ErrorCode;

/** The error codes of the proof artifact. */
public enum ProofError implements ErrorCode {
  /** A spec says something that cannot be published. */
  SPEC_INVALID("VESTA-PROOF-001", Type.USER),
  /** The finished bytes hold something of the source that must not leave. */
  LEAK_FOUND("VESTA-PROOF-002", Type.INTEGRITY),
  /** The table was protected under weaker rules than the publisher's. */
  POLICY_DIFFERS("VESTA-PROOF-003", Type.CONFIG),
  /** Nobody who may has approved exactly these files as this release. */
  NOT_APPROVED("VESTA-PROOF-004", Type.DENIED),
  /** There is no such release. */
  UNKNOWN_RELEASE("VESTA-PROOF-005", Type.USER),
  /** Rows and rules give another package than was released. */
  RECOMPUTED_DIFFERS("VESTA-PROOF-006", Type.INTEGRITY),
  /** A signed package cannot be relied on. */
  PACKAGE_INVALID("VESTA-PROOF-007", Type.INTEGRITY),
  /** A source holds rows that its spec has no place for, or cannot group by it. */
  SOURCE_UNFIT("VESTA-PROOF-008", Type.USER),
  /** What a source tells of its rows does not add up. */
  SOURCE_CONTRADICTS("VESTA-PROOF-009", Type.INTEGRITY);

  private final String code;
  private final Type type;

  ProofError(String code, Type type) {
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
