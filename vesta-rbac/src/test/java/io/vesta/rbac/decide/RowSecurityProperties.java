package io.vesta.rbac.decide;

import static io.vesta.rbac.decide.World.NOW;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.vesta.core.access.Action;
import io.vesta.core.access.Resource;
import io.vesta.core.error.VestaException;
import io.vesta.rbac.RbacError;
import io.vesta.rbac.decide.EquivalenceProperties.Case;
import io.vesta.rbac.policy.Policy;
import io.vesta.testkit.Engine;
import java.time.Clock;
import java.time.ZoneOffset;
import java.util.BitSet;
import java.util.Random;
import net.jqwik.api.Example;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;

/** PostgreSQL, left to itself under row-level security, shows and takes what a decision allows. */
class RowSecurityProperties {

  private static final World WORLD = World.on(Engine.POSTGRESQL);
  private static final Clock CLOCK = Clock.fixed(NOW, ZoneOffset.UTC);

  private static RowSecurity installed(Case c) {
    RowSecurity security = RowSecurity.of(c.policy()).protect("showing", World.COLUMNS);
    WORLD.holding(c.rows()).protect(security);
    return security;
  }

  private static Guard guard(Case c) {
    return Guard.unrecorded(c.policy(), c.organisation(), CLOCK);
  }

  private static BitSet decided(Case c, Guard guard, Action action) {
    BitSet ids = new BitSet();
    for (int id = 0; id < c.rows().size(); id++) {
      ids.set(id, guard.allows(c.actor(), action, c.rows().get(id).resource(id)));
    }
    return ids;
  }

  @Property
  void a_select_without_a_condition_shows_what_may_be_read(@ForAll long seed) {
    Case c = Case.of(seed);
    RowSecurity security = installed(c);
    Guard guard = guard(c);
    assertEquals(
        decided(c, guard, Action.READ), WORLD.as(guard, c.actor(), security, World::visible));
  }

  @Property
  void a_write_is_taken_when_the_row_may_become_that_row(@ForAll long seed) {
    Case c = Case.of(seed);
    RowSecurity security = installed(c);
    Guard guard = guard(c);
    Random random = new Random(seed);
    WORLD.as(
        guard,
        c.actor(),
        security,
        work -> {
          for (int i = 0; i < 10; i++) {
            int id = random.nextInt(c.rows().size());
            World.Row after = c.rows().get(random.nextInt(c.rows().size()));
            Resource old = c.rows().get(id).resource(id);
            if (old.brokerage().equals(after.brokerage())) {
              assertEquals(
                  guard.decideChange(c.actor(), old, after.resource(id)).allowed(),
                  World.writes(work, World.UPDATE, id, after),
                  () -> c.rows().get(id) + " to " + after);
            }
            assertEquals(
                guard.allows(c.actor(), Action.CREATE, after.resource(id)),
                World.writes(work, World.INSERT, 1000 + i, after));
            assertEquals(
                guard.allows(c.actor(), Action.READ, old)
                    && guard.allows(c.actor(), new Action("delete"), old),
                World.writes(work, World.DELETE, id, after));
          }
          return null;
        });
  }

  @Example
  void writes_and_refusals_both_occur_and_no_row_leaves_its_brokerage() {
    int written = 0;
    int refused = 0;
    for (long seed = 0; seed < 60; seed++) {
      Case c = Case.of(seed);
      RowSecurity security = installed(c);
      Guard guard = guard(c);
      int[] counts =
          WORLD.as(
              guard,
              c.actor(),
              security,
              work -> {
                int[] found = new int[3];
                for (int id = 0; id < c.rows().size(); id++) {
                  World.Row row = c.rows().get(id);
                  found[World.writes(work, World.UPDATE, id, row) ? 0 : 1]++;
                  World.Row moved =
                      new World.Row(
                          row.brokerage().equals(World.ONE) ? World.TWO : World.ONE,
                          row.owner(),
                          row.team(),
                          row.office(),
                          row.listAgent(),
                          row.buyerAgent(),
                          row.ownership(),
                          row.linked(),
                          row.createdAt(),
                          row.routed(),
                          row.barred(),
                          row.status());
                  found[2] += World.writes(work, World.UPDATE, id, moved) ? 1 : 0;
                }
                return found;
              });
      written += counts[0];
      refused += counts[1];
      assertEquals(0, counts[2]);
    }
    assertTrue(written > 10 && refused > 10, written + " written, " + refused + " refused");
  }

