package io.vesta.rbac.decide;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.vesta.core.access.AccessDeniedException;
import io.vesta.core.access.Action;
import io.vesta.core.access.Actor;
import io.vesta.core.access.Capacity;
import io.vesta.core.access.Resource;
import io.vesta.core.access.Resource.Ownership;
import io.vesta.core.access.ResourceType;
import io.vesta.core.error.VestaException;
import io.vesta.core.id.BrokerageId;
import io.vesta.core.id.MemberId;
import io.vesta.core.id.OfficeId;
import io.vesta.core.id.Ref;
import io.vesta.core.id.TeamId;
import io.vesta.rbac.decide.Holders.Holder;
import io.vesta.rbac.org.Coverage;
import io.vesta.rbac.org.Offboarding;
import io.vesta.rbac.org.OrgSnapshot;
import io.vesta.rbac.org.RoleGrant.Over;
import io.vesta.rbac.org.Span;
import io.vesta.rbac.org.Supervision;
import io.vesta.rbac.policy.ContactPrivacy;
import io.vesta.rbac.policy.Permission;
import io.vesta.rbac.policy.Policy;
import io.vesta.testkit.Engine;
import io.vesta.testkit.MutableClock;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Authority that comes and goes: coverage, emergencies, two-person changes, leaving. */
class GrantsTest {

  private static final BrokerageId FIRM = new BrokerageId("firm");
  private static final Instant START = Instant.parse("2026-01-01T00:00:00Z");
  private static final TeamId TEAM = new TeamId(FIRM, "T1");
  private static final Action READ_PII = new Action("read_pii");

  private final MutableClock clock = new MutableClock(Instant.parse("2026-06-30T12:00:00Z"));
  private final Trail trail = new Trail();
  private Guard guard = new Guard(Policy.defaults(), organisation().build(), clock);
  private PolicyChange change;

  @BeforeEach
  void open(@TempDir Path directory) {
    var database = Engine.SQLITE.fresh(directory).database();
    change = new PolicyChange(guard, trail, database, clock);
  }

  private static MemberId member(String key) {
    return new MemberId(FIRM, key);
  }

  private static Actor as(String key, Capacity capacity) {
    return Actor.member(member(key), capacity);
  }

  private static OrgSnapshot.Builder organisation() {
    OrgSnapshot.Builder org = OrgSnapshot.builder();
    for (String key : List.of("admin", "admin2", "broker", "lead", "ann", "ben", "cat")) {
      org.member(member(key), new OfficeId(FIRM, "O1"));
    }
    for (String key : List.of("admin", "admin2")) {
      org.grant(member(key), Capacity.ADMIN, new Over.Brokerage(), START, Instant.MAX);
    }
    org.grant(member("broker"), Capacity.BROKER, new Over.Brokerage(), START, Instant.MAX);
    org.grant(member("lead"), Capacity.TEAM_LEAD, new Over.Team(TEAM), START, Instant.MAX);
    for (String key : List.of("ann", "ben", "cat")) {
      org.grant(member(key), Capacity.AGENT, new Over.Self(), START, Instant.MAX);
      org.membership(member(key), TEAM, START, Instant.MAX);
    }
    return org;
  }

  private static Resource.Builder contact(String owner) {
    return Resource.builder(ResourceType.CONTACT, FIRM, "C1")
        .owner(member(owner))
        .ownership(Ownership.AGENT);
  }

  private static Resource.Builder draft(String owner) {
    return Resource.builder(ResourceType.DRAFT, FIRM, "D1")
        .owner(member(owner))
        .team(TEAM)
        .routedToReview(true);
  }

  private static Supervision delegated(String to) {
    return new Supervision(
        member("broker"),
        member(to),
        new Over.Team(TEAM),
        new Ref("Document", "W1"),
        new Span(START, Instant.MAX));
  }

  private Coverage coverage(String absent, String standIn, Duration length) {
    return new Coverage(
        member(absent),
        member(standIn),
        Set.of(),
        new Span(clock.instant(), clock.instant().plus(length)));
  }

