package io.vesta.rbac.broken;

import io.vesta.core.storage.internal.JdbcDatabase;

/** A deliberate break. */
public final class UsesInternal {
  JdbcDatabase database;
}
