package io.vesta.identity.login;

import io.vesta.core.error.VestaException;
import io.vesta.identity.IdentityError;
import java.net.URLDecoder;
import java.nio.charset.StandardCharsets;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/**
 * The query with which a provider sends a browser back, as the host received it in a GET request.
 * Each parameter may be there once; a code that comes by another way is none.
 */
public final class Callback {

  private static final int LONGEST = 8_192;
  private static final Set<String> READ = Set.of("code", "state", "iss");
  private static final Set<String> FORBIDDEN =
      Set.of("access_token", "id_token", "token_type", "response", "refresh_token");

  private final Map<String, String> parameters;

  private Callback(Map<String, String> parameters) {
    this.parameters = parameters;
  }

  /**
   * Reads the raw query of the request.
   *
   * @param rawQuery what follows the question mark, not decoded
   * @throws VestaException with {@link IdentityError#CALLBACK_MALFORMED}
   */
  public static Callback get(String rawQuery) {
    if (rawQuery.length() > LONGEST) {
      throw malformed("is longer than " + LONGEST);
    }
    Map<String, String> parameters = new HashMap<>();
    for (String pair : rawQuery.split("&", -1)) {
      int equals = pair.indexOf('=');
      String name = decode(equals < 0 ? pair : pair.substring(0, equals));
      String value = decode(equals < 0 ? "" : pair.substring(equals + 1));
      if (READ.contains(name) && !value.chars().allMatch(c -> c > 0x20 && c < 0x7F)) {
        throw malformed("has a parameter that is not printable ASCII");
      }
      if (FORBIDDEN.contains(name) || name.endsWith("[]")) {
        throw malformed("has a parameter that the code flow does not have");
      }
      if (parameters.put(name, value) != null) {
        throw malformed("has a parameter twice");
      }
    }
    boolean code = !parameters.getOrDefault("code", "").isEmpty();
    boolean error = !parameters.getOrDefault("error", "").isEmpty();
    if (parameters.getOrDefault("state", "").isEmpty() || code == error) {
      throw malformed("needs a state and either a code or an error");
    }
    return new Callback(parameters);
  }

  private static String decode(String text) {
    try {
      return URLDecoder.decode(text, StandardCharsets.UTF_8);
    } catch (IllegalArgumentException e) {
      throw malformed("is not URL-encoded");
    }
  }

  private static VestaException malformed(String how) {
    return new VestaException(
        IdentityError.CALLBACK_MALFORMED, "the callback " + how + "; begin the login anew");
  }

  /** The state; never empty. */
  public String state() {
    return parameters.getOrDefault("state", "");
  }

  /** The code; empty if the provider sent an error. */
  public Optional<String> code() {
    return parameter("code");
  }

  /** Who says that it is answering (RFC 9207); empty if it does not say. */
  public Optional<String> issuer() {
    return parameter("iss");
  }

  private Optional<String> parameter(String name) {
    return Optional.ofNullable(parameters.get(name)).filter(value -> !value.isEmpty());
  }

  @Override
  public String toString() {
    return "Callback" + new java.util.TreeSet<>(parameters.keySet());
  }
}
