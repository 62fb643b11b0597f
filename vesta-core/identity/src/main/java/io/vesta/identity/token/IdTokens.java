package io.vesta.identity.token;

import com.fasterxml.jackson.databind.node.ObjectNode;
import com.nimbusds.jose.JWSAlgorithm;
import com.nimbusds.oauth2.sdk.AuthorizationCode;
import com.nimbusds.oauth2.sdk.token.BearerAccessToken;
import com.nimbusds.openid.connect.sdk.claims.AccessTokenHash;
import com.nimbusds.openid.connect.sdk.claims.CodeHash;
import io.vesta.identity.IdentityError;
import io.vesta.identity.provider.Provider;
import io.vesta.identity.token.internal.Compact;
import io.vesta.identity.token.internal.KeyCache;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.time.Clock;
import java.time.Duration;

/**
 * Verifies ID tokens (OpenID Connect Core 1.0 section 3.1.3.7). Thread-safe.
 *
 * <p><b>Guarantees.</b> What comes back was signed by a key that the provider publishes, by an
 * algorithm that the provider is pinned to, for this client and this login, and lives for at most a
 * day. No address or key of the token's own is ever used.
 *
 * <p><b>Not guaranteed.</b> That the provider knew whom it was talking to.
 */
public final class IdTokens {

  static final Duration SKEW = Duration.ofSeconds(60);
  private static final Duration LONGEST = Duration.ofDays(1);

  private final KeyCache keys;
  private final Clock clock;

  /** Over the given keys, by the given clock. */
  public IdTokens(KeyCache keys, Clock clock) {
    this.keys = keys;
    this.clock = clock;
  }

  /**
   * What an ID token came with.
   *
   * @param clientId whom it must be for
   * @param nonce the nonce of the login
   * @param code the code that it was exchanged for
   * @param accessToken the access token that came with it
   */
  public record Exchange(String clientId, String nonce, String code, String accessToken) {
    @Override
    public String toString() {
      return "Exchange[" + clientId + "]";
    }
  }

  /**
   * Verifies one.
   *
   * @param provider who must have issued it
   * @param jwks where the provider publishes its keys
   * @throws io.vesta.core.error.VestaException with the code of the first reason to refuse it
   */
  public VerifiedToken verify(Provider provider, URI jwks, String token, Exchange exchange) {
    Expected expected =
        new Expected(
            Expected.Kind.ID_TOKEN,
            provider.issuer(),
            exchange.clientId,
            exchange.nonce,
            SKEW,
            LONGEST);
    Compact compact = Compact.parse(token, provider.algorithms());
    ObjectNode claims = Signed.claims(compact, expected, keys, jwks);
    VerifiedToken verified = ClaimPolicy.check(claims, expected, clock.instant());
    JWSAlgorithm algorithm = JWSAlgorithm.parse(compact.algorithm());
    requireHash(
        claims,
        "at_hash",
        AccessTokenHash.compute(new BearerAccessToken(exchange.accessToken), algorithm, null)
            .getValue());
    requireHash(
        claims,
        "c_hash",
        CodeHash.compute(new AuthorizationCode(exchange.code), algorithm, null).getValue());
    return verified;
  }

  /** In the code flow the hashes are optional; one that is there must be right. */
  private static void requireHash(ObjectNode claims, String name, String right) {
    if (claims.has(name)
        && !MessageDigest.isEqual(
            right.getBytes(StandardCharsets.US_ASCII),
            claims.path(name).asText().getBytes(StandardCharsets.UTF_8))) {
      throw Compact.refused(IdentityError.HASH_WRONG, "claim " + name + " is of something else");
    }
  }
}
