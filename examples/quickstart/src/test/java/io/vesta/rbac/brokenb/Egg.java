package io.vesta.rbac.brokenb;

import io.vesta.rbac.brokena.Hen;

/** A deliberate break. */
public final class Egg {
  public Hen hen;
}
