package io.vesta.rbac.analysis;

import io.vesta.core.access.Action;
import io.vesta.core.access.Actor;
import io.vesta.core.access.Resource;
import io.vesta.rbac.decide.WhatIf;
import io.vesta.rbac.org.OrgSnapshot;
import io.vesta.rbac.policy.FieldRule.Level;
import io.vesta.rbac.policy.Policy;
import java.time.Instant;
import java.util.Objects;

/**
 * A situation in which a finding shows, to be replayed under any policy.
 *
 * @param organisation who works where
 * @param actor who acts
 * @param resource on what
 * @param time when
 */
public record Witness(OrgSnapshot organisation, Actor actor, Resource resource, Instant time) {

  /** Checks presence. */
  public Witness {
    Objects.requireNonNull(organisation, "organisation");
    Objects.requireNonNull(actor, "actor");
    Objects.requireNonNull(resource, "resource");
    Objects.requireNonNull(time, "time");
  }

  /** What a policy answers in this situation. */
  public boolean allows(Policy policy, Action action) {
    return whatIf(policy).allows(actor, action, resource);
  }

  /** How much of a field a policy shows in this situation. */
  public Level level(Policy policy, String field) {
    return whatIf(policy).levels(actor, resource).getOrDefault(field, Level.NONE);
  }

  private WhatIf whatIf(Policy policy) {
    return new WhatIf(policy, organisation, time);
  }
}
