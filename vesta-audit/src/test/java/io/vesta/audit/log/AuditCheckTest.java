package io.vesta.audit.log;

import static io.vesta.audit.testkit.TestLog.ACME;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.vesta.audit.testkit.TestLog;
import io.vesta.audit.verify.Report;
import io.vesta.core.access.Actor;
import io.vesta.core.error.VestaException;
import io.vesta.core.id.BrokerageId;
import io.vesta.core.storage.Dialect;
import io.vesta.testkit.Engine;
import java.nio.file.Path;
import java.util.OptionalLong;
import java.util.Random;
import java.util.function.Consumer;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** Somebody changes the tables with SQL; the check finds it, and where. */
class AuditCheckTest {

  private static final BrokerageId OTHER = new BrokerageId("other");
  private static final int SIZE = 600;

  @TempDir Path directory;

  private static TestLog filled(Engine.Fresh fresh) {
    TestLog log = TestLog.over(fresh);
    log.append(0, SIZE / 2);
    log.database()
        .write(work -> log.log().append(work, TestLog.event(Actor.system(OTHER, "job"), 1)));
    log.sequencer().sequence();
    log.append(SIZE / 2, SIZE);
    log.sequencer().sequence();
    return log;
  }

  /** A node that has seen nothing yet: what it finds is found from the tables alone. */
  private static Report check(Engine.Fresh fresh) {
    return TestLog.node(fresh, 9, TestLog.signer(1)).check().check(ACME);
  }

  private static byte[] bytes(TestLog log, BrokerageId brokerage, int index) {
    return log.database()
        .read(
            work ->
                work.handle()
                    .select(
                        "select bytes from vesta_audit_entry where seq = (select seq from"
                            + " vesta_audit_index where brokerage = ? and idx = ?)",
                        brokerage.key(),
                        index)
                    .mapTo(byte[].class)
                    .one());
  }

  private static void replace(TestLog log, int index, byte[] bytes) {
    assertEquals(
        1,
        log.tamper(
            "update vesta_audit_entry set bytes = ? where seq = (select seq from"
                + " vesta_audit_index where brokerage = 'acme' and idx = ?)",
            bytes,
            index));
  }

  private void finds(Engine engine, OptionalLong firstBad, Consumer<TestLog> tamper) {
    Engine.Fresh fresh = engine.fresh(directory);
    TestLog log = filled(fresh);
    tamper.accept(log);
    Report report = check(fresh);
    assertFalse(report.ok());
    assertEquals(firstBad, report.firstBad(), report::toString);
  }

  @ParameterizedTest
  @EnumSource(Engine.class)
  void an_untouched_log_is_ok_and_all_of_it_was_read(Engine engine) {
    Engine.Fresh fresh = engine.fresh(directory);
    filled(fresh);
    Report report = check(fresh);
    assertTrue(report.ok(), report::toString);
    assertEquals(SIZE, report.entries());
    assertEquals(OptionalLong.empty(), report.firstBad());
    assertTrue(report.toString().startsWith("VERIFIED\norigin audit.example.com/test/acme\n"));
  }

  @ParameterizedTest
  @EnumSource(Engine.class)
  void a_flipped_bit_of_any_entry_is_found_at_its_index(Engine engine) {
    Engine.Fresh fresh = engine.fresh(directory);
    TestLog log = filled(fresh);
    Random random = new Random(20260304);
    for (int i = 0; i < 40; i++) {
      int index = random.nextInt(SIZE);
      byte[] good = bytes(log, ACME, index);
      byte[] bad = good.clone();
      int bit = random.nextInt(bad.length * 8);
      bad[bit / 8] ^= (byte) (1 << (bit % 8));
      replace(log, index, bad);
      assertEquals(OptionalLong.of(index), check(fresh).firstBad());
      replace(log, index, good);
    }
    assertTrue(check(fresh).ok());
  }

  @ParameterizedTest
  @EnumSource(Engine.class)
  void a_deleted_entry_is_found(Engine engine) {
    finds(
        engine,
        OptionalLong.of(300),
        log ->
            log.tamper(
                "delete from vesta_audit_entry where seq = (select seq from vesta_audit_index"
                    + " where brokerage = 'acme' and idx = 300)"));
  }

  @ParameterizedTest
  @EnumSource(Engine.class)
  void a_deleted_index_row_is_found(Engine engine) {
    finds(
        engine,
        OptionalLong.of(512),
        log -> log.tamper("delete from vesta_audit_index where brokerage = 'acme' and idx = 512"));
  }

  @ParameterizedTest
  @EnumSource(Engine.class)
  void swapped_entries_are_found(Engine engine) {
    finds(
        engine,
        OptionalLong.of(7),
        log -> {
          byte[] first = bytes(log, ACME, 7);
          replace(log, 7, bytes(log, ACME, 8));
          replace(log, 8, first);
        });
  }

  @ParameterizedTest
  @EnumSource(Engine.class)
  void another_brokerages_entry_spliced_in_is_found(Engine engine) {
    finds(engine, OptionalLong.of(599), log -> replace(log, 599, bytes(log, OTHER, 0)));
  }

