package io.vesta.audit.log.internal;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.vesta.audit.entry.AuditEntry;
import io.vesta.audit.log.EntryFilter;
import io.vesta.audit.testkit.TestLog;
import io.vesta.audit.tree.EntryBundle;
import io.vesta.core.access.Actor;
import io.vesta.core.audit.AuditEvent;
import io.vesta.core.error.CoreError;
import io.vesta.core.error.VestaException;
import io.vesta.core.id.BrokerageId;
import io.vesta.core.storage.Database;
import io.vesta.core.storage.Dialect;
import io.vesta.core.storage.UnitOfWork;
import io.vesta.testkit.Engine;
import java.nio.file.Path;
import java.sql.Connection;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.OptionalLong;
import java.util.UUID;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Function;
import java.util.stream.IntStream;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

class GroupCommitTest {

  private static final int CALLERS = 20;

  @TempDir Path directory;

  private static AuditEntry entry(int number) {
    return AuditEntry.of(new UUID(0x7000, number), Instant.EPOCH, TestLog.event(number), List.of());
  }

  /** How many entries each row holds. */
  private static List<Integer> rows(Database database) {
    return database.read(
        work ->
            work
                .handle()
                .select("select bytes from vesta_audit_entry order by seq")
                .mapTo(byte[].class)
                .list()
                .stream()
                .map(bundle -> EntryBundle.decode(bundle).size())
                .toList());
  }

  /** Starts callers that all wait while the first one commits, then lets that one go on. */
  private static List<Thread> crowd(Gate gate, GroupCommit group, List<String> refused)
      throws InterruptedException {
    List<Thread> callers = new ArrayList<>();
    for (int i = 0; i < CALLERS; i++) {
      int number = i;
      Thread caller =
          new Thread(
              () -> {
                try {
                  group.append(List.of(entry(number)));
                } catch (VestaException e) {
                  synchronized (refused) {
                    refused.add(e.code().code());
                  }
                }
              });
      caller.start();
      callers.add(caller);
      if (i == 0) {
        gate.entered.await();
      } else {
        while (caller.getState() != Thread.State.WAITING) {
          Thread.onSpinWait();
        }
      }
    }
    gate.open.countDown();
    for (Thread caller : callers) {
      caller.join();
    }
    return callers;
  }

  @ParameterizedTest
  @EnumSource(Engine.class)
  void all_that_wait_while_one_commits_share_the_next_commit(Engine engine) throws Exception {
    Engine.Fresh fresh = engine.fresh(directory);
    TestLog.over(fresh);
    Gate gate = new Gate(fresh.database());
    List<String> refused = new ArrayList<>();
    crowd(gate, new GroupCommit(gate), refused);
    assertEquals(List.of(), refused);
    assertEquals(List.of(1, CALLERS - 1), rows(fresh.database()));
    assertEquals(2, gate.commits.get(), "the first, and all others at once");
  }

  @ParameterizedTest
  @EnumSource(Engine.class)
  void all_that_share_a_commit_that_fails_are_told_and_the_next_are_not(Engine engine)
      throws Exception {
    Engine.Fresh fresh = engine.fresh(directory);
    TestLog.over(fresh);
    Gate gate = new Gate(fresh.database());
    gate.failing = 2;
    GroupCommit group = new GroupCommit(gate);
    List<String> refused = new ArrayList<>();
    crowd(gate, group, refused);
    assertEquals(CALLERS - 1, refused.size());
    assertTrue(refused.stream().allMatch("VESTA-CORE-004"::equals), refused::toString);
    assertEquals(List.of(1), rows(fresh.database()));
    group.append(List.of(entry(99)));
    assertEquals(List.of(1, 1), rows(fresh.database()));
    gate.failing = 4;
    gate.unexpected = true;
    assertEquals(
        "VESTA-AUDIT-009",
        assertThrows(VestaException.class, () -> group.append(List.of(entry(100)))).code().code());
    group.append(List.of(entry(101)));
    assertEquals(List.of(1, 1, 1), rows(fresh.database()));
  }

  @ParameterizedTest
  @EnumSource(Engine.class)
  void many_entries_of_one_caller_fill_rows_by_brokerage_and_all_are_found_and_proven(Engine engine)
      throws Exception {
    Engine.Fresh fresh = engine.fresh(directory);
    TestLog log = TestLog.over(fresh);
    Actor other = Actor.system(new BrokerageId("other"), "job");
    List<AuditEvent> events = new ArrayList<>();
    for (int i = 0; i < 700; i++) {
      events.add(i % 10 == 3 ? TestLog.event(other, i) : TestLog.event(i));
    }
    List<UUID> ids = log.log().append(events);
    assertEquals(List.of(), log.log().append(List.<AuditEvent>of()));
    List<Integer> rows = rows(fresh.database());
    assertEquals(700, rows.stream().mapToInt(count -> count).sum());
    assertTrue(rows.size() < 30, rows::toString);
    assertEquals(700, log.sequencer().sequence().entries());
    List<UUID> acme = IntStream.range(0, 700).filter(i -> i % 10 != 3).mapToObj(ids::get).toList();
    assertEquals(
        acme,
        log
            .query()
            .find(TestLog.BROKER, EntryFilter.builder().limit(1_000).build())
            .entries()
            .stream()
            .map(found -> found.entry().id())
            .toList());
    assertTrue(log.check().check(TestLog.ACME).ok());
    assertTrue(log.check().check(other.brokerage()).ok());
    log.tamper("update vesta_audit_index set pos = pos + 1 where brokerage = 'acme' and idx = 9");
    assertEquals(OptionalLong.of(9), log.check().check(TestLog.ACME).firstBad());
  }

  @ParameterizedTest
  @EnumSource(Engine.class)
  void an_interrupted_caller_still_learns_whether_its_entry_is_durable(Engine engine) {
    Engine.Fresh fresh = engine.fresh(directory);
    TestLog.over(fresh);
    Thread.currentThread().interrupt();
    new GroupCommit(fresh.database()).append(List.of(entry(1)));
    assertTrue(Thread.interrupted(), "the interrupt is not swallowed");
    assertEquals(List.of(1), rows(fresh.database()));
  }

  /** Holds the first commit until it is opened, and counts; one of them may fail. */
  private static final class Gate implements Database {

    private final Database real;
    private final CountDownLatch entered = new CountDownLatch(1);
    private final CountDownLatch open = new CountDownLatch(1);
    private final AtomicInteger commits = new AtomicInteger();
    private volatile int failing;
    private volatile boolean unexpected;

    Gate(Database real) {
      this.real = real;
    }

    @Override
    public Dialect dialect() {
      return real.dialect();
    }

    @Override
    public <T> T write(Function<UnitOfWork, T> work) {
      int commit = commits.incrementAndGet();
      entered.countDown();
      try {
        open.await();
      } catch (InterruptedException e) {
        throw new IllegalStateException(e);
      }
      return real.write(
          unit -> {
            T result = work.apply(unit);
            if (commit == failing) {
              throw unexpected
                  ? new IllegalStateException("a broken data source")
                  : new VestaException(CoreError.STORAGE_FAILED, "the disk is full");
            }
            return result;
          });
    }

    @Override
    public <T> T read(Function<UnitOfWork, T> work) {
      return real.read(work);
    }

    @Override
    public void close() {
      real.close();
    }

    @Override
    public UnitOfWork join(Connection connection) {
      return real.join(connection);
    }
  }
}
