package io.vesta.rbac.decide;

import static io.vesta.rbac.decide.World.NOW;
import static io.vesta.rbac.decide.World.ONE;
import static io.vesta.rbac.decide.World.SHOWING;
import static io.vesta.rbac.decide.World.TWO;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.vesta.core.access.Action;
import io.vesta.core.access.Actor;
import io.vesta.core.access.Capacity;
import io.vesta.core.access.Resource;
import io.vesta.core.access.Resource.Ownership;
import io.vesta.core.access.RowFilter;
import io.vesta.core.id.BrokerageId;
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
import java.util.List;
import java.util.Random;
import java.util.Set;
import java.util.TreeSet;
import net.jqwik.api.Example;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;

/**
 * The interpreters agree on random policies, organisations, actors and records, hostile keys among
 * them.
 */
class EquivalenceProperties {

  private static final World SQLITE = World.on(Engine.SQLITE);
  private static final World POSTGRESQL = World.on(Engine.POSTGRESQL);

  /** Case twins, LIKE characters and separators, as far as keys may hold them. */
  private static final List<String> KEYS = List.of("m1", "M1", "m_1", "m1.", "m1:t1", "m-1");

  private static final List<Capacity> ROLES =
      List.of(Capacity.AGENT, Capacity.TEAM_LEAD, new Capacity("ISA"));

  /** One random case. */
  private record Case(Policy policy, OrgSnapshot organisation, Actor actor, List<World.Row> rows) {

    static Case of(long seed) {
      Random random = new Random(seed);
      OrgSnapshot organisation = organisation(random);
      MemberId member = new MemberId(random.nextInt(8) == 0 ? TWO : ONE, pick(random, KEYS));
      Actor actor =
          random.nextInt(6) == 0
              ? Actor.bot("drafter", member)
              : Actor.member(member, pick(random, ROLES));
      return new Case(policy(random), organisation, actor, rows(random));
    }

    private static Policy policy(Random random) {
      Rule[] rules = new Rule[1 + random.nextInt(4)];
      for (int i = 0; i < rules.length; i++) {
        Set<Scope> scopes = new TreeSet<>();
        do {
          scopes.add(pick(random, List.of(Scope.values())));
        } while (random.nextInt(3) == 0);
        Set<Ownership> ownership = new TreeSet<>();
        while (random.nextInt(3) == 0) {
          ownership.add(pick(random, List.of(Ownership.values())));
        }
        rules[i] =
            new Rule(
                "r" + i,
                pick(random, ROLES),
                SHOWING,
                World.READ,
                scopes,
                ownership,
                random.nextInt(4) == 0,
                random.nextInt(4) == 0,
                random.nextInt(4) == 0);
      }
      return Policies.of(rules);
    }

    private static OrgSnapshot organisation(Random random) {
      OrgSnapshot.Builder builder = OrgSnapshot.builder();
      for (BrokerageId brokerage : List.of(ONE, TWO)) {
        for (String key : KEYS) {
          if (random.nextInt(8) == 0) {
            continue;
          }
          MemberId id = new MemberId(brokerage, key);
          builder.member(
              new OrgSnapshot.Member(
                  id,
                  new OfficeId(brokerage, pick(random, List.of("o1", "O1"))),
                  random.nextInt(8) != 0));
          for (int i = random.nextInt(3); i > 0; i--) {
            Instant from = moment(random);
            builder.membership(
                id,
                new TeamId(brokerage, pick(random, List.of("t1", "T1", "t_1"))),
                from,
                end(random, from));
          }
          for (int i = random.nextInt(4); i > 0; i--) {
            Instant from = moment(random);
            Over over =
                switch (random.nextInt(4)) {
                  case 0 -> new Over.Brokerage();
                  case 1 ->
                      new Over.Office(new OfficeId(brokerage, pick(random, List.of("o1", "O1"))));
                  case 2 ->
                      new Over.Team(
                          new TeamId(brokerage, pick(random, List.of("t1", "T1", "t_1"))));
                  default -> new Over.Self();
                };
            builder.grant(id, pick(random, ROLES), over, from, end(random, from));
          }
        }
      }
      return builder.build();
    }

    private static List<World.Row> rows(Random random) {
      List<World.Row> rows = new ArrayList<>();
      for (int i = 0; i < 24; i++) {
        rows.add(
            new World.Row(
                random.nextInt(6) == 0 ? TWO : ONE,
                maybe(random, KEYS),
                maybe(random, List.of("t1", "T1", "t_1")),
                maybe(random, List.of("o1", "O1")),
                maybe(random, KEYS),
                maybe(random, KEYS),
                maybe(random, List.of(Ownership.values())),
                random.nextBoolean(),
                random.nextInt(4) == 0 ? null : moment(random)));
      }
      return rows;
    }

    private static Instant moment(Random random) {
      return NOW.plusMillis(random.nextInt(7) - 5);
    }

    private static Instant end(Random random, Instant from) {
      return random.nextBoolean() ? Instant.MAX : from.plusMillis(1 + random.nextInt(6));
    }

    private static <T> T pick(Random random, List<T> from) {
      return from.get(random.nextInt(from.size()));
    }

    private static <T> T maybe(Random random, List<T> from) {
      return random.nextInt(4) == 0 ? null : pick(random, from);
    }
  }

  private static BitSet specified(Case c, Policy policy) {
    BitSet ids = new BitSet();
    for (int id = 0; id < c.rows().size(); id++) {
      ids.set(
          id,
          ReferenceEvaluator.evaluate(
                  policy,
                  c.organisation(),
                  NOW,
                  c.actor(),
                  Action.READ,
                  c.rows().get(id).resource(id))
              .allowed());
    }
    return ids;
  }