  @ParameterizedTest
  @EnumSource(Engine.class)
  void every_edited_index_column_is_found(Engine engine) {
    Engine.Fresh fresh = engine.fresh(directory);
    TestLog log = filled(fresh);
    for (String edit :
        new String[] {
          "actor = 'Member:m-9'",
          "target = 'Draft:other'",
          "action = 'vesta.approval.draft.skipped'",
          "at_ms = at_ms + 1",
          "member = null",
          "id = '00000000-0000-7000-8000-000000000000'",
          "pos = pos + 1",
          "len = len - 1"
        }) {
      String saved =
          "select actor, target, action, at_ms, member, pos, len, cast(id as text) as id";
      var before =
          log.database()
              .read(
                  work ->
                      work.handle()
                          .select(
                              saved
                                  + " from vesta_audit_index where brokerage = 'acme' and idx = 42")
                          .mapToMap()
                          .one());
      log.tamper("update vesta_audit_index set " + edit + " where brokerage = 'acme' and idx = 42");
      assertEquals(OptionalLong.of(42), check(fresh).firstBad(), edit);
      String uuid = log.database().dialect() == Dialect.POSTGRESQL ? "cast(? as uuid)" : "?";
      log.tamper(
          "update vesta_audit_index set actor = ?, target = ?, action = ?, at_ms = ?, member = ?,"
              + " pos = ?, len = ?, id = "
              + uuid
              + " where brokerage = 'acme' and idx = 42",
          before.get("actor"),
          before.get("target"),
          before.get("action"),
          before.get("at_ms"),
          before.get("member"),
          before.get("pos"),
          before.get("len"),
          before.get("id"));
    }
    assertTrue(check(fresh).ok());
  }

  @ParameterizedTest
  @EnumSource(Engine.class)
  void a_damaged_end_of_the_log_is_found_and_never_signed(Engine engine) {
    for (String edit :
        new String[] {
          "size = size - 1",
          "size = size + 256",
          "frontier = edge",
          "edge = frontier",
          "edge = (select hashes from vesta_audit_tile where brokerage = 'acme' and n = 0)",
          "checkpoint = (select checkpoint from vesta_audit_log where brokerage = 'other')",
          "checkpoint = replace(checkpoint, '600', '601')",
          "checkpoint = ''"
        }) {
      Engine.Fresh fresh = engine.fresh(directory);
      TestLog log = filled(fresh);
      assertEquals(
          1, log.tamper("update vesta_audit_log set " + edit + " where brokerage = 'acme'"));
      assertFalse(check(fresh).ok(), edit);
      log.append(SIZE, SIZE + 1);
      for (TestLog node : new TestLog[] {log, TestLog.node(fresh, 8, TestLog.signer(1))}) {
        VestaException refused =
            assertThrows(VestaException.class, () -> node.sequencer().sequence(ACME), edit);
        assertTrue(refused.code().code().matches("VESTA-AUDIT-00[34]"), refused.getMessage());
      }
    }
  }

  @ParameterizedTest
  @EnumSource(Engine.class)
  void damaged_tiles_and_chains_are_found(Engine engine) {
    String chain =
        "update vesta_audit_log set chain = (select root from vesta_audit_tile"
            + " where brokerage = 'acme' and n = 0) where brokerage = 'acme'";
    finds(engine, OptionalLong.empty(), log -> log.tamper(chain));
    finds(
        engine,
        OptionalLong.of(256),
        log ->
            log.tamper(
                "update vesta_audit_tile set chain = root where brokerage = 'acme' and n = 1"));
    finds(
        engine,
        OptionalLong.of(256),
        log -> log.tamper("delete from vesta_audit_tile where brokerage = 'acme' and n = 1"));
    finds(
        engine,
        OptionalLong.of(0),
        log -> {
          log.tamper("update vesta_audit_tile set n = 9 where n = 0");
          log.tamper("update vesta_audit_tile set n = 0 where n = 1");
          log.tamper("update vesta_audit_tile set n = 1 where n = 9");
        });
    finds(
        engine,
        OptionalLong.of(0),
        log -> log.tamper("update vesta_audit_tile set root = chain where n = 0"));
  }

  @ParameterizedTest
  @EnumSource(Engine.class)
  void a_committed_entry_that_was_pushed_past_its_turn_is_found(Engine engine) {
    finds(
        engine,
        OptionalLong.empty(),
        log -> {
          byte[] entry = bytes(log, ACME, 0);
          log.tamper(
              log.database().dialect() == Dialect.POSTGRESQL
                  ? "insert into vesta_audit_entry (xid, seq, brokerage, bytes)"
                      + " overriding system value values ('3', 99999, 'acme', ?)"
                  : "insert into vesta_audit_entry (seq, brokerage, bytes) values (-1, 'acme', ?)",
              entry);
          assertEquals(0, log.sequencer().sequence().entries());
        });
  }

  @ParameterizedTest
  @EnumSource(Engine.class)
  void a_rolled_back_log_is_noticed_by_a_node_that_saw_it_longer(Engine engine) {
    Engine.Fresh fresh = engine.fresh(directory);
    TestLog log = TestLog.over(fresh);
    log.append(0, 2);
    log.sequencer().sequence();
    log.tamper("create table saved as select * from vesta_audit_log");
    log.append(2, 3);
    log.sequencer().sequence();
    log.tamper("delete from vesta_audit_log");
    log.tamper("insert into vesta_audit_log select * from saved");
    log.tamper("delete from vesta_audit_index where idx = 2");
    log.append(3, 4);
    VestaException refused =
        assertThrows(VestaException.class, () -> log.sequencer().sequence(ACME));
    assertEquals("VESTA-AUDIT-004", refused.code().code());
    assertFalse(log.check().check(ACME).ok());
    log.tamper("delete from vesta_audit_log");
    assertEquals(
        "VESTA-AUDIT-004",
        assertThrows(VestaException.class, () -> log.sequencer().sequence(ACME)).code().code());
  }

  @ParameterizedTest
  @EnumSource(Engine.class)
  void a_log_that_was_never_signed_is_not_ok(Engine engine) {
    Engine.Fresh fresh = engine.fresh(directory);
    TestLog.over(fresh).append(0, 1);
    assertFalse(check(fresh).ok());
  }
}
