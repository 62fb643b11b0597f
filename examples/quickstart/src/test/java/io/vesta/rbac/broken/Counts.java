package io.vesta.rbac.broken;

/** A deliberate break. */
public final class Counts {
  static int count;
}