  private static RowFilter filter(Case c) {
    return FilterWriter.write(
        new CompiledPolicy(c.policy()),
        c.organisation(),
        "v",
        NOW,
        c.actor(),
        Action.READ,
        World.COLUMNS);
  }

  @Property
  void reference_compiled_sqlite_and_postgresql_agree(@ForAll long seed) {
    Case c = Case.of(seed);
    CompiledPolicy compiled = new CompiledPolicy(c.policy());
    for (int id = 0; id < c.rows().size(); id++) {
      Resource resource = c.rows().get(id).resource(id);
      var verdict =
          ReferenceEvaluator.evaluate(
              c.policy(), c.organisation(), NOW, c.actor(), Action.READ, resource);
      String rule = compiled.allows(c.organisation(), NOW, c.actor(), Action.READ, resource);
      assertEquals(verdict.allowed() ? verdict.reason() : null, rule, verdict::because);
    }
    RowFilter filter = filter(c);
    BitSet expected = specified(c, c.policy());
    assertEquals(expected, SQLITE.holding(c.rows()).matching(filter), filter::sql);
    assertEquals(expected, POSTGRESQL.holding(c.rows()).matching(filter), filter::sql);
    if (filter instanceof RowFilter.None) {
      assertTrue(expected.isEmpty());
    }
  }

  /** How many of many seeded cases a mutant of the filter answers wrongly. */
  private static int caught(java.util.function.BiFunction<Case, RowFilter, BitSet> mutant) {
    int caught = 0;
    for (long seed = 0; seed < 300; seed++) {
      Case c = Case.of(seed);
      SQLITE.holding(c.rows());
      if (!specified(c, c.policy()).equals(mutant.apply(c, filter(c)))) {
        caught++;
      }
    }
    return caught;
  }

  @Example
  void the_comparison_catches_a_filter_without_its_tenant() {
    assertTrue(
        caught(
                (c, filter) ->
                    filter instanceof RowFilter.None
                        ? SQLITE.matching(filter)
                        : SQLITE.matching(
                            filter.sql().replace("s.brokerage_key = ?", "? is not null"),
                            filter.binds()))
            > 20);
  }

  @Example
  void the_comparison_catches_a_filter_that_joins_by_or() {
    assertTrue(
        caught(
                (c, filter) ->
                    SQLITE.matching(filter.sql().replace(" and ", " or "), filter.binds()))
            > 20);
  }

  @Example
  void the_comparison_catches_keys_compared_without_case() {
    assertTrue(
        caught(
                (c, filter) ->
                    SQLITE.matching(
                        filter.sql().replace("owner_key =", "owner_key collate nocase ="),
                        filter.binds()))
            > 0);
  }

  @Example
  void the_comparison_catches_a_widened_policy() {
    int caught = 0;
    for (long seed = 0; seed < 300; seed++) {
      Case c = Case.of(seed);
      Rule[] wider =
          c.policy().rules().stream()
              .map(
                  rule ->
                      new Rule(
                          rule.id(),
                          rule.role(),
                          rule.type(),
                          rule.actions(),
                          Set.of(Scope.BROKERAGE),
                          rule.ownership(),
                          rule.linked(),
                          rule.notOwn(),
                          rule.createdDuringGrant()))
              .toArray(Rule[]::new);
      if (!specified(c, c.policy()).equals(specified(c, Policies.of(wider)))) {
        caught++;
      }
    }
    assertTrue(caught > 20, "only " + caught);
  }

  @Property
  void whatever_the_policy_says_no_other_brokerage_is_reached(@ForAll long seed) {
    Case c = Case.of(seed);
    for (int id = 0; id < c.rows().size(); id++) {
      Resource resource = c.rows().get(id).resource(id);
      if (!resource.brokerage().equals(c.actor().brokerage())) {
        assertFalse(
            new CompiledPolicy(c.policy())
                    .allows(c.organisation(), NOW, c.actor(), Action.READ, resource)
                != null);
      }
    }
  }

  @Property
  void every_refusal_names_what_would_have_to_change(@ForAll long seed) {
    Case c = Case.of(seed);
    Resource resource = c.rows().get(0).resource(0);
    var verdict =
        ReferenceEvaluator.evaluate(
            c.policy(), c.organisation(), NOW, c.actor(), Action.READ, resource);
    assertFalse(verdict.reason().isBlank());
    assertFalse(verdict.because().isBlank());
  }

  @Example
  void time_moves_the_answer_at_the_millisecond() {
    MemberId me = new MemberId(ONE, "m1");
    OrgSnapshot organisation =
        OrgSnapshot.builder()
            .member(me, new OfficeId(ONE, "o1"))
            .grant(me, Capacity.AGENT, new Over.Brokerage(), NOW, NOW.plus(Duration.ofMillis(2)))
            .build();
    CompiledPolicy policy =
        new CompiledPolicy(
            Policies.of(
                new Rule(
                    "r",
                    Capacity.AGENT,
                    SHOWING,
                    World.READ,
                    Set.of(Scope.GRANT),
                    Set.of(),
                    false,
                    false,
                    false)));
    Actor actor = Actor.member(me, Capacity.AGENT);
    Resource resource = Resource.builder(SHOWING, ONE, "S1").build();
    List<Boolean> answers = new ArrayList<>();
    for (int offset = -1; offset < 3; offset++) {
      answers.add(
          policy.allows(organisation, NOW.plusMillis(offset), actor, Action.READ, resource)
              != null);
    }
    assertEquals(List.of(false, true, true, false), answers);
  }
}
