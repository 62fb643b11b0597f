package io.vesta.audit.log;

import static io.vesta.audit.testkit.TestLog.ACME;
import static io.vesta.audit.testkit.TestLog.BROKER;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.vesta.audit.note.Checkpoint;
import io.vesta.audit.note.SignedNote;
import io.vesta.audit.note.Vkey;
import io.vesta.audit.testkit.TestLog;
import io.vesta.core.access.Actor;
import io.vesta.core.audit.AuditValue;
import io.vesta.core.error.VestaException;
import io.vesta.core.id.BrokerageId;
import io.vesta.testkit.Engine;
import java.math.BigDecimal;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.SQLException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.UUID;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

class SequencerTest {

  private static final BrokerageId OTHER = new BrokerageId("other");

  @TempDir Path directory;

  private static Checkpoint checkpoint(TestLog log) {
    SignedNote note = log.sequencer().sequence(ACME);
    note.open(List.of(TestLog.vkey(ACME)));
    return Checkpoint.parse(note.text());
  }

  /** The ids in the order of the log; each page is proven against the tree as it is read. */
  private static List<UUID> ids(TestLog log, Actor reader) {
    List<UUID> ids = new ArrayList<>();
    long start = 0;
    Page page;
    do {
      page = log.query().find(reader, EntryFilter.builder().limit(1_000).startingAt(start).build());
      page.entries().forEach(found -> ids.add(found.entry().id()));
      start = page.next().orElse(0);
    } while (page.next().isPresent());
    return ids;
  }

  @ParameterizedTest
  @EnumSource(Engine.class)
  void an_empty_log_has_a_signed_checkpoint_too(Engine engine) {
    TestLog log = TestLog.over(engine.fresh(directory));
    assertEquals(0, checkpoint(log).size());
    assertTrue(log.check().check(ACME).ok());
  }

  @ParameterizedTest
  @EnumSource(Engine.class)
  void batches_of_every_size_make_one_verifiable_log(Engine engine) {
    TestLog log = TestLog.over(engine.fresh(directory));
    List<UUID> ids = new ArrayList<>();
    int size = 0;
    for (int batch : new int[] {1, 2, 252, 1, 1, 255, 256, 257, 300}) {
      ids.addAll(log.append(size, size + batch));
      size += batch;
      assertEquals(batch, log.sequencer().sequence().entries());
      assertEquals(size, checkpoint(log).size());
    }
    assertEquals(ids, ids(log, BROKER));
    assertTrue(log.check().check(ACME).ok(), () -> log.check().check(ACME).toString());
  }

  @ParameterizedTest
  @EnumSource(Engine.class)
  void nothing_new_gives_the_same_checkpoint_again(Engine engine) {
    TestLog log = TestLog.over(engine.fresh(directory));
    log.append(0, 3);
    String first = log.sequencer().sequence(ACME).toString();
    assertEquals(first, log.sequencer().sequence(ACME).toString());
    assertEquals(new Sequencer.Done(0, Duration.ZERO, Map.of()), log.sequencer().sequence());
  }

  @ParameterizedTest
  @EnumSource(Engine.class)
  void each_brokerage_has_its_own_log_and_origin(Engine engine) {
    TestLog log = TestLog.over(engine.fresh(directory));
    Actor system = Actor.system(OTHER, "job");
    log.append(0, 2);
    log.database().write(work -> log.log().append(work, TestLog.event(system, 1)));
    log.append(2, 3);
    assertEquals(3, checkpoint(log).size());
    SignedNote note = log.sequencer().sequence(OTHER);
    assertEquals(List.of(TestLog.vkey(OTHER)), note.open(List.of(TestLog.vkey(OTHER))));
    assertEquals(TestLog.PREFIX + "/other", Checkpoint.parse(note.text()).origin());
    assertTrue(log.check().check(OTHER).ok());
    assertTrue(log.check().check(ACME).ok());
  }

