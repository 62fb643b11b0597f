package io.vesta.rbac.policy;

import io.vesta.core.access.Action;
import io.vesta.core.access.Capacity;
import io.vesta.core.access.ResourceType;
import java.util.Objects;
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
 * @param guards what must be true of the record
 * @param breakGlass whether it counts under a break-glass grant only; other rules count under
 *     ordinary grants only
 */
public record Rule(
    String id,
    Capacity role,
    ResourceType type,
    Set<Action> actions,
    Set<Scope> scopes,
    Guards guards,
    boolean breakGlass) {

  /** Copies. */
  public Rule {
    Objects.requireNonNull(id, "id");
    Objects.requireNonNull(role, "role");
    Objects.requireNonNull(type, "type");
    Objects.requireNonNull(guards, "guards");
    actions = Set.copyOf(actions);
    scopes = Set.copyOf(scopes);
  }
}
