package io.vesta.identity.login.internal;

import com.nimbusds.oauth2.sdk.AuthorizationCode;
import com.nimbusds.oauth2.sdk.AuthorizationCodeGrant;
import com.nimbusds.oauth2.sdk.ResponseType;
import com.nimbusds.oauth2.sdk.Scope;
import com.nimbusds.oauth2.sdk.id.ClientID;
import com.nimbusds.oauth2.sdk.id.State;
import com.nimbusds.oauth2.sdk.pkce.CodeChallengeMethod;
import com.nimbusds.oauth2.sdk.pkce.CodeVerifier;
import com.nimbusds.openid.connect.sdk.AuthenticationRequest;
import com.nimbusds.openid.connect.sdk.Nonce;
import io.vesta.core.config.VestaConfig;
import io.vesta.core.error.VestaException;
import io.vesta.core.id.MemberId;
import io.vesta.core.secret.Secret;
import io.vesta.core.storage.UnitOfWork;
import io.vesta.identity.IdentityError;
import io.vesta.identity.client.Client;
import io.vesta.identity.client.Registration;
import io.vesta.identity.client.internal.Granted;
import io.vesta.identity.client.internal.TokenEndpoint;
import io.vesta.identity.login.BrowserBinding;
import io.vesta.identity.login.Callback;
import io.vesta.identity.login.ReturnPath;
import io.vesta.identity.provider.Provider;
import io.vesta.identity.provider.internal.Discovery;
import io.vesta.identity.provider.internal.Metadata;
import io.vesta.identity.token.IdTokens;
import io.vesta.identity.token.VerifiedToken;
import io.vesta.identity.vault.internal.KeyRing;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.time.Duration;
import java.time.Instant;
import java.util.Base64;
import java.util.Set;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;

/**
 * The authorization code flow with PKCE (RFC 6749 section 4.1, RFC 7636), for logins and consents.
 * The state is random and stored as a digest; nonce and verifier are derived from it by a key, so
 * nothing in the database helps who reads it. Thread-safe.
 */
public final class CodeFlow {

  private static final Duration PATIENCE = Duration.ofMinutes(10);

  private final VestaConfig config;
  private final Discovery discovery;
  private final TokenEndpoint tokens;
  private final IdTokens idTokens;
  private final KeyRing ring;

  /** Of the given parts. */
  public CodeFlow(
      VestaConfig config,
      Discovery discovery,
      TokenEndpoint tokens,
      IdTokens idTokens,
      KeyRing ring) {
    this.config = config;
    this.discovery = discovery;
    this.tokens = tokens;
    this.idTokens = idTokens;
    this.ring = ring;
  }

  /**
   * What is begun.
   *
   * @param at at which provider, and where it sends the browser back
   * @param scopes what is asked for, openid among them
   * @param browser whose browser
   * @param returnTo where it goes in the end
   * @param member who connects an account; null for a login
   */
  public record Begin(
      Registration at,
      Set<String> scopes,
      BrowserBinding browser,
      ReturnPath returnTo,
      @Nullable MemberId member) {

    Pending.Kind kind() {
      return member == null ? Pending.Kind.LOGIN : Pending.Kind.CONSENT;
    }
  }

  /**
   * What came of it.
   *
   * @param pending what was begun
   * @param token who it was
   * @param granted what the provider granted
   */
  public record End(Pending pending, VerifiedToken token, Granted granted) {}

  /**
   * Begins a flow.
   *
   * @return where to send the browser
   * @throws VestaException if the provider cannot be used
   */
  public URI begin(Begin begin) {
    Client client = begin.at.client();
    Provider provider = client.provider();
    Metadata metadata = discovery.of(provider);
    byte[] random = new byte[32];
    config.random().nextBytes(random);
    String state = Base64.getUrlEncoder().withoutPadding().encodeToString(random);
    String keyId = ring.current();
    Instant now = config.clock().instant();
    config
        .database()
        .write(
            work -> {
              PendingFlows.purge(work, now);
              PendingFlows.add(
                  work,
                  state,
                  new Pending(
                      begin.kind(),
                      provider.id(),
                      client.id(),
                      keyId,
                      begin.browser.digest(),
                      begin.returnTo.path(),
                      begin.member,
                      begin.scopes,
                      now.plus(PATIENCE)));
              return state;
            });
    AuthenticationRequest.Builder request =
        new AuthenticationRequest.Builder(
                ResponseType.CODE,
                new Scope(new TreeSet<>(begin.scopes).toArray(String[]::new)),
                new ClientID(client.id()),
                begin.at.redirect())
            .endpointURI(metadata.authorization())
            .state(new State(state))
            .nonce(new Nonce(derived(keyId, "nonce:" + state)))
            .codeChallenge(verifier(keyId, state), CodeChallengeMethod.S256);
    if (begin.member != null) {
      provider.consentParameters().forEach(request::customParameter);
    }
    return request.build().toURI();
  }

