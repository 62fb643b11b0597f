package io.vesta.rbac.decide;

import io.vesta.core.access.Action;
import io.vesta.core.access.Actor;
import io.vesta.core.access.Capacity;
import io.vesta.core.access.Resource;
import io.vesta.core.access.Resource.Ownership;
import io.vesta.core.access.ResourceType;
import io.vesta.core.id.MemberId;
import io.vesta.core.id.TeamId;
import io.vesta.rbac.decide.CompiledOrg.Held;
import io.vesta.rbac.decide.CompiledOrg.Person;
import io.vesta.rbac.decide.CompiledOrg.Stand;
import io.vesta.rbac.decide.CompiledOrg.Watch;
import io.vesta.rbac.policy.FieldRule;
import io.vesta.rbac.policy.FieldRule.Level;
import io.vesta.rbac.policy.Guards;
import io.vesta.rbac.policy.Permission;
import io.vesta.rbac.policy.Policy;
import io.vesta.rbac.policy.Rule;
import io.vesta.rbac.policy.Scope;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * The policy indexed for speed: the few rules of a role, type and action are found by one look-up,
 * and each is a bit set of scopes and its guards. Immutable; a decision allocates nothing.
 */
@SuppressWarnings("EnumOrdinal") // the bits are never stored or compared across versions
final class CompiledPolicy {

  private static final int OWN = 1 << Scope.OWN.ordinal();
  private static final int DEAL = 1 << Scope.DEAL.ordinal();
  private static final int TEAM = 1 << Scope.TEAM.ordinal();
  private static final int OFFICE = 1 << Scope.OFFICE.ordinal();
  private static final int BROKERAGE = 1 << Scope.BROKERAGE.ordinal();
  private static final int GRANT = 1 << Scope.GRANT.ordinal();

  /** A rule as bits; what every decision reads of it stands in fields of its own. */
  static final class Compiled {
    final Rule rule;
    final String id;
    final Capacity role;
    final boolean breakGlass;
    final Guards guards;
    final boolean guarded;
    private final int scopes;
    private final int ownerships;

    Compiled(Rule rule) {
      this.rule = rule;
      id = rule.id();
      role = rule.role();
      breakGlass = rule.breakGlass();
      guards = rule.guards();
      guarded = !guards.equals(Guards.NONE);
      scopes = rule.scopes().stream().mapToInt(scope -> 1 << scope.ordinal()).sum();
      ownerships = guards.ownership().stream().mapToInt(one -> 1 << one.ordinal()).sum();
    }

    /** Whether the guards that look at the record alone hold. */
    boolean admits(Resource r) {
      if (guards.linked() && !r.linkedToTransaction()) {
        return false;
      }
      Boolean routed = guards.routed();
      if (routed != null && !routed.equals(r.routedToReviewOrNull())) {
        return false;
      }
      if (ownerships != 0) {
        Ownership ownership = r.ownershipOrNull();
        if (ownership == null || (ownerships & 1 << ownership.ordinal()) == 0) {
          return false;
        }
      }
      String status = r.statusOrNull();
      return guards.status().isEmpty() || (status != null && guards.status().contains(status));
    }
  }

  /** A field rule as bits. */
  private record Shown(FieldRule rule, Compiled compiled) {}

  private final RuleTable rules;
  private final Map<Capacity, Map<ResourceType, List<Shown>>> fields = new HashMap<>();
  private final Map<ResourceType, Set<Action>> botMay = new HashMap<>();
  private final Set<Capacity> supervisors;

  CompiledPolicy(Policy policy) {
    supervisors = policy.supervisors();
    rules = new RuleTable(policy);
    for (FieldRule rule : policy.fieldRules()) {
      fields
          .computeIfAbsent(rule.rule().role(), role -> new HashMap<>())
          .computeIfAbsent(rule.rule().type(), type -> new ArrayList<>())
          .add(new Shown(rule, new Compiled(rule.rule())));
    }
    for (Permission permission : policy.botCapabilities()) {
      botMay.computeIfAbsent(permission.type(), type -> new HashSet<>()).add(permission.action());
    }
  }

  /** Whether a bot is held back whoever it acts for. */
  boolean holdsBack(Actor actor, Action action, ResourceType type) {
    if (actor.kind() != Actor.Kind.BOT) {
      return false;
    }
    Set<Action> may = botMay.get(type);
    return may == null || !may.contains(action);
  }

  Set<Capacity> supervisors() {
    return supervisors;
  }

  /** The rules that speak of an act, in the order of the policy. */
  Compiled[] rules(Capacity role, ResourceType type, Action action) {
    return rules.of(role, type, action);
  }

