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
import io.vesta.core.access.Decision;
import io.vesta.core.access.Resource;
import io.vesta.core.access.Resource.Ownership;
import io.vesta.core.access.ResourceType;
import io.vesta.core.id.BrokerageId;
import io.vesta.core.id.MemberId;
import io.vesta.core.id.OfficeId;
import io.vesta.core.id.Ref;
import io.vesta.core.id.TeamId;
import io.vesta.rbac.org.OrgSnapshot;
import io.vesta.rbac.org.RoleGrant.Over;
import io.vesta.rbac.org.Span;
import io.vesta.rbac.org.Supervision;
import io.vesta.rbac.policy.ContactPrivacy;
import io.vesta.rbac.policy.Policy;
import io.vesta.testkit.MutableClock;
import java.time.Duration;
import java.time.Instant;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/**
 * The shipped policy against the rules of the domain (P1 to P15) and the scenarios that users tell.
 */
class DefaultPolicyTest {

  private static final BrokerageId FIRM = new BrokerageId("firm");
  private static final Instant START = Instant.parse("2026-01-01T00:00:00Z");
  private static final Action READ_PII = new Action("read_pii");

  private final MutableClock clock = new MutableClock(Instant.parse("2026-06-30T12:00:00Z"));
  private final Guard guard = new Guard(Policy.defaults(), organisation(), clock);

  private static MemberId member(String key) {
    return new MemberId(FIRM, key);
  }

  private static OrgSnapshot organisation() {
    OfficeId main = new OfficeId(FIRM, "O1");
    OrgSnapshot.Builder org =
        OrgSnapshot.builder()
            .member(member("broker"), main)
            .member(member("manager"), new OfficeId(FIRM, "O2"))
            .member(member("admin"), main)
            .member(member("lead1"), main)
            .member(member("lead2"), main)
            .member(member("ann"), main)
            .member(member("ben"), main)
            .member(new OrgSnapshot.Member(member("gone"), main, false))
            .membership(member("ann"), new TeamId(FIRM, "T1"), START, Instant.MAX)
            .membership(member("ann"), new TeamId(FIRM, "T2"), START, Instant.MAX)
            .membership(member("ben"), new TeamId(FIRM, "T1"), START, Instant.MAX)
            .membership(member("lead1"), new TeamId(FIRM, "T1"), START, Instant.MAX)
            .supervision(
                new Supervision(
                    member("broker"),
                    member("lead1"),
                    new Over.Team(new TeamId(FIRM, "T1")),
                    new Ref("Document", "D1"),
                    new Span(START, Instant.MAX)));
    Over all = new Over.Brokerage();
    org.grant(member("broker"), Capacity.BROKER, all, START, Instant.MAX);
    org.grant(
        member("manager"),
        Capacity.BROKER,
        new Over.Office(new OfficeId(FIRM, "O2")),
        START,
        Instant.MAX);
    org.grant(member("admin"), Capacity.ADMIN, all, START, Instant.MAX);
    for (int i = 1; i < 3; i++) {
      org.grant(
          member("lead" + i),
          Capacity.TEAM_LEAD,
          new Over.Team(new TeamId(FIRM, "T" + i)),
          START,
          Instant.MAX);
    }
    for (String agent : new String[] {"lead1", "lead2", "ann", "ben", "gone"}) {
      org.grant(member(agent), Capacity.AGENT, new Over.Self(), START, Instant.MAX);
    }
    return org.build();
  }

  private Decision ask(String who, Capacity capacity, Action action, Resource.Builder resource) {
    return guard.decide(Actor.member(member(who), capacity), action, resource.build());
  }

  private static Resource.Builder record(ResourceType type) {
    return Resource.builder(type, FIRM, "X1");
  }

  private static Resource.Builder annsContact(Ownership ownership) {
    return record(ResourceType.CONTACT)
        .owner(member("ann"))
        .team(new TeamId(FIRM, "T1"))
        .office(new OfficeId(FIRM, "O1"))
        .ownership(ownership);
  }

