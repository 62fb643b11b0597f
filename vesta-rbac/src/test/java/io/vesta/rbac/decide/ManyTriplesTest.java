package io.vesta.rbac.decide;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.vesta.core.access.Action;
import io.vesta.core.access.Actor;
import io.vesta.core.access.Resource;
import io.vesta.core.access.RowFilter;
import io.vesta.rbac.decide.EquivalenceProperties.Case;
import io.vesta.rbac.org.OrgSnapshot;
import io.vesta.rbac.policy.Policy;
import io.vesta.testkit.Engine;
import java.time.Clock;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.BitSet;
import java.util.List;
import java.util.Random;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/**
 * Reference, compiled policy, SQLite, PostgreSQL and row-level security agree on many random
 * (policy, actor, row) triples: a dozen actors and hundreds of rows for each policy, all asked in
 * one statement where an engine can. The profile {@code soak} asks ten million.
 */
class ManyTriplesTest {

  private static final int ROWS = 400;
  private static final int ACTORS = 12;

  /** How many policies see the same rows. */
  private static final int POLICIES = 20;

  @Test
  void five_interpreters_agree_on_many_triples() {
    long wanted = Long.getLong("vesta.triples", 100_000L);
    World sqlite = World.on(Engine.SQLITE);
    World postgresql = World.on(Engine.POSTGRESQL);
    List<Resource> resources = List.of();
    long triples = 0;
    long allowed = 0;
    for (long seed = 0; triples < wanted; seed++) {
      Random random = new Random(seed);
      if (seed % POLICIES == 0) {
        List<World.Row> rows = Case.rows(random, ROWS);
        resources = IntStream.range(0, ROWS).mapToObj(id -> rows.get(id).resource(id)).toList();
        sqlite.holding(rows);
        postgresql.holding(rows);
      }
      allowed += agree(random, resources, sqlite, postgresql, "seed " + seed);
      triples += (long) ACTORS * ROWS;
    }
    assertTrue(allowed > triples / 100 && allowed < triples / 2, allowed + " of " + triples);
  }

  private static int agree(
      Random random, List<Resource> resources, World sqlite, World postgresql, String seed) {
    Policy policy = Case.policy(random);
    OrgSnapshot organisation = Case.organisation(random);
    List<Actor> actors =
        Stream.generate(() -> Case.actor(random)).distinct().limit(ACTORS).toList();
    Guard guard = Guard.unrecorded(policy, organisation, Clock.fixed(World.NOW, ZoneOffset.UTC));
    RowSecurity security = RowSecurity.of(policy).protect("showing", World.COLUMNS);
    postgresql.protect(security);
    List<BitSet> expected = new ArrayList<>();
    List<RowFilter> filters = new ArrayList<>();
    int allowed = 0;
    for (Actor actor : actors) {
      ReferenceEvaluator reference = new ReferenceEvaluator(policy, organisation, World.NOW, actor);
      BitSet yes = new BitSet();
      for (int id = 0; id < ROWS; id++) {
        Resource r = resources.get(id);
        boolean specified = reference.evaluate(Action.READ, r).allowed();
        if (guard.allows(actor, Action.READ, r) != specified) {
          assertEquals(specified, !specified, seed + ", " + actor + ", record " + id);
        }
        yes.set(id, specified);
      }
      assertEquals(
          yes, postgresql.as(guard, actor, security, World::visible), seed + ", RLS, " + actor);
      expected.add(yes);
      filters.add(guard.filter(actor, Action.READ, World.COLUMNS));
      allowed += yes.cardinality();
    }
    assertEquals(expected, sqlite.matchingEach(filters), seed + ", SQLite");
    assertEquals(expected, postgresql.matchingEach(filters), seed + ", PostgreSQL");
    return allowed;
  }
}
