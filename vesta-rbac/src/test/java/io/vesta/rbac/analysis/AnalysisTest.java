package io.vesta.rbac.analysis;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.json.JsonMapper;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.vesta.core.access.Action;
import io.vesta.core.access.Capacity;
import io.vesta.rbac.analysis.PolicyDiff.Change;
import io.vesta.rbac.analysis.PolicyDiff.Kind;
import io.vesta.rbac.analysis.PolicyLaws.Law;
import io.vesta.rbac.policy.ContactPrivacy;
import io.vesta.rbac.policy.Policy;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Random;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;

class AnalysisTest {

  private static final JsonMapper JACKSON = JsonMapper.builder().build();
  private static final Policy SHIPPED = Policy.defaults();
  private static final List<String> SCOPES =
      List.of("OWN", "DEAL", "TEAM", "OFFICE", "BROKERAGE", "GRANT");
  private static final List<String> GUARDS =
      List.of(
          "ownership",
          "status",
          "linkedToTransaction",
          "routedToReview",
          "notOwn",
          "createdDuringGrant",
          "underDelegation",
          "barrier",
          "breakGlass");

  private static ObjectNode document() {
    try {
      return (ObjectNode) JACKSON.readTree(Policy.defaultDocument());
    } catch (JsonProcessingException e) {
      throw new IllegalStateException(e);
    }
  }

  private static Policy load(ObjectNode document) {
    return Policy.load(document.toString());
  }

  private static List<ObjectNode> rulesInForce(ObjectNode document, String list) {
    Set<String> ids =
        list.equals("rules")
            ? SHIPPED.rules().stream().map(rule -> rule.id()).collect(Collectors.toSet())
            : SHIPPED.fieldRules().stream()
                .map(rule -> rule.rule().id())
                .collect(Collectors.toSet());
    List<ObjectNode> rules = new ArrayList<>();
    for (JsonNode rule : document.get(list)) {
      if (ids.contains(rule.get("id").textValue())) {
        rules.add((ObjectNode) rule);
      }
    }
    return rules;
  }

  private static <T> T pick(Random random, List<T> from) {
    return from.get(random.nextInt(from.size()));
  }

  /** Breaks the shipped policy in one place; says what it did. */
  private static String mutate(ObjectNode document, Random random) {
    List<ObjectNode> rules = rulesInForce(document, "rules");
    List<ObjectNode> fields = rulesInForce(document, "fields");
    ObjectNode rule = pick(random, random.nextInt(4) == 0 ? fields : rules);
    String id = rule.get("id").textValue();
    switch (random.nextInt(8)) {
      case 0 -> {
        rule.putArray("scope").add(pick(random, SCOPES));
        return id + " with another scope";
      }
      case 1 -> {
        ((ArrayNode) rule.get("scope")).add("BROKERAGE");
        return id + " widened to the brokerage";
      }
      case 2 -> {
        List<String> present = GUARDS.stream().filter(rule::has).toList();
        if (!present.isEmpty()) {
          rule.remove(pick(random, present));
        }
        return id + " without a guard";
      }
      case 3 -> {
        rule.put(pick(random, GUARDS.subList(2, GUARDS.size())), true);
        return id + " with a guard";
      }
      case 4 -> {
        rule.put("role", pick(random, List.of("ADMIN", "BROKER", "TEAM_LEAD", "AGENT")));
        return id + " for another role";
      }
      case 5 -> {
        if (rule.has("actions")) {
          ((ArrayNode) rule.get("actions"))
              .add(pick(random, List.of("delete", "export", "decide", "read_pii")));
        } else {
          rule.put("level", pick(random, List.of("EXISTS", "MASKED", "FULL")));
        }
        return id + " with another action or level";
      }
      case 6 -> {
        rule.putArray("ownership").add(pick(random, List.of("AGENT", "TEAM", "BROKERAGE")));
        return id + " with another ownership";
      }
      default -> {
        ((ArrayNode) document.get("bot"))
            .add(pick(random, List.of("Contact.read_pii", "Contact.update", "Offer.read")));
        rule.put("why", "a bot may more");
        return "a bot may more";
      }
    }
  }

