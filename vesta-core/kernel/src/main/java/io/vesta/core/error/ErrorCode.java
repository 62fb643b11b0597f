package io.vesta.core.error;

import java.io.Serializable;

/**
 * A stable code of one way to fail. Codes are kept over releases, so hosts may map and alarm on
 * them; messages are for people and may change. Each artifact has one enum that implements this
 * interface.
 */
public interface ErrorCode extends Serializable {

  /** Who can mend a failure. */
  enum Type {
    /** The caller's input or timing; a retry with other input can succeed. */
    USER,
    /** The caller lacks authority. */
    DENIED,
    /** The configuration or the installation. */
    CONFIG,
    /** A database, provider or file system outside Vesta. */
    EXTERNAL,
    /** A defect, or data that was tampered with. */
    INTEGRITY
  }

  /** The code, such as {@code VESTA-CORE-001}; never null, never reused. */
  String code();

  /** Who can mend it; never null. */
  Type type();
}