  @Test
  void coverage_lends_what_the_absent_member_may_do_now_and_ends_by_the_clock() {
    guard.reload(
        Policy.defaults(),
        organisation().coverage(coverage("ann", "ben", Duration.ofDays(7))).build());
    Actor ben = as("ben", Capacity.AGENT);
    assertTrue(guard.allows(ben, Action.READ, contact("ann").build()));
    clock.advance(Duration.ofDays(7).minusMillis(1));
    assertTrue(guard.allows(ben, Action.READ, contact("ann").build()));
    clock.advance(Duration.ofMillis(1));
    assertFalse(guard.allows(ben, Action.READ, contact("ann").build()));
  }

  @Test
  void coverage_is_not_passed_on_and_gives_a_bot_nothing() {
    guard.reload(
        Policy.defaults(),
        organisation()
            .coverage(coverage("ann", "ben", Duration.ofDays(7)))
            .coverage(coverage("ben", "cat", Duration.ofDays(7)))
            .build());
    Resource anns = contact("ann").build();
    assertTrue(guard.allows(as("cat", Capacity.AGENT), Action.READ, contact("ben").build()));
    assertFalse(guard.allows(as("cat", Capacity.AGENT), Action.READ, anns));
    assertFalse(guard.allows(Actor.bot("drafter", member("ben")), Action.READ, anns));
  }

  @Test
  void coverage_ends_with_the_authority_behind_it() {
    OrgSnapshot.Builder org =
        OrgSnapshot.builder()
            .member(new OrgSnapshot.Member(member("ann"), new OfficeId(FIRM, "O1"), false))
            .member(member("ben"), new OfficeId(FIRM, "O1"))
            .grant(member("ann"), Capacity.AGENT, new Over.Self(), START, Instant.MAX)
            .coverage(coverage("ann", "ben", Duration.ofDays(7)));
    guard.reload(Policy.defaults(), org.build());
    assertFalse(guard.allows(as("ben", Capacity.AGENT), Action.READ, contact("ann").build()));
  }

  @Test
  void an_assistant_may_do_only_what_was_lent() {
    Coverage assistant =
        new Coverage(
            member("ann"),
            member("ben"),
            Set.of(Permission.of("Contact.read")),
            new Span(START, Instant.MAX));
    guard.reload(Policy.defaults(), organisation().coverage(assistant).build());
    Actor ben = as("ben", Capacity.AGENT);
    assertTrue(guard.allows(ben, Action.READ, contact("ann").build()));
    assertFalse(guard.allows(ben, READ_PII, contact("ann").build()));
    assertFalse(guard.allows(ben, Action.UPDATE, contact("ann").build()));
  }

  @Test
  void nobody_approves_their_own_or_the_absent_members_draft_by_standing_in() {
    guard.reload(
        Policy.defaults(),
        organisation().coverage(coverage("broker", "lead", Duration.ofDays(7))).build());
    Actor lead = as("lead", Capacity.BROKER);
    assertTrue(guard.allows(lead, Action.DECIDE, draft("ann").build()));
    assertFalse(guard.allows(lead, Action.DECIDE, draft("lead").build()));
    assertFalse(guard.allows(lead, Action.DECIDE, draft("broker").build()));
    assertEquals("OWN_RECORD", guard.decide(lead, Action.DECIDE, draft("broker").build()).reason());
  }

  @Test
  void coverage_crosses_no_barrier() {
    guard.reload(
        Policy.defaults(),
        organisation().coverage(coverage("ann", "ben", Duration.ofDays(7))).build());
    Resource listing =
        Resource.builder(ResourceType.LISTING, FIRM, "L1")
            .owner(member("ann"))
            .participants(Set.of(member("ann")))
            .behindBarrier(true)
            .build();
    Action read = new Action("read_private");
    assertTrue(guard.allows(as("ann", Capacity.AGENT), read, listing));
    assertFalse(guard.allows(as("ben", Capacity.AGENT), read, listing));
  }

