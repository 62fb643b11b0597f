package io.vesta.identity.token.internal;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.vesta.core.error.VestaException;
import io.vesta.identity.IdentityError;
import io.vesta.identity.wire.internal.StrictJson;
import java.nio.charset.StandardCharsets;
import java.util.Base64;
import java.util.Iterator;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * A compact JWS (RFC 7515 section 7.1) that is written in the only way there is to write it, and
 * whose header asks for nothing; not yet verified. The gate before the cryptography: libraries take
 * stray characters, unused bits and headers that nobody needs.
 */
public final class Compact {

  /** The longest token that is looked at. */
  public static final int LONGEST = 16_384;

  private static final Set<String> ALLOWED = Set.of("alg", "kid", "typ", "x5t", "x5t#S256");
  private static final Set<String> REFERENCES = Set.of("jku", "x5u", "jwk", "x5c");

  private final String algorithm;
  private final @Nullable String keyId;
  private final @Nullable String type;
  private final byte[] signedBytes;
  private final byte[] payload;
  private final String signature;

  private Compact(
      String algorithm,
      @Nullable String keyId,
      @Nullable String type,
      byte[] signedBytes,
      byte[] payload,
      String signature) {
    this.algorithm = algorithm;
    this.keyId = keyId;
    this.type = type;
    this.signedBytes = signedBytes;
    this.payload = payload;
    this.signature = signature;
  }

  /**
   * Reads a token.
   *
   * @param algorithms what it may be signed with
   * @throws VestaException with the code of the first reason to refuse it
   */
  public static Compact parse(String token, Set<String> algorithms) {
    String[] parts = parts(token, 3);
    ObjectNode header =
        StrictJson.object(decode(parts[0]))
            .orElseThrow(() -> refused(IdentityError.TOKEN_JSON, "header is not a strict object"));
    checkNames(header);
    String algorithm = text(header, "alg");
    if (algorithm == null || !algorithms.contains(algorithm)) {
      throw refused(IdentityError.TOKEN_ALGORITHM, "algorithm is none that its issuer signs with");
    }
    String keyId = text(header, "kid");
    if (keyId != null && !plausible(keyId)) {
      throw refused(IdentityError.TOKEN_KEY_ID, "key id is not 1 to 256 printable characters");
    }
    if (parts[2].isEmpty()) {
      throw refused(IdentityError.TOKEN_SHAPE, "signature is missing");
    }
    decode(parts[2]);
    int end = parts[0].length() + 1 + parts[1].length();
    return new Compact(
        algorithm,
        keyId,
        text(header, "typ"),
        token.substring(0, end).getBytes(StandardCharsets.US_ASCII),
        decode(parts[1]),
        parts[2]);
  }

  /**
   * The parts of a compact serialization, each canonical base64url, the first not empty.
   *
   * @param count how many there must be
   * @throws VestaException if it is anything else
   */
  public static String[] parts(String token, int count) {
    if (token.length() > LONGEST) {
      throw refused(IdentityError.TOKEN_TOO_LONG, "length is more than " + LONGEST);
    }
    String[] parts = token.split("\\.", -1);
    if (parts.length != count || parts[0].isEmpty()) {
      throw refused(IdentityError.TOKEN_SHAPE, "form is not " + count + " parts joined by dots");
    }
    for (String part : parts) {
      requireCanonical(part);
    }
    return parts;
  }

  /** The bytes of a part that {@link #parts} gave. */
  public static byte[] decode(String part) {
    return Base64.getUrlDecoder().decode(part);
  }

  private static void requireCanonical(String part) {
    int last = 0;
    for (int i = 0; i < part.length(); i++) {
      last = value(part.charAt(i));
      if (last < 0) {
        throw refused(IdentityError.TOKEN_ENCODING, "encoding has a character outside base64url");
      }
    }
    int unused =
        switch (part.length() % 4) {
          case 2 -> last & 0xF;
          case 3 -> last & 0x3;
          case 1 -> 1;
          default -> 0;
        };
    if (unused != 0) {
      throw refused(IdentityError.TOKEN_ENCODING, "encoding has bits that mean nothing");
    }
  }

  private static int value(char c) {
    if (c >= 'A' && c <= 'Z') {
      return c - 'A';
    } else if (c >= 'a' && c <= 'z') {
      return c - 'a' + 26;
    } else if (c >= '0' && c <= '9') {
      return c - '0' + 52;
    }
    return c == '-' ? 62 : c == '_' ? 63 : -1;
  }

  private static void checkNames(ObjectNode header) {
    for (Iterator<String> names = header.fieldNames(); names.hasNext(); ) {
      String name = names.next();
      if (REFERENCES.contains(name)) {
        throw refused(IdentityError.TOKEN_KEY_REFERENCE, "header brings or names a key");
      } else if (name.equals("crit")) {
        throw refused(IdentityError.TOKEN_CRITICAL, "header asks for an extension");
      } else if (!ALLOWED.contains(name)) {
        throw refused(IdentityError.TOKEN_HEADER, "header has a parameter that is not allowed");
      }
    }
  }

  private static @Nullable String text(ObjectNode header, String name) {
    JsonNode value = header.get(name);
    if (value == null) {
      return null;
    }
    if (!value.isTextual()) {
      throw refused(
          name.equals("kid") ? IdentityError.TOKEN_KEY_ID : IdentityError.TOKEN_HEADER,
          "header has a parameter that is not a text");
    }
    return value.textValue();
  }

  private static boolean plausible(String keyId) {
    return !keyId.isEmpty()
        && keyId.length() <= 256
        && keyId.chars().allMatch(c -> c >= 0x20 && c < 0x7F);
  }

  /** The refusal of a token: which rule it broke, and nothing of it. */
  public static VestaException refused(IdentityError code, String what) {
    return new VestaException(code, "the token's " + what + "; ask its issuer for another");
  }

  /** What it is signed with; never null, one of those that were allowed. */
  public String algorithm() {
    return algorithm;
  }

  /** The key that it names, of printable ASCII; null if it names none. */
  public @Nullable String keyId() {
    return keyId;
  }

  /** What it says it is; null if it says nothing. */
  public @Nullable String type() {
    return type;
  }

  byte[] signedBytes() {
    return signedBytes;
  }

  /** What is signed, to be read after the signature was checked. */
  public byte[] payload() {
    return payload;
  }

  String signature() {
    return signature;
  }

  /** Says nothing of the token. */
  @Override
  public String toString() {
    return "Compact[" + algorithm + "]";
  }
}
