package io.vesta.rbac.decide;

import io.vesta.core.access.Capacity;
import io.vesta.core.id.MemberId;
import java.util.List;
import java.util.Objects;

/**
 * Who may do an act on a record.
 *
 * @param holders the persons, ordered by key and role
 * @param complete whether these are all; false if the limit cut the list off
 * @param policyVersion the version of policy and organisation that answered
 */
public record Holders(List<Holder> holders, boolean complete, String policyVersion) {

  /** Copies. */
  public Holders {
    holders = List.copyOf(holders);
    Objects.requireNonNull(policyVersion, "policyVersion");
  }

  /**
   * One who may.
   *
   * @param member who
   * @param capacity in which capacity
   * @param rule the rule that allows
   */
  public record Holder(MemberId member, Capacity capacity, String rule) {

    /** Checks presence. */
    public Holder {
      Objects.requireNonNull(member, "member");
      Objects.requireNonNull(capacity, "capacity");
      Objects.requireNonNull(rule, "rule");
    }
  }
}
