package io.vesta.approval.lint;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.json.JsonMapper;
import io.vesta.core.error.VestaException;
import java.util.HashMap;
import java.util.Map;
import java.util.Objects;

/**
 * A text with what is known about it. Its {@code toString} tells sizes only.
 *
 * @param channel {@code EMAIL}, {@code SMS} or another channel's name
 * @param text the text exactly as it would leave
 * @param context what is known, by the keys that rule packs name, such as {@code jurisdiction}; an
 *     unknown fact is absent, and a rule that needs it takes its strictest branch and says so. The
 *     key {@code listing} holds the home's record as a JSON object with the names of the RESO Data
 *     Dictionary
 */
public record LintInput(String channel, String text, Map<String, String> context) {

  private static final JsonMapper MAPPER = new JsonMapper();

  /** Checks presence and copies. */
  public LintInput {
    Objects.requireNonNull(channel, "channel");
    Objects.requireNonNull(text, "text");
    context = Map.copyOf(context);
  }

  /**
   * Reads a context from a JSON object: texts as they are, everything else in its JSON spelling,
   * and nothing for null.
   *
   * @throws VestaException if it is no JSON object
   */
  public static Map<String, String> facts(String json) {
    JsonNode object;
    try {
      object = json.isEmpty() ? MAPPER.createObjectNode() : MAPPER.readTree(json);
    } catch (JsonProcessingException e) {
      object = MAPPER.missingNode();
    }
    if (!object.isObject()) {
      throw VestaException.invalid(
          "context", "a text of " + json.length() + " characters", "give a JSON object");
    }
    Map<String, String> facts = new HashMap<>();
    for (Map.Entry<String, JsonNode> fact : object.properties()) {
      JsonNode value = fact.getValue();
      if (!value.isNull()) {
        facts.put(fact.getKey(), value.isTextual() ? value.textValue() : value.toString());
      }
    }
    return Map.copyOf(facts);
  }

  /** Sizes only. */
  @Override
  public String toString() {
    return "LintInput[" + channel + ", " + text.length() + " characters, " + context.keySet() + "]";
  }
}
