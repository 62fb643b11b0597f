package io.vesta.rbac.decide;

import io.vesta.core.access.Action;
import io.vesta.core.access.Actor;
import io.vesta.core.access.Resource;
import io.vesta.core.id.MemberId;
import io.vesta.rbac.org.OrgSnapshot;
import io.vesta.rbac.org.RoleGrant;
import io.vesta.rbac.org.RoleGrant.Over;
import io.vesta.rbac.policy.Policy;
import io.vesta.rbac.policy.Policy.BotCapability;
import io.vesta.rbac.policy.Rule;
import io.vesta.rbac.policy.Scope;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;

/**
 * The specification, in code that is read rather than run fast: every other interpreter must agree
 * with it. It also explains, so an explanation can never be older than the decision.
 */
final class ReferenceEvaluator {

  /**
   * A decision with its grounds.
   *
   * @param allowed whether
   * @param reason the rule's id, or why there is none
   * @param because an English sentence
   */
  record Verdict(boolean allowed, String reason, String because) {}

  private ReferenceEvaluator() {}

  static Verdict evaluate(
      Policy policy, OrgSnapshot org, Instant now, Actor actor, Action action, Resource resource) {
    String act = action.name() + " " + resource.type().name();
    if (!actor.brokerage().equals(resource.brokerage())) {
      return deny("OTHER_BROKERAGE", "the record belongs to another brokerage");
    }
    if (actor.member().isEmpty() || actor.capacity().isEmpty()) {
      return deny("SYSTEM_ACTOR", "a system component has no authority over records");
    }
    if (actor.kind() == Actor.Kind.BOT
        && !policy.botCapabilities().contains(new BotCapability(resource.type(), action))) {
      return deny("BOT_NOT_CAPABLE", "a bot may not " + act + ", whoever it acts for");
    }
    MemberId member = actor.member().get();
    OrgSnapshot.Member known = org.member(member).orElse(null);
    if (known == null) {
      return deny("UNKNOWN_MEMBER", "the organisation has no such member");
    }
    if (!known.active()) {
      return deny("INACTIVE_MEMBER", "the member does not work here any more");
    }
    String role = actor.capacity().get().role();
    List<RoleGrant> live =
        org.grants(member).stream()
            .filter(grant -> grant.role().equals(actor.capacity().get()) && grant.liveAt(now))
            .toList();
    if (live.isEmpty()) {
      return deny("NO_GRANT", "the member holds no live grant of " + role);
    }
    Rule nearest = null;
    List<String> fewest = List.of();
    for (Rule rule : policy.rules()) {
      if (!rule.role().equals(actor.capacity().get())
          || !rule.type().equals(resource.type())
          || !rule.actions().contains(action)) {
        continue;
      }
      for (RoleGrant grant : live) {
        List<String> misses = misses(rule, grant, known, org, now, resource);
        if (misses.isEmpty()) {
          return new Verdict(
              true,
              rule.id(),
              "rule " + rule.id() + " lets " + role + " " + act + " " + phrases(rule));
        }
        if (nearest == null || misses.size() < fewest.size()) {
          nearest = rule;
          fewest = misses;
        }
      }
    }
    if (nearest == null) {
      return deny("NO_RULE", "no rule lets " + role + " " + act);
    }
    return deny(
        fewest.get(0),
        "the nearest rule, "
            + nearest.id()
            + ", lets "
            + role
            + " "
            + act
            + " "
            + phrases(nearest)
            + ", and misses "
            + String.join(", ", fewest));
  }

  private static List<String> misses(
      Rule rule,
      RoleGrant grant,
      OrgSnapshot.Member member,
      OrgSnapshot org,
      Instant now,
      Resource r) {
    List<String> misses = new ArrayList<>();
    if (rule.scopes().stream().noneMatch(scope -> reaches(scope, grant, member, org, now, r))) {
      misses.add("OUT_OF_SCOPE");
    }
    if (!rule.ownership().isEmpty() && r.ownership().filter(rule.ownership()::contains).isEmpty()) {
      misses.add("OWNERSHIP");
    }
    if (rule.linked() && !r.linkedToTransaction()) {
      misses.add("NOT_LINKED");
    }
    if (rule.notOwn() && r.owner().filter(owner -> !owner.equals(member.id())).isEmpty()) {
      misses.add("OWN_RECORD");
    }
    if (rule.createdDuringGrant() && r.createdAt().filter(grant::liveAt).isEmpty()) {
      misses.add("CREATED_OUTSIDE_GRANT");
    }
    return misses;
  }

  private static boolean reaches(
      Scope scope,
      RoleGrant grant,
      OrgSnapshot.Member member,
      OrgSnapshot org,
      Instant now,
      Resource r) {
    return switch (scope) {
      case OWN -> r.owner().filter(member.id()::equals).isPresent();
      case DEAL -> r.participants().contains(member.id());
      case TEAM ->
          org.memberships(member.id()).stream()
              .anyMatch(m -> m.liveAt(now) && r.team().filter(m.team()::equals).isPresent());
      case OFFICE -> r.office().filter(member.office()::equals).isPresent();
      case BROKERAGE -> true;
      case GRANT -> {
        if (grant.over() instanceof Over.Office over) {
          yield r.office().filter(over.office()::equals).isPresent();
        } else if (grant.over() instanceof Over.Team over) {
          yield r.team().filter(over.team()::equals).isPresent();
        } else if (grant.over() instanceof Over.Self) {
          yield r.owner().filter(member.id()::equals).isPresent();
        }
        yield grant.over() instanceof Over.Brokerage;
      }
    };
  }

  private static String phrases(Rule rule) {
    return String.join(" or ", rule.scopes().stream().sorted().map(Scope::phrase).toList());
  }

  private static Verdict deny(String reason, String because) {
    return new Verdict(false, reason, because);
  }
}
