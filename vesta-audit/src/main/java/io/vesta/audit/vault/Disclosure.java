package io.vesta.audit.vault;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.cfg.JsonNodeFeature;
import com.fasterxml.jackson.databind.json.JsonMapper;
import io.vesta.core.audit.Erasable;
import java.io.IOException;
import java.math.BigDecimal;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.Base64;
import java.util.List;
import java.util.Random;

/**
 * A detail and the salt that hides it, in the shape of SD-JWT (RFC 9901 section 4.2): base64url of
 * the JSON array of salt, name and value. Its digest stands in the entry: without the disclosure it
 * tells nothing, with it anybody can check that the value is the one that was recorded. Immutable.
 */
public final class Disclosure {

  private static final int SALT_BYTES = 16;
  private static final JsonMapper JSON =
      JsonMapper.builder()
          .enable(DeserializationFeature.USE_BIG_DECIMAL_FOR_FLOATS)
          .enable(DeserializationFeature.FAIL_ON_TRAILING_TOKENS)
          .disable(JsonNodeFeature.STRIP_TRAILING_BIGDECIMAL_ZEROES)
          .build();

  private final String text;
  private final String name;
  private final Object value;

  private Disclosure(String text, String name, Object value) {
    this.text = text;
    this.name = name;
    this.value = value;
  }

  /** Hides a detail under a fresh salt. */
  static Disclosure of(String name, Erasable<?> detail, Random random) {
    byte[] salt = new byte[SALT_BYTES];
    random.nextBytes(salt);
    try {
      byte[] json = JSON.writeValueAsBytes(List.of(base64(salt), name, detail.value()));
      return new Disclosure(base64(json), name, detail.value());
    } catch (JsonProcessingException e) {
      throw new IllegalStateException("texts, numbers and flags can be written", e);
    }
  }

  /**
   * Reads a disclosure.
   *
   * @throws IllegalArgumentException if it is none; the message shows nothing of it
   */
  public static Disclosure parse(String text) {
    try {
      JsonNode json = JSON.readTree(Base64.getUrlDecoder().decode(text));
      if (json != null && json.isArray() && json.size() == 3 && json.get(1).isTextual()) {
        return new Disclosure(text, json.get(1).textValue(), value(json.get(2)));
      }
    } catch (IOException e) {
      // Not passed on: its message quotes what it read.
    }
    throw new IllegalArgumentException("the text is no disclosure");
  }

  private static Object value(JsonNode json) {
    if (json.isTextual()) {
      return json.textValue();
    }
    if (json.isBoolean()) {
      return json.booleanValue();
    }
    if (json.isNumber()) {
      return json.decimalValue();
    }
    throw new IllegalArgumentException("the text is no disclosure");
  }

  /** The detail's name; never null. */
  public String name() {
    return name;
  }

  /** A {@link String}, {@link BigDecimal} or {@link Boolean}; never null. */
  public Object value() {
    return value;
  }

  /** What stands in the entry: base64url of the SHA-256 of {@link #text}. */
  public String digest() {
    try {
      MessageDigest sha256 = MessageDigest.getInstance("SHA-256");
      return base64(sha256.digest(text.getBytes(StandardCharsets.US_ASCII)));
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException("every Java platform has SHA-256", e);
    }
  }

  /** The whole, to be given to whoever may know the value. */
  public String text() {
    return text;
  }

  /** Nothing of the value. */
  @Override
  public String toString() {
    return "Disclosure[hidden]";
  }

  private static String base64(byte[] bytes) {
    return Base64.getUrlEncoder().withoutPadding().encodeToString(bytes);
  }
}