  /** How much the actor sees of each field of a record; what is not named is hidden. */
  Map<String, Level> levels(CompiledOrg org, long now, Actor actor, Resource r) {
    Capacity role = actor.capacityOrNull();
    Person me = person(org, actor, r);
    if (me == null || role == null || holdsBack(actor, Action.READ, r.type())) {
      return Map.of();
    }
    boolean bot = actor.kind() == Actor.Kind.BOT;
    Map<String, Level> levels = new HashMap<>();
    for (Shown shown : fields.getOrDefault(role, Map.of()).getOrDefault(r.type(), List.of())) {
      if (shown.rule().forBots() == bot
          && allows(shown.compiled(), me, now, actor, Action.READ, r)) {
        for (String field : shown.rule().fields()) {
          levels.merge(field, shown.rule().level(), (a, b) -> a.compareTo(b) > 0 ? a : b);
        }
      }
    }
    return levels;
  }

  /** The id of the rule that allows, or null. */
  @Nullable String allows(CompiledOrg org, long now, Actor actor, Action action, Resource r) {
    Person me = person(org, actor, r);
    Capacity role = actor.capacityOrNull();
    if (me == null || role == null || holdsBack(actor, action, r.type())) {
      return null;
    }
    for (Compiled rule : rules.of(role, r.type(), action)) {
      if (allows(rule, me, now, actor, action, r)) {
        return rule.id;
      }
    }
    return null;
  }

  /**
   * The actor as the organisation knows them, if they may do anything in the record's brokerage.
   */
  private static @Nullable Person person(CompiledOrg org, Actor actor, Resource r) {
    MemberId id = actor.memberOrNull();
    if (id == null || !actor.brokerage().equals(r.brokerage())) {
      return null;
    }
    Person me = org.person(id);
    return me == null || !me.active ? null : me;
  }

  /** Whether one rule allows, for the actor or for somebody for whom they stand in. */
  boolean allows(Compiled rule, Person me, long now, Actor actor, Action action, Resource r) {
    boolean bot = actor.kind() == Actor.Kind.BOT;
    if (rule.guarded && !(rule.admits(r) && meets(rule.guards, me, now, bot, r))) {
      return false;
    }
    if (allows(rule, me, true, now, bot, r)) {
      return true;
    }
    if (!bot && !rule.breakGlass && !rule.guards.delegated()) {
      for (Stand stand : me.stands) {
        if (stand.countsAt(now)
            && stand.lends(r, action)
            && allows(rule, stand.absent(), false, now, false, r)) {
          return true;
        }
      }
    }
    return false;
  }

  /** Whether the guards hold that look at the actor and the record. */
  private boolean meets(Guards guards, Person me, long now, boolean bot, Resource r) {
    if (guards.notOwn()) {
      MemberId owner = r.ownerOrNull();
      if (owner == null || owner.equals(me.id)) {
        return false;
      }
      if (!bot) {
        for (Stand stand : me.stands) {
          if (stand.countsAt(now) && stand.absent().id.equals(owner)) {
            return false;
          }
        }
      }
    }
    if (guards.barrier()
        && !Boolean.FALSE.equals(r.behindBarrierOrNull())
        && !r.participants().contains(me.id)) {
      return false;
    }
    return !guards.delegated() || supervises(me, now, r);
  }

  private boolean supervises(Person me, long now, Resource r) {
    for (Watch watch : me.watches) {
      if (watch.reach().holds(r) && watch.countsAt(now, supervisors)) {
        return true;
      }
    }
    return false;
  }

  /** Whether a rule allows under a grant of the principal. */
  private static boolean allows(
      Compiled rule, Person principal, boolean own, long now, boolean bot, Resource r) {
    int reached = -1;
    for (Held held : principal.grants) {
      if (!held.role().equals(rule.role)
          || !held.liveAt(now)
          || held.emergency() != rule.breakGlass
          || (held.emergency() && (bot || !own))) {
        continue;
      }
      if (reached < 0) {
        reached = reached(rule.scopes, principal, now, r);
      }
      boolean scoped =
          (rule.scopes & reached) != 0
              || ((rule.scopes & GRANT) != 0
                  && (held.reach().self ? owns(principal, now, r) : held.reach().holds(r)));
      if (scoped && (!rule.guards.duringGrant() || during(held, r))) {
        return true;
      }
    }
    return false;
  }

  /** Which of the wanted scopes hold the record, {@link Scope#GRANT} left aside. */
  private static int reached(int wanted, Person principal, long now, Resource r) {
    int reached = BROKERAGE;
    if ((wanted & OWN) != 0 && owns(principal, now, r)) {
      reached |= OWN;
    }
    if ((wanted & DEAL) != 0 && r.participants().contains(principal.id)) {
      reached |= DEAL;
    }
    if ((wanted & TEAM) != 0 && principal.sitsIn(r.teamOrNull(), now)) {
      reached |= TEAM;
    }
    if ((wanted & OFFICE) != 0 && principal.office.equals(r.officeOrNull())) {
      reached |= OFFICE;
    }
    return reached;
  }

  private static boolean owns(Person principal, long now, Resource r) {
    TeamId team = r.teamOrNull();
    return principal.id.equals(r.ownerOrNull())
        && (r.ownershipOrNull() != Ownership.TEAM || principal.sitsIn(team, now));
  }

  private static boolean during(Held held, Resource r) {
    Instant created = r.createdAtOrNull();
    return created != null && held.grant().liveAt(created);
  }
}
