package io.vesta.rbac.decide;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.sun.management.ThreadMXBean;
import io.vesta.core.access.Action;
import io.vesta.core.access.Actor;
import io.vesta.core.access.Capacity;
import io.vesta.core.access.Decision;
import io.vesta.core.access.Resource;
import io.vesta.core.access.Resource.Ownership;
import io.vesta.core.access.ResourceColumns;
import io.vesta.core.access.ResourceType;
import io.vesta.core.access.RowFilter;
import io.vesta.core.id.BrokerageId;
import io.vesta.core.id.MemberId;
import io.vesta.core.id.OfficeId;
import io.vesta.rbac.org.OrgSnapshot;
import io.vesta.rbac.org.RoleGrant.Over;
import io.vesta.rbac.policy.Policy;
import java.lang.management.ManagementFactory;
import java.time.Clock;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.Test;

/** What decisions cost, and what they see while the organisation changes under them. */
class ConcurrencyTest {

  private static final BrokerageId FIRM = new BrokerageId("firm");
  private static final MemberId ANN = new MemberId(FIRM, "ann");
  private static final MemberId BOB = new MemberId(FIRM, "bob");
  private static final Actor ACTOR = Actor.member(ANN, Capacity.AGENT);
  private static final Resource OWN = contact(ANN);
  private static final Resource FOREIGN = contact(BOB);
  private static final Instant YEAR_3000 = Instant.parse("3000-01-01T00:00:00Z");
  private static final ResourceColumns COLUMNS =
      ResourceColumns.builder(ResourceType.CONTACT, "brokerage").owner("owner").build();

  private static Resource contact(MemberId owner) {
    return Resource.builder(ResourceType.CONTACT, FIRM, "C1")
        .owner(owner)
        .ownership(Ownership.AGENT)
        .build();
  }

  private static OrgSnapshot organisation(boolean granted) {
    OrgSnapshot.Builder org = OrgSnapshot.builder().member(ANN, new OfficeId(FIRM, "O1"));
    if (granted) {
      org.grant(ANN, Capacity.AGENT, new Over.Self(), Instant.EPOCH, Instant.MAX);
    }
    return org.build();
  }

  /**
   * Every decision that begins after a revocation was complete, and ends before the next grant
   * begins, is a no; the other way round it is a yes.
   */
  @Test
  void no_decision_is_stale_under_reload() throws InterruptedException, ExecutionException {
    long decisions = Long.getLong("vesta.decisions", 1_000_000L);
    Policy policy = Policy.defaults();
    OrgSnapshot with = organisation(true);
    OrgSnapshot without = organisation(false);
    Guard guard = new Guard(policy, without, Clock.systemUTC());
    // Odd while a reload runs; even and divisible by four when the grant is revoked.
    AtomicLong stage = new AtomicLong(0);
    AtomicBoolean done = new AtomicBoolean();
    int readers = 3;
    ExecutorService threads = Executors.newFixedThreadPool(readers + 1);
    try {
      AtomicLong made = new AtomicLong();
      Future<?> writer =
          threads.submit(
              () -> {
                while (!done.get()) {
                  for (OrgSnapshot next : List.of(with, without)) {
                    stage.incrementAndGet();
                    guard.reload(policy, next);
                    stage.incrementAndGet();
                    // Lets some decisions fall between two reloads.
                    long enough = made.get() + 200;
                    while (made.get() < enough && !done.get()) {
                      Thread.onSpinWait();
                    }
                  }
                }
              });
      List<Future<long[]>> counts = new ArrayList<>();
      for (int i = 0; i < readers; i++) {
        counts.add(threads.submit(() -> read(guard, stage, made, decisions / readers)));
      }
      long judged = 0;
      long stale = 0;
      for (Future<long[]> count : counts) {
        judged += count.get()[0];
        stale += count.get()[1];
      }
      done.set(true);
      writer.get();
      assertEquals(0, stale);
      assertTrue(judged > decisions / 10, "judged " + judged);
      assertTrue(stage.get() > 20, "reloads " + stage.get());
    } finally {
      threads.shutdownNow();
    }
  }

  private static long[] read(Guard guard, AtomicLong stage, AtomicLong made, long decisions) {
    long judged = 0;
    long stale = 0;
    for (long i = 0; i < decisions; i++) {
      long before = stage.get();
      boolean allowed = guard.allows(ACTOR, Action.READ, OWN);
      if (before % 2 == 0 && stage.get() == before) {
        judged++;
        stale += allowed == (before % 4 == 2) ? 0 : 1;
      }
      made.incrementAndGet();
    }
    return new long[] {judged, stale};
  }

  /**
   * The sequence after which jCasbin 1.99.0's cached enforcer still says yes: a role is taken from
   * somebody, a rule from everybody, after each was asked for and could have been remembered.
   */
  @Test
  void a_revoked_role_and_a_removed_rule_count_at_once() {
    Policy policy = Policy.defaults();
    Guard guard = new Guard(policy, organisation(true), Clock.systemUTC());
    for (int i = 0; i < 100; i++) {
      assertTrue(guard.decide(ACTOR, Action.READ, OWN).allowed());
    }
    Decision kept = guard.decide(ACTOR, Action.READ, OWN);
    guard.reload(policy, organisation(false));
    assertFalse(guard.decide(ACTOR, Action.READ, OWN).allowed(), "the role was taken away");
    assertInstanceOf(RowFilter.None.class, guard.filter(ACTOR, Action.READ, COLUMNS));
    assertNotEquals(kept.policyVersion(), guard.decide(ACTOR, Action.READ, OWN).policyVersion());
    guard.reload(policy, organisation(true));
    assertTrue(guard.decide(ACTOR, Action.READ, OWN).allowed());
    guard.reload(policy.without("contact.agent.own"), organisation(true));
    assertFalse(guard.decide(ACTOR, Action.READ, OWN).allowed(), "the rule was removed");
    assertInstanceOf(RowFilter.None.class, guard.filter(ACTOR, Action.READ, COLUMNS));
  }

  @Test
  void a_yes_and_a_no_allocate_nothing() {
    OrgSnapshot dated =
        OrgSnapshot.builder()
            .member(ANN, new OfficeId(FIRM, "O1"))
            .grant(ANN, Capacity.AGENT, new Over.Self(), Instant.EPOCH, YEAR_3000)
            .build();
    for (OrgSnapshot organisation : List.of(organisation(true), dated)) {
      assertEquals(0, bytes(new Guard(Policy.defaults(), organisation, Clock.systemUTC())));
    }
  }

  /** How many a decision takes, counted by the JVM after warming up; the best of some rounds. */
  private static long bytes(Guard guard) {
    ThreadMXBean threads = (ThreadMXBean) ManagementFactory.getThreadMXBean();
    int yes = 0;
    long least = Long.MAX_VALUE;
    int rounds = 12;
    int decisions = 100_000;
    for (int round = 0; round < rounds; round++) {
      long before = threads.getCurrentThreadAllocatedBytes();
      for (int i = 0; i < decisions; i++) {
        yes += guard.decide(ACTOR, Action.READ, OWN).allowed() ? 1 : 0;
        yes += guard.decide(ACTOR, Action.READ, FOREIGN).allowed() ? 1 : 0;
        yes += guard.decide(ACTOR, Action.EXPORT, OWN).allowed() ? 1 : 0;
      }
      least = Math.min(least, threads.getCurrentThreadAllocatedBytes() - before);
    }
    assertEquals(rounds * 2 * decisions, yes);
    return least / (3L * decisions);
  }
}
