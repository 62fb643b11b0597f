package io.vesta.rbac.analysis;

import io.vesta.core.access.Actor;
import io.vesta.core.access.Capacity;
import io.vesta.core.access.Resource;
import io.vesta.core.access.Resource.Ownership;
import io.vesta.core.access.ResourceType;
import io.vesta.core.id.BrokerageId;
import io.vesta.core.id.MemberId;
import io.vesta.core.id.OfficeId;
import io.vesta.core.id.Ref;
import io.vesta.core.id.TeamId;
import io.vesta.rbac.decide.WhatIf;
import io.vesta.rbac.org.OrgSnapshot;
import io.vesta.rbac.org.RoleGrant;
import io.vesta.rbac.org.RoleGrant.Origin;
import io.vesta.rbac.org.RoleGrant.Over;
import io.vesta.rbac.org.Span;
import io.vesta.rbac.org.Supervision;
import io.vesta.rbac.policy.Guards;
import io.vesta.rbac.policy.Policy;
import io.vesta.rbac.policy.Rule;
import io.vesta.rbac.policy.Scope;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collection;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import java.util.function.Predicate;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * Every situation that can make a difference to some rules: a rule looks at nothing but its scopes
 * and guards, so two sets of rules that agree on all combinations of the facts that their rules
 * look at agree everywhere. In each situation every scope holds alone in some record, because
 * scopes are a union.
 */
final class SmallWorld {

  static final Instant NOW = Instant.parse("2026-01-31T12:00:00Z");

  private static final Instant GRANTED = NOW.minus(Duration.ofDays(30));
  private static final BrokerageId FIRM = new BrokerageId("firm");
  private static final OfficeId HOME = new OfficeId(FIRM, "home");
  private static final OfficeId GRANT_OFFICE = new OfficeId(FIRM, "granted");
  private static final TeamId SEAT = new TeamId(FIRM, "seat");
  private static final TeamId GRANT_TEAM = new TeamId(FIRM, "granted");
  private static final MemberId OTHER = new MemberId(FIRM, "other");
  private static final List<Over> OVERS =
      List.of(
          new Over.Self(),
          new Over.Team(GRANT_TEAM),
          new Over.Office(GRANT_OFFICE),
          new Over.Brokerage());

  /** A member in one of the ways to hold a role. */
  private record Standing(MemberId id, Origin origin, boolean delegated) {}

  private final OrgSnapshot organisation;
  private final List<Standing> members = new ArrayList<>();
  private final Capacity role;

  /**
   * @param role in which everybody acts
   * @param supervisors roles of those who delegated supervision to some
   */
  SmallWorld(Capacity role, Set<Capacity> supervisors) {
    this.role = role;
    MemberId lead = new MemberId(FIRM, "lead");
    OrgSnapshot.Builder org =
        OrgSnapshot.builder()
            .member(OTHER, HOME)
            .member(lead, HOME)
            .grant(lead, Capacity.TEAM_LEAD, new Over.Team(SEAT), GRANTED, Instant.MAX);
    List<MemberId> bosses = new ArrayList<>();
    for (Capacity supervisor : supervisors) {
      MemberId boss = new MemberId(FIRM, "boss-" + supervisor.role());
      org.member(boss, HOME).grant(boss, supervisor, new Over.Brokerage(), GRANTED, Instant.MAX);
      bosses.add(boss);
    }
    for (int over = 0; over < OVERS.size(); over++) {
      for (Origin origin : Origin.values()) {
        for (int boss = -1; boss < bosses.size(); boss++) {
          MemberId member = new MemberId(FIRM, "m" + over + "-" + origin + "-" + (boss + 1));
          members.add(new Standing(member, origin, boss >= 0));
          org.member(member, HOME).membership(member, SEAT, GRANTED, Instant.MAX);
          org.grant(new RoleGrant(member, role, OVERS.get(over), GRANTED, Instant.MAX, origin));
          if (boss >= 0) {
            org.supervision(
                new Supervision(
                    bosses.get(boss),
                    member,
                    new Over.Brokerage(),
                    new Ref("Document", "W1"),
                    new Span(GRANTED, Instant.MAX)));
          }
        }
      }
    }
    organisation = org.build();
  }

  /** The team in which everybody sits, and which somebody called lead leads. */
  static Optional<TeamId> seat() {
    return Optional.of(SEAT);
  }

