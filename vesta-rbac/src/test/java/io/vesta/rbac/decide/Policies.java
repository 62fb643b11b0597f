package io.vesta.rbac.decide;

import io.vesta.core.access.Action;
import io.vesta.core.access.Capacity;
import io.vesta.core.access.Resource.Ownership;
import io.vesta.rbac.policy.Guards;
import io.vesta.rbac.policy.Policy;
import io.vesta.rbac.policy.Rule;
import io.vesta.rbac.policy.Scope;
import java.util.Collection;
import java.util.List;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.IntStream;

/** Policies made of rules, through the loader that hosts use. */
final class Policies {

  private Policies() {}

  static Policy of(Rule... rules) {
    return of(List.of(rules));
  }

  static Policy of(List<Rule> rules) {
    String roles =
        rules.stream()
            .map(rule -> quoted(rule.role().role()))
            .distinct()
            .collect(Collectors.joining(","));
    String list = rules.stream().map(Policies::json).collect(Collectors.joining(",\n"));
    // Who may delegate supervision need not be a role of any rule.
    String all = roles.contains("\"SUPERVISOR\"") ? roles : roles + ",\"SUPERVISOR\"";
    return Policy.load(
        "{\"policy\":\"test\",\"supervisors\":[\"SUPERVISOR\"],\"roles\":["
            + all
            + "],\"bot\":[\"Showing.read\",\"Showing.update\"],"
            + "\"classes\":{\"Showing\":{\"note\":\"OTHER\"}},\"rules\":["
            + list
            + "],\"fields\":["
            + IntStream.range(0, rules.size())
                .mapToObj(i -> field(rules.get(i), i))
                .collect(Collectors.joining(",\n"))
            + "]}");
  }

  static Rule rule(String id, Capacity role, Set<Scope> scopes, Guards guards) {
    return new Rule(id, role, World.SHOWING, World.READ, scopes, guards, false);
  }

  static Rule with(Rule rule, Set<Scope> scopes, Guards guards) {
    return new Rule(
        rule.id(), rule.role(), rule.type(), rule.actions(), scopes, guards, rule.breakGlass());
  }

  /** Shows a note wherever the rule allows something; every other one to bots only. */
  private static String field(Rule rule, int number) {
    String level = List.of("FULL", "EXISTS", "MASKED", "NONE").get(number % 4);
    return json(rule)
        .replace("{\"id\":\"", "{\"id\":\"f.")
        .replaceFirst("\"actions\":\\[[^]]*]", "\"fields\":[\"note\"],\"level\":\"" + level + "\"")
        .replaceFirst("}$", ",\"forBots\":" + (number % 2 == 1) + "}");
  }

  private static String json(Rule rule) {
    Guards guards = rule.guards();
    boolean contradicts = guards.notOwn() && rule.scopes().equals(Set.of(Scope.OWN));
    StringBuilder json = new StringBuilder("{\"id\":").append(quoted(rule.id()));
    json.append(",\"role\":").append(quoted(rule.role().role()));
    json.append(",\"resource\":").append(quoted(rule.type().name()));
    json.append(",\"actions\":").append(list(rule.actions().stream().map(Action::name).toList()));
    json.append(",\"scope\":").append(list(rule.scopes().stream().map(Scope::name).toList()));
    if (!guards.ownership().isEmpty()) {
      List<String> names = guards.ownership().stream().map(Ownership::name).toList();
      json.append(",\"ownership\":").append(list(names));
    }
    if (!guards.status().isEmpty()) {
      json.append(",\"status\":").append(list(guards.status()));
    }
    if (guards.routed() != null) {
      json.append(",\"routedToReview\":").append(guards.routed());
    }
    // The loader refuses a rule that can allow nothing; without the guard it allows the same as
    // SQL and memory must.
    json.append(",\"notOwn\":").append(guards.notOwn() && !contradicts);
    json.append(",\"linkedToTransaction\":").append(guards.linked());
    json.append(",\"createdDuringGrant\":").append(guards.duringGrant());
    json.append(",\"underDelegation\":").append(guards.delegated());
    json.append(",\"barrier\":").append(guards.barrier());
    json.append(",\"breakGlass\":").append(rule.breakGlass());
    return json.append("}").toString();
  }

  private static String list(Collection<String> words) {
    return words.stream().map(Policies::quoted).collect(Collectors.joining(",", "[", "]"));
  }

  private static String quoted(String word) {
    return "\"" + word + "\"";
  }
}
