package io.vesta.identity.token;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.time.Instant;
import java.util.Arrays;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;

/**
 * What a token says whose signature, issuer, audience and times were checked. Only verification
 * makes one. Immutable.
 */
public final class VerifiedToken {

  private final String issuer;
  private final String subject;
  private final Set<String> audience;
  private final Instant issuedAt;
  private final Instant expiresAt;
  private final ObjectNode claims;

  /** For the verifier: everything was checked. */
  VerifiedToken(
      String issuer,
      String subject,
      Set<String> audience,
      Instant issuedAt,
      Instant expiresAt,
      ObjectNode claims) {
    this.issuer = issuer;
    this.subject = subject;
    this.audience = Set.copyOf(audience);
    this.issuedAt = issuedAt;
    this.expiresAt = expiresAt;
    this.claims = claims;
  }

  /** Who issued it; never null. */
  public String issuer() {
    return issuer;
  }

  /** Whom it is about, unique within the issuer, compared character by character; never null. */
  public String subject() {
    return subject;
  }

  /** Whom it is for; never empty. */
  public Set<String> audience() {
    return audience;
  }

  /** When it was issued; never null. */
  public Instant issuedAt() {
    return issuedAt;
  }

  /** When it ends; never null. */
  public Instant expiresAt() {
    return expiresAt;
  }

  /** The scopes that it carries (RFC 9068 section 2.2.3); never null. */
  public Set<String> scopes() {
    return text("scope")
        .map(
            scope ->
                Arrays.stream(scope.split(" "))
                    .filter(each -> !each.isEmpty())
                    .collect(Collectors.toUnmodifiableSet()))
        .orElse(Set.of());
  }

  /** A claim that is a text; empty if it is missing or anything else. */
  public Optional<String> text(String claim) {
    return Optional.ofNullable(claims.get(claim)).map(JsonNode::textValue);
  }

  /**
   * The e-mail address, if the issuer says that it has verified it: the boolean, not a text that
   * reads so. It names nobody: addresses change hands, subjects do not.
   */
  public Optional<String> verifiedEmail() {
    return claims.path("email_verified").isBoolean() && claims.path("email_verified").booleanValue()
        ? text("email")
        : Optional.empty();
  }

  /** The issuer alone: what else is in it is about a person. */
  @Override
  public String toString() {
    return "VerifiedToken[" + issuer + "]";
  }
}