  /**
   * Ends a flow with what the provider sent. The flow is used up before the provider is asked.
   *
   * @param kind which kind of flow the callback is for
   * @param at the registration whose redirect address was called
   * @throws VestaException with the reason to refuse it
   */
  public End complete(
      Pending.Kind kind, Registration at, BrowserBinding browser, Callback callback) {
    Client client = at.client();
    Pending pending = take(kind, client, browser, callback);
    Provider provider = client.provider();
    Metadata metadata = discovery.of(provider);
    requireIssuer(provider, metadata, callback);
    String code =
        callback
            .code()
            .orElseThrow(
                () ->
                    new VestaException(
                        IdentityError.PROVIDER_REFUSED,
                        "the provider or the person said no; begin anew if that was not meant"));
    TokenEndpoint.Answer answer =
        tokens.exchange(
            client,
            metadata,
            new AuthorizationCodeGrant(
                new AuthorizationCode(code),
                at.redirect(),
                verifier(pending.keyId(), callback.state())),
            Set.of());
    Granted granted = required(answer);
    Secret idToken = granted.idToken();
    if (idToken == null) {
      throw new VestaException(
          IdentityError.TOKEN_RESPONSE_INVALID, "the provider sent no ID token; ask for openid");
    }
    VerifiedToken token =
        idTokens.verify(
            provider,
            metadata.jwks(),
            TokenEndpoint.text(idToken),
            new IdTokens.Exchange(
                client.id(),
                derived(pending.keyId(), "nonce:" + callback.state()),
                code,
                TokenEndpoint.text(granted.tokens().access())));
    return new End(pending, token, granted);
  }

  /** Forgets what a member began and did not end. */
  public void forget(UnitOfWork work, MemberId member) {
    PendingFlows.forget(work, member);
  }

  private Pending take(
      Pending.Kind kind, Client client, BrowserBinding browser, Callback callback) {
    Instant now = config.clock().instant();
    return config
        .database()
        .write(
            work -> {
              Pending pending =
                  PendingFlows.find(work, callback.state())
                      .filter(flow -> flow.kind() == kind)
                      .filter(flow -> flow.provider().equals(client.provider().id()))
                      .filter(flow -> flow.client().equals(client.id()))
                      .orElseThrow(CodeFlow::unknown);
              if (!MessageDigest.isEqual(
                  pending.browser().getBytes(StandardCharsets.US_ASCII),
                  browser.digest().getBytes(StandardCharsets.US_ASCII))) {
                // Not used up: a stranger must not be able to end somebody's login.
                throw new VestaException(
                    IdentityError.LOGIN_OTHER_BROWSER,
                    "the callback is from another browser than began it; begin anew");
              }
              if (now.isAfter(pending.expiresAt())) {
                throw new VestaException(
                    IdentityError.LOGIN_EXPIRED, "the login took too long; begin anew");
              }
              if (!PendingFlows.take(work, callback.state())) {
                throw unknown();
              }
              return pending;
            });
  }

  /** RFC 9207 section 2.4: who always says who it is must say so, and rightly. */
  private static void requireIssuer(Provider provider, Metadata metadata, Callback callback) {
    String issuer = callback.issuer().orElse(null);
    if (issuer == null && metadata.namesItself()) {
      throw new VestaException(
          IdentityError.RESPONSE_ISSUER_MISSING,
          "the callback does not say which provider it is from; begin anew");
    }
    if (issuer != null && !issuer.equals(provider.issuer())) {
      throw new VestaException(
          IdentityError.RESPONSE_ISSUER_WRONG,
          "the callback is from another provider than the one that was asked; begin anew");
    }
  }

  private static Granted required(TokenEndpoint.Answer answer) {
    if (answer instanceof TokenEndpoint.Answer.Yes yes) {
      return yes.granted();
    }
    if (answer instanceof TokenEndpoint.Answer.GrantRefused) {
      throw new VestaException(
          IdentityError.GRANT_REFUSED, "the provider refused the code; begin anew");
    }
    if (answer instanceof TokenEndpoint.Answer.NotNow) {
      throw new VestaException(
          IdentityError.PROVIDER_UNAVAILABLE, "the provider is not available; try again later");
    }
    throw new VestaException(
        IdentityError.TOKEN_RESPONSE_INVALID,
        "the provider's answer did not come or is none; begin anew");
  }

  private static VestaException unknown() {
    return new VestaException(
        IdentityError.LOGIN_UNKNOWN, "no login waits for this callback; begin anew");
  }

  private CodeVerifier verifier(String keyId, String state) {
    return new CodeVerifier(derived(keyId, "verifier:" + state));
  }

  private String derived(String keyId, String text) {
    return Base64.getUrlEncoder().withoutPadding().encodeToString(ring.derive(keyId, text));
  }
}
