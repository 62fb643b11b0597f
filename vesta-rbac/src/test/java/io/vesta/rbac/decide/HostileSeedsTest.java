package io.vesta.rbac.decide;

import static io.vesta.rbac.decide.World.NOW;
import static io.vesta.rbac.decide.World.ONE;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assumptions.assumeFalse;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.json.JsonMapper;
import io.vesta.core.access.Action;
import io.vesta.core.access.Actor;
import io.vesta.core.access.Capacity;
import io.vesta.core.error.VestaException;
import io.vesta.core.id.MemberId;
import io.vesta.core.id.OfficeId;
import io.vesta.rbac.org.OrgSnapshot;
import io.vesta.rbac.org.RoleGrant.Over;
import io.vesta.rbac.policy.Guards;
import io.vesta.rbac.policy.Policy;
import io.vesta.rbac.policy.PolicyInvalid;
import io.vesta.rbac.policy.Scope;
import io.vesta.testkit.Engine;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Instant;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.BitSet;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import java.util.TreeSet;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** The hostile rows and expressions on which query planners of others went wrong. */
class HostileSeedsTest {

  private static final JsonMapper JACKSON = JsonMapper.builder().build();

  private static Path conformance() {
    String vectors = System.getProperty("vesta.vectors", "");
    assumeFalse(vectors.isEmpty(), "-Dvesta.vectors names no folder");
    return Path.of(vectors, "authz/cerbos-query-plan-adapters/conformance");
  }

  private static void strings(JsonNode node, Set<String> into) {
    if (node.isTextual()) {
      into.add(node.textValue());
    }
    node.forEach(child -> strings(child, into));
  }

  @ParameterizedTest
  @EnumSource(Engine.class)
  void a_hostile_value_is_refused_as_a_key_or_found_by_itself_alone(Engine engine)
      throws IOException {
    Set<String> values = new TreeSet<>();
    for (String file : List.of("seeds.json", "derived-fields.json")) {
      JsonNode document = JACKSON.readTree(Files.readString(conformance().resolve(file)));
      strings(document.path("seeds"), values);
      strings(document.path("derived"), values);
    }
    Set<String> keys = new TreeSet<>();
    int refused = 0;
    for (String value : values) {
      for (String twin :
          new TreeSet<>(
              List.of(value, value.toUpperCase(Locale.ROOT), value.toLowerCase(Locale.ROOT)))) {
        try {
          keys.add(new MemberId(ONE, twin).key());
        } catch (VestaException e) {
          refused++;
        }
      }
    }
    assertTrue(keys.size() > 20 && refused > 20, keys.size() + " taken, " + refused + " refused");
    OrgSnapshot.Builder org = OrgSnapshot.builder();
    List<World.Row> rows = new ArrayList<>();
    rows.add(new World.Row(ONE, null, null, null, null, null, null, false, null));
    for (String key : keys) {
      MemberId member = new MemberId(ONE, key);
      org.member(member, new OfficeId(ONE, "o1"))
          .grant(member, Capacity.AGENT, new Over.Self(), Instant.EPOCH, Instant.MAX);
      rows.add(new World.Row(ONE, key, null, null, null, null, null, false, null));
    }
    Guard guard =
        new Guard(
            Policies.of(Policies.rule("r", Capacity.AGENT, Set.of(Scope.OWN), Guards.NONE)),
            org.build(),
            Clock.fixed(NOW, ZoneOffset.UTC));
    World world = World.on(engine).holding(rows);
    for (int i = 1; i < rows.size(); i++) {
      MemberId member = new MemberId(ONE, String.valueOf(rows.get(i).owner()));
      Actor actor = Actor.member(member, Capacity.AGENT);
      BitSet alone = new BitSet();
      alone.set(i);
      assertEquals(
          alone, world.matching(guard.filter(actor, Action.READ, World.COLUMNS)), member::key);
      for (int row = 0; row < rows.size(); row++) {
        assertEquals(row == i, guard.allows(actor, Action.READ, rows.get(row).resource(row)));
      }
    }
  }

  @Test
  void none_of_their_expressions_can_be_written_into_a_policy() throws IOException {
    JsonNode actions = JACKSON.readTree(Files.readString(conformance().resolve("actions.json")));
    int refused = 0;
    for (JsonNode action : actions.path("conformance")) {
      Path wire = conformance().resolve("wire-fixtures/" + action.asText() + ".json");
      if (!Files.exists(wire)) {
        continue;
      }
      String expression = JACKSON.readTree(Files.readString(wire)).toString();
      for (String field : List.of("condition", "when", "scope", "ownership", "notOwn")) {
        String policy =
            "{\"policy\":\"p\",\"roles\":[\"A\"],\"rules\":[{\"id\":\"a\",\"role\":\"A\","
                + "\"resource\":\"Showing\",\"actions\":[\"read\"],"
                + (field.equals("scope") ? "" : "\"scope\":[\"OWN\",\"TEAM\"],")
                + "\""
                + field
                + "\":"
                + expression
                + "}]}";
        try {
          Policy.load(policy);
        } catch (PolicyInvalid e) {
          refused++;
          assertEquals("/rules/0/" + field, e.faults().get(0).pointer());
          continue;
        }
        throw new AssertionError(action.asText() + " was loaded as " + field);
      }
    }
    assertTrue(refused > 500, "refused " + refused);
  }
}
