package io.vesta.rbac.decide;

import io.vesta.rbac.policy.Permission;
import io.vesta.rbac.policy.Rule;
import io.vesta.rbac.policy.Scope;
import java.util.List;
import java.util.function.Supplier;

/**
 * What the specification answers, with its grounds.
 *
 * @param allowed whether
 * @param reason the rule's id, or why there is none
 * @param sentence says so in English, when asked
 */
record Verdict(boolean allowed, String reason, Supplier<String> sentence) {

  static Verdict allowed(Rule rule, Permission permission) {
    return new Verdict(true, rule.id(), () -> "rule " + rule.id() + said(rule, permission));
  }

  static Verdict denied(String reason, String because) {
    return new Verdict(false, reason, () -> because);
  }

  /** Denied, and this rule came nearest. */
  static Verdict missed(Rule nearest, Permission permission, List<String> misses) {
    return new Verdict(
        false,
        misses.get(0),
        () ->
            "the nearest rule, "
                + nearest.id()
                + ","
                + said(nearest, permission)
                + ", and misses "
                + String.join(", ", misses));
  }

  String because() {
    return sentence.get();
  }

  private static String said(Rule rule, Permission permission) {
    List<String> where = rule.scopes().stream().sorted().map(Scope::phrase).toList();
    return " lets "
        + rule.role().role()
        + " "
        + permission.action().name()
        + " "
        + permission.type().name()
        + " "
        + String.join(" or ", where);
  }
}