  @ParameterizedTest
  @EnumSource(Engine.class)
  void a_clock_that_goes_back_changes_no_order_and_hides_nothing(Engine engine) {
    TestLog log = TestLog.over(engine.fresh(directory));
    List<UUID> ids = new ArrayList<>(log.append(0, 2));
    log.sequencer().sequence();
    log.clock().advance(Duration.ofDays(-400));
    ids.addAll(log.append(2, 4));
    assertEquals(2, log.sequencer().sequence().entries());
    log.clock().advance(Duration.ofDays(4_000));
    ids.addAll(log.append(4, 6));
    log.sequencer().sequence();
    assertEquals(ids, ids(log, BROKER));
    assertTrue(log.check().check(ACME).ok());
  }

  @ParameterizedTest
  @EnumSource(Engine.class)
  void lag_is_how_long_the_oldest_entry_waited(Engine engine) {
    TestLog log = TestLog.over(engine.fresh(directory));
    log.append(0, 1);
    log.clock().advance(Duration.ofSeconds(7));
    log.append(1, 2);
    log.clock().advance(Duration.ofSeconds(2));
    assertEquals(
        new Sequencer.Done(2, Duration.ofSeconds(9), Map.of()), log.sequencer().sequence());
  }

  @Test
  void an_open_transaction_holds_nobody_back_and_its_entries_come_when_it_ends()
      throws SQLException {
    Engine.Fresh fresh = Engine.POSTGRESQL.fresh(directory);
    TestLog log = TestLog.over(fresh);
    try (Connection host = fresh.host().getConnection();
        Connection stranger = fresh.host().getConnection()) {
      host.setAutoCommit(false);
      stranger.setAutoCommit(false);
      stranger.createStatement().execute("select pg_current_xact_id()");
      UUID early = log.log().append(fresh.database().join(host), TestLog.event(100));
      List<UUID> expected = new ArrayList<>();
      for (int i = 0; i < 5; i++) {
        expected.addAll(log.append(i, i + 1));
        assertEquals(1, log.sequencer().sequence().entries(), "although two others are open");
      }
      UUID late = log.log().append(fresh.database().join(host), TestLog.event(101));
      host.commit();
      expected.add(early);
      expected.add(late);
      assertEquals(2, log.sequencer().sequence().entries());
      expected.addAll(log.append(5, 6));
      stranger.rollback();
      assertEquals(1, log.sequencer().sequence().entries());
      assertEquals(expected, ids(log, BROKER));
    }
    assertTrue(log.check().check(ACME).ok());
  }

  @ParameterizedTest
  @EnumSource(Engine.class)
  void writers_and_two_nodes_that_sequence_lose_and_double_nothing(Engine engine) throws Exception {
    Engine.Fresh fresh = engine.fresh(directory);
    TestLog one = TestLog.node(fresh, 1, TestLog.signer(1));
    TestLog two = TestLog.node(fresh, 2, TestLog.signer(1));
    int perWriter = engine == Engine.SQLITE ? 40 : 120;
    ExecutorService threads = Executors.newFixedThreadPool(10);
    AtomicBoolean done = new AtomicBoolean();
    Set<UUID> written = new HashSet<>();
    long sequenced = 0;
    try {
      List<Future<List<UUID>>> writers = new ArrayList<>();
      for (int writer = 0; writer < 8; writer++) {
        TestLog node = writer % 2 == 0 ? one : two;
        int thread = writer;
        Callable<List<UUID>> work = () -> write(node, fresh, thread, perWriter);
        writers.add(threads.submit(work));
      }
      List<Future<Long>> sequencers = new ArrayList<>();
      for (TestLog node : List.of(one, two)) {
        sequencers.add(
            threads.submit(
                () -> {
                  long count = 0;
                  while (!done.get()) {
                    count += node.sequencer().sequence().entries();
                  }
                  return count;
                }));
      }
      for (Future<List<UUID>> writer : writers) {
        written.addAll(writer.get());
      }
      done.set(true);
      for (Future<Long> sequencer : sequencers) {
        sequenced += sequencer.get();
      }
    } finally {
      done.set(true);
      threads.shutdown();
    }
    sequenced += one.sequencer().sequence().entries();
    List<UUID> logged = ids(one, BROKER);
    assertEquals(written.size(), sequenced);
    assertEquals(written.size(), logged.size(), "nothing is doubled");
    assertEquals(written, new HashSet<>(logged), "nothing is lost");
    assertTrue(two.check().check(ACME).ok(), () -> two.check().check(ACME).toString());
  }

