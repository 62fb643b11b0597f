package io.vesta.identity.client;

import io.vesta.core.error.VestaException;
import java.util.Objects;
import java.util.Set;

/**
 * How we prove to a provider who we are. Secrets are named here and fetched when they are needed.
 */
public sealed interface ClientProof {

  /** Not at all: a public client, whose codes PKCE alone protects. */
  record None() implements ClientProof {}

  /**
   * By a shared secret, sent as HTTP basic authentication of the client (RFC 6749 section 2.3.1).
   *
   * @param secret the name of the secret
   */
  record SharedSecret(String secret) implements ClientProof {
    /** Checks presence. */
    public SharedSecret {
      Objects.requireNonNull(secret, "secret");
    }
  }

  /**
   * By a signature ({@code private_key_jwt}, RFC 7523): the key never leaves us.
   *
   * @param secret the name of the secret that holds the private key as a JWK
   * @param algorithm ES256, RS256 or PS256
   */
  record PrivateKey(String secret, String algorithm) implements ClientProof {
    /** Checks presence and algorithm. */
    public PrivateKey {
      Objects.requireNonNull(secret, "secret");
      if (!Set.of("ES256", "RS256", "PS256").contains(algorithm)) {
        throw VestaException.invalid(
            "client key algorithm", "none that is supported", "use ES256, RS256 or PS256");
      }
    }
  }
}
