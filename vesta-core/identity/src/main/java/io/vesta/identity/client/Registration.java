package io.vesta.identity.client;

import java.net.URI;
import java.util.Objects;

/**
 * What a registration is used for: a place where people log in, or where they connect accounts.
 *
 * @param client our registration
 * @param redirect the host's address for this use's callbacks at this provider, and for nothing
 *     else
 */
public record Registration(Client client, URI redirect) {

  /** Checks presence. */
  public Registration {
    Objects.requireNonNull(client, "client");
    Objects.requireNonNull(redirect, "redirect");
  }
}