  @Test
  void supervision_counts_while_its_giver_could_supervise_and_reaches_no_further() {
    Actor lead = as("lead", Capacity.TEAM_LEAD);
    guard.reload(Policy.defaults(), organisation().supervision(delegated("lead")).build());
    assertTrue(guard.allows(lead, Action.DECIDE, draft("ann").build()));
    guard.offboard(member("broker"));
    assertFalse(guard.allows(lead, Action.DECIDE, draft("ann").build()));
    Supervision byAnn =
        new Supervision(
            member("ann"),
            member("lead"),
            new Over.Team(TEAM),
            new Ref("Document", "W2"),
            new Span(START, Instant.MAX));
    guard.reload(Policy.defaults(), organisation().supervision(byAnn).build());
    assertFalse(guard.allows(lead, Action.DECIDE, draft("ann").build()));
  }

  @Test
  void a_policy_changes_by_two_persons_at_its_time_and_decisions_name_the_version() {
    Policy open = Policy.defaults(ContactPrivacy.OPEN_ACCOUNT);
    Actor broker = as("broker", Capacity.BROKER);
    Instant noon = clock.instant().plus(Duration.ofHours(24));
    assertThrows(AccessDeniedException.class, () -> change.propose(broker, open, noon));
    var proposal = change.propose(as("admin", Capacity.ADMIN), open, noon);
    assertThrows(
        AccessDeniedException.class, () -> change.approve(as("admin", Capacity.ADMIN), proposal));
    change.approve(broker, proposal);
    assertEquals(
        List.of(
            "vesta.rbac.policy.proposed",
            "vesta.rbac.policy.refused",
            "vesta.rbac.policy.approved"),
        trail.actions(""));
    Resource anns = contact("ann").build();
    String before = guard.decide(broker, Action.READ, anns).policyVersion();
    assertFalse(guard.allows(broker, Action.READ, anns));
    clock.advance(Duration.ofHours(24));
    assertTrue(guard.allows(broker, Action.READ, anns));
    assertNotEquals(before, guard.decide(broker, Action.READ, anns).policyVersion());
  }

  @Test
  void a_new_organisation_keeps_the_policy_that_was_scheduled() {
    Policy open = Policy.defaults(ContactPrivacy.OPEN_ACCOUNT);
    Instant tomorrow = clock.instant().plus(Duration.ofHours(24));
    change.approve(
        as("broker", Capacity.BROKER), change.propose(as("admin", Capacity.ADMIN), open, tomorrow));
    guard.reload(organisation().build());
    assertEquals(Policy.defaults().version(), guard.policy().version());
    clock.advance(Duration.ofHours(24));
    assertEquals(open.version(), guard.policy().version());
    guard.reload(organisation().build());
    assertEquals(open.version(), guard.policy().version(), "nor does it fall back afterwards");
  }

  @Test
  void a_policy_that_the_organisation_cannot_keep_is_not_approved() {
    Policy apart =
        Policy.load(
            Policy.defaultDocument()
                .replaceFirst(
                    "\"options\"", "\"separate\": [[\"ADMIN\", \"AGENT\"]], \"options\""));
    guard.reload(
        organisation()
            .grant(member("ann"), Capacity.ADMIN, new Over.Brokerage(), START, Instant.MAX)
            .build());
    var proposal = change.propose(as("admin", Capacity.ADMIN), apart, clock.instant());
    assertThrows(
        VestaException.class, () -> change.approve(as("broker", Capacity.BROKER), proposal));
    assertEquals(List.of("vesta.rbac.policy.proposed"), trail.actions(""));
  }

  @Test
  void a_proposal_against_another_policy_or_without_an_entry_changes_nothing() {
    Policy open = Policy.defaults(ContactPrivacy.OPEN_ACCOUNT);
    var proposal = change.propose(as("admin", Capacity.ADMIN), open, clock.instant());
    trail.broken = true;
    Actor broker = as("broker", Capacity.BROKER);
    assertThrows(IllegalStateException.class, () -> change.approve(broker, proposal));
    trail.broken = false;
    assertEquals(Policy.defaults().version(), guard.policy().version());
    guard.reload(Policy.defaults(ContactPrivacy.TEAM_SHARED), organisation().build());
    assertThrows(VestaException.class, () -> change.approve(broker, proposal));
  }