  /** Every fifth transaction is rolled back, every third holds two entries. */
  private static List<UUID> write(TestLog node, Engine.Fresh fresh, int thread, int count)
      throws SQLException {
    List<UUID> kept = new ArrayList<>();
    for (int i = 0; i < count; i++) {
      int number = thread * count + i;
      if (i % 5 == 4) {
        try (Connection host = fresh.host().getConnection()) {
          host.setAutoCommit(false);
          node.log().append(fresh.database().join(host), TestLog.event(number));
          host.rollback();
        }
      } else {
        kept.addAll(
            fresh
                .database()
                .write(
                    work ->
                        IntStream.range(0, number % 3 == 0 ? 2 : 1)
                            .mapToObj(n -> node.log().append(work, TestLog.event(number)))
                            .toList()));
      }
    }
    return kept;
  }

  @Test
  void tables_that_were_moved_to_another_cluster_lose_and_double_nothing() {
    TestLog log = TestLog.over(Engine.POSTGRESQL.fresh(directory));
    List<UUID> expected = new ArrayList<>(log.append(0, 5));
    log.sequencer().sequence();
    expected.addAll(log.append(5, 7)); // committed, not yet sequenced when the dump was taken
    // The other cluster had come much further with its transaction numbers.
    log.tamper("update vesta_audit_entry set xid = '900000000000'");
    log.tamper("update vesta_audit_index set xid = '900000000000'");
    log.tamper(
        "update vesta_audit_head set cluster = '42', snapshot = '900000000001:900000000001:'");
    assertEquals(2, log.sequencer().sequence().entries());
    expected.addAll(log.append(7, 10));
    assertEquals(3, log.sequencer().sequence().entries());
    assertEquals(0, log.sequencer().sequence().entries());
    assertEquals(expected, ids(log, BROKER));
    assertTrue(log.check().check(ACME).ok(), () -> log.check().check(ACME).toString());
  }

  @ParameterizedTest
  @EnumSource(Engine.class)
  void keys_overlap_while_they_are_changed(Engine engine) {
    Engine.Fresh fresh = engine.fresh(directory);
    TestLog old = TestLog.node(fresh, 1, TestLog.signer(1));
    Vkey oldKey = TestLog.vkey(ACME);
    Vkey newKey = TestLog.signer(2).vkey(oldKey.name());
    old.append(0, 3);
    old.sequencer().sequence();
    TestLog both = TestLog.node(fresh, 2, TestLog.signer(1), TestLog.signer(2));
    SignedNote overlap = both.sequencer().sequence(ACME);
    assertEquals(List.of(oldKey, newKey), overlap.open(List.of(oldKey, newKey)));
    TestLog fresher = TestLog.node(fresh, 3, TestLog.signer(2));
    fresher.append(3, 5);
    SignedNote after = fresher.sequencer().sequence(ACME);
    assertEquals(List.of(newKey), after.open(List.of(oldKey, newKey)));
    assertEquals(6, Checkpoint.parse(after.text()).size(), "that a key was added is an entry");
    assertEquals(1, fresher.sequencer().sequence().entries(), "that one is retired too");
    assertEquals(
        List.of(
            Map.of("added1", new AuditValue.Digest(hex(newKey.fingerprint()))),
            Map.of(
                "retired1",
                new AuditValue.Amount(BigDecimal.valueOf(Integer.toUnsignedLong(oldKey.id()))))),
        fresher
            .query()
            .find(BROKER, EntryFilter.builder().action(Sequencer.KEYS_CHANGED).build())
            .entries()
            .stream()
            .map(found -> found.entry().details())
            .toList());
    assertEquals(0, fresher.sequencer().sequence().entries(), "and told once");
    TestLog stranger = TestLog.node(fresh, 4, TestLog.signer(3));
    stranger.append(5, 6);
    assertEquals(
        "VESTA-AUDIT-003",
        assertThrows(VestaException.class, () -> stranger.sequencer().sequence(ACME))
            .code()
            .code());
  }

