package io.vesta.rbac.broken;

import io.vesta.audit.guice.AuditModule;

/** A deliberate break. */
public final class UsesAudit {
  AuditModule module;
}
