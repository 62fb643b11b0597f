package io.vesta.rbac.decide;

import static io.vesta.rbac.decide.World.NOW;
import static io.vesta.rbac.decide.World.ONE;
import static io.vesta.rbac.decide.World.SHOWING;
import static io.vesta.rbac.decide.World.TWO;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.vesta.core.access.Action;
import io.vesta.core.access.Actor;
import io.vesta.core.access.Capacity;
import io.vesta.core.access.Resource;
import io.vesta.core.access.Resource.Ownership;
import io.vesta.core.access.RowFilter;
import io.vesta.core.id.MemberId;
import io.vesta.core.id.OfficeId;
import io.vesta.core.id.TeamId;
import io.vesta.rbac.org.OrgSnapshot;
import io.vesta.rbac.org.RoleGrant.Over;
import io.vesta.rbac.policy.Policy;
import io.vesta.rbac.policy.Rule;
import io.vesta.rbac.policy.Scope;
import io.vesta.testkit.Engine;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.BitSet;
import java.util.EnumSet;
import java.util.List;
import java.util.Set;
import java.util.stream.IntStream;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/**
 * The interpreters agree on a whole small world: every single rule (63 unions of scopes times 16
 * combinations of guards) under every kind of grant, on every record that can be made of two
 * members, teams and offices, three ownerships, three ages and missing facts, in two brokerages
 * with equal keys. A policy is a union of rules, so single rules are where they can differ.
 */
class SmallWorldTest {

  private static final MemberId ME = new MemberId(ONE, "m1");
  private static final OfficeId HOME = new OfficeId(ONE, "o1");
  private static final Instant GRANTED = NOW.minus(Duration.ofDays(30));
  private static final List<Over> GRANTS =
      List.of(
          new Over.Brokerage(),
          new Over.Office(new OfficeId(ONE, "o2")),
          new Over.Team(new TeamId(ONE, "t2")),
          new Over.Self());

  private static List<World.Row> everyRow() {
    List<World.Row> rows = new ArrayList<>();
    for (String owner : new String[] {null, "m1", "m2"}) {
      for (String team : new String[] {null, "t1", "t2"}) {
        for (String office : new String[] {null, "o1", "o2"}) {
          for (String participant : new String[] {null, "m1"}) {
            for (Ownership ownership : new Ownership[] {null, Ownership.AGENT, Ownership.TEAM}) {
              for (boolean linked : new boolean[] {false, true}) {
                for (Instant created : new Instant[] {null, GRANTED.minusMillis(1), GRANTED}) {
                  rows.add(
                      new World.Row(
                          ONE, owner, team, office, null, participant, ownership, linked, created));
                }
              }
            }
          }
        }
      }
    }
    // The other brokerage has the same keys, and only its name keeps its records apart.
    rows.add(new World.Row(TWO, "m1", "t1", "o1", "m1", "m1", Ownership.TEAM, true, GRANTED));
    rows.add(new World.Row(TWO, "m2", "t2", "o2", "m1", null, Ownership.AGENT, true, GRANTED));
    return rows;
  }

  private static List<Rule> everyRule() {
    List<Rule> rules = new ArrayList<>();
    for (int scopes = 1; scopes < 1 << Scope.values().length; scopes++) {
      for (int guards = 0; guards < 16; guards++) {
        Set<Scope> union = EnumSet.noneOf(Scope.class);
        for (Scope scope : Scope.values()) {
          if ((scopes & 1 << scope.ordinal()) != 0) {
            union.add(scope);
          }
        }
        rules.add(
            new Rule(
                "r" + scopes + "." + guards,
                Capacity.AGENT,
                SHOWING,
                World.READ,
                union,
                (guards & 1) == 0 ? Set.of() : Set.of(Ownership.TEAM),
                (guards & 2) != 0,
                (guards & 4) != 0,
                (guards & 8) != 0));
      }
    }
    return rules;
  }

  private static OrgSnapshot organisation(Over over) {
    return OrgSnapshot.builder()
        .member(ME, HOME)
        .membership(ME, new TeamId(ONE, "t1"), NOW.minus(Duration.ofDays(9)), Instant.MAX)
        .membership(ME, new TeamId(ONE, "t2"), NOW.minus(Duration.ofDays(9)), NOW)
        .grant(ME, Capacity.AGENT, over, GRANTED, Instant.MAX)
        .build();
  }

  @ParameterizedTest
  @EnumSource(Engine.class)
  void reference_compiled_and_sql_agree_on_every_rule_grant_and_record(Engine engine) {
    List<World.Row> rows = everyRow();
    List<Resource> resources =
        IntStream.range(0, rows.size()).mapToObj(id -> rows.get(id).resource(id)).toList();
    World world = World.on(engine).holding(rows);
    Actor actor = Actor.member(ME, Capacity.AGENT);
    int allowed = 0;
    int decisions = 0;
    for (Over over : GRANTS) {
      OrgSnapshot organisation = organisation(over);
      for (Rule rule : everyRule()) {
        Policy policy = Policies.of(rule);
        CompiledPolicy compiled = new CompiledPolicy(policy);
        BitSet inMemory = new BitSet();
        for (int id = 0; id < resources.size(); id++) {
          Resource resource = resources.get(id);
          boolean yes = compiled.allows(organisation, NOW, actor, Action.READ, resource) != null;
          // The reference is slow: one engine's run checks it on every record.
          if (engine == Engine.SQLITE) {
            boolean specified =
                ReferenceEvaluator.evaluate(policy, organisation, NOW, actor, Action.READ, resource)
                    .allowed();
            if (specified != yes) {
              assertEquals(
                  specified,
                  yes,
                  () -> rule + " over " + over + " on " + rows.get(resources.indexOf(resource)));
            }
          }
          inMemory.set(id, yes);
          decisions++;
        }
        RowFilter filter =
            FilterWriter.write(compiled, organisation, "v", NOW, actor, Action.READ, World.COLUMNS);
        BitSet inDatabase = world.matching(filter);
        if (!inMemory.equals(inDatabase)) {
          inMemory.xor(inDatabase);
          assertEquals(new BitSet(), inMemory, () -> rule + " over " + over + ": " + filter.sql());
        }
        allowed += inDatabase.cardinality();
      }
    }
    assertEquals(4 * 1008 * 974, decisions);
    assertTrue(allowed > decisions / 20 && allowed < decisions, "both answers occur: " + allowed);
  }
}
