package io.vesta.rbac.decide;

import io.vesta.core.access.Action;
import io.vesta.core.access.Actor;
import io.vesta.core.access.Capacity;
import io.vesta.core.access.Resource;
import io.vesta.core.access.Resource.Ownership;
import io.vesta.core.id.MemberId;
import io.vesta.rbac.org.Coverage;
import io.vesta.rbac.org.OrgSnapshot;
import io.vesta.rbac.org.OrgSnapshot.Member;
import io.vesta.rbac.org.RoleGrant;
import io.vesta.rbac.org.RoleGrant.Origin;
import io.vesta.rbac.org.RoleGrant.Over;
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
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * The specification, in code that is read rather than run fast: every other interpreter must agree
 * with it. It also explains, so an explanation can never be older than the decision.
 */
record ReferenceEvaluator(Policy policy, OrgSnapshot org, Instant now, Actor actor) {

  /**
   * A decision with its grounds.
   *
   * @param allowed whether
   * @param reason the rule's id, or why there is none
   * @param sentence says so in English, when asked
   */
  record Verdict(boolean allowed, String reason, Supplier<String> sentence) {

    String because() {
      return sentence.get();
    }
  }

  Verdict evaluate(Action action, Resource r) {
    Permission permission = new Permission(r.type(), action);
    Verdict refusal = refusal(permission, r);
    if (refusal != null) {
      return refusal;
    }
    Capacity role = actor.capacity().orElseThrow();
    List<RoleGrant> grants = grants(permission);
    if (grants.isEmpty()) {
      return deny("NO_GRANT", "the member holds no live grant of " + role.role());
    }
    Rule nearest = null;
    List<String> fewest = List.of();
    for (Rule rule : policy.rules()) {
      if (!rule.role().equals(role)
          || !rule.type().equals(r.type())
          || !rule.actions().contains(action)) {
        continue;
      }
      for (RoleGrant grant : grants) {
        List<String> misses = misses(rule, grant, r);
        if (misses.isEmpty()) {
          return new Verdict(true, rule.id(), () -> "rule " + said(rule, permission));
        } else if (nearest == null || misses.size() < fewest.size()) {
          nearest = rule;
          fewest = misses;
        }
      }
    }
    return nearest == null
        ? deny("NO_RULE", "no rule lets " + role.role() + " do this")
        : missed(nearest, permission, fewest);
  }

  /** How much of a field the actor sees: the most that any field rule shows. */
  Level level(String field, Resource r) {
    Permission permission = new Permission(r.type(), Action.READ);
    if (refusal(permission, r) != null) {
      return Level.NONE;
    }
    return policy.fieldRules().stream()
        .filter(rule -> rule.rule().role().equals(actor.capacity().orElseThrow()))
        .filter(rule -> rule.rule().type().equals(r.type()) && rule.forBots() == isBot())
        .filter(rule -> rule.fields().contains(field))
        .filter(
            rule ->
                grants(permission).stream()
                    .anyMatch(grant -> misses(rule.rule(), grant, r).isEmpty()))
        .map(FieldRule::level)
        .max(Comparator.naturalOrder())
        .orElse(Level.NONE);
  }

  /** What refuses whatever the rules say; null if nothing does. */
  private @Nullable Verdict refusal(Permission permission, Resource r) {
    MemberId id = actor.memberOrNull();
    if (!actor.brokerage().equals(r.brokerage())) {
      return deny("OTHER_BROKERAGE", "the record belongs to another brokerage");
    } else if (id == null || actor.capacity().isEmpty()) {
      return deny("SYSTEM_ACTOR", "a system component has no authority over records");
    } else if (isBot() && !policy.botCapabilities().contains(permission)) {
      return deny("BOT_NOT_CAPABLE", "a bot may not do this, whoever it acts for");
    } else if (org.member(id).isEmpty()) {
      return deny("UNKNOWN_MEMBER", "the organisation has no such member");
    } else if (!org.member(id).get().active()) {
      return deny("INACTIVE_MEMBER", "the member does not work here any more");
    }
    return null;
  }

  /** The member's own live grants of the role, and those of members for whom they stand in. */
  private List<RoleGrant> grants(Permission permission) {
    MemberId id = actor.member().orElseThrow();
    Capacity role = actor.capacity().orElseThrow();
    List<RoleGrant> grants = new ArrayList<>();
    for (MemberId principal : principals(id)) {
      for (RoleGrant grant : org.grants(principal)) {
        boolean ordinary = grant.origin() == Origin.ASSIGNED;
        if (grant.role().equals(role)
            && grant.liveAt(now)
            && (ordinary || !isBot())
            && (principal.equals(id) || (ordinary && lends(principal, id, permission)))) {
          grants.add(grant);
        }
      }
    }
    return grants;
  }

