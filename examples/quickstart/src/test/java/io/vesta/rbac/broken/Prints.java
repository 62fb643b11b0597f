package io.vesta.rbac.broken;

/** A deliberate break. */
public final class Prints {
  void print() {
    System.out.println();
  }
}
