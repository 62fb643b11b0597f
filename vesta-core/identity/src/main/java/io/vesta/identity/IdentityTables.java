package io.vesta.identity;

import io.vesta.core.storage.Schema;
import java.util.List;

/** The tables of vesta-identity. */
public final class IdentityTables {

  private IdentityTables() {}

  /** Their scripts, for the installer or a host's own tool. */
  public static Schema schema() {
    return new Schema("identity", IdentityTables.class, List.of("V1__identity.sql"));
  }
}
