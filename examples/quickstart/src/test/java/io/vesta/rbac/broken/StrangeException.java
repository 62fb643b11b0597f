package io.vesta.rbac.broken;

/** A deliberate break. */
public final class StrangeException extends RuntimeException {
  private static final long serialVersionUID = 1L;
}
