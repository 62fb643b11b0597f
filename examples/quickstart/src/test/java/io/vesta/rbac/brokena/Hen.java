package io.vesta.rbac.brokena;

import io.vesta.rbac.brokenb.Egg;

/** A deliberate break. */
public final class Hen {
  public Egg egg;
}
