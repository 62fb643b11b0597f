package io.vesta.identity.client.internal;

import com.nimbusds.jose.JOSEException;
import com.nimbusds.jose.JWSAlgorithm;
import com.nimbusds.jose.jwk.ECKey;
import com.nimbusds.jose.jwk.JWK;
import com.nimbusds.jose.jwk.RSAKey;
import com.nimbusds.oauth2.sdk.AuthorizationGrant;
import com.nimbusds.oauth2.sdk.Scope;
import com.nimbusds.oauth2.sdk.TokenRequest;
import com.nimbusds.oauth2.sdk.TokenRevocationRequest;
import com.nimbusds.oauth2.sdk.auth.ClientAuthentication;
import com.nimbusds.oauth2.sdk.auth.ClientSecretBasic;
import com.nimbusds.oauth2.sdk.auth.JWTAuthenticationClaimsSet;
import com.nimbusds.oauth2.sdk.auth.PrivateKeyJWT;
import com.nimbusds.oauth2.sdk.http.HTTPRequest;
import com.nimbusds.oauth2.sdk.id.Audience;
import com.nimbusds.oauth2.sdk.id.ClientID;
import com.nimbusds.oauth2.sdk.id.JWTID;
import com.nimbusds.oauth2.sdk.token.RefreshToken;
import io.vesta.core.config.VestaConfig;
import io.vesta.core.error.VestaException;
import io.vesta.core.secret.Secret;
import io.vesta.identity.IdentityError;
import io.vesta.identity.client.Client;
import io.vesta.identity.client.ClientProof;
import io.vesta.identity.provider.internal.Metadata;
import io.vesta.identity.wire.internal.ProviderHttp;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.security.PrivateKey;
import java.text.ParseException;
import java.time.Duration;
import java.util.Date;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;

/** Asks token endpoints (RFC 6749) and revocation endpoints (RFC 7009). Thread-safe. */
public final class TokenEndpoint {

  private static final int LONGEST = 1 << 16;
  private static final Duration ASSERTION = Duration.ofSeconds(60);

  private final ProviderHttp http;
  private final VestaConfig config;

  /** Over the given wire; the client's secrets come from the configuration's source. */
  public TokenEndpoint(ProviderHttp http, VestaConfig config) {
    this.http = http;
    this.config = config;
  }

  /** How a request ended. */
  public sealed interface Answer {

    /**
     * With tokens.
     *
     * @param granted which
     */
    record Yes(Granted granted) implements Answer {}

    /** The code or refresh token is used, revoked or invented ({@code invalid_grant}). */
    record GrantRefused() implements Answer {}

    /** The provider did not act: it was not reached, is busy, or refused us and not the grant. */
    record NotNow() implements Answer {}

    /** Nobody knows whether the provider acted. */
    record Unknown() implements Answer {}
  }

  /** Exchanges a grant for tokens; it is sent at most once. */
  public Answer exchange(
      Client client, Metadata metadata, AuthorizationGrant grant, Set<String> scopes) {
    URI endpoint = metadata.token();
    Scope scope = scopes.isEmpty() ? null : new Scope(new TreeSet<>(scopes).toArray(String[]::new));
    ClientAuthentication proof = proof(client, endpoint);
    TokenRequest.Builder request =
        proof == null
            ? new TokenRequest.Builder(endpoint, new ClientID(client.id()), grant)
            : new TokenRequest.Builder(endpoint, proof, grant);
    return judge(post(endpoint, request.scope(scope).build().toHTTPRequest()));
  }

  /** Takes a refresh token back at the provider; whether the provider said that it did. */
  public boolean revoke(Client client, Metadata metadata, Secret refresh) {
    URI endpoint = metadata.revocation();
    if (endpoint == null) {
      return false;
    }
    RefreshToken token = new RefreshToken(text(refresh));
    ClientAuthentication proof = proof(client, endpoint);
    HTTPRequest request =
        proof == null
            ? new TokenRevocationRequest(endpoint, new ClientID(client.id()), token).toHTTPRequest()
            : new TokenRevocationRequest(endpoint, proof, token).toHTTPRequest();
    return post(endpoint, request) instanceof ProviderHttp.Answer.Replied replied
        && replied.status() == 200;
  }

  private ProviderHttp.Answer post(URI endpoint, HTTPRequest request) {
    Map<String, String> headers = new LinkedHashMap<>();
    String authorization = request.getAuthorization();
    if (authorization != null) {
      headers.put("Authorization", authorization);
    }
    String form = request.getBody();
    return http.post(endpoint, headers, form == null ? "" : form, LONGEST);
  }

  private static Answer judge(ProviderHttp.Answer answer) {
    if (answer instanceof ProviderHttp.Answer.NotSent) {
      return new Answer.NotNow();
    }
    if (!(answer instanceof ProviderHttp.Answer.Replied replied)) {
      return new Answer.Unknown();
    }
    if (replied.status() == 200) {
      return replied
          .object()
          .filter(object -> replied.json())
          .flatMap(Granted::read)
          .<Answer>map(Answer.Yes::new)
          .orElseGet(Answer.Unknown::new);
    }
    boolean refused =
        replied.status() == 400
            && replied
                .object()
                .filter(object -> object.path("error").asText().equals("invalid_grant"))
                .isPresent();
    return refused ? new Answer.GrantRefused() : new Answer.NotNow();
  }

  private @Nullable ClientAuthentication proof(Client client, URI endpoint) {
    ClientID id = new ClientID(client.id());
    if (client.proof() instanceof ClientProof.SharedSecret shared) {
      return new ClientSecretBasic(
          id, new com.nimbusds.oauth2.sdk.auth.Secret(text(config.secret(shared.secret()))));
    }
    if (client.proof() instanceof ClientProof.PrivateKey named) {
      return assertion(id, endpoint, named);
    }
    return null;
  }

  private ClientAuthentication assertion(ClientID id, URI endpoint, ClientProof.PrivateKey named) {
    try {
      JWK key = JWK.parse(text(config.secret(named.secret())));
      PrivateKey signing =
          key instanceof ECKey ec
              ? ec.toECPrivateKey()
              : key instanceof RSAKey rsa ? rsa.toRSAPrivateKey() : null;
      if (signing == null) {
        throw unusable(named, "is neither an EC nor an RSA key");
      }
      Date now = Date.from(config.clock().instant());
      return new PrivateKeyJWT(
          new JWTAuthenticationClaimsSet(
              id,
              List.of(new Audience(endpoint)),
              Date.from(config.clock().instant().plus(ASSERTION)),
              null,
              now,
              new JWTID(config.newId().toString())),
          JWSAlgorithm.parse(named.algorithm()),
          signing,
          key.getKeyID(),
          null);
    } catch (ParseException | JOSEException | IllegalArgumentException e) {
      // Not the cause: its message may quote the key.
      throw unusable(named, "is not a private JWK for " + named.algorithm());
    }
  }

  private static VestaException unusable(ClientProof.PrivateKey named, String how) {
    return new VestaException(
        IdentityError.CLIENT_PROOF_INVALID,
        "the secret " + named.secret() + " " + how + "; store the client's private key as a JWK");
  }

  /** The text of a secret, for the moment in which a request is written. */
  public static String text(Secret secret) {
    return new String(secret.reveal(), StandardCharsets.UTF_8);
  }
}
