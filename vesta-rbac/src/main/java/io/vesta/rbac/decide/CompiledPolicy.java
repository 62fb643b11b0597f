package io.vesta.rbac.decide;

import io.vesta.core.access.Action;
import io.vesta.core.access.Actor;
import io.vesta.core.access.Capacity;
import io.vesta.core.access.Resource;
import io.vesta.core.access.ResourceType;
import io.vesta.core.id.MemberId;
import io.vesta.rbac.org.OrgSnapshot;
import io.vesta.rbac.org.OrgSnapshot.Membership;
import io.vesta.rbac.org.RoleGrant;
import io.vesta.rbac.org.RoleGrant.Over;
import io.vesta.rbac.policy.Policy;
import io.vesta.rbac.policy.Policy.BotCapability;
import io.vesta.rbac.policy.Rule;
import io.vesta.rbac.policy.Scope;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * The policy indexed for speed: the few rules of a role, type and action are found by one look-up,
 * and each is a bit set of scopes and its guards. Immutable.
 */
@SuppressWarnings("EnumOrdinal") // the bits are never stored or compared across versions
final class CompiledPolicy {

  private record Key(Capacity role, ResourceType type, Action action) {}

  private static final int OWN = 1 << Scope.OWN.ordinal();
  private static final int DEAL = 1 << Scope.DEAL.ordinal();
  private static final int TEAM = 1 << Scope.TEAM.ordinal();
  private static final int OFFICE = 1 << Scope.OFFICE.ordinal();
  private static final int BROKERAGE = 1 << Scope.BROKERAGE.ordinal();
  private static final int GRANT = 1 << Scope.GRANT.ordinal();

  /** A rule as bits. */
  private record Compiled(Rule rule, int scopes, int ownerships) {

    static Compiled of(Rule rule) {
      int scopes = rule.scopes().stream().mapToInt(scope -> 1 << scope.ordinal()).sum();
      int ownerships = rule.ownership().stream().mapToInt(one -> 1 << one.ordinal()).sum();
      return new Compiled(rule, scopes, ownerships);
    }
  }

  private final Policy policy;
  private final Map<Key, Compiled[]> index;

  CompiledPolicy(Policy policy) {
    this.policy = policy;
    Map<Key, List<Compiled>> lists = new HashMap<>();
    for (Rule rule : policy.rules()) {
      for (Action action : rule.actions()) {
        lists
            .computeIfAbsent(new Key(rule.role(), rule.type(), action), key -> new ArrayList<>())
            .add(Compiled.of(rule));
      }
    }
    index = new HashMap<>();
    lists.forEach((key, list) -> index.put(key, list.toArray(Compiled[]::new)));
  }

  /** Whether a bot is held back whoever it acts for. */
  boolean holdsBack(Actor actor, Action action, ResourceType type) {
    return actor.kind() == Actor.Kind.BOT
        && !policy.botCapabilities().contains(new BotCapability(type, action));
  }

  /** The rules that speak of an act, in the order of the policy. */
  List<Rule> rules(Capacity role, ResourceType type, Action action) {
    Compiled[] found = index.get(new Key(role, type, action));
    List<Rule> rules = new ArrayList<>();
    if (found != null) {
      for (Compiled compiled : found) {
        rules.add(compiled.rule());
      }
    }
    return rules;
  }

  /** The id of the rule that allows, or null. */
  @Nullable String allows(
      OrgSnapshot org, Instant now, Actor actor, Action action, Resource resource) {
    MemberId id = actor.member().orElse(null);
    Capacity role = actor.capacity().orElse(null);
    if (id == null
        || role == null
        || !id.brokerage().equals(resource.brokerage())
        || holdsBack(actor, action, resource.type())) {
      return null;
    }
    Compiled[] rules = index.get(new Key(role, resource.type(), action));
    OrgSnapshot.Member member = org.member(id).orElse(null);
    if (rules == null || member == null || !member.active()) {
      return null;
    }
    int reached = reached(member, org, now, resource);
    boolean own = (reached & OWN) != 0;
    int ownership = resource.ownership().map(one -> 1 << one.ordinal()).orElse(0);
    List<RoleGrant> grants = org.grants(id);
    for (Compiled compiled : rules) {
      Rule rule = compiled.rule();
      if ((compiled.ownerships() != 0 && (compiled.ownerships() & ownership) == 0)
          || (rule.linked() && !resource.linkedToTransaction())
          || (rule.notOwn() && (own || resource.owner().isEmpty()))) {
        continue;
      }
      for (RoleGrant grant : grants) {
        if (grant.role().equals(role)
            && grant.liveAt(now)
            && (compiled.scopes() & (reached | (within(grant, own, resource) ? GRANT : 0))) != 0
            && (!rule.createdDuringGrant() || during(grant, resource))) {
          return rule.id();
        }
      }
    }
    return null;
  }

  private static int reached(
      OrgSnapshot.Member member, OrgSnapshot org, Instant now, Resource resource) {
    int reached = BROKERAGE;
    if (member.id().equals(resource.owner().orElse(null))) {
      reached |= OWN;
    }
    if (resource.participants().contains(member.id())) {
      reached |= DEAL;
    }
    if (member.office().equals(resource.office().orElse(null))) {
      reached |= OFFICE;
    }
    if (resource.team().isPresent()) {
      for (Membership membership : org.memberships(member.id())) {
        if (membership.team().equals(resource.team().get()) && membership.liveAt(now)) {
          reached |= TEAM;
        }
      }
    }
    return reached;
  }

  private static boolean within(RoleGrant grant, boolean own, Resource resource) {
    if (grant.over() instanceof Over.Team over) {
      return over.team().equals(resource.team().orElse(null));
    }
    if (grant.over() instanceof Over.Office over) {
      return over.office().equals(resource.office().orElse(null));
    }
    return own || grant.over() instanceof Over.Brokerage;
  }

  private static boolean during(RoleGrant grant, Resource resource) {
    return resource.createdAt().isPresent() && grant.liveAt(resource.createdAt().get());
  }
}
