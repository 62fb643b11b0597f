package io.vesta.identity.token;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.vesta.core.error.VestaException;
import io.vesta.identity.IdentityError;
import io.vesta.identity.token.internal.Compact;
import java.math.BigDecimal;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.time.Instant;
import java.util.LinkedHashSet;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * What the claims of a signed token must say (OpenID Connect Core 1.0 section 3.1.3.7, RFC 9068
 * section 4), more strictly than libraries ask: the authorized party, plausible times, and a
 * subject that looks like no other.
 */
final class ClaimPolicy {

  private static final BigDecimal LAST_SECOND = BigDecimal.valueOf(253_402_300_799L);
  private static final int LONGEST_SUBJECT = 255;
  private static final int MOST_AUDIENCES = 16;

  private ClaimPolicy() {}

  static VerifiedToken check(ObjectNode claims, Expected expected, Instant now) {
    String issuer = text(claims, "iss");
    if (!issuer.equals(expected.issuer())) {
      throw Compact.refused(IdentityError.ISSUER_WRONG, "issuer is another");
    }
    String subject = text(claims, "sub");
    if (subject.isEmpty()
        || subject.length() > LONGEST_SUBJECT
        || !subject.chars().allMatch(c -> c > 0x20 && c < 0x7F)) {
      throw Compact.refused(
          IdentityError.SUBJECT_INVALID, "subject is not 1 to 255 printable ASCII characters");
    }
    Set<String> audience = audience(claims, expected);
    party(claims, expected, audience);
    Instant issued = times(claims, expected, now);
    nonce(claims, expected);
    if (expected.kind() == Expected.Kind.ACCESS_TOKEN) {
      text(claims, "jti");
      text(claims, "client_id");
    }
    return new VerifiedToken(issuer, subject, audience, issued, time(claims, "exp"), claims);
  }

  private static Set<String> audience(ObjectNode claims, Expected expected) {
    JsonNode value = present(claims, "aud");
    Set<String> audience = new LinkedHashSet<>();
    if (value.isTextual()) {
      audience.add(value.textValue());
    } else if (value.isArray() && value.size() <= MOST_AUDIENCES) {
      for (JsonNode each : value) {
        if (!each.isTextual()) {
          throw type("aud");
        }
        audience.add(each.textValue());
      }
    } else {
      throw type("aud");
    }
    if (!audience.contains(expected.audience())) {
      throw Compact.refused(IdentityError.AUDIENCE_WRONG, "audience does not include us");
    }
    return audience;
  }

  /** OpenID Connect Core 1.0 section 3.1.3.7, points 4 and 5, as rules and not as advice. */
  private static void party(ObjectNode claims, Expected expected, Set<String> audience) {
    if (expected.kind() != Expected.Kind.ID_TOKEN) {
      return;
    }
    if (!claims.has("azp")) {
      if (audience.size() > 1) {
        throw Compact.refused(
            IdentityError.AUTHORIZED_PARTY_MISSING, "audience is several and azp is missing");
      }
    } else if (!text(claims, "azp").equals(expected.audience())) {
      throw Compact.refused(IdentityError.AUTHORIZED_PARTY_WRONG, "authorized party is another");
    }
  }

  private static Instant times(ObjectNode claims, Expected expected, Instant now) {
    Instant expiry = time(claims, "exp");
    Instant issued = time(claims, "iat");
    Instant latest = now.plus(expected.skew());
    Instant earliest = now.minus(expected.skew());
    if (!earliest.isBefore(expiry)) {
      throw Compact.refused(IdentityError.TOKEN_EXPIRED, "time is over");
    }
    if (expiry.isAfter(latest.plus(expected.longest()))) {
      throw Compact.refused(IdentityError.EXPIRY_IMPLAUSIBLE, "life is longer than plausible");
    }
    if (issued.isAfter(latest) || issued.isBefore(earliest.minus(expected.longest()))) {
      throw Compact.refused(
          IdentityError.ISSUED_AT_IMPLAUSIBLE, "time of issue is not in the plausible past");
    }
    if (claims.has("nbf") && time(claims, "nbf").isAfter(latest)) {
      throw Compact.refused(IdentityError.TOKEN_NOT_YET_VALID, "time has not begun");
    }
    return issued;
  }

  private static void nonce(ObjectNode claims, Expected expected) {
    String wanted = expected.nonce();
    if (wanted == null) {
      return;
    }
    JsonNode given = claims.get("nonce");
    if (given == null
        || !given.isTextual()
        || !MessageDigest.isEqual(
            given.textValue().getBytes(StandardCharsets.UTF_8),
            wanted.getBytes(StandardCharsets.UTF_8))) {
      throw Compact.refused(IdentityError.NONCE_WRONG, "nonce is not this login's");
    }
  }

  private static Instant time(ObjectNode claims, String name) {
    JsonNode value = present(claims, name);
    if (!value.isNumber()) {
      throw type(name);
    }
    BigDecimal seconds = value.decimalValue();
    // Compared before it is converted: 1e999999999 would take all memory there is.
    if (seconds.signum() < 0 || seconds.compareTo(LAST_SECOND) > 0) {
      throw Compact.refused(
          name.equals("exp")
              ? IdentityError.EXPIRY_IMPLAUSIBLE
              : IdentityError.ISSUED_AT_IMPLAUSIBLE,
          "claim " + name + " is no time of ours");
    }
    return Instant.ofEpochSecond(seconds.longValue());
  }

  private static String text(ObjectNode claims, String name) {
    JsonNode value = present(claims, name);
    String text = value.textValue();
    if (text == null) {
      throw type(name);
    }
    return text;
  }

  private static JsonNode present(ObjectNode claims, String name) {
    @Nullable JsonNode value = claims.get(name);
    if (value == null || value.isNull()) {
      throw Compact.refused(IdentityError.CLAIM_MISSING, "claim " + name + " is missing");
    }
    return value;
  }

  private static VestaException type(String name) {
    return Compact.refused(IdentityError.CLAIM_TYPE, "claim " + name + " is of the wrong type");
  }
}
