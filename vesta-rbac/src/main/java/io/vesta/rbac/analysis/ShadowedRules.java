package io.vesta.rbac.analysis;

import io.vesta.rbac.policy.Policy;
import io.vesta.rbac.policy.Rule;
import java.util.ArrayList;
import java.util.List;

/** Rules without which a policy would mean the same. */
public final class ShadowedRules {

  private ShadowedRules() {}

  /**
   * The ids of the rules that others make useless, in the order of the policy. Of two rules that
   * make each other useless both are told; taking one away makes the other needed.
   */
  public static List<String> of(Policy policy) {
    List<String> shadowed = new ArrayList<>();
    for (Rule rule : policy.rules()) {
      if (PolicyDiff.between(policy, policy.without(rule.id())).isEmpty()) {
        shadowed.add(rule.id());
      }
    }
    return shadowed;
  }
}
