package io.vesta.rbac.authzen;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assumptions.assumeFalse;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.json.JsonMapper;
import io.vesta.core.error.VestaException;
import io.vesta.rbac.policy.Policy;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Instant;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.Iterator;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Objects;
import java.util.Set;
import java.util.function.UnaryOperator;
import org.junit.jupiter.api.Test;

class AuthZenTest {

  private static final JsonMapper JACKSON = JsonMapper.builder().build();
  private static final String RICK = "pid-rick";
  private static final String MORTY = "pid-morty";

  private final AuthZen todo = todo(resource("todo-data.json"));

  private static AuthZen todo(String data) {
    return new AuthZen(
        Policy.load(resource("todo-policy.json")),
        data,
        Clock.fixed(Instant.parse("2026-06-30T12:00:00Z"), ZoneOffset.UTC));
  }

  private static String resource(String name) {
    try (InputStream in = AuthZenTest.class.getResourceAsStream(name)) {
      return new String(Objects.requireNonNull(in, name).readAllBytes(), StandardCharsets.UTF_8);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private static JsonNode json(String text) {
    try {
      return JACKSON.readTree(text);
    } catch (JsonProcessingException e) {
      throw new IllegalStateException(e);
    }
  }

  private static String question(String subject, String action, String owner) {
    return """
        {"subject": {"type": "user", "id": "%s"}, "action": {"name": "%s"},
         "resource": {"type": "todo", "id": "t-9", "properties": {"ownerID": "%s"}}}
        """
        .formatted(subject, action, owner);
  }

  @Test
  void the_published_todo_decisions_are_ours() throws IOException {
    String vectors = System.getProperty("vesta.vectors", "");
    assumeFalse(vectors.isEmpty(), "-Dvesta.vectors names no folder");
    JsonNode published =
        json(
            Files.readString(
                Path.of(vectors, "authz/authzen/decisions-authorization-api-1_0-02.json")));
    // The five subjects appear in the scenario's own order; our data names them otherwise.
    Set<String> subjects = new LinkedHashSet<>();
    published
        .get("evaluation")
        .forEach(one -> subjects.add(one.at("/request/subject/id").asText()));
    assertEquals(5, subjects.size());
    Iterator<String> ids = subjects.iterator();
    String data = resource("todo-data.json");
    for (String member : List.of("rick", "morty", "summer", "beth", "jerry")) {
      data = data.replace("pid-" + member, ids.next());
    }
    AuthZen scenario = todo(data);
    int asked = 0;
    for (JsonNode one : published.get("evaluation")) {
      JsonNode answer = json(scenario.evaluation(one.get("request").toString()));
      assertEquals(
          one.get("expected"), answer.get("decision"), () -> one.get("request").toString());
      asked++;
    }
    for (JsonNode one : published.get("evaluations")) {
      JsonNode answer = json(scenario.evaluations(one.get("request").toString()));
      List<Boolean> decisions = new ArrayList<>();
      answer.get("evaluations").forEach(each -> decisions.add(each.get("decision").asBoolean()));
      List<Boolean> expected = new ArrayList<>();
      one.get("expected").forEach(each -> expected.add(each.get("decision").asBoolean()));
      assertEquals(expected, decisions, () -> one.get("request").toString());
      asked++;
    }
    assertEquals(43, asked);
  }

  @Test
  void an_owner_may_what_a_stranger_may_not() {
    String own = question(MORTY, "can_update_todo", "morty@the-citadel.com");
    String other = question(MORTY, "can_update_todo", "rick@the-citadel.com");
    assertTrue(json(todo.evaluation(own)).get("decision").asBoolean());
    JsonNode refused = json(todo.evaluation(other));
    assertFalse(refused.get("decision").asBoolean());
    assertEquals("OUT_OF_REACH", refused.at("/context/reason_user/en").asText());
    assertFalse(refused.at("/context/policy_version").asText().isEmpty());
  }

  @Test
  void whoever_and_whatever_is_unknown_is_refused_and_is_no_error() {
    for (String request :
        List.of(
            question("nobody", "can_read_todos", ""),
            question(RICK, "no_such_action", ""),
            question(RICK, "Not An Action", ""),
            question(RICK, "can_read_todos", "").replace("\"todo\"", "\"no such type\""))) {
      JsonNode answer = json(todo.evaluation(request));
      assertFalse(answer.get("decision").asBoolean(), request);
      assertFalse(answer.has("error"), request);
    }
  }

  @Test
  void what_is_no_request_is_an_error_of_the_sender() {
    for (String request :
        List.of(
            "",
            "[]",
            "{}",
            "nonsense",
            "{\"subject\": \"rick\"}",
            "{\"subject\": {\"type\": \"user\"}, \"action\": {\"name\": \"x\"}, \"resource\": {}}",
            question(RICK, "can_read_todos", "") + "{}")) {
      for (UnaryOperator<String> endpoint :
          List.<UnaryOperator<String>>of(
              todo::evaluation,
              todo::evaluations,
              todo::searchSubjects,
              todo::searchResources,
              todo::searchActions)) {
        assertEquals(400, json(endpoint.apply(request)).at("/error/status").asInt(), request);
      }
    }
  }

  private String many(String semantic) {
    return """
        {"subject": {"type": "user", "id": "%s"}, "action": {"name": "can_update_todo"},
         "options": {"evaluations_semantic": "%s"},
         "evaluations": [
          {"resource": {"type": "todo", "id": "1",
                        "properties": {"ownerID": "morty@the-citadel.com"}}},
          {"resource": {"type": "todo", "id": "2",
                        "properties": {"ownerID": "rick@the-citadel.com"}}},
          {"resource": {"type": "todo"}},
          {"action": {"name": "can_read_todos"}, "resource": {"type": "todo", "id": "3"}}]}
        """
        .formatted(MORTY, semantic);
  }

  private List<Boolean> decisions(String request) {
    List<Boolean> decisions = new ArrayList<>();
    json(todo.evaluations(request))
        .get("evaluations")
        .forEach(one -> decisions.add(one.get("decision").asBoolean()));
    return decisions;
  }

  @Test
  void many_questions_share_defaults_and_stop_where_they_are_told_to() {
    assertEquals(List.of(true, false, false, true), decisions(many("execute_all")));
    assertEquals(List.of(true, false), decisions(many("deny_on_first_deny")));
    assertEquals(List.of(true), decisions(many("permit_on_first_permit")));
    assertEquals(400, json(todo.evaluations(many("guess"))).at("/error/status").asInt());
    assertEquals(
        400,
        json(todo.evaluations(many("execute_all")))
            .at("/evaluations/2/context/error/status")
            .asInt());
    assertTrue(
        json(todo.evaluations(question(RICK, "can_read_todos", ""))).get("decision").asBoolean());
  }

  private static List<String> results(JsonNode answer, String field) {
    List<String> found = new ArrayList<>();
    answer.get("results").forEach(one -> found.add(one.get(field).asText()));
    return found;
  }

  @Test
  void the_searches_find_what_evaluation_allows() {
    String subjects =
        """
        {"subject": {"type": "user"}, "action": {"name": "can_update_todo"},
         "resource": {"type": "todo", "id": "stored-1"}}
        """;
    List<String> may = results(json(todo.searchSubjects(subjects)), "id");
    assertEquals(2, may.size());
    assertTrue(may.containsAll(List.of(RICK, MORTY)));
    String resources =
        """
        {"subject": {"type": "user", "id": "%s"}, "action": {"name": "can_update_todo"},
         "resource": {"type": "todo"}}
        """
            .formatted(MORTY);
    assertEquals(List.of("stored-1"), results(json(todo.searchResources(resources)), "id"));
    String actions =
        """
        {"subject": {"type": "user", "id": "%s"}, "resource": {"type": "todo", "id": "stored-1"}}
        """
            .formatted(MORTY);
    assertEquals(
        List.of("can_create_todo", "can_delete_todo", "can_read_todos", "can_update_todo"),
        results(json(todo.searchActions(actions)), "name"));
  }

  @Test
  void what_is_stored_of_a_resource_counts_more_than_what_a_request_says() {
    String claimed =
        """
        {"subject": {"type": "user", "id": "%s"}, "action": {"name": "can_update_todo"},
         "resource": {"type": "todo", "id": "stored-2",
                      "properties": {"ownerID": "morty@the-citadel.com"}}}
        """
            .formatted(MORTY);
    assertFalse(json(todo.evaluation(claimed)).get("decision").asBoolean());
  }

  @Test
  void pages_follow_each_other_and_a_token_fits_its_own_question_only() {
    String first =
        """
        {"subject": {"type": "user"}, "action": {"name": "can_read_todos"},
         "resource": {"type": "todo", "id": "stored-1"}, "page": {"limit": 2}}
        """;
    List<String> all = new ArrayList<>();
    String request = first;
    String token = "";
    do {
      JsonNode answer = json(todo.searchSubjects(request));
      all.addAll(results(answer, "id"));
      assertTrue(answer.get("results").size() <= 2);
      token = answer.at("/page/next_token").asText();
      request = first.replace("\"limit\": 2", "\"limit\": 2, \"token\": \"" + token + "\"");
    } while (!token.isEmpty());
    assertEquals(5, all.size());
    assertEquals(5, all.stream().distinct().count());
    String taken = json(todo.searchSubjects(first)).at("/page/next_token").asText();
    String elsewhere =
        first
            .replace("can_read_todos", "can_update_todo")
            .replace("\"limit\": 2", "\"token\": \"" + taken + "\"");
    assertEquals(400, json(todo.searchSubjects(elsewhere)).at("/error/status").asInt());
    String forged = first.replace("\"limit\": 2", "\"token\": \"%%%\"");
    assertEquals(400, json(todo.searchSubjects(forged)).at("/error/status").asInt());
  }

  @Test
  void data_of_another_shape_is_refused() {
    for (String data :
        List.of(
            "{}",
            "nonsense",
            "{\"brokerage\": \"b\", \"subjects\": [{\"type\": \"user\"}]}",
            "{\"brokerage\": \"b\", \"properties\": {\"colour\": \"c\"}}")) {
      assertThrows(
          VestaException.class,
          () -> new AuthZen(Policy.defaults(), data, Clock.systemUTC()),
          data);
    }
  }
}
