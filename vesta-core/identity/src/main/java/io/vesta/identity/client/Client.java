package io.vesta.identity.client;

import io.vesta.core.error.VestaException;
import io.vesta.identity.provider.Provider;
import java.util.Objects;

/**
 * Our registration at a provider.
 *
 * @param provider where
 * @param id the client id that it gave us
 * @param proof how we prove that we are it
 */
public record Client(Provider provider, String id, ClientProof proof) {

  /** Checks presence. */
  public Client {
    Objects.requireNonNull(provider, "provider");
    Objects.requireNonNull(proof, "proof");
    if (id.isBlank()) {
      throw VestaException.invalid("client id", "blank", "give the one that the provider issued");
    }
  }
}
