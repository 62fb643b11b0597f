package io.vesta.rbac.broken;

import com.google.inject.AbstractModule;

/** A deliberate break. */
public class UsesGuice extends AbstractModule {}
