package io.vesta.rbac.policy;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.json.JsonMapper;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import com.networknt.schema.JsonSchema;
import com.networknt.schema.JsonSchemaFactory;
import com.networknt.schema.SpecVersion;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.Random;
import org.junit.jupiter.api.Test;

/** The published schema and the loader refuse the same documents. */
class PolicySchemaTest {

  private static final JsonMapper JACKSON = JsonMapper.builder().build();
  private static final JsonSchema SCHEMA =
      JsonSchemaFactory.getInstance(SpecVersion.VersionFlag.V202012).getSchema(schema());

  /** What a schema cannot say: one place of the document against another. */
  private static final List<String> BEYOND_A_SCHEMA =
      List.of(
          "is used by an earlier rule",
          "not among /roles",
          "not among /options",
          "contradicts the scope OWN",
          "not classified for this type");

  private static String schema() {
    try (InputStream in = Policy.class.getResourceAsStream("policy.schema.json")) {
      return new String(Objects.requireNonNull(in).readAllBytes(), StandardCharsets.UTF_8);
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

  /** A small document that has a bit of everything. */
  private static final String EVERYTHING =
      """
      {"$schema": "policy.schema.json", "policy": "p", "roles": ["A", "B"], "supervisors": ["A"],
       "separate": [["A", "B"]], "options": ["X"], "bot": ["Showing.read"],
       "classes": {"Showing": {"note": "OTHER", "phone": "PHONE"}},
       "rules": [
        {"id": "a.b", "why": "w", "role": "A", "resource": "Showing", "actions": ["read", "update"],
         "scope": ["OWN", "TEAM"], "presets": ["OPEN_ACCOUNT"], "options": ["X"],
         "ownership": ["AGENT"], "status": ["Closed"], "linkedToTransaction": true,
         "routedToReview": false, "notOwn": true, "createdDuringGrant": true,
         "underDelegation": true, "barrier": true, "breakGlass": true},
        {"id": "c", "role": "B", "resource": "Showing", "actions": ["read"], "scope": ["GRANT"]}],
       "fields": [
        {"id": "f", "role": "A", "resource": "Showing", "fields": ["note"], "level": "MASKED",
         "scope": ["DEAL"], "forBots": true}]}
      """;

  private static List<PolicyInvalid.Fault> faults(String json) {
    try {
      Policy.load(json);
      return List.of();
    } catch (PolicyInvalid e) {
      return e.faults();
    }
  }

  private static void collect(JsonNode node, List<JsonNode> containers) {
    if (node.isContainerNode()) {
      containers.add(node);
      node.forEach(child -> collect(child, containers));
    }
  }

  private static JsonNode junk(Random random) {
    String[] junk = {
      "1",
      "true",
      "null",
      "\"\"",
      "\" \"",
      "\"x y\"",
      "\"OWN\"",
      "\"A\"",
      "\"read\"",
      "\"X\"",
      "\"Draft.send\"",
      "\"Policy.read\"",
      "\"Showing.read.x\"",
      "\"note\"",
      "\"a..b\"",
      "\"" + "l".repeat(129) + "\"",
      "[]",
      "{}",
      "[\"A\"]",
      "[\"A\", \"A\"]",
      "[1]",
      "[[\"A\"]]"
    };
    return json(junk[random.nextInt(junk.length)]);
  }

  private static void mutate(JsonNode document, Random random) {
    List<JsonNode> containers = new ArrayList<>();
    collect(document, containers);
    JsonNode at = containers.get(random.nextInt(containers.size()));
    if (at instanceof ObjectNode object) {
      List<String> keys = new ArrayList<>();
      object.fieldNames().forEachRemaining(keys::add);
      String key = keys.isEmpty() ? "x" : keys.get(random.nextInt(keys.size()));
      switch (random.nextInt(4)) {
        case 0 -> object.remove(key);
        case 1 -> object.set("extra", junk(random));
        default -> object.set(key, junk(random));
      }
    } else if (at instanceof ArrayNode array) {
      switch (random.nextInt(4)) {
        case 0 -> array.removeAll();
        case 1 -> array.add(array.isEmpty() ? junk(random) : array.get(0).deepCopy());
        case 2 -> array.add(junk(random));
        default -> {
          if (!array.isEmpty()) {
            array.set(random.nextInt(array.size()), junk(random));
          }
        }
      }
    }
  }

  @Test
  void the_shipped_policy_and_a_policy_with_everything_meet_the_schema() {
    assertEquals(0, SCHEMA.validate(json(Policy.defaultDocument())).size());
    assertEquals(0, SCHEMA.validate(json(EVERYTHING)).size());
    assertEquals(List.of(), faults(EVERYTHING));
  }

  @Test
  void the_schema_and_the_loader_refuse_the_same_of_many_broken_documents() {
    int refused = 0;
    int taken = 0;
    for (long seed = 0; seed < 4_000; seed++) {
      Random random = new Random(seed);
      JsonNode document = json(EVERYTHING);
      for (int i = 0; i <= random.nextInt(2); i++) {
        mutate(document, random);
      }
      boolean bySchema = !SCHEMA.validate(document).isEmpty();
      List<PolicyInvalid.Fault> faults = faults(document.toString());
      boolean byLoader =
          faults.stream()
              .anyMatch(fault -> BEYOND_A_SCHEMA.stream().noneMatch(fault.problem()::contains));
      assertEquals(
          bySchema,
          byLoader,
          () -> SCHEMA.validate(document) + " but " + faults + " on " + document);
      refused += bySchema ? 1 : 0;
      taken += faults.isEmpty() ? 1 : 0;
    }
    assertTrue(refused > 1_000 && taken > 50, refused + " refused, " + taken + " taken");
  }

  @Test
  void every_fault_points_at_a_place_that_exists_or_is_missing_in_one_that_does() {
    for (long seed = 0; seed < 2_000; seed++) {
      Random random = new Random(seed);
      JsonNode document = json(EVERYTHING);
      mutate(document, random);
      for (PolicyInvalid.Fault fault : faults(document.toString())) {
        String pointer = fault.pointer();
        String parent = pointer.isEmpty() ? "" : pointer.substring(0, pointer.lastIndexOf('/'));
        assertTrue(
            !document.at(pointer).isMissingNode() || document.at(parent).isContainerNode(),
            () -> fault + " on " + document);
      }
    }
  }
}