  @Test
  void roles_that_a_policy_keeps_apart_cannot_meet_in_a_person_not_even_by_standing_in() {
    Policy apart =
        Policy.load(
            """
            {"policy": "p", "roles": ["PAYER", "CHECKER"], "separate": [["PAYER", "CHECKER"]],
             "rules": [{"id": "a", "role": "PAYER", "resource": "Bill", "actions": ["pay"],
                        "scope": ["GRANT"]}]}
            """);
    Capacity payer = new Capacity("PAYER");
    Capacity checker = new Capacity("CHECKER");
    Instant later = START.plus(Duration.ofDays(9));
    OrgSnapshot.Builder org =
        OrgSnapshot.builder()
            .member(member("ann"), new OfficeId(FIRM, "O1"))
            .member(member("ben"), new OfficeId(FIRM, "O1"))
            .grant(member("ann"), payer, new Over.Brokerage(), START, later)
            .grant(member("ann"), checker, new Over.Brokerage(), later, Instant.MAX)
            .grant(member("ben"), checker, new Over.Brokerage(), START, later);
    Guard strict = new Guard(apart, org.build(), clock);
    String version = strict.version();
    OrgSnapshot both =
        org.build().toBuilder()
            .grant(member("ann"), checker, new Over.Brokerage(), START, later)
            .build();
    VestaException refused = assertThrows(VestaException.class, () -> strict.reload(apart, both));
    assertTrue(refused.getMessage().contains("ann holds CHECKER and PAYER"));
    OrgSnapshot lent =
        org.coverage(new Coverage(member("ben"), member("ann"), Set.of(), new Span(START, later)))
            .build();
    assertThrows(VestaException.class, () -> strict.reload(apart, lent));
    assertEquals(version, strict.version());
  }

  @Test
  void leaving_ends_everything_at_once_and_tells_it() {
    OrgSnapshot org =
        organisation()
            .coverage(coverage("ann", "ben", Duration.ofDays(7)))
            .coverage(coverage("cat", "ann", Duration.ofDays(7)))
            .supervision(delegated("ann"))
            .membership(member("ann"), new TeamId(FIRM, "T0"), START, START.plusSeconds(9))
            .build();
    guard.reload(Policy.defaults(), org);
    Offboarding left = guard.offboard(member("ann"));
    assertEquals(1, left.grants().size());
    assertEquals(1, left.memberships().size());
    assertEquals(2, left.coverages().size());
    assertEquals(1, left.supervisions().size());
    assertEquals(5, left.revoked());
    assertEquals(
        1, left.organisation().memberships(member("ann")).size(), "what is over stays history");
    for (Capacity capacity : List.of(Capacity.AGENT, Capacity.TEAM_LEAD)) {
      assertEquals(
          "INACTIVE_MEMBER",
          guard.decide(as("ann", capacity), Action.READ, contact("ann").build()).reason());
    }
    assertFalse(guard.allows(as("ben", Capacity.AGENT), Action.READ, contact("ann").build()));
    assertThrows(VestaException.class, () -> guard.offboard(member("eve")));
  }

  @Test
  void who_can_tells_everybody_with_their_capacity_and_says_when_it_stopped() {
    guard.reload(
        Policy.defaults(),
        organisation().coverage(coverage("ann", "ben", Duration.ofDays(7))).build());
    Resource linked = contact("ann").linkedToTransaction(true).build();
    Holders all = guard.whoCan(Action.READ, linked, 100);
    assertTrue(all.complete());
    assertEquals(
        List.of(
            new Holder(member("ann"), Capacity.AGENT, "contact.agent.own"),
            new Holder(member("ben"), Capacity.AGENT, "contact.agent.own"),
            new Holder(member("broker"), Capacity.BROKER, "contact.broker.linked")),
        all.holders());
    Holders some = guard.whoCan(Action.READ, linked, 2);
    assertFalse(some.complete());
    assertEquals(all.holders().subList(0, 2), some.holders());
    assertTrue(guard.whoCan(Action.READ, linked, 3).complete());
  }

  @Test
  void many_are_decided_by_one_version() {
    List<Resource> resources = List.of(contact("ann").build(), contact("ben").build());
    var decisions = guard.decideEach(as("ann", Capacity.AGENT), Action.READ, resources);
    assertEquals(List.of(true, false), decisions.stream().map(one -> one.allowed()).toList());
    assertEquals(decisions.get(0).policyVersion(), decisions.get(1).policyVersion());
  }
}
