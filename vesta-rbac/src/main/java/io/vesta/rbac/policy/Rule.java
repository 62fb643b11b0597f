package io.vesta.rbac.policy;

import io.vesta.core.access.Action;
import io.vesta.core.access.Capacity;
import io.vesta.core.access.Resource.Ownership;
import io.vesta.core.access.ResourceType;
import java.util.Set;

/**
 * One permission: whoever acts in the role may do the actions on records of the type that lie in
 * one of the scopes and meet every guard. There are no rules that forbid: what no rule allows is
 * denied.
 *
 * @param id unique in the policy; the reason of a decision that it allows
 * @param role the role that it is given to
 * @param type the type of record
 * @param actions what may be done; not empty
 * @param scopes where; a union, not empty
 * @param ownership guard: the record's ownership is one of these; empty for no guard
 * @param linked guard: the record is linked to a transaction
 * @param notOwn guard: the record belongs to somebody, and not to the member
 * @param createdDuringGrant guard: the record was made while the grant was live
 */
public record Rule(
    String id,
    Capacity role,
    ResourceType type,
    Set<Action> actions,
    Set<Scope> scopes,
    Set<Ownership> ownership,
    boolean linked,
    boolean notOwn,
    boolean createdDuringGrant) {

  /** Copies. */
  public Rule {
    actions = Set.copyOf(actions);
    scopes = Set.copyOf(scopes);
    ownership = Set.copyOf(ownership);
  }
}
