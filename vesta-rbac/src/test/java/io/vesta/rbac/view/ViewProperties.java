package io.vesta.rbac.view;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.json.JsonMapper;
import io.vesta.core.access.Actor;
import io.vesta.core.access.Capacity;
import io.vesta.core.access.Resource;
import io.vesta.core.access.Resource.Ownership;
import io.vesta.core.access.ResourceType;
import io.vesta.core.error.VestaException;
import io.vesta.core.id.BrokerageId;
import io.vesta.core.id.MemberId;
import io.vesta.core.id.OfficeId;
import io.vesta.core.id.TeamId;
import io.vesta.rbac.decide.Guard;
import io.vesta.rbac.org.OrgSnapshot;
import io.vesta.rbac.org.RoleGrant.Over;
import io.vesta.rbac.policy.ContactPrivacy;
import io.vesta.rbac.policy.FieldClass;
import io.vesta.rbac.policy.FieldRule.Level;
import io.vesta.rbac.policy.Policy;
import java.time.Clock;
import java.time.Instant;
import java.time.ZoneOffset;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.Set;
import net.jqwik.api.Example;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;

class ViewProperties {

  private static final JsonMapper JACKSON = JsonMapper.builder().build();
  private static final BrokerageId FIRM = new BrokerageId("firm");
  private static final List<String> NAMES = List.of("a", "b", "c", "d", "e", "f", "g", "h");

  /** A host's record; the policy says nothing of the score. */
  public record ContactCard(
      String name, String email, String phone, String notes, String language, int score) {}

  private static final ContactCard CARD =
      new ContactCard(
          "Alice Quux", "alice.quux@example.com", "+1 555 010 4477", "zebra crossing", "Welsh", 97);

  private static String json(Object value) {
    try {
      return JACKSON.writeValueAsString(value);
    } catch (JsonProcessingException e) {
      throw new IllegalStateException(e);
    }
  }

  /** Unlike any mask and unlike each other, so that a leak cannot hide. */
  private static Object value(Random random, int number) {
    StringBuilder text = new StringBuilder();
    for (int i = random.nextInt(12); i >= 0; i--) {
      text.appendCodePoint(random.nextInt(3) == 0 ? 0x1F600 + random.nextInt(60) : 'q' + i);
    }
    String unique = text + "#" + number + "#" + (100 + random.nextInt(900)) + text;
    return switch (random.nextInt(5)) {
      case 0 -> List.of(unique);
      case 1 -> Map.of("inner", unique);
      case 2 -> 1_000_000_000L + number * 1_000_003L + random.nextInt(1000);
      default -> unique;
    };
  }

  private static boolean leak(long seed) {
    Random random = new Random(seed);
    Map<String, Object> values = new LinkedHashMap<>();
    Map<String, FieldClass> classes = new LinkedHashMap<>();
    Map<String, Level> levels = new LinkedHashMap<>();
    int number = 0;
    for (String name : NAMES) {
      values.put(name, value(random, number++));
      if (random.nextInt(4) != 0) {
        classes.put(name, FieldClass.values()[random.nextInt(FieldClass.values().length)]);
      }
      if (random.nextInt(4) != 0) {
        levels.put(name, Level.values()[random.nextInt(Level.values().length)]);
      }
    }
    View view = View.of(values, classes, levels);
    String json = json(view);
    for (String name : NAMES) {
      boolean full = classes.containsKey(name) && levels.get(name) == Level.FULL;
      boolean some =
          classes.containsKey(name) && levels.getOrDefault(name, Level.NONE) != Level.NONE;
      String written = json(values.get(name));
      String bare = written.replaceAll("[\\[\\]{}\"]|inner:", "");
      if ((!full && json.contains(bare))
          || view.containsKey(name) != some
          || (full && !json.contains(written))
          || view.toString().contains(bare)) {
        return true;
      }
    }
    return false;
  }

  @Property
  void nothing_hidden_is_written(@ForAll long seed) {
    assertFalse(leak(seed));
  }

  @Example
  void nothing_hidden_is_written_in_many_generated_projections() {
    int projections = Integer.getInteger("vesta.projections", 20_000);
    for (long seed = 0; seed < projections; seed++) {
      if (leak(seed)) {
        assertEquals(-1, seed, "a projection leaks");
      }
    }
  }

  @Example
  void a_view_cannot_be_widened() {
    View view = View.of(Map.of("a", "x"), Map.of("a", FieldClass.OTHER), Map.of("a", Level.FULL));
    assertThrows(UnsupportedOperationException.class, () -> view.put("b", "y"));
    assertThrows(
        UnsupportedOperationException.class, () -> view.entrySet().iterator().next().setValue("y"));
  }

  @Example
  void a_mask_tells_a_letter_or_two_digits_and_of_short_values_nothing() {
    assertEquals("A\u2026", masked(FieldClass.NAME, "Alice"));
    assertEquals("\u2026", masked(FieldClass.NAME, "Al"));
    assertEquals("a\u2026@\u2026", masked(FieldClass.EMAIL, "alice@example.com"));
    assertEquals("\u202677", masked(FieldClass.PHONE, "+1 555 010 4477"));
    assertEquals("\u2026", masked(FieldClass.PHONE, "4477"));
    assertEquals("\u2026", masked(FieldClass.OTHER, "anything"));
    assertEquals("\uD83D\uDE00\u2026", masked(FieldClass.NAME, "\uD83D\uDE00bc"));
  }

  private static Object masked(FieldClass kind, String value) {
    return View.of(Map.of("a", value), Map.of("a", kind), Map.of("a", Level.MASKED)).get("a");
  }

