package io.vesta.rbac.decide;

import static io.vesta.rbac.decide.World.NOW;
import static io.vesta.rbac.decide.World.ONE;
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
import io.vesta.core.id.Ref;
import io.vesta.core.id.TeamId;
import io.vesta.rbac.org.Coverage;
import io.vesta.rbac.org.OrgSnapshot;
import io.vesta.rbac.org.RoleGrant;
import io.vesta.rbac.org.RoleGrant.Over;
import io.vesta.rbac.org.Span;
import io.vesta.rbac.org.Supervision;
import io.vesta.rbac.policy.Guards;
import io.vesta.rbac.policy.Policy;
import io.vesta.rbac.policy.Rule;
import io.vesta.rbac.policy.Scope;
import io.vesta.testkit.Engine;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.BitSet;
import java.util.EnumSet;
import java.util.List;
import java.util.Set;
import java.util.function.IntFunction;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

/**
 * The interpreters agree on two whole small worlds. In each, every single rule (63 unions of scopes
 * times every combination of four guards) is asked under every kind of grant on every record that
 * can be made of two members, teams and offices with every value, and the lack, of the facts that
 * its guards look at, in two brokerages with equal keys. A policy is a union of rules, so single
 * rules are where interpreters can differ; the guards of a rule are a conjunction, and those that
 * share a fact are in one world. Row-level security takes part on the single scopes and on the
 * union of all, in the profile {@code soak} on every union.
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

  private static final Boolean[] ROUTED = {null, false, true};

  private interface Rows {
    void add(String owner, String team, String office, String participant);
  }

  private static void everyPlace(Rows rows, String... offices) {
    for (String owner : new String[] {null, "m1", "m2"}) {
      for (String team : new String[] {null, "t1", "t2"}) {
        for (String office : offices) {
          for (String participant : new String[] {null, "m1"}) {
            rows.add(owner, team, office, participant);
          }
        }
      }
    }
  }

  /** Ownership, link, owner and time, as in a supervisor's rules. */
  private static List<World.Row> supervised() {
    List<World.Row> rows = new ArrayList<>();
    everyPlace(
        (owner, team, office, participant) -> {
          for (Ownership ownership : new Ownership[] {null, Ownership.AGENT, Ownership.TEAM}) {
            for (boolean linked : new boolean[] {false, true}) {
              for (Instant created : new Instant[] {null, GRANTED.minusMillis(1), GRANTED}) {
                rows.add(
                    new World.Row(
                        ONE, owner, team, office, null, participant, ownership, linked, created));
              }
            }
          }
        },
        null,
        "o1",
        "o2");
    // The other brokerage has the same keys, and only its name keeps its records apart.
    rows.add(new World.Row(TWO, "m1", "t1", "o1", "m1", "m1", Ownership.TEAM, true, GRANTED));
    rows.add(new World.Row(TWO, "m2", "t2", "o2", "m1", null, Ownership.AGENT, true, GRANTED));
    return rows;
  }

  /** Review, barrier, status and delegation, as in the rules of a deal. */
  private static List<World.Row> routed() {
    List<World.Row> rows = new ArrayList<>();
    everyPlace(
        (owner, team, office, participant) -> {
          for (Boolean routed : new Boolean[] {null, false, true}) {
            for (Boolean barred : new Boolean[] {null, false, true}) {
              for (String status : new String[] {null, "Closed", "closed"}) {
                rows.add(
                    new World.Row(
                        ONE,
                        owner,
                        team,
                        office,
                        participant,
                        null,
                        null,
                        false,
                        null,
                        routed,
                        barred,
                        status));
              }
            }
          }
        },
        null,
        "o2");
    rows.add(
        new World.Row(
            TWO, "m1", "t1", "o1", "m1", "m1", null, true, GRANTED, true, false, "Closed"));
    return rows;
  }

  private static Guards supervisors(int bits) {
    return new Guards(
        (bits & 1) == 0 ? Set.of() : Set.of(Ownership.TEAM),
        Set.of(),
        (bits & 2) != 0,
        null,
        (bits & 4) != 0,
        (bits & 8) != 0,
        false,
        false);
  }

  private static Guards deals(int number) {
    return new Guards(
        Set.of(),
        (number & 1) == 0 ? Set.of() : Set.of("Closed", "Sold"),
        false,
        ROUTED[number / 8],
        false,
        false,
        (number & 2) != 0,
        (number & 4) != 0);
  }

  private static Set<Scope> union(int bits) {
    Set<Scope> union = EnumSet.noneOf(Scope.class);
    for (Scope scope : Scope.values()) {
      if ((bits & 1 << scope.ordinal()) != 0) {
        union.add(scope);
      }
    }
    return union;
  }

  private static OrgSnapshot organisation(Over over) {
    MemberId boss = new MemberId(ONE, "boss");
    return OrgSnapshot.builder()
        .member(ME, HOME)
        .member(boss, HOME)
        .membership(ME, new TeamId(ONE, "t1"), NOW.minus(Duration.ofDays(9)), Instant.MAX)
        .membership(ME, new TeamId(ONE, "t2"), NOW.minus(Duration.ofDays(9)), NOW)
        .grant(ME, Capacity.AGENT, over, GRANTED, Instant.MAX)
        .grant(boss, new Capacity("SUPERVISOR"), new Over.Brokerage(), GRANTED, Instant.MAX)
        .supervision(
            new Supervision(
                boss,
                ME,
                new Over.Team(new TeamId(ONE, "t2")),
                new Ref("Document", "D1"),
                new Span(GRANTED, Instant.MAX)))
        .build();
  }

  /** The same authority, lent by an absent member who holds what "me" holds elsewhere. */
  private static OrgSnapshot lent(Over over) {
    MemberId absent = new MemberId(ONE, "m2");
    return OrgSnapshot.builder()
        .member(ME, HOME)
        .member(absent, new OfficeId(ONE, "o2"))
        .membership(absent, new TeamId(ONE, "t2"), GRANTED, Instant.MAX)
        .grant(absent, Capacity.AGENT, over, GRANTED, Instant.MAX)
        .coverage(new Coverage(absent, ME, Set.of(), new Span(GRANTED, NOW.plusMillis(1))))
        .build();
  }

  /** How many answers were yes, after every interpreter gave the same. */
  private static int agree(
      List<World.Row> rows,
      int combinations,
      IntFunction<Guards> guards,
      List<OrgSnapshot> organisations) {
    List<Resource> resources =
        IntStream.range(0, rows.size()).mapToObj(id -> rows.get(id).resource(id)).toList();
    List<World> engines = new ArrayList<>();
    for (Engine engine : Engine.values()) {
      engines.add(World.on(engine).holding(rows));
    }
    return IntStream.range(1, 1 << Scope.values().length)
        .parallel()
        .map(scopes -> agree(scopes, resources, combinations, guards, organisations, engines))
        .sum();
  }

  private static int agree(
      int scopes,
      List<Resource> resources,
      int combinations,
      IntFunction<Guards> guards,
      List<OrgSnapshot> organisations,
      List<World> engines) {
    Actor actor = Actor.member(ME, Capacity.AGENT);
    int allowed = 0;
    List<Policy> policies = new ArrayList<>();
    for (int number = 0; number < combinations; number++) {
      policies.add(
          Policies.of(
              Policies.rule("r" + number, Capacity.AGENT, union(scopes), guards.apply(number))));
    }
    for (OrgSnapshot organisation : organisations) {
      CompiledOrg people = new CompiledOrg(organisation);
      ReferenceEvaluator[] references =
          policies.stream()
              .map(policy -> new ReferenceEvaluator(policy, organisation, NOW, actor))
              .toArray(ReferenceEvaluator[]::new);
      List<RowFilter> filters = new ArrayList<>();
      List<BitSet> inMemory = new ArrayList<>();
      for (int i = 0; i < policies.size(); i++) {
        CompiledPolicy compiled = new CompiledPolicy(policies.get(i));
        BitSet yes = new BitSet();
        for (int id = 0; id < resources.size(); id++) {
          Resource r = resources.get(id);
          boolean fast = compiled.allows(people, NOW.toEpochMilli(), actor, Action.READ, r) != null;
          boolean specified = references[i].evaluate(Action.READ, r).allowed();
          if (fast != specified) {
            Rule rule = policies.get(i).rules().get(0);
            assertEquals(specified, fast, rule + " on record " + id);
          }
          yes.set(id, fast);
        }
        inMemory.add(yes);
        allowed += yes.cardinality();
        filters.add(
            FilterWriter.write(
                compiled,
                Authority.of(policies.get(i), organisation, NOW, actor, World.SHOWING, Action.READ),
                "v",
                actor,
                Action.READ,
                World.COLUMNS));
      }
      for (World engine : engines) {
        List<BitSet> inDatabase = engine.matchingEach(filters);
        for (int i = 0; i < filters.size(); i++) {
          RowFilter filter = filters.get(i);
          Rule rule = policies.get(i).rules().get(0);
          assertEquals(inMemory.get(i), inDatabase.get(i), () -> rule + ": " + filter.sql());
        }
      }
    }
    return allowed;
  }

  @Test
  void every_interpreter_agrees_on_every_supervisors_rule_grant_and_record() {
    List<World.Row> rows = supervised();
    assertEquals(974, rows.size());
    int allowed =
        agree(
            rows,
            16,
            SmallWorldTest::supervisors,
            GRANTS.stream().map(SmallWorldTest::organisation).toList());
    int decisions = 4 * 63 * 16 * 974;
    assertTrue(allowed > decisions / 20 && allowed < decisions, "both occur: " + allowed);
  }

  @Test
  void every_interpreter_agrees_on_every_deals_rule_and_record() {
    List<World.Row> rows = routed();
    assertEquals(973, rows.size());
    int allowed =
        agree(
            rows,
            24,
            SmallWorldTest::deals,
            GRANTS.subList(2, 4).stream().map(SmallWorldTest::organisation).toList());
    int decisions = 2 * 63 * 24 * 973;
    assertTrue(allowed > decisions / 50 && allowed < decisions, "both occur: " + allowed);
  }

  @Test
  void every_interpreter_agrees_on_every_rule_under_lent_and_emergency_authority() {
    List<World.Row> rows =
        supervised().stream().filter(row -> row.ownership() != Ownership.AGENT).toList();
    int allowed =
        agree(
            rows,
            16,
            SmallWorldTest::supervisors,
            List.of(
                lent(new Over.Self()),
                OrgSnapshot.builder()
                    .member(ME, HOME)
                    .grant(
                        new RoleGrant(
                            ME,
                            Capacity.AGENT,
                            new Over.Brokerage(),
                            GRANTED,
                            NOW.plusMillis(1),
                            RoleGrant.Origin.BREAK_GLASS))
                    .build()));
    assertTrue(allowed > 1000, "lent authority counts: " + allowed);
  }

  /** Row-level security agrees with the compiled policy; gives how many answers were yes. */
  private static int protect(
      List<World.Row> rows,
      int combinations,
      IntFunction<Guards> guards,
      List<OrgSnapshot> organisations) {
    World world = World.on(Engine.POSTGRESQL).holding(rows);
    List<Resource> resources =
        IntStream.range(0, rows.size()).mapToObj(id -> rows.get(id).resource(id)).toList();
    Actor actor = Actor.member(ME, Capacity.AGENT);
    int most = Integer.getInteger("vesta.scopes", 1);
    int allowed = 0;
    for (int scopes = 1; scopes < 1 << Scope.values().length; scopes++) {
      if (Integer.bitCount(scopes) > most && scopes != (1 << Scope.values().length) - 1) {
        continue;
      }
      for (int number = 0; number < combinations; number++) {
        Rule rule = Policies.rule("r", Capacity.AGENT, union(scopes), guards.apply(number));
        Policy policy = Policies.of(rule);
        RowSecurity security = RowSecurity.of(policy).protect("showing", World.COLUMNS);
        world.protect(security);
        for (OrgSnapshot organisation : organisations) {
          Guard guard = Guard.unrecorded(policy, organisation, Clock.fixed(NOW, ZoneOffset.UTC));
          BitSet yes = new BitSet();
          for (int id = 0; id < rows.size(); id++) {
            yes.set(id, guard.allows(actor, Action.READ, resources.get(id)));
          }
          assertEquals(yes, world.as(guard, actor, security, World::visible), rule::toString);
          allowed += yes.cardinality();
        }
      }
    }
    return allowed;
  }

  @Test
  void row_level_security_agrees_on_supervisors_rules_every_grant_and_record() {
    int allowed =
        protect(
            supervised(),
            16,
            SmallWorldTest::supervisors,
            GRANTS.stream().map(SmallWorldTest::organisation).toList());
    assertTrue(allowed > 1_000, "both occur: " + allowed);
  }

  @Test
  void row_level_security_agrees_on_deals_rules_and_every_record() {
    int allowed =
        protect(
            routed(),
            24,
            SmallWorldTest::deals,
            GRANTS.subList(2, 4).stream().map(SmallWorldTest::organisation).toList());
    assertTrue(allowed > 1_000, "both occur: " + allowed);
  }
}
