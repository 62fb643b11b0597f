package io.vesta.rbac.policy;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class PolicyTest {

  private static final String GOOD =
      """
      {"policy": "p", "roles": ["AGENT"], "rules": [
        {"id": "a", "role": "AGENT", "resource": "Showing", "actions": ["read"], "scope": ["OWN"]}]}
      """;

  private static List<String> pointers(String json) {
    return assertThrows(PolicyInvalid.class, () -> Policy.load(json)).faults().stream()
        .map(PolicyInvalid.Fault::pointer)
        .toList();
  }

  @Test
  void the_shipped_policy_loads_under_every_preset_with_its_own_version() {
    for (ContactPrivacy privacy : ContactPrivacy.values()) {
      assertTrue(Policy.defaults(privacy).rules().size() > 90);
    }
    assertNotEquals(
        Policy.defaults().version(), Policy.defaults(ContactPrivacy.OPEN_ACCOUNT).version());
  }

  @Test
  void layout_and_order_of_keys_do_not_change_the_version_but_meaning_does() {
    String reordered =
        """
        {"rules":[{"scope":["OWN"],"actions":["read"],"resource":"Showing","role":"AGENT","id":"a"}],
         "roles":["AGENT"],"policy":"p"}
        """;
    assertEquals(Policy.load(GOOD).version(), Policy.load(reordered).version());
    assertNotEquals(
        Policy.load(GOOD).version(), Policy.load(GOOD.replace("OWN", "TEAM")).version());
  }

  @Test
  void every_fault_is_told_with_its_pointer() {
    assertEquals(
        List.of(
            "/colour",
            "/policy",
            "/bot/0",
            "/rules/0/hidden~1x",
            "/rules/0/actions",
            "/rules/0/role",
            "/rules/0/scope/0",
            "/rules/0/scope/2",
            "/rules/0/linkedToTransaction",
            "/rules/1/id",
            "/rules/1/resource",
            "/rules/1/ownership/0",
            "/rules/2"),
        pointers(
            """
            {"colour": 1, "roles": ["AGENT"], "bot": ["Draft"], "rules": [
              {"id": "a", "role": "BROKER", "resource": "Showing", "actions": [],
               "scope": ["ALL", "OWN", "OWN"], "linkedToTransaction": "yes", "hidden/x": 1},
              {"id": "a", "role": "AGENT", "resource": "a b", "actions": ["read"],
               "scope": ["OWN"], "ownership": ["NOBODY"]},
              7]}
            """));
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "[]|''",
        "nonsense|''",
        "{\"policy\":\"p\",\"policy\":\"q\",\"roles\":[\"A\"],\"rules\":[]}|''",
        "{\"policy\":\"p\",\"roles\":[\"A\"],\"rules\":[]} trailing|''",
        "{\"policy\":\"p\",\"roles\":[\"A\"],\"rules\":[]}|/rules",
        "{\"policy\":\"p\",\"roles\":[\"agent\"],\"rules\":[{}]}|/roles/0",
      })
  void what_is_no_policy_is_refused_where_it_goes_wrong(String json, String pointer) {
    assertEquals(pointer, pointers(json).get(0));
  }

  @Test
  void a_rule_that_can_allow_nothing_is_refused() {
    assertEquals(
        List.of("/rules/0/notOwn"),
        pointers(GOOD.replace("\"scope\"", "\"notOwn\": true, \"scope\"")));
  }

  @Test
  void an_expression_cannot_be_written() {
    assertEquals(
        List.of("/rules/0/when"),
        pointers(GOOD.replace("\"scope\"", "\"when\": \"row.owner == actor || true\", \"scope\"")));
  }
}
