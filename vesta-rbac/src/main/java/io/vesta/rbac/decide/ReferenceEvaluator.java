package io.vesta.rbac.decide;

import io.vesta.core.access.Action;
import io.vesta.core.access.Actor;
import io.vesta.core.access.Resource;
import io.vesta.core.access.Resource.Ownership;
import io.vesta.core.id.MemberId;
import io.vesta.rbac.org.Coverage;
import io.vesta.rbac.org.OrgSnapshot;
import io.vesta.rbac.org.OrgSnapshot.Member;
import io.vesta.rbac.org.RoleGrant;
import io.vesta.rbac.org.RoleGrant.Origin;
import io.vesta.rbac.org.RoleGrant.Over;
import io.vesta.rbac.org.Supervision;
import io.vesta.rbac.policy.FieldRule;
import io.vesta.rbac.policy.FieldRule.Level;
import io.vesta.rbac.policy.Guards;
import io.vesta.rbac.policy.Permission;
import io.vesta.rbac.policy.Policy;
import io.vesta.rbac.policy.Rule;
import io.vesta.rbac.policy.Scope;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * The specification, in code that is read rather than run fast: every other interpreter must agree
 * with it. It also explains, so an explanation can never be older than the decision. At most 150
 * lines, not counting imports, comments and blank ones; a test counts.
 */
record ReferenceEvaluator(Policy policy, OrgSnapshot org, Instant now, Actor actor) {

  /** Whether the actor may: the first rule that misses nothing under one of their grants allows. */
  Verdict evaluate(Action action, Resource r) {
    Permission permission = new Permission(r.type(), action);
    Verdict refusal = refusal(permission, r);
    if (refusal != null) {
      return refusal;
    }
    List<RoleGrant> grants = grants(permission);
    Verdict nearest = Verdict.denied("NO_RULE", "no rule lets this role do this");
    int fewest = Integer.MAX_VALUE;
    for (Rule rule : policy.rules()) {
      boolean speaks = speaksOf(rule, r) && rule.actions().contains(action);
      for (RoleGrant grant : speaks ? grants : List.<RoleGrant>of()) {
        List<String> misses = misses(rule, grant, r);
        if (misses.isEmpty()) {
          return Verdict.allowed(rule, permission);
        } else if (misses.size() < fewest) {
          nearest = Verdict.missed(rule, permission, misses);
          fewest = misses.size();
        }
      }
    }
    return nearest;
  }

  /** How much of a field the actor sees: the most that any field rule shows. */
  Level level(String field, Resource r) {
    Permission permission = new Permission(r.type(), Action.READ);
    List<RoleGrant> grants = refusal(permission, r) == null ? grants(permission) : List.of();
    return policy.fieldRules().stream()
        .filter(one -> one.fields().contains(field) && one.forBots() == isBot())
        .filter(one -> speaksOf(one.rule(), r))
        .filter(one -> grants.stream().anyMatch(by -> misses(one.rule(), by, r).isEmpty()))
        .map(FieldRule::level)
        .max(Comparator.naturalOrder())
        .orElse(Level.NONE);
  }

  private boolean speaksOf(Rule rule, Resource r) {
    return is(actor.capacity(), rule.role()) && rule.type().equals(r.type());
  }

  /** What refuses whatever the rules say; null if nothing does. */
  private @Nullable Verdict refusal(Permission permission, Resource r) {
    MemberId id = actor.memberOrNull();
    if (!actor.brokerage().equals(r.brokerage())) {
      return Verdict.denied("OTHER_BROKERAGE", "the record belongs to another brokerage");
    } else if (id == null || actor.capacity().isEmpty()) {
      return Verdict.denied("SYSTEM_ACTOR", "a system component has no authority over records");
    } else if (isBot() && !policy.botCapabilities().contains(permission)) {
      return Verdict.denied("BOT_NOT_CAPABLE", "a bot may not do this, whoever it acts for");
    } else if (org.member(id).isEmpty()) {
      return Verdict.denied("UNKNOWN_MEMBER", "the organisation has no such member");
    } else if (!isActive(id)) {
      return Verdict.denied("INACTIVE_MEMBER", "the member does not work here any more");
    } else if (grants(permission).isEmpty()) {
      return Verdict.denied("NO_GRANT", "the member holds no live grant of this role");
    }
    return null;
  }

  /** The member's own live grants of the role, and the ordinary ones that are lent to them. */
  private List<RoleGrant> grants(Permission permission) {
    MemberId id = actor.member().orElseThrow();
    List<RoleGrant> grants = new ArrayList<>(org.grants(id));
    grants.removeIf(one -> isEmergency(one) && isBot());
    coverages(id).stream()
        .filter(coverage -> coverage.lends(permission))
        .flatMap(coverage -> org.grants(coverage.absent()).stream())
        .filter(grant -> !isEmergency(grant))
        .forEach(grants::add);
    grants.removeIf(one -> !is(actor.capacity(), one.role()) || !one.liveAt(now));
    return grants;
  }

