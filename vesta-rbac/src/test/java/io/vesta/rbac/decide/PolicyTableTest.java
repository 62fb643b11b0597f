package io.vesta.rbac.decide;

import static org.junit.jupiter.api.Assertions.assertEquals;
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
import io.vesta.rbac.org.OrgSnapshot;
import io.vesta.rbac.org.RoleGrant.Over;
import io.vesta.rbac.policy.ContactPrivacy;
import io.vesta.rbac.policy.Permission;
import io.vesta.rbac.policy.Policy;
import io.vesta.rbac.policy.Rule;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.time.Clock;
import java.time.Instant;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.Set;
import java.util.TreeSet;
import org.junit.jupiter.api.Test;

/**
 * The shipped policy, permission by permission and role by role, as a table that is read beside the
 * rows of the specification: each letter is a record on which the act is allowed.
 */
class PolicyTableTest {

  private static final BrokerageId FIRM = new BrokerageId("firm");
  private static final Instant NOW = Instant.parse("2026-06-30T12:00:00Z");
  private static final List<String> ROLES = List.of("ADMIN", "BROKER", "TEAM_LEAD", "AGENT");

  private static OrgSnapshot organisation() {
    OrgSnapshot.Builder org = OrgSnapshot.builder();
    for (String role : ROLES) {
      MemberId id = new MemberId(FIRM, role);
      org.member(id, new OfficeId(FIRM, "O1"));
      Over over =
          switch (role) {
            case "TEAM_LEAD" -> new Over.Team(new TeamId(FIRM, "T1"));
            case "AGENT" -> new Over.Self();
            default -> new Over.Brokerage();
          };
      org.grant(id, new Capacity(role), over, Instant.EPOCH, Instant.MAX);
      if (role.equals("TEAM_LEAD") || role.equals("AGENT")) {
        org.membership(id, new TeamId(FIRM, "T1"), Instant.EPOCH, Instant.MAX);
      }
    }
    return org.build();
  }

  /** O own, D on the deal, T the team's, F the firm's, X a colleague's, L the same but linked. */
  private static Resource probe(char letter, ResourceType type, MemberId me) {
    Resource.Builder r =
        Resource.builder(type, FIRM, "X1")
            .owner(new MemberId(FIRM, "zoe"))
            .office(new OfficeId(FIRM, "O9"))
            .behindBarrier(false)
            .routedToReview(letter != 'O');
    switch (letter) {
      case 'O' -> r.owner(me).ownership(Ownership.AGENT);
      case 'D' -> r.participants(Set.of(me)).ownership(Ownership.AGENT);
      case 'T' -> r.team(new TeamId(FIRM, "T1")).ownership(Ownership.TEAM);
      case 'F' -> r.ownership(Ownership.BROKERAGE);
      case 'L' -> r.ownership(Ownership.AGENT).linkedToTransaction(true);
      default -> r.ownership(Ownership.AGENT);
    }
    return r.build();
  }

  private static String reach(Guard guard, String role, Permission permission) {
    MemberId me = new MemberId(FIRM, role);
    StringBuilder letters = new StringBuilder();
    for (char letter : "ODTFXL".toCharArray()) {
      if (guard.allows(
          Actor.member(me, new Capacity(role)),
          permission.action(),
          probe(letter, permission.type(), me))) {
        letters.append(letter);
      }
    }
    return letters.isEmpty() ? "-" : letters.toString();
  }

  private static List<String> table(Policy policy) {
    Guard guard = new Guard(policy, organisation(), Clock.fixed(NOW, ZoneOffset.UTC));
    Set<String> permissions = new TreeSet<>();
    for (Rule rule : policy.rules()) {
      for (Action action : rule.actions()) {
        permissions.add(new Permission(rule.type(), action).toString());
      }
    }
    List<String> lines = new ArrayList<>();
    for (String permission : permissions) {
      StringBuilder line = new StringBuilder(permission);
      for (String role : ROLES) {
        line.append(' ').append(reach(guard, role, Permission.of(permission)));
      }
      lines.add(line.toString());
    }
    return lines;
  }

  private static List<String> expected(String name) throws IOException {
    try (InputStream in = PolicyTableTest.class.getResourceAsStream(name)) {
      String text =
          new String(Objects.requireNonNull(in, name).readAllBytes(), StandardCharsets.UTF_8);
      return text.lines().filter(line -> !line.isBlank() && !line.startsWith("#")).toList();
    }
  }

  @Test
  void the_shipped_policy_is_the_table() throws IOException {
    assertEquals(
        String.join("\n", expected("default-policy-table.txt").stream().sorted().toList()),
        String.join("\n", table(Policy.defaults()).stream().sorted().toList()));
  }

  @Test
  void each_preset_and_option_changes_what_it_says_and_nothing_else() throws IOException {
    List<String> lines = new ArrayList<>();
    List<String> defaults = table(Policy.defaults());
    for (ContactPrivacy privacy : ContactPrivacy.values()) {
      for (Set<String> options : List.of(Set.<String>of(), Set.of("REDACTED_ACTIVITY"))) {
        table(Policy.defaults(privacy, options)).stream()
            .filter(line -> !defaults.contains(line))
            .forEach(line -> lines.add(privacy + " " + options + " " + line));
      }
    }
    assertEquals(String.join("\n", expected("preset-tables.txt")), String.join("\n", lines));
  }

  @Test
  void the_optional_roles_have_rules_only_when_they_are_chosen() {
    for (String role :
        List.of(
            "COMPLIANCE_OFFICER",
            "TRANSACTION_COORDINATOR",
            "ISA",
            "MARKETING",
            "LENDER",
            "MENTOR",
            "REFERRAL_AGENT")) {
      Capacity capacity = new Capacity(role);
      assertTrue(
          Policy.defaults().rules().stream().noneMatch(rule -> rule.role().equals(capacity)));
      Policy chosen = Policy.defaults(ContactPrivacy.PRIVATE_UNTIL_TRANSACTION, Set.of(role));
      assertTrue(chosen.rules().stream().anyMatch(rule -> rule.role().equals(capacity)));
      Set<String> never =
          Set.of("send", "decide", "override", "publish", "read_notes", "connect", "approve");
      assertTrue(
          chosen.rules().stream()
              .filter(rule -> rule.role().equals(capacity))
              .allMatch(
                  rule -> rule.actions().stream().noneMatch(one -> never.contains(one.name()))),
          role + " holds what no optional role may");
    }
  }
}