  WhatIf whatIf(Policy policy) {
    return new WhatIf(policy, organisation, NOW);
  }

  /**
   * The actors who can make a difference to some rules; as bots if asked, which act for the same
   * members.
   */
  List<Actor> actors(boolean bots, Collection<Rule> rules) {
    boolean emergencies = rules.stream().anyMatch(Rule::breakGlass);
    boolean delegated = Facts.uses(rules, Guards::delegated);
    return members.stream()
        .filter(one -> emergencies || one.origin() == Origin.ASSIGNED)
        .filter(one -> delegated || !one.delegated())
        .map(Standing::id)
        .map(member -> bots ? Actor.bot("bot", member) : Actor.member(member, role))
        .toList();
  }

  /** Whether an actor holds an emergency grant. */
  boolean emergency(Actor actor) {
    return members.stream()
        .anyMatch(
            one ->
                one.origin() == Origin.BREAK_GLASS
                    && actor.member().filter(one.id()::equals).isPresent());
  }

  Witness witness(Actor actor, Resource resource) {
    return new Witness(organisation, actor, resource, NOW);
  }

  /** What can be seen of a record. */
  private record Facts(
      List<@Nullable Ownership> ownership,
      List<@Nullable String> status,
      List<Boolean> linked,
      List<@Nullable Boolean> routed,
      List<@Nullable Boolean> barred,
      List<@Nullable Instant> created) {

    /** Only what some rule looks at is varied. */
    static Facts of(Collection<Rule> rules) {
      Set<String> status = new TreeSet<>();
      rules.forEach(rule -> status.addAll(rule.guards().status()));
      List<@Nullable String> statuses = new ArrayList<>(status);
      statuses.add(null);
      boolean owned =
          rules.stream()
              .anyMatch(
                  rule ->
                      !rule.guards().ownership().isEmpty()
                          || rule.scopes().contains(Scope.OWN)
                          || rule.scopes().contains(Scope.GRANT));
      return new Facts(
          owned
              ? Arrays.asList(null, Ownership.AGENT, Ownership.TEAM, Ownership.BROKERAGE)
              : Arrays.asList((Ownership) null),
          statuses,
          uses(rules, Guards::linked) ? List.of(false, true) : List.of(false),
          uses(rules, guards -> guards.routed() != null)
              ? Arrays.asList(null, false, true)
              : Arrays.asList((Boolean) null),
          uses(rules, Guards::barrier) ? List.of(false, true) : List.of(false),
          uses(rules, Guards::duringGrant)
              ? Arrays.asList(null, GRANTED.minusMillis(1), GRANTED)
              : Arrays.asList((Instant) null));
    }

    private static boolean uses(Collection<Rule> rules, Predicate<Guards> guard) {
      return rules.stream().anyMatch(rule -> guard.test(rule.guards()));
    }
  }

  /** The records that can make a difference between rules, for one actor. */
  static List<Resource> records(ResourceType type, Actor actor, Collection<Rule> rules) {
    MemberId me = actor.member().orElseThrow();
    Facts facts = Facts.of(rules);
    List<Resource> records = new ArrayList<>();
    for (MemberId owner : Arrays.asList(null, me, OTHER)) {
      for (TeamId team : Arrays.asList(null, SEAT, GRANT_TEAM)) {
        for (OfficeId office : Arrays.asList(null, HOME, GRANT_OFFICE)) {
          for (Set<MemberId> participants : List.of(Set.<MemberId>of(), Set.of(me))) {
            for (Ownership ownership : facts.ownership()) {
              add(
                  records,
                  facts,
                  () ->
                      Resource.builder(type, FIRM, "R1")
                          .owner(owner)
                          .team(team)
                          .office(office)
                          .participants(participants)
                          .ownership(ownership));
            }
          }
        }
      }
    }
    return records;
  }

  private static void add(List<Resource> records, Facts facts, Supplier<Resource.Builder> place) {
    for (String status : facts.status()) {
      for (Boolean linked : facts.linked()) {
        for (Boolean routed : facts.routed()) {
          for (Boolean barred : facts.barred()) {
            for (Instant created : facts.created()) {
              records.add(
                  place
                      .get()
                      .status(status)
                      .linkedToTransaction(linked)
                      .routedToReview(routed)
                      .behindBarrier(barred)
                      .createdAt(created)
                      .build());
            }
          }
        }
      }
    }
  }
}
