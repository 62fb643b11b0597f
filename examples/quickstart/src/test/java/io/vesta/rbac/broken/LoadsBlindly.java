package io.vesta.rbac.broken;

import java.util.ServiceLoader;

/** A deliberate break. */
public final class LoadsBlindly {
  ServiceLoader<Runnable> load() {
    return ServiceLoader.load(Runnable.class);
  }
}