  @Test
  void a_thousand_mutants_are_reported_each_with_a_witness_that_replays() {
    int reported = 0;
    int equal = 0;
    for (long seed = 0; reported < 1_000; seed++) {
      ObjectNode document = document();
      String what = mutate(document, new Random(seed));
      Policy mutant;
      try {
        mutant = load(document);
      } catch (RuntimeException refused) {
        continue; // refused at load is reported too, and not counted
      }
      PolicyDiff diff = PolicyDiff.between(SHIPPED, mutant);
      if (diff.isEmpty()) {
        equal++;
        assertFalse(differs(mutant, new Random(seed)), what + " differs and is not told");
        continue;
      }
      reported++;
      for (Change change : diff.changes()) {
        assertTrue(replays(change, SHIPPED, mutant), () -> what + ": " + change);
      }
    }
    assertTrue(equal < 800, "most mutants mean something else; alike were " + equal);
  }

  private static boolean replays(Change change, Policy before, Policy after) {
    String[] parts = change.what().split("[.#]");
    int more;
    if (change.what().contains("#")) {
      more =
          change
              .witness()
              .level(after, parts[1])
              .compareTo(change.witness().level(before, parts[1]));
    } else {
      Action action = new Action(parts[1]);
      more =
          Boolean.compare(
              change.witness().allows(after, action), change.witness().allows(before, action));
    }
    return change.kind() == Kind.GAINED ? more > 0 : more < 0;
  }

  /**
   * Looks for a difference without the comparison's own economy: every fact varied, at random, for
   * every role and act.
   */
  private static boolean differs(Policy mutant, Random random) {
    List<io.vesta.rbac.policy.Rule> all = new ArrayList<>(SHIPPED.rules());
    all.addAll(mutant.rules());
    for (String role : List.of("ADMIN", "BROKER", "TEAM_LEAD", "AGENT")) {
      SmallWorld world = new SmallWorld(new Capacity(role), SHIPPED.supervisors());
      var before = world.whatIf(SHIPPED);
      var after = world.whatIf(mutant);
      for (int i = 0; i < 40; i++) {
        var actor = pick(random, world.actors(role.equals("AGENT") && random.nextInt(3) == 0, all));
        var rule = pick(random, all);
        var record = pick(random, SmallWorld.records(rule.type(), actor, all));
        for (Action action : rule.actions()) {
          if (before.allows(actor, action, record) != after.allows(actor, action, record)) {
            return true;
          }
        }
        if (!before.levels(actor, record).equals(after.levels(actor, record))) {
          return true;
        }
      }
    }
    return false;
  }

  /** Says the same in other words. */
  private static void rewrite(ObjectNode document, Random random) {
    for (String list : List.of("rules", "fields")) {
      ArrayNode rules = (ArrayNode) document.get(list);
      List<JsonNode> all = new ArrayList<>();
      rules.forEach(all::add);
      for (int i = 0; i < 6; i++) {
        ObjectNode rule = (ObjectNode) pick(random, all);
        ObjectNode copy = rule.deepCopy();
        copy.put("id", list + ".copy" + i);
        switch (random.nextInt(5)) {
          case 0 -> {} // says it twice
          case 1 -> split(rule, copy, list.equals("rules") ? "actions" : "fields");
          case 2 -> split(rule, copy, "scope");
          case 3 -> { // says a part of it again
            copy.put("linkedToTransaction", true);
            copy.put("createdDuringGrant", true);
          }
          default -> {
            rule.put("id", list + ".renamed" + i);
            rule.put("why", "in other words");
            copy = null;
          }
        }
        if (copy != null) {
          all.add(copy);
        }
      }
      Collections.shuffle(all, random);
      rules.removeAll();
      rules.addAll(all);
    }
    ((ArrayNode) document.get("roles")).add("NOBODY_YET");
  }

  /** A union of two is two rules of one. */
  private static void split(ObjectNode rule, ObjectNode copy, String field) {
    ArrayNode values = (ArrayNode) rule.get(field);
    if (values.size() > 1) {
      JsonNode last = values.remove(values.size() - 1);
      copy.putArray(field).add(last);
      if (field.equals("scope") && last.textValue().equals("OWN")) {
        copy.remove("notOwn");
      }
    }
  }

  @Test
  void a_thousand_rewrites_that_mean_the_same_raise_no_alarm() {
    for (long seed = 0; seed < 1_000; seed++) {
      ObjectNode document = document();
      rewrite(document, new Random(seed));
      PolicyDiff diff = PolicyDiff.between(SHIPPED, load(document));
      long at = seed;
      assertTrue(diff.isEmpty(), () -> at + ": " + diff.changes());
    }
  }