  private boolean lends(MemberId absent, MemberId standIn, Permission permission) {
    return org.coveragesBy(standIn).stream()
        .anyMatch(
            coverage ->
                coverage.absent().equals(absent)
                    && coverage.span().holds(now)
                    && coverage.lends(permission));
  }

  /** The member, then everybody for whom they stand in now; a bot stands in for nobody. */
  private Set<MemberId> principals(MemberId id) {
    Set<MemberId> principals = new LinkedHashSet<>(Set.of(id));
    for (Coverage coverage : isBot() ? List.<Coverage>of() : org.coveragesBy(id)) {
      if (coverage.span().holds(now)
          && org.member(coverage.absent()).filter(Member::active).isPresent()) {
        principals.add(coverage.absent());
      }
    }
    return principals;
  }

  /** What keeps a rule from allowing under a grant; empty if nothing does. */
  List<String> misses(Rule rule, RoleGrant grant, Resource r) {
    MemberId id = actor.member().orElseThrow();
    Guards guards = rule.guards();
    List<String> misses = new ArrayList<>();
    if (rule.breakGlass() != (grant.origin() == Origin.BREAK_GLASS)) {
      misses.add(rule.breakGlass() ? "BREAK_GLASS_NEEDED" : "BREAK_GLASS_GRANT");
    }
    boolean reached = false;
    for (Scope scope : rule.scopes()) {
      reached |= reaches(scope, grant, r);
    }
    if (!reached) {
      misses.add("OUT_OF_SCOPE");
    }
    if (!guards.ownership().isEmpty()
        && r.ownership().filter(guards.ownership()::contains).isEmpty()) {
      misses.add("OWNERSHIP");
    }
    if (!guards.status().isEmpty() && r.status().filter(guards.status()::contains).isEmpty()) {
      misses.add("STATUS");
    }
    if (guards.linked() && !r.linkedToTransaction()) {
      misses.add("NOT_LINKED");
    }
    if (guards.routed() != null && r.routedToReview().filter(guards.routed()::equals).isEmpty()) {
      misses.add("ROUTING");
    }
    if (guards.notOwn() && r.owner().isEmpty()) {
      misses.add("NO_OWNER");
    } else if (guards.notOwn() && principals(id).contains(r.owner().orElseThrow())) {
      misses.add("OWN_RECORD");
    }
    if (guards.duringGrant() && r.createdAt().filter(grant::liveAt).isEmpty()) {
      misses.add("CREATED_OUTSIDE_GRANT");
    }
    if (guards.delegated() && !(grant.member().equals(id) && supervises(id, r))) {
      misses.add("MISSING_DELEGATION");
    }
    if (guards.barrier() && r.behindBarrier().orElse(true) && !r.participants().contains(id)) {
      misses.add("BARRIER");
    }
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
  private boolean owns(MemberId principal, Resource r) {
    return r.owner().filter(principal::equals).isPresent()
        && (r.ownership().filter(Ownership.TEAM::equals).isEmpty() || inRecordsTeam(principal, r));
  }

  private boolean inRecordsTeam(MemberId principal, Resource r) {
    return org.memberships(principal).stream()
        .anyMatch(m -> m.liveAt(now) && r.team().filter(m.team()::equals).isPresent());
  }

  private static boolean lies(Over over, Resource r) {
    if (over instanceof Over.Office office) {
      return r.office().filter(office.office()::equals).isPresent();
    } else if (over instanceof Over.Team team) {
      return r.team().filter(team.team()::equals).isPresent();
    }
    return over instanceof Over.Brokerage;
  }

  /** A written delegation counts while its giver could supervise all of what it delegates. */
  private boolean supervises(MemberId id, Resource r) {
    return org.supervisionsTo(id).stream()
        .filter(given -> given.span().holds(now) && lies(given.over(), r))
        .filter(given -> org.member(given.by()).filter(Member::active).isPresent())
        .anyMatch(
            given ->
                org.grants(given.by()).stream()
                    .filter(grant -> grant.liveAt(now) && grant.origin() == Origin.ASSIGNED)
                    .filter(grant -> policy.supervisors().contains(grant.role()))
                    .anyMatch(grant -> grant.over().covers(given.over())));
  }

  private boolean isBot() {
    return actor.kind() == Actor.Kind.BOT;
  }

  private static Verdict missed(Rule nearest, Permission permission, List<String> misses) {
    return new Verdict(
        false,
        misses.get(0),
        () ->
            "the nearest rule, "
                + said(nearest, permission).replaceFirst(" ", ", ")
                + ", and misses "
                + String.join(", ", misses));
  }

  private static String said(Rule rule, Permission permission) {
    List<String> where = rule.scopes().stream().sorted().map(Scope::phrase).toList();
    return rule.id()
        + " lets "
        + rule.role().role()
        + " "
        + permission.action().name()
        + " "
        + permission.type().name()
        + " "
        + String.join(" or ", where);
  }

  private static Verdict deny(String reason, String because) {
    return new Verdict(false, reason, () -> because);
  }
}
