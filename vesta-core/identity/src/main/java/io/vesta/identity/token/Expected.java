package io.vesta.identity.token;

import java.time.Duration;
import org.jspecify.annotations.Nullable;

/**
 * What a token must be.
 *
 * @param kind an ID token, or an access token of RFC 9068
 * @param issuer who must have issued it
 * @param audience whom it must be for: our client id, or our API's name
 * @param nonce the nonce of the login; null if the kind has none
 * @param skew how far the issuer's clock may be from ours
 * @param longest the longest life that is plausible
 */
record Expected(
    Kind kind,
    String issuer,
    String audience,
    @Nullable String nonce,
    Duration skew,
    Duration longest) {

  /** What kind of token. */
  enum Kind {
    /** OpenID Connect Core 1.0 section 2. */
    ID_TOKEN,
    /** RFC 9068 section 2.1; the type is what keeps ID tokens out. */
    ACCESS_TOKEN;

    boolean accepts(@Nullable String type) {
      return switch (this) {
        case ID_TOKEN -> type == null || type.equalsIgnoreCase("JWT");
        case ACCESS_TOKEN -> "at+jwt".equals(type) || "application/at+jwt".equals(type);
      };
    }
  }
}
