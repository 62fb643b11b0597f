package io.vesta.rbac.decide;

import io.vesta.core.access.Action;
import io.vesta.core.access.Resource.Ownership;
import io.vesta.rbac.policy.Policy;
import io.vesta.rbac.policy.Rule;
import io.vesta.rbac.policy.Scope;
import java.util.Arrays;
import java.util.Collection;
import java.util.stream.Collectors;

/** Policies made of rules, through the loader that hosts use. */
final class Policies {

  private Policies() {}

  static Policy of(Rule... rules) {
    String roles =
        Arrays.stream(rules)
            .map(rule -> quoted(rule.role().role()))
            .distinct()
            .collect(Collectors.joining(","));
    String list = Arrays.stream(rules).map(Policies::json).collect(Collectors.joining(",\n"));
    return Policy.load(
        "{\"policy\":\"test\",\"roles\":["
            + roles
            + "],\"bot\":[\"Showing.read\"],\"rules\":["
            + list
            + "]}");
  }

  private static String json(Rule rule) {
    boolean contradicts = rule.notOwn() && rule.scopes().equals(java.util.Set.of(Scope.OWN));
    return "{\"id\":"
        + quoted(rule.id())
        + ",\"role\":"
        + quoted(rule.role().role())
        + ",\"resource\":"
        + quoted(rule.type().name())
        + ",\"actions\":"
        + list(rule.actions().stream().map(Action::name).toList())
        + ",\"scope\":"
        + list(rule.scopes().stream().map(Scope::name).toList())
        + (rule.ownership().isEmpty()
            ? ""
            : ",\"ownership\":" + list(rule.ownership().stream().map(Ownership::name).toList()))
        + ",\"linkedToTransaction\":"
        + rule.linked()
        // The loader refuses a rule that can allow nothing; without the guard it allows the same as
        // SQL and memory must.
        + ",\"notOwn\":"
        + (rule.notOwn() && !contradicts)
        + ",\"createdDuringGrant\":"
        + rule.createdDuringGrant()
        + "}";
  }

  private static String list(Collection<String> words) {
    return words.stream().map(Policies::quoted).collect(Collectors.joining(",", "[", "]"));
  }

  private static String quoted(String word) {
    return "\"" + word + "\"";
  }
}