  @ParameterizedTest(name = "{0} as {1} {2} contact owned by {3}, linked {4}: {5}")
  @CsvSource({
    "ann,AGENT,read_pii,AGENT,false,true",
    "ben,AGENT,read,AGENT,false,false",
    "ben,AGENT,read,TEAM,false,false",
    "lead1,TEAM_LEAD,read,AGENT,false,false",
    "lead1,TEAM_LEAD,read_pii,TEAM,false,true",
    "lead2,TEAM_LEAD,read,TEAM,false,false",
    "broker,BROKER,read,AGENT,false,false",
    "broker,BROKER,read_pii,AGENT,true,true",
    "broker,BROKER,read,TEAM,false,true",
    "broker,BROKER,read_pii,TEAM,false,false",
    "broker,BROKER,read_pii,BROKERAGE,false,true",
    "broker,BROKER,read_notes,BROKERAGE,true,false",
    "manager,BROKER,read,BROKERAGE,true,false",
    "admin,ADMIN,read,BROKERAGE,true,false",
    "ann,AGENT,export,AGENT,false,true",
    "ann,AGENT,export,BROKERAGE,false,false",
    "gone,AGENT,read,BROKERAGE,true,false",
  })
  void rows_5_to_7_and_30_contacts(
      String who,
      String role,
      String action,
      Ownership ownership,
      boolean linked,
      boolean allowed) {
    Decision decision =
        ask(
            who,
            new Capacity(role),
            new Action(action),
            annsContact(ownership).linkedToTransaction(linked));
    assertEquals(allowed, decision.allowed(), decision::because);
  }

  @ParameterizedTest(name = "{0} as {1} may {2} ann's draft, routed {3}: {4}")
  @CsvSource({
    "ann,AGENT,decide,false,true",
    "ann,AGENT,decide,true,false",
    "ann,AGENT,decide,,false",
    "ann,AGENT,send,true,true",
    "ben,AGENT,read,true,false",
    "lead1,TEAM_LEAD,read,true,true",
    "lead1,TEAM_LEAD,read,false,false",
    "lead1,TEAM_LEAD,decide,true,true",
    "lead1,TEAM_LEAD,decide,false,false",
    "lead1,TEAM_LEAD,send,true,false",
    "lead2,TEAM_LEAD,read,true,false",
    "broker,BROKER,read,false,false",
    "broker,BROKER,decide,true,true",
    "broker,BROKER,override,true,true",
    "lead1,TEAM_LEAD,override,true,false",
    "admin,ADMIN,read,true,false",
    "admin,ADMIN,decide,true,false",
  })
  void rows_17_to_19_drafts(
      String who, String role, String action, @Nullable Boolean routed, boolean allowed) {
    Resource.Builder draft =
        record(ResourceType.DRAFT)
            .owner(member("ann"))
            .team(new TeamId(FIRM, "T1"))
            .routedToReview(routed);
    Decision decision = ask(who, new Capacity(role), new Action(action), draft);
    assertEquals(allowed, decision.allowed(), decision::because);
  }

  @Test
  void t2_a_lead_does_not_decide_on_their_own_routed_draft() {
    Decision decision =
        ask(
            "lead1",
            Capacity.TEAM_LEAD,
            Action.DECIDE,
            record(ResourceType.DRAFT)
                .owner(member("lead1"))
                .team(new TeamId(FIRM, "T1"))
                .routedToReview(true));
    assertFalse(decision.allowed());
    assertEquals("OWN_RECORD", decision.reason());
    assertFalse(
        ask(
                "lead1",
                Capacity.AGENT,
                Action.DECIDE,
                record(ResourceType.DRAFT).owner(member("lead1")).routedToReview(true))
            .allowed(),
        "nor by changing the capacity");
  }

  @Test
  void t1_a_lead_without_a_written_delegation_reads_no_bodies_and_decides_nothing() {
    Resource.Builder thread =
        record(ResourceType.THREAD)
            .owner(member("ann"))
            .team(new TeamId(FIRM, "T2"))
            .ownership(Ownership.TEAM);
    assertTrue(ask("lead2", Capacity.TEAM_LEAD, Action.READ, thread).allowed());
    Decision body = ask("lead2", Capacity.TEAM_LEAD, new Action("read_body"), thread);
    assertEquals("MISSING_DELEGATION", body.reason());
  }

