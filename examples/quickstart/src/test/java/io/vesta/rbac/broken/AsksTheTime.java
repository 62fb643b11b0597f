package io.vesta.rbac.broken;

import java.time.Instant;

/** A deliberate break. */
public final class AsksTheTime {
  Instant now() {
    return Instant.now();
  }
}
