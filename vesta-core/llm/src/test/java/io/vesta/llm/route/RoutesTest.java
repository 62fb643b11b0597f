package io.vesta.llm.route;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.vesta.core.error.VestaException;
import io.vesta.llm.LlmError;
import java.util.List;
import org.junit.jupiter.api.Test;

class RoutesTest {

  /** One route; what is given replaces what it says. */
  private static String route(String id, String more) {
    return """
        {"id": "%s", "api": "OPENAI_CHAT", "endpoint": "https://api.openai.com/v1/chat",
         "model": "m-1", "region": "us", "dataClass": "CONFIDENTIAL", "credential": "openai",
         "tokensPerDay": 1000%s}"""
        .formatted(id, more);
  }

  private static String document(String... routes) {
    return "{\"hosts\": [\"api.openai.com\"], \"routes\": [" + String.join(", ", routes) + "]}";
  }

  private static String faults(String json) {
    VestaException refused =
        assertThrows(VestaException.class, () -> Routes.load(json, Environment.PRODUCTION));
    assertEquals(LlmError.ROUTES_INVALID, refused.code());
    return String.valueOf(refused.getMessage());
  }

  private static List<String> ids(List<Route> routes) {
    return routes.stream().map(Route::id).toList();
  }

  @Test
  void a_text_takes_the_first_route_for_its_class_and_that_routes_fall_backs() {
    Routes routes =
        Routes.load(
            document(
                route("public", "").replace("CONFIDENTIAL", "PUBLIC"),
                route("first", ", \"fallback\": \"third\""),
                route("second", ""),
                route("third", "").replace("CONFIDENTIAL", "RESTRICTED")),
            Environment.PRODUCTION);
    assertEquals(List.of("public"), ids(routes.chain(DataClass.PUBLIC)));
    assertEquals(List.of("first", "third"), ids(routes.chain(DataClass.INTERNAL)));
    assertEquals(List.of("third"), ids(routes.chain(DataClass.RESTRICTED)));
    assertEquals(4, routes.all().size());
  }

  @Test
  void every_byte_counts_for_what_is_approved() {
    String json = document(route("a", ""));
    assertEquals(
        Routes.load(json, Environment.PRODUCTION).digest(),
        Routes.load(json, Environment.PRODUCTION).digest());
    assertNotEquals(
        Routes.load(json, Environment.PRODUCTION).digest(),
        Routes.load(json + " ", Environment.PRODUCTION).digest());
  }

  @Test
  void all_faults_are_told_at_once_with_their_place() {
    String faults =
        faults(
            document(
                route("a", "").replace("api.openai.com", "api.evil.com"),
                route("a", "").replace("1000", "0"),
                route("b", "").replace("OPENAI_CHAT", "SOAP"),
                route("c", ", \"api_base\": \"http://localhost\""),
                route("d", ", \"fallback\": \"nowhere\""),
                "7"));
    for (String expected :
        List.of(
            "/routes/0/endpoint",
            "/routes/1/tokensPerDay",
            "/routes/2/api",
            "\"/routes/3\" has an unknown field of 8 characters",
            "d falls back on a route that is not there",
            "\"/routes/5\" must be an object")) {
      assertTrue(faults.contains(expected), expected + " in " + faults);
    }
  }

  /** Attack 44: a local model as the way out. */
  @Test
  void a_fall_back_is_checked_like_every_route_and_never_carries_less() {
    String local =
        route("local", "").replace("https://api.openai.com/v1/chat", "http://localhost:11434/v1");
    assertTrue(
        faults(document(route("a", ", \"fallback\": \"local\""), local))
            .contains("/routes/1/endpoint"));
    assertTrue(
        faults(
                document(
                    route("a", ", \"fallback\": \"b\""),
                    route("b", "").replace("CONFIDENTIAL", "PUBLIC")))
            .contains("for less than it may carry"));
    assertTrue(
        faults(document(route("a", ", \"fallback\": \"b\""), route("b", ", \"fallback\": \"a\"")))
            .contains("in a circle"));
    assertTrue(faults(document(route("a", ", \"fallback\": \"a\""))).contains("in a circle"));
  }

  @Test
  void nobody_finds_a_key_again_that_was_put_into_the_document() {
    String key = "sk-live-0123456789abcdef!";
    for (String json :
        List.of(
            document(route("a", "").replace("\"openai\"", "\"" + key + "\"")),
            document(route("a", ", \"" + key + "\": 1")),
            document(route("a", "").replace("https://api", "https://" + key + "@api")),
            "{\"hosts\": " + key,
            "{\"hosts\": [], \"hosts\": \"" + key + "\"}")) {
      assertFalse(faults(json).contains("sk-live"), json);
    }
  }

  @Test
  void what_is_no_document_is_refused() {
    for (String json :
        List.of("", "[]", "{}", "null", "{\"hosts\": [], \"routes\": []}", document() + "x")) {
      assertFalse(faults(json).isBlank());
    }
    assertTrue(faults(" ".repeat(300_000)).contains("longer than"));
  }
}