  @Test
  void p3_what_a_team_owns_is_lost_to_its_owner_when_they_leave_the_team() {
    Resource.Builder teams = annsContact(Ownership.TEAM).createdAt(START.plus(Duration.ofDays(30)));
    assertTrue(ask("ann", Capacity.AGENT, Action.READ, teams).allowed());
    OrgSnapshot.Builder left = OrgSnapshot.builder();
    left.member(member("ann"), new OfficeId(FIRM, "O1"))
        .member(member("lead1"), new OfficeId(FIRM, "O1"))
        .membership(member("ann"), new TeamId(FIRM, "T1"), START, clock.instant())
        .grant(member("ann"), Capacity.AGENT, new Over.Self(), START, Instant.MAX)
        .grant(
            member("lead1"),
            Capacity.TEAM_LEAD,
            new Over.Team(new TeamId(FIRM, "T1")),
            START,
            Instant.MAX);
    guard.reload(Policy.defaults(), left.build());
    assertFalse(ask("ann", Capacity.AGENT, Action.READ, teams).allowed());
    assertTrue(ask("lead1", Capacity.TEAM_LEAD, Action.READ, teams).allowed());
    assertTrue(ask("ann", Capacity.AGENT, Action.READ, annsContact(Ownership.AGENT)).allowed());
  }

  @ParameterizedTest(name = "{0} as {1}, on the deal {2}, behind a barrier {3}: {4}")
  @CsvSource({
    "broker,BROKER,false,false,true",
    "broker,BROKER,false,true,false",
    "broker,BROKER,false,,false",
    "lead1,TEAM_LEAD,false,true,false",
    "lead1,TEAM_LEAD,true,true,true",
    "ann,AGENT,true,true,true",
    "ann,AGENT,false,false,false",
  })
  void p6_a_barrier_hides_a_side_from_whoever_is_not_on_it(
      String who, String role, boolean takesPart, @Nullable Boolean barred, boolean allowed) {
    Resource.Builder listing =
        record(ResourceType.LISTING)
            .owner(member("ben"))
            .team(new TeamId(FIRM, "T1"))
            .participants(takesPart ? Set.of(member(who)) : Set.of(member("ben")))
            .behindBarrier(barred);
    Decision decision = ask(who, new Capacity(role), new Action("read_private"), listing);
    assertEquals(allowed, decision.allowed(), decision::because);
  }

  @Test
  void an_admin_of_one_office_is_no_admin_of_the_others() {
    OrgSnapshot.Builder org =
        OrgSnapshot.builder()
            .member(member("admin"), new OfficeId(FIRM, "O2"))
            .grant(
                member("admin"),
                Capacity.ADMIN,
                new Over.Office(new OfficeId(FIRM, "O2")),
                START,
                Instant.MAX);
    guard.reload(Policy.defaults(), org.build());
    Resource.Builder entry = record(ResourceType.AUDIT_ENTRY);
    assertTrue(
        ask("admin", Capacity.ADMIN, Action.READ, entry.office(new OfficeId(FIRM, "O2")))
            .allowed());
    assertFalse(
        ask("admin", Capacity.ADMIN, Action.READ, entry.office(new OfficeId(FIRM, "O1")))
            .allowed());
  }

  @Test
  void whoever_is_refused_learns_nothing_of_the_record() {
    Decision linked = ask("ben", Capacity.AGENT, Action.READ, annsContact(Ownership.AGENT));
    Decision foreign =
        guard.decide(
            Actor.member(member("ben"), Capacity.AGENT),
            Action.READ,
            Resource.builder(ResourceType.CONTACT, new BrokerageId("other"), "X1").build());
    assertEquals("OUT_OF_REACH", linked.publicReason());
    assertEquals("OUT_OF_REACH", foreign.publicReason());
    AccessDeniedException refused = assertThrows(AccessDeniedException.class, linked::orThrow);
    AccessDeniedException other = assertThrows(AccessDeniedException.class, foreign::orThrow);
    assertEquals(refused.getMessage(), other.getMessage());
  }

  @Test
  void a6_a_lead_sees_nothing_of_a_members_other_team() {
    Resource.Builder other =
        record(ResourceType.DRAFT)
            .owner(member("ann"))
            .team(new TeamId(FIRM, "T2"))
            .routedToReview(true);
    assertFalse(ask("lead1", Capacity.TEAM_LEAD, Action.READ, other).allowed());
    assertTrue(ask("lead2", Capacity.TEAM_LEAD, Action.READ, other).allowed());
  }