  @Example
  void without_settings_or_with_those_of_a_finished_transaction_nothing_is_seen() {
    Case c = allowed();
    RowSecurity security = installed(c);
    Guard guard = guard(c);
    assertTrue(WORLD.as(guard, c.actor(), security, World::visible).cardinality() > 0);
    BitSet later =
        WORLD
            .database()
            .read(
                work -> {
                  work.handle().execute("set local role vesta_app");
                  return World.visible(work);
                });
    assertEquals(new BitSet(), later);
  }

  @Example
  void an_actor_who_enters_after_another_leaves_nothing_of_the_first() {
    Case c = allowed();
    RowSecurity security = installed(c);
    Guard guard = guard(c);
    var stranger =
        io.vesta.core.access.Actor.member(
            new io.vesta.core.id.MemberId(World.ONE, "stranger"), World.AGENT);
    BitSet seen =
        WORLD.as(
            guard,
            c.actor(),
            security,
            work -> {
              guard.enter(work, stranger, security);
              return World.visible(work);
            });
    assertEquals(new BitSet(), seen);
  }

  @Example
  void security_of_another_policy_is_refused_and_shows_nothing() {
    Case c = allowed();
    RowSecurity security = installed(c);
    Policy other = Policy.defaults();
    RowSecurity foreign = RowSecurity.of(other).protect("showing", World.COLUMNS);
    Guard guard = guard(c);
    VestaException refused =
        assertThrows(
            VestaException.class, () -> WORLD.as(guard, c.actor(), foreign, World::visible));
    assertEquals(RbacError.ROW_SECURITY_STALE, refused.code());
    Guard newer = Guard.unrecorded(other, c.organisation(), CLOCK);
    assertEquals(new BitSet(), WORLD.as(newer, c.actor(), foreign, World::visible));
    assertTrue(security.install().size() > 8);
  }

  @Example
  void what_was_installed_can_be_taken_away() {
    Case c = allowed();
    RowSecurity security = installed(c);
    WORLD
        .database()
        .write(
            work -> {
              security.uninstall().forEach(work.handle()::execute);
              return null;
            });
    BitSet everything = WORLD.database().read(World::visible);
    assertEquals(c.rows().size(), everything.cardinality());
  }

  /** The comparison is worth something: each of these breaks is seen in some of many cases. */
  @Example
  void the_comparison_sees_policies_that_are_broken() {
    for (String[] edit :
        new String[][] {
          {"as restrictive for all", "as permissive for all"},
          {"owner_key = any", "owner_key <> all"},
          {" and ", " or "},
          {"barred = 0", "barred is null"},
        }) {
      int caught = 0;
      for (long seed = 0; seed < 400 && caught == 0; seed++) {
        Case c = Case.of(seed);
        RowSecurity security = installed(c);
        Guard guard = guard(c);
        WORLD
            .database()
            .write(
                work -> {
                  security
                      .install()
                      .forEach(statement -> work.handle().execute(edited(statement, edit)));
                  return null;
                });
        BitSet seen = WORLD.as(guard, c.actor(), security, World::visible);
        caught += seen.equals(decided(c, guard, Action.READ)) ? 0 : 1;
      }
      assertTrue(caught > 0, edit[0]);
    }
  }

  private static String edited(String statement, String[] edit) {
    return statement.startsWith("create policy") ? statement.replace(edit[0], edit[1]) : statement;
  }

  private static Case allowed() {
    for (long seed = 0; ; seed++) {
      Case c = Case.of(seed);
      if (decided(c, guard(c), Action.READ).cardinality() > 0) {
        return c;
      }
    }
  }
}
