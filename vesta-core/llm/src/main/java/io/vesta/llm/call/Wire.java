package io.vesta.llm.call;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.core.StreamReadConstraints;
import com.fasterxml.jackson.core.StreamReadFeature;
import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.json.JsonMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.vesta.core.llm.Completion;
import io.vesta.core.llm.Completion.Finish;
import io.vesta.core.llm.Prompt;
import io.vesta.core.secret.Secret;
import io.vesta.llm.call.CallFailed.Fault;
import io.vesta.llm.route.Api;
import io.vesta.llm.route.Route;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.Locale;
import java.util.Map;

/** How a provider is asked and how its answer is read. It has no tools to offer and reads none. */
enum Wire {
  /** Chat completions. */
  CHAT {
    @Override
    Map<String, String> headers(String key) {
      return Map.of("Authorization", "Bearer " + key);
    }

    @Override
    ObjectNode body(Route route, Prompt prompt) {
      ObjectNode body = MAPPER.createObjectNode().put("model", route.model());
      var messages = body.putArray("messages");
      messages.addObject().put("role", "system").put("content", prompt.system());
      prompt.turns().forEach(turn -> messages.addObject().setAll(message(turn)));
      return body.put("max_completion_tokens", prompt.maxOutputTokens())
          .put("temperature", prompt.temperature())
          .put("stream", false);
    }

    @Override
    Completion read(JsonNode answer) {
      JsonNode choice = answer.path("choices").path(0);
      JsonNode message = choice.path("message");
      boolean plain = message.path("tool_calls").isEmpty() && message.path("refusal").isEmpty();
      Finish finish =
          switch (choice.path("finish_reason").asText()) {
            case "stop" -> plain ? Finish.STOP : Finish.OTHER;
            case "length" -> Finish.LENGTH;
            case "content_filter" -> Finish.CONTENT_FILTER;
            default -> Finish.OTHER;
          };
      return completion(
          answer,
          required(message.path("content")),
          finish,
          usage(answer, "prompt_tokens", "completion_tokens"));
    }
  },
  /** Messages. */
  MESSAGES {
    @Override
    Map<String, String> headers(String key) {
      return Map.of("x-api-key", key, "anthropic-version", "2023-06-01");
    }

    @Override
    ObjectNode body(Route route, Prompt prompt) {
      ObjectNode body = MAPPER.createObjectNode().put("model", route.model());
      var messages = body.put("system", prompt.system()).putArray("messages");
      prompt.turns().forEach(turn -> messages.addObject().setAll(message(turn)));
      // This API's scale ends at 1, where the port's ends at 2.
      return body.put("max_tokens", prompt.maxOutputTokens())
          .put("temperature", Math.min(prompt.temperature(), 1.0));
    }

    @Override
    Completion read(JsonNode answer) {
      StringBuilder text = new StringBuilder();
      boolean plain = true;
      for (JsonNode block : answer.path("content")) {
        if (block.path("type").asText().equals("text")) {
          text.append(required(block.path("text")));
        } else {
          plain = false;
        }
      }
      Finish finish =
          switch (answer.path("stop_reason").asText()) {
            case "end_turn", "stop_sequence" -> plain ? Finish.STOP : Finish.OTHER;
            case "max_tokens" -> Finish.LENGTH;
            case "refusal" -> Finish.CONTENT_FILTER;
            default -> Finish.OTHER;
          };
      return completion(
          answer, text.toString(), finish, usage(answer, "input_tokens", "output_tokens"));
    }
  };

  private static final JsonMapper MAPPER =
      JsonMapper.builder(
              JsonFactory.builder()
                  .streamReadConstraints(
                      StreamReadConstraints.builder()
                          .maxNestingDepth(32)
                          .maxNumberLength(32)
                          .maxStringLength(Transport.MOST_BYTES)
                          .build())
                  .build())
          .enable(StreamReadFeature.STRICT_DUPLICATE_DETECTION)
          .enable(DeserializationFeature.FAIL_ON_TRAILING_TOKENS)
          .build();

  private static final int LONGEST_NAME = 128;

  static Wire of(Api api) {
    return switch (api) {
      case OPENAI_CHAT -> CHAT;
      case ANTHROPIC_MESSAGES -> MESSAGES;
    };
  }

  /** The headers that carry a credential. */
  abstract Map<String, String> headers(String key);

  abstract ObjectNode body(Route route, Prompt prompt);

  abstract Completion read(JsonNode answer);

  /** The headers that carry a credential; refused if it would break out of one. */
  Map<String, String> headers(Secret secret) {
    String key = new String(secret.reveal(), StandardCharsets.ISO_8859_1);
    if (key.chars().anyMatch(c -> c <= ' ' || c >= 127)) {
      throw new CallFailed(Fault.CREDENTIAL);
    }
    return headers(key);
  }

  byte[] request(Route route, Prompt prompt) {
    try {
      return MAPPER.writeValueAsBytes(body(route, prompt));
    } catch (JsonProcessingException e) {
      throw new AssertionError("a tree of texts and numbers is JSON", e);
    }
  }

  /**
   * Reads an answer.
   *
   * @throws CallFailed if it has another form, or comes from a local model's program
   */
  Completion answer(byte[] bytes, boolean production) {
    try {
      JsonNode answer = MAPPER.readTree(bytes);
      String fingerprint = answer.path("system_fingerprint").asText().toLowerCase(Locale.ROOT);
      if (production && fingerprint.contains("ollama")) {
        throw new CallFailed(Fault.LOCAL_MODEL);
      }
      return read(answer);
    } catch (IOException e) {
      throw new CallFailed(Fault.MALFORMED);
    }
  }

  private static ObjectNode message(Prompt.Turn turn) {
    return MAPPER
        .createObjectNode()
        .put("role", turn.role().name().toLowerCase(Locale.ROOT))
        .put("content", turn.text());
  }

  private static String required(JsonNode text) {
    if (!text.isTextual()) {
      throw new CallFailed(Fault.MALFORMED);
    }
    return text.asText();
  }

  private static Completion completion(
      JsonNode answer, String text, Finish finish, Completion.Usage usage) {
    String model = answer.path("model").asText();
    String name = model.isBlank() ? "unnamed" : model;
    return new Completion(
        text, finish, usage, name.substring(0, Math.min(name.length(), LONGEST_NAME)));
  }

  private static Completion.Usage usage(JsonNode answer, String read, String written) {
    JsonNode usage = answer.path("usage");
    return new Completion.Usage(tokens(usage.path(read)), tokens(usage.path(written)));
  }

  private static int tokens(JsonNode count) {
    return count.isIntegralNumber() && count.canConvertToInt() && count.asInt() >= 0
        ? count.asInt()
        : -1;
  }
}
