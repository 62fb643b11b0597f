package io.vesta.proof.signed.internal;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.core.StreamReadFeature;
import com.fasterxml.jackson.core.type.TypeReference;
import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.SerializationFeature;
import com.fasterxml.jackson.databind.json.JsonMapper;
import io.vesta.core.error.VestaException;
import io.vesta.proof.ProofError;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.Collection;
import java.util.Map;
import java.util.TreeMap;

/**
 * The canonical form of RFC 8785 (JCS) for what manifests hold: objects, lists, texts without
 * control characters, and whole numbers of at most 53 bits, which JCS writes as Jackson does. No
 * figure is ever a number here, since JCS would send it through a double.
 */
public final class Canonical {

  private static final long EXACT = (1L << 53) - 1;

  private static final JsonMapper MAPPER =
      JsonMapper.builder()
          .enable(SerializationFeature.ORDER_MAP_ENTRIES_BY_KEYS)
          .enable(StreamReadFeature.STRICT_DUPLICATE_DETECTION)
          .enable(DeserializationFeature.FAIL_ON_TRAILING_TOKENS)
          .build();

  private Canonical() {}

  /** The bytes of an object; texts, whole numbers, maps and lists only. */
  public static byte[] write(Map<String, ?> object) {
    require(object);
    try {
      return MAPPER.writeValueAsString(object).getBytes(StandardCharsets.UTF_8);
    } catch (JsonProcessingException e) {
      throw new IllegalStateException("maps, lists, texts and whole numbers can be written", e);
    }
  }

  /**
   * Reads an object.
   *
   * @throws VestaException with code {@code VESTA-PROOF-007} if the bytes are not the canonical
   *     form of one
   */
  public static Map<String, Object> read(byte[] bytes) {
    try {
      Map<String, Object> plain =
          MAPPER.readValue(bytes, new TypeReference<TreeMap<String, Object>>() {});
      if (Arrays.equals(write(plain), bytes)) {
        return plain;
      }
    } catch (IOException | IllegalArgumentException e) {
      throw new VestaException(ProofError.PACKAGE_INVALID, "the payload is no JSON object", e);
    }
    throw new VestaException(ProofError.PACKAGE_INVALID, "the payload is not in canonical form");
  }

  private static void require(Object value) {
    if (value instanceof Map<?, ?> map) {
      map.keySet().forEach(Canonical::require);
      map.values().forEach(Canonical::require);
    } else if (value instanceof Collection<?> list) {
      list.forEach(Canonical::require);
    } else if (value instanceof String text) {
      if (text.chars().anyMatch(c -> c < ' ')) {
        throw new IllegalArgumentException("a text with a control character");
      }
    } else if (!(value instanceof Integer || value instanceof Long)
        || Math.abs(((Number) value).longValue()) > EXACT) {
      throw new IllegalArgumentException("a value that has no one form");
    }
  }
}
