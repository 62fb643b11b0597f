package io.vesta.rbac.decide;

import io.vesta.core.access.Action;
import io.vesta.core.access.Actor;
import io.vesta.core.access.Resource;
import io.vesta.rbac.org.OrgSnapshot;
import io.vesta.rbac.policy.FieldRule.Level;
import io.vesta.rbac.policy.Policy;
import java.time.Clock;
import java.time.Instant;
import java.time.ZoneOffset;
import java.util.Map;

/**
 * What a policy would answer in a situation that somebody made up, emergencies included: for
 * analysis and for replaying its witnesses. It is no {@link io.vesta.core.access.Authorizer},
 * because nothing that it counts was approved or recorded. Immutable.
 */
public final class WhatIf {

  private final Guard guard;

  /**
   * @param policy what is allowed
   * @param organisation who works where; it may hold emergency grants
   * @param time when it is asked
   */
  public WhatIf(Policy policy, OrgSnapshot organisation, Instant time) {
    guard = Guard.unrecorded(policy, organisation, Clock.fixed(time, ZoneOffset.UTC));
  }

  /** Whether the act would be allowed. */
  public boolean allows(Actor actor, Action action, Resource resource) {
    return guard.allows(actor, action, resource);
  }

  /** How much of each field would be shown; what is not named is hidden. */
  public Map<String, Level> levels(Actor actor, Resource resource) {
    return guard.levels(actor, resource);
  }
}
