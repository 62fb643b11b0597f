package io.vesta.rbac.org;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.vesta.core.access.Action;
import io.vesta.core.access.Actor;
import io.vesta.core.access.Capacity;
import io.vesta.core.access.Resource;
import io.vesta.core.access.Resource.Ownership;
import io.vesta.core.access.ResourceType;
import io.vesta.core.id.BrokerageId;
import io.vesta.core.id.MemberId;
import io.vesta.core.id.OfficeId;
import io.vesta.core.id.TeamId;
import io.vesta.rbac.decide.Guard;
import io.vesta.rbac.org.OrganisationInvalid.Fault;
import io.vesta.rbac.org.RoleGrant.Over;
import io.vesta.rbac.policy.Policy;
import io.vesta.testkit.MutableClock;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneId;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.function.Consumer;
import org.junit.jupiter.api.Test;

class ResoRowsTest {

  private static final BrokerageId FIRM = new BrokerageId("hearthline");
  private static final ZoneId ZONE = ZoneId.of("America/Chicago");

  /** The rows of a file; no field of it holds a comma. */
  private static void rows(String file, Consumer<Map<String, String>> each) {
    try (InputStream in = ResoRowsTest.class.getResourceAsStream("brokerage/" + file)) {
      byte[] bytes = Objects.requireNonNull(in, file).readAllBytes();
      List<String> lines = new String(bytes, StandardCharsets.UTF_8).lines().toList();
      String[] names = lines.get(0).split(",");
      for (String line : lines.subList(1, lines.size())) {
        String[] values = line.split(",", -1);
        Map<String, String> row = new HashMap<>();
        for (int i = 0; i < names.length; i++) {
          row.put(names[i], values[i]);
        }
        each.accept(row);
      }
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private static ResoRows hearthline() {
    ResoRows rows = ResoRows.of(FIRM, ZONE);
    rows("offices.csv", rows::office);
    rows("members.csv", rows::member);
    rows("teams.csv", rows::team);
    rows("team_members.csv", rows::teamMember);
    return rows;
  }

  private static MemberId member(String key) {
    return new MemberId(FIRM, key);
  }

  private static Set<String> roles(OrgSnapshot org, String member) {
    return Set.copyOf(
        org.grants(member(member)).stream()
            .map(grant -> grant.role().role() + " " + grant.over())
            .toList());
  }

  @Test
  void a_brokerage_is_read_with_its_offices_teams_and_roles() {
    OrgSnapshot org = hearthline().organisation();
    assertEquals(40, org.members().size());
    assertEquals(2, org.members().stream().filter(one -> !one.active()).count());
    assertEquals(30, org.members().stream().mapToInt(o -> org.memberships(o.id()).size()).sum());
    Over main = new Over.Office(new OfficeId(FIRM, "O1"));
    assertEquals(Set.of("AGENT " + new Over.Self(), "BROKER " + main), roles(org, "M02"));
    assertTrue(roles(org, "M01").contains("BROKER " + new Over.Brokerage()));
    assertEquals(
        Set.of("AGENT " + new Over.Self(), "TEAM_LEAD " + new Over.Team(new TeamId(FIRM, "T1"))),
        roles(org, "M05"));
    assertEquals(
        4,
        org.members().stream()
            .flatMap(one -> org.grants(one.id()).stream())
            .filter(grant -> grant.role().equals(Capacity.TEAM_LEAD))
            .count());
    long unlicensed = org.members().stream().filter(one -> org.grants(one.id()).isEmpty()).count();
    assertEquals(3, unlicensed, "assistants without a licence have no role of their own");
    assertEquals(org.version(), hearthline().organisation().version());
  }

  @Test
  void decisions_follow_the_rows_and_a_membership_ends_with_its_day() {
    ResoRows rows = ResoRows.of(FIRM, ZONE);
    rows.office(Map.of("OfficeKey", "O1"));
    for (String key : List.of("lead", "ann")) {
      rows.member(row(key, "Active"));
    }
    rows.team(Map.of("TeamKey", "T1", "TeamLeadKey", "lead", "TeamStatus", "Active"));
    rows.teamMember(teamMember("1", "lead", "2026-01-01", ""));
    rows.teamMember(teamMember("2", "ann", "2026-01-01", "2026-07-01"));
    MutableClock clock = new MutableClock(Instant.parse("2026-07-01T04:59:59Z"));
    Guard guard = new Guard(Policy.defaults(), rows.organisation(), clock);
    Resource contact =
        Resource.builder(ResourceType.CONTACT, FIRM, "C1")
            .owner(member("ann"))
            .team(new TeamId(FIRM, "T1"))
            .ownership(Ownership.TEAM)
            .build();
    assertTrue(guard.allows(Actor.member(member("ann"), Capacity.AGENT), Action.READ, contact));
    assertTrue(
        guard.allows(Actor.member(member("lead"), Capacity.TEAM_LEAD), Action.READ, contact));
    clock.advance(Duration.ofSeconds(1));
    assertFalse(
        guard.allows(Actor.member(member("ann"), Capacity.AGENT), Action.READ, contact),
        "midnight in Chicago");
  }

  private static Map<String, String> row(String key, String status) {
    return Map.of(
        "MemberKey", key, "OfficeKey", "O1", "MemberStatus", status, "MemberStateLicenseType", "B");
  }

  private static Map<String, String> teamMember(String key, String member, String from, String to) {
    return Map.of(
        "TeamMemberKey", key,
        "TeamKey", "T1",
        "MemberKey", member,
        "x_EffectiveFrom", from,
        "x_EffectiveTo", to);
  }

  @Test
  void an_inactive_team_gives_nothing_and_an_inactive_member_may_nothing() {
    ResoRows rows = ResoRows.of(FIRM, ZONE);
    rows.office(Map.of("OfficeKey", "O1"));
    rows.member(row("lead", "Inactive"));
    rows.team(Map.of("TeamKey", "T1", "TeamLeadKey", "lead", "TeamStatus", "Inactive"));
    rows.teamMember(teamMember("1", "lead", "2026-01-01", ""));
    OrgSnapshot org = rows.organisation();
    assertTrue(org.memberships(member("lead")).isEmpty());
    assertFalse(org.member(member("lead")).orElseThrow().active());
  }

  @Test
  void every_fault_is_told_at_once_with_its_row_and_field_and_no_value() {
    ResoRows rows = ResoRows.of(FIRM, ZONE);
    rows.office(Map.of("OfficeKey", "O1", "OfficeBrokerKey", "secret-nobody"));
    rows.office(Map.of("OfficeKey", "O1"));
    rows.office(Map.of());
    rows.member(row("ann", "Retired"));
    rows.member(Map.of("MemberKey", "b b", "OfficeKey", "O9", "MemberStatus", "Active"));
    rows.team(Map.of("TeamKey", "T1", "TeamLeadKey", "ann", "TeamStatus", "Active"));
    rows.teamMember(teamMember("1", "eve", "2026-01-01", ""));
    rows.teamMember(teamMember("1", "ann", "01/01/2026", ""));
    rows.teamMember(teamMember("3", "ann", "2026-01-01", "2026-01-01"));
    rows.teamMember(Map.of("TeamMemberKey", "4", "TeamKey", "T7", "MemberKey", "ann"));
    OrganisationInvalid refused = assertThrows(OrganisationInvalid.class, rows::organisation);
    assertEquals(
        List.of(
            "Office row 2, OfficeKey",
            "Office row 3, OfficeKey",
            "Member row 1, MemberStatus",
            "Member row 2, MemberKey",
            "Member row 2, OfficeKey",
            "Office row 1, OfficeBrokerKey",
            "TeamMembers row 1, MemberKey",
            "TeamMembers row 2, TeamMemberKey",
            "TeamMembers row 2, x_EffectiveFrom",
            "TeamMembers row 3, x_EffectiveTo",
            "TeamMembers row 4, TeamKey",
            "TeamMembers row 4, x_EffectiveFrom",
            "Teams row 1, TeamLeadKey"),
        refused.faults().stream().map(ResoRowsTest::place).toList());
    assertFalse(refused.getMessage().contains("secret"));
    assertFalse(refused.getMessage().contains("Retired"));
  }

  private static String place(Fault fault) {
    return fault.resource() + " row " + fault.row() + ", " + fault.field();
  }
}
