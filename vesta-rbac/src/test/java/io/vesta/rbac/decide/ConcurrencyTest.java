package io.vesta.rbac.decide;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.sun.management.ThreadMXBean;
import io.vesta.core.access.Action;
import io.vesta.core.access.Actor;
import io.vesta.core.access.Capacity;
import io.vesta.core.access.Resource;
import io.vesta.core.access.Resource.Ownership;
import io.vesta.core.access.ResourceType;
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
    long decisions = Long.getLong("vesta.rbac.decisions", 1_000_000L);
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

  /** The sequence of changes after which a cached enforcer of another library still says yes. */
  @Test
  void a_revoked_role_and_a_removed_rule_count_at_once() {
    Guard guard = new Guard(Policy.defaults(), organisation(true), Clock.systemUTC());
    assertTrue(guard.allows(ACTOR, Action.READ, OWN));
    guard.reload(Policy.defaults(), organisation(false));
    assertFalse(guard.allows(ACTOR, Action.READ, OWN));
    guard.reload(Policy.defaults(), organisation(true));
    assertTrue(guard.allows(ACTOR, Action.READ, OWN));
    guard.reload(Policy.defaults().without("contact.agent.own"), organisation(true));
    assertFalse(guard.allows(ACTOR, Action.READ, OWN));
  }

  /** Counted by the JVM for this thread, after warming up; the best of several rounds. */
  @Test
  void a_decision_allocates_nothing() {
    Guard guard = new Guard(Policy.defaults(), organisation(true), Clock.systemUTC());
    ThreadMXBean threads = (ThreadMXBean) ManagementFactory.getThreadMXBean();
    int yes = 0;
    long least = Long.MAX_VALUE;
    int decisions = 100_000;
    for (int round = 0; round < 12; round++) {
      long before = threads.getCurrentThreadAllocatedBytes();
      for (int i = 0; i < decisions; i++) {
        yes += guard.allows(ACTOR, Action.READ, OWN) ? 1 : 0;
        yes += guard.allows(ACTOR, Action.READ, FOREIGN) ? 1 : 0;
        yes += guard.allows(ACTOR, Action.EXPORT, OWN) ? 1 : 0;
      }
      least = Math.min(least, threads.getCurrentThreadAllocatedBytes() - before);
    }
    assertEquals(12 * 2 * decisions, yes);
    assertTrue(least < decisions, least + " bytes in " + 3 * decisions + " decisions");
  }
}