  @Test
  void p4_a_lead_who_sells_needs_the_agents_capacity_for_own_deals() {
    Resource.Builder own = record(ResourceType.TRANSACTION).participants(Set.of(member("lead1")));
    assertTrue(ask("lead1", Capacity.AGENT, Action.READ, own).allowed());
    assertFalse(ask("lead1", Capacity.TEAM_LEAD, Action.READ, own).allowed());
  }

  @Test
  void a_capacity_without_a_live_grant_gives_nothing() {
    Resource.Builder listing = record(ResourceType.LISTING);
    assertEquals("NO_GRANT", ask("ann", Capacity.BROKER, Action.READ, listing).reason());
    assertTrue(ask("ann", Capacity.AGENT, Action.READ, listing).allowed());
    clock.advance(Duration.ofDays(-365));
    assertEquals("NO_GRANT", ask("ann", Capacity.AGENT, Action.READ, listing).reason());
  }

  @Test
  void p10_a_bot_has_the_members_authority_and_less() {
    Resource own = annsContact(Ownership.AGENT).build();
    Resource bens = record(ResourceType.CONTACT).owner(member("ben")).build();
    Actor bot = Actor.bot("drafter", member("ann"));
    assertTrue(guard.decide(bot, Action.READ, own).allowed());
    assertFalse(guard.decide(bot, Action.READ, bens).allowed());
    assertEquals("BOT_NOT_CAPABLE", guard.decide(bot, READ_PII, own).reason());
    Resource draft = record(ResourceType.DRAFT).owner(member("ann")).build();
    assertTrue(guard.decide(bot, Action.CREATE, draft).allowed());
    for (Action action : new Action[] {Action.DECIDE, Action.SEND, Action.EXPORT}) {
      assertFalse(guard.decide(bot, action, draft).allowed());
    }
  }

  @Test
  void v6_equal_keys_in_another_brokerage_are_out_of_reach() {
    Resource foreign =
        Resource.builder(ResourceType.LISTING, new BrokerageId("other"), "X1").build();
    Decision decision =
        guard.decide(Actor.member(member("broker"), Capacity.BROKER), Action.READ, foreign);
    assertEquals("OTHER_BROKERAGE", decision.reason());
  }

  @Test
  void a_system_actor_and_a_stranger_get_nothing() {
    Resource listing = record(ResourceType.LISTING).build();
    assertEquals(
        "SYSTEM_ACTOR", guard.decide(Actor.system(FIRM, "expiry"), Action.READ, listing).reason());
    assertEquals(
        "UNKNOWN_MEMBER",
        guard.decide(Actor.member(member("eve"), Capacity.AGENT), Action.READ, listing).reason());
  }

  @Test
  void presets_change_who_sees_a_private_contact() {
    Resource contact = annsContact(Ownership.AGENT).build();
    Resource shared = annsContact(Ownership.TEAM).build();
    Actor broker = Actor.member(member("broker"), Capacity.BROKER);
    Actor ben = Actor.member(member("ben"), Capacity.AGENT);
    assertFalse(guard.decide(broker, Action.READ, contact).allowed());
    String before = guard.version();
    guard.reload(Policy.defaults(ContactPrivacy.OPEN_ACCOUNT), organisation());
    assertTrue(guard.decide(broker, Action.READ, contact).allowed());
    assertNotEquals(before, guard.decide(broker, Action.READ, contact).policyVersion());
    guard.reload(Policy.defaults(ContactPrivacy.TEAM_SHARED), organisation());
    assertTrue(guard.decide(ben, Action.READ, shared).allowed());
    assertFalse(guard.decide(ben, Action.READ, contact).allowed());
  }

  @Test
  void a_decision_explains_itself_by_rule_or_nearest_miss() {
    Decision yes = ask("ann", Capacity.AGENT, Action.READ, annsContact(Ownership.AGENT));
    assertEquals("rule contact.agent.own lets AGENT read Contact of their own", yes.because());
    Decision no = ask("lead1", Capacity.TEAM_LEAD, Action.READ, annsContact(Ownership.AGENT));
    assertEquals(
        "the nearest rule, contact.lead.team, lets TEAM_LEAD read Contact within their grant,"
            + " and misses OWNERSHIP",
        no.because());
  }
}
