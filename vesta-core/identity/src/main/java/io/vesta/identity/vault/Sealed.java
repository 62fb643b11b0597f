package io.vesta.identity.vault;

import java.util.Objects;

/**
 * Tokens as the database holds them: a JWE that opens only with its key, for its account and as its
 * serial number.
 *
 * @param keyId the key that sealed it
 * @param serial which sealing of the account this is, 1 or more
 * @param jwe the compact serialization
 */
public record Sealed(String keyId, long serial, String jwe) {

  /** Checks presence. */
  public Sealed {
    Objects.requireNonNull(keyId, "keyId");
    Objects.requireNonNull(jwe, "jwe");
  }

  /** The key and the number. */
  @Override
  public String toString() {
    return "Sealed[" + keyId + " " + serial + "]";
  }
}