  @Test
  void a_change_of_preset_is_told_permission_by_permission() {
    Policy open = Policy.defaults(ContactPrivacy.OPEN_ACCOUNT);
    List<String> told =
        PolicyDiff.between(SHIPPED, open).changes().stream()
            .map(Change::toString)
            .filter(line -> line.contains("."))
            .sorted()
            .toList();
    assertEquals(
        List.of(
            "GAINED ADMIN Contact.read",
            "GAINED BROKER Contact.export",
            "GAINED BROKER Contact.read",
            "GAINED BROKER Contact.read_pii"),
        told);
  }

  @Test
  void roles_kept_apart_and_supervisors_and_classes_are_compared_too() {
    ObjectNode apart = document();
    apart.putArray("separate").addArray().add("ADMIN").add("BROKER");
    PolicyDiff diff = PolicyDiff.between(load(apart), SHIPPED);
    assertEquals(Set.of(Set.of(Capacity.ADMIN, Capacity.BROKER)), diff.separationsDropped());
    ObjectNode supervised = document();
    supervised.putArray("supervisors").add("ADMIN");
    List<String> changed =
        PolicyDiff.between(SHIPPED, load(supervised)).changes().stream()
            .map(Change::toString)
            .toList();
    assertTrue(changed.contains("GAINED TEAM_LEAD Draft.decide"), changed::toString);
    assertTrue(changed.contains("LOST TEAM_LEAD Draft.decide"), changed::toString);
    ObjectNode unmasked = document();
    ((ObjectNode) unmasked.get("classes").get("Contact")).put("phone", "OTHER");
    assertEquals(
        Set.of("Contact#phone"), PolicyDiff.between(SHIPPED, load(unmasked)).reclassified());
  }

  @Test
  void the_shipped_policy_keeps_every_law_under_every_preset() {
    for (ContactPrivacy privacy : ContactPrivacy.values()) {
      assertEquals(List.of(), PolicyLaws.check(Policy.defaults(privacy)));
    }
  }

  @Test
  void each_law_is_told_when_it_is_broken() {
    Set<Law> told = new TreeSet<>();
    for (String[] rule :
        new String[][] {
          {"ADMIN", "Draft", "decide"},
          {"ADMIN", "Contact", "read_notes"},
          {"AGENT", "Draft", "decide"},
          {"BROKER", "Draft", "decide"},
          {"BROKER", "PersonalMail", "read"},
          {"ADMIN", "AuditEntry", "update"},
          {"ADMIN", "Policy", "approve"},
        }) {
      ObjectNode document = document();
      ObjectNode added = ((ArrayNode) document.get("rules")).addObject();
      added.put("id", "added").put("role", rule[0]).put("resource", rule[1]);
      added.putArray("actions").add(rule[2]);
      added.putArray("scope").add("BROKERAGE");
      PolicyLaws.check(load(document)).forEach(breach -> told.add(breach.law()));
    }
    ObjectNode shared = document();
    for (JsonNode rule : shared.get("rules")) {
      if (rule.get("id").textValue().equals("contact.lead.team")) {
        ((ObjectNode) rule).put("linkedToTransaction", true);
      }
      if (rule.get("id").textValue().equals("contact.agent.team")) {
        ((ObjectNode) rule).remove("presets");
      }
    }
    PolicyLaws.check(load(shared)).forEach(breach -> told.add(breach.law()));
    assertEquals(Set.of(Law.values()), told);
  }

  @Test
  void a_breach_replays_under_the_policy_that_it_was_found_in() {
    ObjectNode document = document();
    ObjectNode added = ((ArrayNode) document.get("rules")).addObject();
    added.put("id", "added").put("role", "BROKER").put("resource", "PersonalMail");
    added.putArray("actions").add("read");
    added.putArray("scope").add("GRANT");
    Policy broken = load(document);
    var breach = PolicyLaws.check(broken).get(0);
    assertTrue(breach.witness().allows(broken, Action.READ));
    assertFalse(breach.witness().allows(SHIPPED, Action.READ));
  }

  @Test
  void a_rule_that_others_make_useless_is_told() {
    assertEquals(List.of(), ShadowedRules.of(SHIPPED));
    ObjectNode document = document();
    ObjectNode added = ((ArrayNode) document.get("rules")).addObject();
    added.put("id", "added").put("role", "AGENT").put("resource", "Listing");
    added.putArray("actions").add("read");
    added.putArray("scope").add("OWN");
    assertEquals(List.of("added"), ShadowedRules.of(load(document)));
  }
}