  private static String hex(byte[] bytes) {
    return HexFormat.of().formatHex(bytes);
  }

  @ParameterizedTest
  @EnumSource(Engine.class)
  void what_is_no_entry_of_its_brokerage_is_not_signed(Engine engine) {
    TestLog log = TestLog.over(engine.fresh(directory));
    log.append(0, 1);
    log.sequencer().sequence();
    log.append(1, 2);
    log.tamper("update vesta_audit_entry set brokerage = 'other' where seq = 2");
    for (int attempt = 0; attempt < 2; attempt++) {
      VestaException refused =
          assertThrows(VestaException.class, () -> log.sequencer().sequence(OTHER));
      assertEquals("VESTA-AUDIT-002", refused.code().code());
    }
    log.tamper("update vesta_audit_entry set brokerage = 'acme' where seq = 2");
    assertEquals(1, log.sequencer().sequence().entries());
  }

  @ParameterizedTest
  @EnumSource(Engine.class)
  void a_damaged_log_is_parked_delays_no_other_and_goes_on_in_order_when_it_is_mended(
      Engine engine) {
    Engine.Fresh fresh = engine.fresh(directory);
    TestLog log = TestLog.over(fresh);
    Actor other = Actor.system(OTHER, "job");
    List<UUID> ids = new ArrayList<>(log.append(0, 3));
    log.sequencer().sequence();
    log.tamper("update vesta_audit_log set size = size + 1 where brokerage = 'acme'");
    int others = 0;
    for (int round = 0; round < 3; round++) {
      ids.addAll(log.append(0, round == 1 ? 1_100 : 20));
      log.log().append(TestLog.event(other, round));
      // Whoever leads: what was parked is in the database.
      TestLog node = TestLog.node(fresh, 10 + round, TestLog.signer(1));
      Sequencer.Done done = node.sequencer().sequence();
      assertEquals(1, done.entries(), "the other's");
      assertEquals(Set.of("acme"), done.parked().keySet());
      assertEquals("VESTA-AUDIT-003", done.parked().get("acme").code().code());
      assertEquals(++others, Checkpoint.parse(node.sequencer().sequence(OTHER).text()).size());
      assertTrue(node.check().check(OTHER).ok());
      assertFalse(node.check().check(ACME).ok());
    }
    log.tamper("update vesta_audit_log set size = size - 1 where brokerage = 'acme'");
    ids.addAll(log.append(0, 2));
    log.log().append(TestLog.event(other, 9));
    Sequencer.Done done = log.sequencer().sequence();
    assertEquals(20 + 1_100 + 20 + 2 + 1, done.entries());
    assertEquals(Map.of(), done.parked());
    assertEquals(ids, ids(log, BROKER));
    assertTrue(log.check().check(ACME).ok(), () -> log.check().check(ACME).toString());
    assertEquals(new Sequencer.Done(0, Duration.ZERO, Map.of()), log.sequencer().sequence());
  }

  @ParameterizedTest
  @EnumSource(Engine.class)
  void a_foreign_row_among_good_ones_parks_all_of_its_log_until_it_is_gone(Engine engine) {
    TestLog log = TestLog.over(engine.fresh(directory));
    List<UUID> ids = new ArrayList<>(log.append(0, 5));
    log.tamper("insert into vesta_audit_entry (brokerage, bytes) values ('acme', ?)", new byte[9]);
    ids.addAll(log.append(5, 7));
    log.log().append(TestLog.event(Actor.system(OTHER, "job"), 1));
    for (int attempt = 0; attempt < 2; attempt++) {
      Sequencer.Done done = log.sequencer().sequence();
      assertEquals(1 - attempt, done.entries());
      assertEquals("VESTA-AUDIT-002", done.parked().get("acme").code().code());
    }
    assertEquals(List.of(), ids(log, BROKER), "not even what came before it");
    log.tamper("delete from vesta_audit_entry where seq = 6");
    ids.addAll(log.append(7, 8));
    assertEquals(8, log.sequencer().sequence().entries());
    assertEquals(ids, ids(log, BROKER));
    assertTrue(log.check().check(ACME).ok());
  }
}