  /** In which the member stands in now for somebody who works here; a bot stands in for nobody. */
  private List<Coverage> coverages(MemberId id) {
    return org.coveragesBy(id).stream()
        .filter(one -> !isBot() && one.span().holds(now) && isActive(one.absent()))
        .toList();
  }

  /** What keeps a rule from allowing under a grant; empty if nothing does. */
  List<String> misses(Rule rule, RoleGrant grant, Resource r) {
    MemberId id = actor.member().orElseThrow();
    Guards g = rule.guards();
    Boolean routed = g.routed();
    boolean emergency = isEmergency(grant);
    boolean own = coverages(id).stream().anyMatch(one -> is(r.owner(), one.absent()));
    boolean takesPart = r.participants().contains(id);
    boolean during = r.createdAt().filter(grant::liveAt).isPresent();
    boolean delegated = grant.member().equals(id) && supervises(id, r);
    List<String> misses = new ArrayList<>();
    unless(emergency || !rule.breakGlass(), "BREAK_GLASS_NEEDED", misses);
    unless(rule.breakGlass() || !emergency, "BREAK_GLASS_GRANT", misses);
    unless(rule.scopes().stream().anyMatch(one -> reaches(one, grant, r)), "OUT_OF_SCOPE", misses);
    unless(g.ownership().isEmpty() || in(g.ownership(), r.ownership()), "OWNERSHIP", misses);
    unless(g.status().isEmpty() || in(g.status(), r.status()), "STATUS", misses);
    unless(!g.linked() || r.linkedToTransaction(), "NOT_LINKED", misses);
    unless(routed == null || is(r.routedToReview(), routed), "ROUTING", misses);
    unless(!g.notOwn() || r.owner().isPresent(), "NO_OWNER", misses);
    unless(!g.notOwn() || !(own || is(r.owner(), id)), "OWN_RECORD", misses);
    unless(!g.duringGrant() || during, "CREATED_OUTSIDE_GRANT", misses);
    unless(!g.delegated() || delegated, "MISSING_DELEGATION", misses);
    unless(!g.barrier() || is(r.behindBarrier(), false) || takesPart, "BARRIER", misses);
    return misses;
  }

  private boolean reaches(Scope scope, RoleGrant grant, Resource r) {
    MemberId principal = grant.member();
    return switch (scope) {
      case OWN -> owns(principal, r);
      case DEAL -> r.participants().contains(principal);
      case TEAM -> inRecordsTeam(principal, r);
      case OFFICE -> r.office().equals(org.member(principal).map(Member::office));
      case BROKERAGE -> true;
      case GRANT -> grant.over() instanceof Over.Self ? owns(principal, r) : lies(grant.over(), r);
    };
  }

  /** What a team owns is a member's own only while they are in the team (P3). */
  private boolean owns(MemberId who, Resource r) {
    return is(r.owner(), who) && (!is(r.ownership(), Ownership.TEAM) || inRecordsTeam(who, r));
  }

  private boolean inRecordsTeam(MemberId who, Resource r) {
    return org.memberships(who).stream().anyMatch(m -> m.liveAt(now) && is(r.team(), m.team()));
  }

  private static boolean lies(Over over, Resource r) {
    return over instanceof Over.Brokerage
        || (over instanceof Over.Office office && is(r.office(), office.office()))
        || (over instanceof Over.Team team && is(r.team(), team.team()));
  }

  /** A written delegation counts while its giver could supervise all of what it delegates. */
  private boolean supervises(MemberId id, Resource r) {
    return org.supervisionsTo(id).stream()
        .filter(given -> given.span().holds(now) && lies(given.over(), r) && isActive(given.by()))
        .anyMatch(given -> org.grants(given.by()).stream().anyMatch(by -> backs(by, given)));
  }

  private boolean backs(RoleGrant grant, Supervision given) {
    return grant.liveAt(now)
        && !isEmergency(grant)
        && policy.supervisors().contains(grant.role())
        && grant.over().covers(given.over());
  }

  private boolean isActive(MemberId id) {
    return org.member(id).filter(Member::active).isPresent();
  }

  private static boolean isEmergency(RoleGrant grant) {
    return grant.origin() == Origin.BREAK_GLASS;
  }

  private boolean isBot() {
    return actor.kind() == Actor.Kind.BOT;
  }

  private static void unless(boolean holds, String miss, List<String> misses) {
    if (!holds) {
      misses.add(miss);
    }
  }

  /** A fact that is unknown is nothing, and in no set. */
  private static <T> boolean in(Set<T> wanted, Optional<T> fact) {
    return fact.filter(wanted::contains).isPresent();
  }

  private static <T> boolean is(Optional<T> fact, T wanted) {
    return fact.filter(wanted::equals).isPresent();
  }
}
