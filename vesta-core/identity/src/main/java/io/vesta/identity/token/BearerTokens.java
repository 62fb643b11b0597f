package io.vesta.identity.token;

import com.fasterxml.jackson.databind.node.ObjectNode;
import io.vesta.core.error.VestaException;
import io.vesta.identity.IdentityError;
import io.vesta.identity.provider.Provider;
import io.vesta.identity.provider.internal.Discovery;
import io.vesta.identity.token.internal.Compact;
import io.vesta.identity.token.internal.KeyCache;
import java.time.Clock;
import java.time.Duration;
import java.util.Objects;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * Verifies access tokens that a host's callers bring (RFC 9068), for hosts whose login is done by
 * somebody else. The same checks as for an ID token, and a type that keeps ID tokens out.
 * Thread-safe.
 */
public final class BearerTokens {

  private static final Pattern HEADER = Pattern.compile("(?i:bearer) ([A-Za-z0-9._~+/=-]+)");
  private static final Duration LONGEST = Duration.ofDays(1);

  private final Provider provider;
  private final Expected expected;
  private final Discovery discovery;
  private final KeyCache keys;
  private final Clock clock;

  /**
   * @param provider who issues the tokens
   * @param audience the name of the host's API, which tokens must be for
   */
  public BearerTokens(
      Provider provider, String audience, Discovery discovery, KeyCache keys, Clock clock) {
    this.provider = Objects.requireNonNull(provider, "provider");
    this.expected =
        new Expected(
            Expected.Kind.ACCESS_TOKEN,
            provider.issuer(),
            Objects.requireNonNull(audience, "audience"),
            null,
            IdTokens.SKEW,
            LONGEST);
    this.discovery = discovery;
    this.keys = keys;
    this.clock = clock;
  }

  /**
   * Verifies the token of an {@code Authorization} header (RFC 6750 section 2.1).
   *
   * @param header the header's value, exactly one
   * @throws VestaException with the code of the first reason to refuse it
   */
  public VerifiedToken verifyHeader(String header) {
    Matcher bearer = HEADER.matcher(header);
    if (header.length() > Compact.LONGEST + 7 || !bearer.matches()) {
      throw new VestaException(
          IdentityError.BEARER_MALFORMED,
          "the authorization header is not one bearer token; send Bearer and the token");
    }
    return verify(bearer.group(1));
  }

  /**
   * Verifies a token.
   *
   * @throws VestaException with the code of the first reason to refuse it
   */
  public VerifiedToken verify(String token) {
    Compact compact = Compact.parse(token, provider.algorithms());
    ObjectNode claims = Signed.claims(compact, expected, keys, discovery.of(provider).jwks());
    return ClaimPolicy.check(claims, expected, clock.instant());
  }
}
