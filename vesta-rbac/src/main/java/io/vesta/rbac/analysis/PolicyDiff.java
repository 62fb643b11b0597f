package io.vesta.rbac.analysis;

import io.vesta.core.access.Action;
import io.vesta.core.access.Actor;
import io.vesta.core.access.Capacity;
import io.vesta.core.access.Resource;
import io.vesta.core.access.ResourceType;
import io.vesta.rbac.decide.WhatIf;
import io.vesta.rbac.policy.FieldRule;
import io.vesta.rbac.policy.FieldRule.Level;
import io.vesta.rbac.policy.Guards;
import io.vesta.rbac.policy.Permission;
import io.vesta.rbac.policy.Policy;
import io.vesta.rbac.policy.Rule;
import io.vesta.rbac.policy.Scope;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;

/**
 * What one policy allows or shows that another does not. Complete for roles, bots and fields: where
 * nothing is told, the two answer alike in every organisation, on every record, at every time.
 *
 * @param changes gained and lost permissions, each with a situation in which it shows
 * @param separationsDropped sets of roles that only the first policy keeps apart
 * @param separationsAdded sets of roles that only the second policy keeps apart
 * @param reclassified fields, as {@code Type#field}, whose masked form changed
 */
public record PolicyDiff(
    List<Change> changes,
    Set<Set<Capacity>> separationsDropped,
    Set<Set<Capacity>> separationsAdded,
    Set<String> reclassified) {

  /** In which direction a change goes. */
  public enum Kind {
    /** The second policy allows or shows more. */
    GAINED,
    /** The second policy allows or shows less. */
    LOST
  }

  /**
   * One permission that changed.
   *
   * @param kind in which direction
   * @param role for whom
   * @param bot whether for bots that act for them
   * @param what {@code Type.action}, or {@code Type#field}
   * @param witness where it shows
   */
  public record Change(Kind kind, Capacity role, boolean bot, String what, Witness witness) {

    /** Checks presence. */
    public Change {
      Objects.requireNonNull(kind, "kind");
      Objects.requireNonNull(role, "role");
      Objects.requireNonNull(what, "what");
      Objects.requireNonNull(witness, "witness");
    }

    @Override
    public String toString() {
      return kind + " " + (bot ? "bot of " : "") + role.role() + " " + what;
    }
  }

  /** Copies. */
  public PolicyDiff {
    changes = List.copyOf(changes);
    separationsDropped = Set.copyOf(separationsDropped);
    separationsAdded = Set.copyOf(separationsAdded);
    reclassified = Set.copyOf(reclassified);
  }

  /** Whether the policies mean the same. */
  public boolean isEmpty() {
    return changes.isEmpty()
        && separationsDropped.isEmpty()
        && separationsAdded.isEmpty()
        && reclassified.isEmpty();
  }

  /** Compares two policies. */
  public static PolicyDiff between(Policy before, Policy after) {
    Comparison comparison = new Comparison(before, after);
    comparison.actions();
    comparison.fields();
    Set<Set<Capacity>> dropped = new HashSet<>(before.separations());
    after.separations().forEach(dropped::remove);
    Set<Set<Capacity>> added = new HashSet<>(after.separations());
    before.separations().forEach(added::remove);
    return new PolicyDiff(comparison.changes, dropped, added, reclassified(before, after));
  }

  private static Set<String> reclassified(Policy before, Policy after) {
    Set<String> changed = new HashSet<>();
    for (FieldRule rule : after.fieldRules()) {
      ResourceType type = rule.rule().type();
      for (String field : rule.fields()) {
        var old = before.fieldClasses(type).get(field);
        if (old != null && old != after.fieldClasses(type).get(field)) {
          changed.add(type.name() + "#" + field);
        }
      }
    }
    return changed;
  }

  /** What a rule means, its name left aside. */
  private record Meaning(Set<Scope> scopes, Guards guards, boolean breakGlass, Level level) {

    static Meaning of(Rule rule, Level level) {
      return new Meaning(rule.scopes(), rule.guards(), rule.breakGlass(), level);
    }

    /** Whether whatever the other allows, this allows too. */
    boolean covers(Meaning other) {
      Guards mine = guards;
      Guards its = other.guards;
      return breakGlass == other.breakGlass
          && level.compareTo(other.level) >= 0
          && scopes.containsAll(other.scopes)
          && within(its.ownership(), mine.ownership())
          && within(its.status(), mine.status())
          && (mine.routed() == null || mine.routed().equals(its.routed()))
          && (!mine.linked() || its.linked())
          && (!mine.notOwn() || its.notOwn())
          && (!mine.duringGrant() || its.duringGrant())
          && (!mine.delegated() || its.delegated())
          && (!mine.barrier() || its.barrier());
    }

    private static boolean within(Set<?> narrow, Set<?> wide) {
      return wide.isEmpty() || (!narrow.isEmpty() && wide.containsAll(narrow));
    }

    private Meaning over(Set<Scope> union) {
      return new Meaning(union, guards, breakGlass, level);
    }

    /** The same said in one way: unions joined, and what another covers left out. */
    static Set<Meaning> normal(List<Meaning> meanings) {
      Map<Meaning, Set<Scope>> unions = new HashMap<>();
      meanings.forEach(
          one ->
              unions
                  .computeIfAbsent(one.over(Set.of()), key -> new HashSet<>())
                  .addAll(one.scopes));
      Set<Meaning> joined = new HashSet<>();
      unions.forEach((meaning, scopes) -> joined.add(meaning.over(Set.copyOf(scopes))));
      Set<Meaning> normal = new HashSet<>(joined);
      normal.removeIf(
          one -> joined.stream().anyMatch(other -> !other.equals(one) && other.covers(one)));
      return normal;
    }
  }

  private static final class Comparison {

    private record Act(Capacity role, ResourceType type, Action action) {}

    private record Sight(Capacity role, ResourceType type, String field, boolean bots) {}

    final List<Change> changes = new ArrayList<>();
    private final Policy before;
    private final Policy after;
    private final Set<Capacity> supervisors = new LinkedHashSet<>();
    private final Map<Capacity, SmallWorld> worlds = new HashMap<>();
    private final Map<Capacity, WhatIf> underOld = new HashMap<>();
    private final Map<Capacity, WhatIf> underRecent = new HashMap<>();

    Comparison(Policy before, Policy after) {
      this.before = before;
      this.after = after;
      supervisors.addAll(before.supervisors());
      supervisors.addAll(after.supervisors());
    }

    void actions() {
      Map<Act, List<Rule>> old = acts(before);
      Map<Act, List<Rule>> recent = acts(after);
      Set<Act> all = new LinkedHashSet<>(old.keySet());
      all.addAll(recent.keySet());
      for (Act act : all) {
        List<Rule> one = old.getOrDefault(act, List.of());
        List<Rule> other = recent.getOrDefault(act, List.of());
        Permission permission = new Permission(act.type(), act.action());
        boolean rules = differ(meanings(one), meanings(other));
        if (rules) {
          compare(act, joined(one, other), false);
        }
        boolean botBefore = before.botCapabilities().contains(permission);
        boolean botAfter = after.botCapabilities().contains(permission);
        if (act.role().equals(Capacity.AGENT) && (botBefore != botAfter || (rules && botBefore))) {
          compare(act, joined(one, other), true);
        }
      }
    }

    void fields() {
      Map<Sight, List<FieldRule>> old = sights(before);
      Map<Sight, List<FieldRule>> recent = sights(after);
      Set<Sight> all = new LinkedHashSet<>(old.keySet());
      all.addAll(recent.keySet());
      for (Sight sight : all) {
        List<FieldRule> one = old.getOrDefault(sight, List.of());
        List<FieldRule> other = recent.getOrDefault(sight, List.of());
        Permission read = new Permission(sight.type(), Action.READ);
        if (differ(shown(one), shown(other))
            || (sight.bots()
                && before.botCapabilities().contains(read)
                    != after.botCapabilities().contains(read))) {
          compare(sight, joined(core(one), core(other)));
        }
      }
    }

    private boolean differ(Set<Meaning> one, Set<Meaning> other) {
      boolean delegated =
          !before.supervisors().equals(after.supervisors())
              && one.stream().anyMatch(meaning -> meaning.guards().delegated());
      return delegated || !one.equals(other);
    }

    private void compare(Act act, List<Rule> rules, boolean bots) {
      boolean gained = false;
      boolean lost = false;
      for (Actor actor : world(act.role()).actors(bots, rules)) {
        for (Resource record : SmallWorld.records(act.type(), actor, rules)) {
          boolean was = old(act.role()).allows(actor, act.action(), record);
          boolean is = recent(act.role()).allows(actor, act.action(), record);
          if (was != is && !(is ? gained : lost)) {
            gained |= is;
            lost |= was;
            String what = act.type().name() + "." + act.action().name();
            add(is, act.role(), bots, what, actor, record);
          }
        }
        if (gained && lost) {
          return;
        }
      }
    }

    private void compare(Sight sight, List<Rule> rules) {
      boolean gained = false;
      boolean lost = false;
      for (Actor actor : world(sight.role()).actors(sight.bots(), rules)) {
        for (Resource record : SmallWorld.records(sight.type(), actor, rules)) {
          int more =
              level(recent(sight.role()), actor, record, sight.field())
                  .compareTo(level(old(sight.role()), actor, record, sight.field()));
          if (more != 0 && !(more > 0 ? gained : lost)) {
            gained |= more > 0;
            lost |= more < 0;
            String what = sight.type().name() + "#" + sight.field();
            add(more > 0, sight.role(), sight.bots(), what, actor, record);
          }
        }
        if (gained && lost) {
          return;
        }
      }
    }

    private void add(
        boolean gained, Capacity role, boolean bots, String what, Actor actor, Resource record) {
      changes.add(
          new Change(
              gained ? Kind.GAINED : Kind.LOST,
              role,
              bots,
              what,
              world(role).witness(actor, record)));
    }

    private static Level level(WhatIf whatIf, Actor actor, Resource record, String field) {
      return whatIf.levels(actor, record).getOrDefault(field, Level.NONE);
    }

    private SmallWorld world(Capacity role) {
      return worlds.computeIfAbsent(role, key -> new SmallWorld(key, supervisors));
    }

    private WhatIf old(Capacity role) {
      return underOld.computeIfAbsent(role, key -> world(key).whatIf(before));
    }

    private WhatIf recent(Capacity role) {
      return underRecent.computeIfAbsent(role, key -> world(key).whatIf(after));
    }

    private static Map<Act, List<Rule>> acts(Policy policy) {
      Map<Act, List<Rule>> acts = new LinkedHashMap<>();
      for (Rule rule : policy.rules()) {
        for (Action action : rule.actions()) {
          acts.computeIfAbsent(new Act(rule.role(), rule.type(), action), key -> new ArrayList<>())
              .add(rule);
        }
      }
      return acts;
    }

    private static Map<Sight, List<FieldRule>> sights(Policy policy) {
      Map<Sight, List<FieldRule>> sights = new LinkedHashMap<>();
      for (FieldRule rule : policy.fieldRules()) {
        for (String field : rule.fields()) {
          Sight sight = new Sight(rule.rule().role(), rule.rule().type(), field, rule.forBots());
          sights.computeIfAbsent(sight, key -> new ArrayList<>()).add(rule);
        }
      }
      return sights;
    }

    private static Set<Meaning> meanings(List<Rule> rules) {
      return Meaning.normal(rules.stream().map(rule -> Meaning.of(rule, Level.FULL)).toList());
    }

    private static Set<Meaning> shown(List<FieldRule> rules) {
      return Meaning.normal(
          rules.stream().map(rule -> Meaning.of(rule.rule(), rule.level())).toList());
    }

    private static List<Rule> core(List<FieldRule> rules) {
      return rules.stream().map(FieldRule::rule).toList();
    }

    private static List<Rule> joined(List<Rule> one, List<Rule> other) {
      List<Rule> all = new ArrayList<>(one);
      all.addAll(other);
      return all;
    }
  }
}
