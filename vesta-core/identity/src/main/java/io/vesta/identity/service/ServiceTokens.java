package io.vesta.identity.service;

import com.nimbusds.oauth2.sdk.ClientCredentialsGrant;
import io.vesta.core.error.VestaException;
import io.vesta.identity.IdentityError;
import io.vesta.identity.account.AccessToken;
import io.vesta.identity.client.Client;
import io.vesta.identity.client.ClientProof;
import io.vesta.identity.client.internal.TokenEndpoint;
import io.vesta.identity.provider.internal.Discovery;
import java.util.Set;
import java.util.function.Function;

/**
 * Access from service to service, in our own name and nobody else's (RFC 6749 section 4.4). Each
 * use gets a token of its own, which is kept nowhere. Thread-safe.
 */
public final class ServiceTokens {

  private final Discovery discovery;
  private final TokenEndpoint tokens;

  /** Of the given parts; the module of vesta-identity makes it. */
  public ServiceTokens(Discovery discovery, TokenEndpoint tokens) {
    this.discovery = discovery;
    this.tokens = tokens;
  }

  /**
   * Gets a token and uses it.
   *
   * @param client our registration, which must prove who we are
   * @param scopes what for; not empty
   * @param use gets the token, which is overwritten afterwards; what it throws passes through
   * @throws VestaException with {@link IdentityError#PROVIDER_UNAVAILABLE} or {@link
   *     IdentityError#TOKEN_RESPONSE_INVALID} if there is none
   */
  public <T> T use(Client client, Set<String> scopes, Function<AccessToken, T> use) {
    if (client.proof() instanceof ClientProof.None || scopes.isEmpty()) {
      throw VestaException.invalid(
          "service client",
          "one without proof or scopes",
          "prove it by a key or a secret, and name what the token is for");
    }
    TokenEndpoint.Answer answer =
        tokens.exchange(
            client, discovery.of(client.provider()), new ClientCredentialsGrant(), scopes);
    if (answer instanceof TokenEndpoint.Answer.Yes yes) {
      try (AccessToken token = new AccessToken(yes.granted().tokens().access())) {
        return use.apply(token);
      }
    }
    throw answer instanceof TokenEndpoint.Answer.Unknown
        ? new VestaException(
            IdentityError.TOKEN_RESPONSE_INVALID,
            "the provider's answer did not come or is none; try again later")
        : new VestaException(
            IdentityError.PROVIDER_UNAVAILABLE,
            "the provider gives no token now; check our registration, or try again later");
  }
}
