package io.vesta.core.plugin;

import org.jdbi.v3.core.Jdbi;

/** A deliberate break. */
public final class UsesJdbi {
  Jdbi jdbi;
}
