package io.vesta.identity.client.internal;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.vesta.core.secret.Secret;
import io.vesta.identity.vault.internal.TokenVault;
import java.time.Duration;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;

/**
 * What a token endpoint granted (RFC 6749 section 5.1).
 *
 * @param tokens access and refresh token
 * @param lifetime how long the access token is taken to live
 * @param scopes what it is for; null if the provider says nothing, which means what was asked for
 * @param idToken the ID token, unverified; null if there is none
 */
public record Granted(
    TokenVault.Tokens tokens,
    Duration lifetime,
    @Nullable Set<String> scopes,
    @Nullable Secret idToken) {

  private static final Duration UNTOLD = Duration.ofMinutes(5);
  private static final Duration LONGEST = Duration.ofDays(1);

  /** Reads an answer strictly; empty if it is not one that can be used. */
  static Optional<Granted> read(ObjectNode answer) {
    Secret access = token(answer.get("access_token"));
    String type = answer.path("token_type").textValue();
    if (access == null || type == null || !type.equalsIgnoreCase("bearer")) {
      return Optional.empty();
    }
    Secret refresh = token(answer.get("refresh_token"));
    if (refresh == null && answer.hasNonNull("refresh_token")) {
      return Optional.empty();
    }
    JsonNode idToken = answer.get("id_token");
    return Optional.of(
        new Granted(
            new TokenVault.Tokens(access, refresh),
            lifetime(answer.path("expires_in")),
            scopes(answer.path("scope")),
            idToken == null || !idToken.isTextual() || idToken.textValue().isEmpty()
                ? null
                : Secret.of(idToken.textValue())));
  }

  private static @Nullable Secret token(@Nullable JsonNode node) {
    String text = node == null ? null : node.textValue();
    return text != null
            && !text.isEmpty()
            && text.length() <= TokenVault.LONGEST
            && text.chars().allMatch(c -> c > 0x20 && c < 0x7F)
        ? Secret.of(text)
        : null;
  }

  /** Some providers write the number as a text; whatever else is odd is taken for a short life. */
  private static Duration lifetime(JsonNode node) {
    String digits = node.asText();
    if (!digits.matches("[0-9]{1,9}")) {
      return UNTOLD;
    }
    Duration told = Duration.ofSeconds(Long.parseLong(digits));
    if (told.isZero()) {
      return UNTOLD;
    }
    return told.compareTo(LONGEST) > 0 ? LONGEST : told;
  }

  /** The standard has a text; some send an array. */
  private static @Nullable Set<String> scopes(JsonNode node) {
    Set<String> scopes = new TreeSet<>();
    if (node.isTextual()) {
      for (String scope : node.textValue().split(" ", -1)) {
        if (!scope.isEmpty()) {
          scopes.add(scope);
        }
      }
    } else if (node.isArray()) {
      node.forEach(each -> scopes.add(each.asText()));
    } else {
      return null;
    }
    return scopes;
  }

  @Override
  public String toString() {
    return "Granted[" + lifetime + "]";
  }
}
