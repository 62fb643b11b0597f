package io.vesta.audit.testkit;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.vesta.core.access.Actor;
import io.vesta.core.audit.AuditAction;
import io.vesta.core.audit.AuditEvent;
import io.vesta.core.audit.AuditTrail;
import io.vesta.core.id.BrokerageId;
import io.vesta.core.id.Ref;
import io.vesta.core.storage.UnitOfWork;
import io.vesta.testkit.Engine;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.UUID;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/**
 * The contract of {@link AuditTrail}, on every engine. Inherit it, supply a trail over a fresh
 * database, and run it.
 */
public abstract class AuditTrailContract {

  private static final BrokerageId ACME = new BrokerageId("acme");
  private static final BrokerageId OTHER = new BrokerageId("other");

  @TempDir Path directory;

  /** A directory of the running test's own. */
  protected final Path directory() {
    return directory;
  }

  /** For subclasses. */
  protected AuditTrailContract() {}

  /** A trail whose tables are installed in the database. */
  protected abstract AuditTrail trail(Engine.Fresh fresh);

  /** The ids of the durable entries of a brokerage, in the trail's order. */
  protected abstract List<UUID> recorded(Engine.Fresh fresh, BrokerageId brokerage);

  private static AuditEvent event(BrokerageId brokerage, int number) {
    return AuditEvent.builder(
            new AuditAction("host.thing.done"),
            Actor.system(brokerage, "contract"),
            new Ref("Thing", "t" + number))
        .with("number", number)
        .build();
  }

  @ParameterizedTest
  @EnumSource(Engine.class)
  void required_at01_an_entry_is_durable_with_its_unit_of_work(Engine engine) {
    Engine.Fresh fresh = engine.fresh(directory);
    AuditTrail trail = trail(fresh);
    List<UUID> ids =
        fresh
            .database()
            .write(
                work ->
                    List.of(
                        trail.append(work, event(ACME, 1)), trail.append(work, event(ACME, 2))));
    assertEquals(ids, recorded(fresh, ACME));
  }

  @ParameterizedTest
  @EnumSource(Engine.class)
  void required_at02_an_entry_vanishes_with_its_unit_of_work(Engine engine) throws SQLException {
    Engine.Fresh fresh = engine.fresh(directory);
    AuditTrail trail = trail(fresh);
    assertThrows(
        IllegalStateException.class,
        () ->
            fresh
                .database()
                .write(
                    work -> {
                      trail.append(work, event(ACME, 1));
                      throw new IllegalStateException("the act failed");
                    }));
    UUID kept;
    try (Connection host = fresh.host().getConnection()) {
      host.setAutoCommit(false);
      trail.append(fresh.database().join(host), event(ACME, 2));
      host.rollback();
      kept = trail.append(fresh.database().join(host), event(ACME, 3));
      host.commit();
    }
    assertEquals(List.of(kept), recorded(fresh, ACME));
  }

  @ParameterizedTest
  @EnumSource(Engine.class)
  void required_at03_ids_are_version_7_and_distinct(Engine engine) {
    Engine.Fresh fresh = engine.fresh(directory);
    AuditTrail trail = trail(fresh);
    Set<UUID> ids = new HashSet<>();
    for (int i = 0; i < 20; i++) {
      int number = i;
      ids.add(fresh.database().write(work -> trail.append(work, event(ACME, number))));
    }
    assertEquals(20, ids.size());
    assertTrue(ids.stream().allMatch(id -> id.version() == 7));
  }

  @ParameterizedTest
  @EnumSource(Engine.class)
  void required_at04_a_trail_that_cannot_record_throws(Engine engine) throws SQLException {
    Engine.Fresh fresh = engine.fresh(directory);
    AuditTrail trail = trail(fresh);
    Connection host = fresh.host().getConnection();
    host.setAutoCommit(false);
    UnitOfWork work = fresh.database().join(host);
    host.close();
    assertThrows(RuntimeException.class, () -> trail.append(work, event(ACME, 1)));
    assertEquals(List.of(), recorded(fresh, ACME));
  }

  @ParameterizedTest
  @EnumSource(Engine.class)
  void required_at05_many_threads_lose_and_double_nothing(Engine engine) throws Exception {
    Engine.Fresh fresh = engine.fresh(directory);
    AuditTrail trail = trail(fresh);
    Set<UUID> ids = new HashSet<>();
    ExecutorService threads = Executors.newFixedThreadPool(8);
    try {
      List<Future<UUID>> futures = new ArrayList<>();
      for (int i = 0; i < 160; i++) {
        int number = i;
        futures.add(
            threads.submit(
                () -> fresh.database().write(work -> trail.append(work, event(ACME, number)))));
      }
      for (Future<UUID> future : futures) {
        ids.add(future.get());
      }
    } finally {
      threads.shutdown();
    }
    List<UUID> recorded = recorded(fresh, ACME);
    assertEquals(160, recorded.size());
    assertEquals(ids, new HashSet<>(recorded));
  }

  @ParameterizedTest
  @EnumSource(Engine.class)
  void required_at06_brokerages_do_not_mix(Engine engine) {
    Engine.Fresh fresh = engine.fresh(directory);
    AuditTrail trail = trail(fresh);
    UUID ours = fresh.database().write(work -> trail.append(work, event(ACME, 1)));
    UUID theirs = fresh.database().write(work -> trail.append(work, event(OTHER, 1)));
    assertEquals(List.of(ours), recorded(fresh, ACME));
    assertEquals(List.of(theirs), recorded(fresh, OTHER));
  }
}