  private static MemberId member(String key) {
    return new MemberId(FIRM, key);
  }

  private static Guard guard(ContactPrivacy privacy) {
    TeamId team = new TeamId(FIRM, "T1");
    OrgSnapshot.Builder org = OrgSnapshot.builder();
    for (String key : List.of("ann", "ben", "lead", "broker", "admin")) {
      org.member(member(key), new OfficeId(FIRM, "O1"));
    }
    org.membership(member("ann"), team, Instant.EPOCH, Instant.MAX);
    org.grant(member("ann"), Capacity.AGENT, new Over.Self(), Instant.EPOCH, Instant.MAX);
    org.grant(member("ben"), Capacity.AGENT, new Over.Self(), Instant.EPOCH, Instant.MAX);
    org.grant(member("lead"), Capacity.TEAM_LEAD, new Over.Team(team), Instant.EPOCH, Instant.MAX);
    org.grant(member("broker"), Capacity.BROKER, new Over.Brokerage(), Instant.EPOCH, Instant.MAX);
    org.grant(member("admin"), Capacity.ADMIN, new Over.Brokerage(), Instant.EPOCH, Instant.MAX);
    return new Guard(
        Policy.defaults(privacy),
        org.build(),
        Clock.fixed(Instant.parse("2026-06-30T12:00:00Z"), ZoneOffset.UTC));
  }

  private static Resource.Builder contact() {
    return Resource.builder(ResourceType.CONTACT, FIRM, "C1")
        .owner(member("ann"))
        .team(new TeamId(FIRM, "T1"))
        .ownership(Ownership.AGENT)
        .behindBarrier(false);
  }

  private static Map<String, Object> seen(Guard guard, Actor actor, Resource resource) {
    return guard.view(
        actor, resource, Projection.of(ContactCard.class, ResourceType.CONTACT), CARD);
  }

  private static Actor as(String key, Capacity capacity) {
    return Actor.member(member(key), capacity);
  }

  @Example
  void the_shipped_masks_are_those_of_the_specification() {
    Guard guard = guard(ContactPrivacy.PRIVATE_UNTIL_TRANSACTION);
    Resource own = contact().build();
    assertEquals(
        Set.of("name", "email", "phone", "notes", "language"),
        seen(guard, as("ann", Capacity.AGENT), own).keySet());
    assertEquals(
        Map.of(
            "name",
            "Alice Quux",
            "email",
            "a\u2026@\u2026",
            "phone",
            "\u202677",
            "language",
            "Welsh"),
        seen(
            guard,
            as("ben", Capacity.AGENT),
            contact().participants(Set.of(member("ben"))).build()));
    assertEquals(
        Map.of(),
        seen(
            guard,
            as("ben", Capacity.AGENT),
            contact().participants(Set.of(member("ann"))).behindBarrier(true).build()));
    assertEquals(
        Map.of(
            "name",
            "Alice Quux",
            "email",
            "a\u2026@\u2026",
            "phone",
            "\u202677",
            "language",
            "Welsh"),
        seen(guard, as("lead", Capacity.TEAM_LEAD), contact().ownership(Ownership.TEAM).build()));
    assertEquals(Map.of(), seen(guard, as("lead", Capacity.TEAM_LEAD), own));
    assertEquals(Map.of(), seen(guard, as("broker", Capacity.BROKER), own));
    assertEquals(
        Map.of(
            "name",
            "Alice Quux",
            "email",
            "a\u2026@\u2026",
            "phone",
            "\u202677",
            "language",
            "Welsh"),
        seen(guard, as("broker", Capacity.BROKER), contact().linkedToTransaction(true).build()));
    assertEquals(
        Map.of("name", true),
        seen(guard, as("broker", Capacity.BROKER), contact().ownership(Ownership.TEAM).build()));
    assertEquals(Map.of(), seen(guard, as("admin", Capacity.ADMIN), own));
    assertEquals(
        Map.of("name", "A\u2026", "language", "Welsh"),
        seen(guard, Actor.bot("drafter", member("ann")), own));
  }

  @Example
  void a_placeholder_tells_that_there_is_a_contact_and_no_fact_of_it() {
    Guard guard = guard(ContactPrivacy.PRIVATE_PLACEHOLDER);
    for (Actor actor : List.of(as("broker", Capacity.BROKER), as("admin", Capacity.ADMIN))) {
      assertEquals(Map.of("name", true), seen(guard, actor, contact().build()));
    }
  }

  @Example
  void another_brokerage_and_a_stranger_see_nothing() {
    Guard guard = guard(ContactPrivacy.OPEN_ACCOUNT);
    Resource foreign =
        Resource.builder(ResourceType.CONTACT, new BrokerageId("other"), "C1").build();
    assertEquals(Map.of(), seen(guard, as("broker", Capacity.BROKER), foreign));
    assertEquals(Map.of(), seen(guard, as("eve", Capacity.BROKER), contact().build()));
  }

  @Example
  void a_component_without_a_class_is_hidden_and_breaks_a_build_that_insists() {
    Projection<ContactCard> card = Projection.of(ContactCard.class, ResourceType.CONTACT);
    assertEquals(Set.of("score"), card.unclassified(Policy.defaults()));
    VestaException refused =
        assertThrows(VestaException.class, () -> card.requireClassified(Policy.defaults()));
    assertTrue(refused.getMessage().contains("score"));
    assertFalse(
        seen(guard(ContactPrivacy.OPEN_ACCOUNT), as("ann", Capacity.AGENT), contact().build())
            .containsKey("score"));
  }
}
