package io.vesta.rbac.decide;

import static io.vesta.rbac.decide.World.NOW;
import static io.vesta.rbac.decide.World.ONE;
import static io.vesta.rbac.decide.World.SHOWING;
import static io.vesta.rbac.decide.World.TWO;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.vesta.core.access.Action;
import io.vesta.core.access.Actor;
import io.vesta.core.access.Capacity;
import io.vesta.core.access.Decision;
import io.vesta.core.access.Resource;
import io.vesta.core.access.Resource.Ownership;
import io.vesta.core.access.RowFilter;
import io.vesta.core.id.BrokerageId;
import io.vesta.core.id.MemberId;
import io.vesta.core.id.OfficeId;
import io.vesta.core.id.Ref;
import io.vesta.core.id.TeamId;
import io.vesta.rbac.org.Coverage;
import io.vesta.rbac.org.OrgSnapshot;
import io.vesta.rbac.org.RoleGrant;
import io.vesta.rbac.org.RoleGrant.Over;
import io.vesta.rbac.org.Span;
import io.vesta.rbac.org.Supervision;
import io.vesta.rbac.policy.FieldRule;
import io.vesta.rbac.policy.Guards;
import io.vesta.rbac.policy.Permission;
import io.vesta.rbac.policy.Policy;
import io.vesta.rbac.policy.Rule;
import io.vesta.rbac.policy.Scope;
import io.vesta.testkit.Engine;
import io.vesta.testkit.MutableClock;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
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

  private static final List<String> STATUS = List.of("Closed", "closed", "Pending");
  private static final List<Action> ACTIONS = List.of(Action.READ, Action.UPDATE);

  /** One random case. */
  record Case(Policy policy, OrgSnapshot organisation, Actor actor, List<World.Row> rows) {

    static Case of(long seed) {
      Random random = new Random(seed);
      OrgSnapshot organisation = organisation(random);
      Actor actor = actor(random);
      return new Case(policy(random), organisation, actor, rows(random, 24));
    }

    static Actor actor(Random random) {
      MemberId member = new MemberId(random.nextInt(8) == 0 ? TWO : ONE, pick(random, KEYS));
      return random.nextInt(6) == 0
          ? Actor.bot("drafter", member)
          : Actor.member(member, role(random));
    }

    static Policy policy(Random random) {
      Rule[] rules = new Rule[1 + random.nextInt(4)];
      for (int i = 0; i < rules.length; i++) {
        Set<Scope> scopes = new TreeSet<>();
        do {
          scopes.add(pick(random, List.of(Scope.values())));
        } while (random.nextInt(3) == 0);
        Set<Ownership> ownership = new TreeSet<>();
        while (random.nextInt(6) == 0) {
          ownership.add(pick(random, List.of(Ownership.values())));
        }
        Set<String> status = random.nextInt(8) == 0 ? Set.of(pick(random, STATUS)) : Set.of();
        rules[i] =
            new Rule(
                "r" + i,
                role(random),
                SHOWING,
                actions(random),
                scopes,
                new Guards(
                    ownership,
                    status,
                    random.nextInt(8) == 0,
                    random.nextInt(8) == 0 ? random.nextBoolean() : null,
                    random.nextInt(8) == 0,
                    random.nextInt(8) == 0,
                    random.nextInt(6) == 0,
                    random.nextInt(8) == 0),
                random.nextInt(8) == 0);
      }
      return Policies.of(rules);
    }

    /** One role more often than the others, so that grant, rule and actor often meet. */
    private static Capacity role(Random random) {
      return random.nextInt(4) == 0 ? pick(random, ROLES) : Capacity.AGENT;
    }

    private static Set<Action> actions(Random random) {
      return switch (random.nextInt(4)) {
        case 0 -> Set.of(Action.READ);
        case 1 -> Set.of(Action.READ, Action.CREATE);
        case 2 -> Set.of(Action.READ, Action.UPDATE);
        default -> Set.of(Action.READ, Action.UPDATE, Action.CREATE, new Action("delete"));
      };
    }

    static OrgSnapshot organisation(Random random) {
      OrgSnapshot.Builder builder = OrgSnapshot.builder();
      for (BrokerageId brokerage : List.of(ONE, TWO)) {
        List<MemberId> present = new ArrayList<>();
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
            Over over = over(random, brokerage);
            builder.grant(
                new RoleGrant(
                    id,
                    role(random),
                    over,
                    from,
                    end(random, from),
                    random.nextInt(5) == 0
                        ? RoleGrant.Origin.BREAK_GLASS
                        : RoleGrant.Origin.ASSIGNED));
            if (random.nextInt(3) == 0) {
              builder.grant(
                  id, new Capacity("SUPERVISOR"), over(random, brokerage), from, end(random, from));
            }
          }
          present.add(id);
        }
        for (int i = 0; i < 6 && present.size() > 1; i++) {
          MemberId one = pick(random, present);
          MemberId other = pick(random, present);
          Instant from = moment(random);
          Span span = new Span(from, end(random, from));
          Over over = over(random, brokerage);
          if (!one.equals(other) && random.nextBoolean()) {
            Set<Permission> only =
                random.nextBoolean()
                    ? Set.of()
                    : Set.of(new Permission(SHOWING, pick(random, ACTIONS)));
            builder.coverage(new Coverage(one, other, only, span));
          } else if (!one.equals(other) && !(over instanceof Over.Self)) {
            builder.supervision(new Supervision(one, other, over, new Ref("Document", "D1"), span));
          }
        }
      }
      return builder.build();
    }

    private static Over over(Random random, BrokerageId brokerage) {
      return switch (random.nextInt(4)) {
        case 0 -> new Over.Brokerage();
        case 1 -> new Over.Office(new OfficeId(brokerage, pick(random, List.of("o1", "O1"))));
        case 2 -> new Over.Team(new TeamId(brokerage, pick(random, List.of("t1", "T1", "t_1"))));
        default -> new Over.Self();
      };
    }

    static List<World.Row> rows(Random random, int count) {
      List<World.Row> rows = new ArrayList<>();
      for (int i = 0; i < count; i++) {
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
                random.nextInt(4) == 0 ? null : moment(random),
                maybe(random, List.of(true, false)),
                maybe(random, List.of(true, false)),
                maybe(random, STATUS)));
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
    ReferenceEvaluator reference = new ReferenceEvaluator(policy, c.organisation(), NOW, c.actor());
    BitSet ids = new BitSet();
    for (int id = 0; id < c.rows().size(); id++) {
      ids.set(id, reference.evaluate(Action.READ, c.rows().get(id).resource(id)).allowed());
    }
    return ids;
  }

  private static RowFilter filter(Case c) {
    return FilterWriter.write(
        new CompiledPolicy(c.policy()),
        Authority.of(c.policy(), c.organisation(), NOW, c.actor(), SHOWING, Action.READ),
        "v",
        c.actor(),
        Action.READ,
        World.COLUMNS);
  }

  private static String decided(Case c, Resource resource) {
    return new CompiledPolicy(c.policy())
        .allows(
            new CompiledOrg(c.organisation()),
            NOW.toEpochMilli(),
            c.actor(),
            Action.READ,
            resource);
  }

  @Property
  void reference_compiled_sqlite_and_postgresql_agree(@ForAll long seed) {
    Case c = Case.of(seed);
    ReferenceEvaluator reference =
        new ReferenceEvaluator(c.policy(), c.organisation(), NOW, c.actor());
    for (int id = 0; id < c.rows().size(); id++) {
      Resource resource = c.rows().get(id).resource(id);
      var verdict = reference.evaluate(Action.READ, resource);
      String rule = decided(c, resource);
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

  /** Spans begin and end within milliseconds of each other, so that some run out in between. */
  @Property
  void a_guard_decides_by_the_clock_also_when_it_need_not_read_it(@ForAll long seed) {
    Case c = Case.of(seed);
    MutableClock clock = new MutableClock(NOW.minusMillis(6));
    Guard guard = Guard.unrecorded(c.policy(), c.organisation(), clock);
    for (int elapsed = 0; elapsed < 10; elapsed++) {
      ReferenceEvaluator reference =
          new ReferenceEvaluator(c.policy(), c.organisation(), clock.instant(), c.actor());
      for (int id = 0; id < c.rows().size(); id++) {
        Resource r = c.rows().get(id).resource(id);
        Decision decision = guard.decide(c.actor(), Action.READ, r);
        assertEquals(reference.evaluate(Action.READ, r).allowed(), decision.allowed());
        assertFalse(decision.because().isBlank());
      }
      clock.advance(Duration.ofMillis(1));
    }
  }

  @Example
  void the_specification_is_short_enough_to_be_read() throws IOException {
    Path source = Path.of("src/main/java/io/vesta/rbac/decide/ReferenceEvaluator.java");
    String code = Files.readString(source).replaceAll("(?s)/\\*.*?\\*/", "");
    long lines =
        code.lines().filter(line -> !line.matches("\\s*(//.*|import .*|package .*)?")).count();
    assertTrue(lines > 100 && lines <= 150, lines + " lines");
  }

  @Property
  void reference_and_compiled_show_the_same_of_a_field(@ForAll long seed) {
    Case c = Case.of(seed);
    ReferenceEvaluator reference =
        new ReferenceEvaluator(c.policy(), c.organisation(), NOW, c.actor());
    CompiledPolicy compiled = new CompiledPolicy(c.policy());
    CompiledOrg people = new CompiledOrg(c.organisation());
    for (int id = 0; id < c.rows().size(); id++) {
      Resource r = c.rows().get(id).resource(id);
      assertEquals(
          reference.level("note", r),
          compiled
              .levels(people, NOW.toEpochMilli(), c.actor(), r)
              .getOrDefault("note", FieldRule.Level.NONE));
    }
  }

  @Example
  void both_answers_occur_often_and_for_every_kind_of_authority() {
    int allowed = 0;
    int lent = 0;
    int emergencies = 0;
    int delegated = 0;
    int shown = 0;
    for (long seed = 0; seed < 3_000; seed++) {
      Case c = Case.of(seed);
      ReferenceEvaluator reference =
          new ReferenceEvaluator(c.policy(), c.organisation(), NOW, c.actor());
      OrgSnapshot.Builder alone = OrgSnapshot.builder();
      c.organisation().members().forEach(alone::member);
      for (OrgSnapshot.Member member : c.organisation().members()) {
        c.organisation()
            .memberships(member.id())
            .forEach(one -> alone.membership(one.member(), one.team(), one.from(), one.until()));
        c.organisation().grants(member.id()).forEach(alone::grant);
      }
      ReferenceEvaluator unlent = new ReferenceEvaluator(c.policy(), alone.build(), NOW, c.actor());
      for (int id = 0; id < c.rows().size(); id++) {
        Resource r = c.rows().get(id).resource(id);
        var verdict = reference.evaluate(Action.READ, r);
        shown += reference.level("note", r) == FieldRule.Level.NONE ? 0 : 1;
        if (verdict.allowed()) {
          allowed++;
          Rule rule =
              c.policy().rules().stream()
                  .filter(one -> one.id().equals(verdict.reason()))
                  .findFirst()
                  .orElseThrow();
          lent += unlent.evaluate(Action.READ, r).allowed() ? 0 : 1;
          emergencies += rule.breakGlass() ? 1 : 0;
          delegated += rule.guards().delegated() ? 1 : 0;
        }
      }
    }
    assertTrue(allowed > 2_000, "allowed " + allowed);
    assertTrue(shown > 1_000, "shown " + shown);
    assertTrue(lent > 30, "lent " + lent);
    assertTrue(emergencies > 30, "emergencies " + emergencies);
    assertTrue(delegated > 5, "delegated " + delegated);
  }

  /** How many of many seeded cases a mutant of the filter answers wrongly. */
  private static int caught(java.util.function.BiFunction<Case, RowFilter, BitSet> mutant) {
    int caught = 0;
    for (long seed = 0; seed < 600; seed++) {
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
    for (long seed = 0; seed < 600; seed++) {
      Case c = Case.of(seed);
      Rule[] wider =
          c.policy().rules().stream()
              .map(rule -> Policies.with(rule, Set.of(Scope.BROKERAGE), rule.guards()))
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
        assertNull(decided(c, resource));
      }
    }
  }

  @Property
  void every_refusal_names_what_would_have_to_change(@ForAll long seed) {
    Case c = Case.of(seed);
    Resource resource = c.rows().get(0).resource(0);
    var verdict =
        new ReferenceEvaluator(c.policy(), c.organisation(), NOW, c.actor())
            .evaluate(Action.READ, resource);
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
            Policies.of(Policies.rule("r", Capacity.AGENT, Set.of(Scope.GRANT), Guards.NONE)));
    Actor actor = Actor.member(me, Capacity.AGENT);
    Resource resource = Resource.builder(SHOWING, ONE, "S1").build();
    List<Boolean> answers = new ArrayList<>();
    for (int offset = -1; offset < 3; offset++) {
      long at = NOW.plusMillis(offset).toEpochMilli();
      answers.add(
          policy.allows(new CompiledOrg(organisation), at, actor, Action.READ, resource) != null);
    }
    assertEquals(List.of(false, true, true, false), answers);
  }
}
