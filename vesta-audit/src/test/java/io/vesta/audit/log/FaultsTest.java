package io.vesta.audit.log;

import static io.vesta.audit.testkit.TestLog.ACME;
import static io.vesta.audit.testkit.TestLog.BROKER;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.vesta.audit.note.CheckpointSigner;
import io.vesta.audit.note.Vkey;
import io.vesta.audit.testkit.TestLog;
import io.vesta.audit.tree.EntryBundle;
import io.vesta.core.error.VestaException;
import io.vesta.core.storage.Database;
import io.vesta.testkit.Engine;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.SQLException;
import java.sql.Savepoint;
import java.sql.Statement;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.UUID;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import javax.sql.DataSource;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.sqlite.SQLiteConfig;
import org.sqlite.SQLiteDataSource;

/** What goes wrong around the log: engines that fail, hands that write to the tables. */
class FaultsTest {

  @TempDir Path directory;

  private static List<UUID> ids(TestLog log) {
    EntryFilter all = EntryFilter.builder().limit(1_000).build();
    return log.query().find(BROKER, all).entries().stream()
        .map(found -> found.entry().id())
        .toList();
  }

  private static void assertIntact(TestLog log, List<UUID> expected) {
    assertEquals(expected, ids(log));
    assertTrue(log.check().check(ACME).ok(), () -> log.check().check(ACME).toString());
  }

  private static String code(Runnable refused) {
    return assertThrows(VestaException.class, refused::run).code().code();
  }

  /** A raw statement in a transaction of its own. */
  private static void execute(DataSource host, String sql) {
    try (Connection connection = host.getConnection();
        Statement statement = connection.createStatement()) {
      statement.execute(sql);
    } catch (SQLException e) {
      throw new AssertionError(sql, e);
    }
  }

  @ParameterizedTest
  @EnumSource(Engine.class)
  void a_copied_row_is_not_signed_a_second_time(Engine engine) {
    TestLog log = TestLog.over(engine.fresh(directory));
    List<UUID> ids = log.append(0, 3);
    String copy =
        "insert into vesta_audit_entry (brokerage, bytes) select brokerage, bytes"
            + " from vesta_audit_entry where seq = 2";
    log.tamper(copy); // within one batch
    assertEquals("VESTA-AUDIT-010", code(() -> log.sequencer().sequence(ACME)));
    log.tamper("delete from vesta_audit_entry where seq = 4");
    log.sequencer().sequence();
    log.tamper(copy); // in a later batch
    VestaException refused =
        assertThrows(VestaException.class, () -> log.sequencer().sequence(ACME), "a copy");
    assertEquals("VESTA-AUDIT-010", refused.code().code());
    assertTrue(refused.getMessage().contains("rows 5 to 5"), refused.getMessage());
    log.tamper("delete from vesta_audit_entry where seq = 5");
    assertEquals(0, log.sequencer().sequence().entries());
    assertIntact(log, ids);
  }

  @ParameterizedTest
  @EnumSource(Engine.class)
  void a_sequencer_that_is_sent_back_signs_nothing_twice(Engine engine) {
    TestLog log = TestLog.over(engine.fresh(directory));
    List<UUID> ids = log.append(0, 3);
    log.sequencer().sequence();
    log.tamper(
        engine == Engine.SQLITE
            ? "update vesta_audit_head set taken = 1"
            : "update vesta_audit_head set snapshot = '5:5:'");
    assertEquals("VESTA-AUDIT-010", code(() -> log.sequencer().sequence(ACME)));
    assertIntact(log, ids);
  }

  @ParameterizedTest
  @EnumSource(Engine.class)
  void a_row_that_is_oversized_or_cut_or_has_nul_or_half_a_surrogate_is_named_and_not_signed(
      Engine engine) {
    byte[] oversized = new byte[65_536];
    byte[] nul = "{\"v\":1,\"action\":\"a.b.c\0\"}".getBytes(StandardCharsets.UTF_8);
    byte[] surrogate = {'{', '"', (byte) 0xed, (byte) 0xa0, (byte) 0x80, '"', ':', '1', '}'};
    byte[] cut = EntryBundle.encode(List.of(nul, surrogate));
    Map<byte[], String> rows = new LinkedHashMap<>();
    rows.put(oversized, "row 2 holds 65536 bytes");
    rows.put(Arrays.copyOf(cut, cut.length - 1), "row 2 holds " + (cut.length - 1) + " bytes");
    rows.put(new byte[0], "row 2 holds 0 bytes");
    for (byte[] entry : List.of(nul, surrogate, new byte[0])) {
      rows.put(
          EntryBundle.encode(List.of(entry)), "row 2 holds an entry of " + entry.length + " bytes");
    }
    rows.forEach(
        (bytes, told) -> {
          TestLog log = TestLog.over(engine.fresh(directory));
          List<UUID> ids = log.append(0, 1);
          log.tamper("insert into vesta_audit_entry (brokerage, bytes) values ('acme', ?)", bytes);
          VestaException refused =
              assertThrows(VestaException.class, () -> log.sequencer().sequence(ACME), "no entry");
          assertEquals("VESTA-AUDIT-002", refused.code().code());
          assertTrue(refused.getMessage().contains(told), refused.getMessage());
          log.tamper("delete from vesta_audit_entry where seq = 2");
          log.sequencer().sequence();
          assertIntact(log, ids);
        });
  }

  @ParameterizedTest
  @EnumSource(Engine.class)
  void a_full_disk_loses_nothing_and_halves_nothing(Engine engine) {
    Engine.Fresh fresh = engine.fresh(directory);
    Switch disk = new Switch(fresh, engine);
    TestLog log = TestLog.over(disk.database());
    List<UUID> ids = new ArrayList<>(log.append(0, 300));
    log.sequencer().sequence();
    ids.addAll(log.append(300, 700));
    disk.fill();
    assertTrue(code(() -> log.append(700, 760)).matches("VESTA-(AUDIT-009|CORE-004)"));
    assertTrue(code(() -> log.sequencer().sequence()).matches("VESTA-(AUDIT-009|CORE-004)"));
    disk.mend();
    assertEquals(300, ids(log).size(), "nothing of the failed batch stands");
    assertEquals(400, log.sequencer().sequence().entries());
    assertIntact(log, ids);
  }

  @ParameterizedTest
  @EnumSource(Engine.class)
  void a_read_only_database_refuses_the_act_and_still_shows_and_verifies(Engine engine) {
    Engine.Fresh fresh = engine.fresh(directory);
    Switch disk = new Switch(fresh, engine);
    TestLog log = TestLog.over(disk.database());
    List<UUID> ids = log.append(0, 3);
    log.sequencer().sequence();
    disk.lock();
    assertEquals("VESTA-AUDIT-009", code(() -> log.log().append(TestLog.event(3))));
    assertEquals("VESTA-AUDIT-009", code(() -> log.append(3, 4)));
    assertIntact(log, ids);
    assertEquals(3, log.export().write(ACME, directory.resolve("export")).size());
    disk.mend();
    log.append(3, 4);
    assertEquals(1, log.sequencer().sequence().entries());
  }

  @Test
  void transaction_numbers_are_ordered_as_numbers_where_they_grow_a_digit() {
    TestLog log = TestLog.over(Engine.POSTGRESQL.fresh(directory));
    List<UUID> ids = log.append(0, 6);
    log.tamper("update vesta_audit_head set snapshot = '5:5:'");
    // All of these are behind us; as texts they would be ordered 10, 100, 11, 6, 8, 99.
    String[] numbers = {"6", "8", "10", "11", "99", "100"};
    for (int seq = 1; seq <= 6; seq++) {
      log.tamper(
          "update vesta_audit_entry set xid = cast(? as xid8) where seq = ?",
          numbers[seq - 1],
          seq);
    }
    assertEquals(6, log.sequencer().sequence().entries());
    assertEquals(0, log.sequencer().sequence().entries());
    assertIntact(log, ids);
  }

  @Test
  void a_strangers_transaction_in_another_database_holds_no_entry_back() throws SQLException {
    TestLog log = TestLog.over(Engine.POSTGRESQL.fresh(directory));
    try (Connection stranger = Engine.POSTGRESQL.fresh(directory).host().getConnection()) {
      stranger.setAutoCommit(false);
      stranger.createStatement().execute("create table busy as select pg_current_xact_id() as x");
      List<UUID> ids = new ArrayList<>();
      for (int i = 0; i < 3; i++) {
        ids.addAll(log.append(i, i + 1));
        assertEquals(1, log.sequencer().sequence().entries(), "while the stranger writes");
      }
      assertIntact(log, ids);
      stranger.rollback();
    }
    assertEquals(0, log.sequencer().sequence().entries());
  }

  /**
   * Up to twelve open transactions that commit or vanish in a seeded order, sequenced meanwhile.
   */
  @Test
  void commits_in_any_order_lose_and_double_nothing() throws SQLException {
    Engine.Fresh fresh = Engine.POSTGRESQL.fresh(directory);
    TestLog log = TestLog.over(fresh);
    Random random = new Random(20261124);
    List<Connection> open = new ArrayList<>();
    List<List<UUID>> pending = new ArrayList<>();
    List<UUID> committed = new ArrayList<>();
    for (int step = 0; step < 400; step++) {
      int which = random.nextInt(14);
      if (which >= open.size() && open.size() < 12) {
        Connection connection = fresh.host().getConnection();
        connection.setAutoCommit(false);
        open.add(connection);
        pending.add(new ArrayList<>());
        continue;
      }
      int at = which % open.size();
      Connection connection = open.get(at);
      switch (random.nextInt(5)) {
        case 0 -> {
          connection.commit();
          committed.addAll(pending.remove(at));
          open.remove(at).close();
        }
        case 1 -> {
          connection.rollback();
          pending.remove(at);
          open.remove(at).close();
        }
        case 2 -> log.sequencer().sequence();
        default ->
            pending
                .get(at)
                .add(log.log().append(fresh.database().join(connection), TestLog.event(step)));
      }
    }
    for (Connection connection : open) {
      connection.rollback();
      connection.close();
    }
    log.sequencer().sequence();
    List<UUID> logged = ids(log);
    assertTrue(committed.size() > 40, "the seed makes a real mix");
    assertEquals(committed.size(), logged.size());
    assertEquals(new HashSet<>(committed), new HashSet<>(logged));
    assertTrue(log.check().check(ACME).ok());
  }

  @Test
  void an_entry_vanishes_with_its_savepoint_and_stays_with_a_released_one() throws SQLException {
    Engine.Fresh fresh = Engine.POSTGRESQL.fresh(directory);
    TestLog log = TestLog.over(fresh);
    List<UUID> kept = new ArrayList<>();
    try (Connection host = fresh.host().getConnection()) {
      host.setAutoCommit(false);
      var work = fresh.database().join(host);
      kept.add(log.log().append(work, TestLog.event(1)));
      Savepoint released = host.setSavepoint();
      kept.add(log.log().append(work, TestLog.event(2)));
      host.releaseSavepoint(released);
      Savepoint undone = host.setSavepoint();
      log.log().append(work, TestLog.event(3));
      host.rollback(undone);
      log.sequencer().sequence();
      kept.add(log.log().append(work, TestLog.event(4)));
      host.commit();
    }
    assertEquals(3, log.sequencer().sequence().entries());
    assertIntact(log, kept);
  }

  @Test
  void a_host_whose_transactions_are_serializable_by_default_is_sequenced_without_an_error()
      throws Exception {
    Engine.Fresh fresh = Engine.POSTGRESQL.fresh(directory);
    TestLog one = TestLog.node(fresh, 1, TestLog.signer(1));
    TestLog two = TestLog.node(fresh, 2, TestLog.signer(1));
    execute(
        fresh.host(),
        "do $$ begin execute 'alter database ' || current_database()"
            + " || ' set default_transaction_isolation = serializable'; end $$");
    ExecutorService threads = Executors.newFixedThreadPool(2);
    try {
      List<Future<Long>> futures = new ArrayList<>();
      for (TestLog node : List.of(one, two)) {
        futures.add(
            threads.submit(
                () -> {
                  long sequenced = 0;
                  for (int i = 0; i < 60; i++) {
                    node.append(i, i + 1);
                    sequenced += node.sequencer().sequence().entries();
                  }
                  return sequenced;
                }));
      }
      assertEquals(120, futures.get(0).get() + futures.get(1).get());
    } finally {
      threads.shutdown();
    }
    assertTrue(one.check().check(ACME).ok());
  }

  @Test
  void a_row_from_a_transaction_that_never_was_is_not_signed_and_is_found() {
    TestLog log = TestLog.over(Engine.POSTGRESQL.fresh(directory));
    List<UUID> ids = log.append(0, 2);
    log.sequencer().sequence();
    log.append(2, 3);
    log.tamper("update vesta_audit_entry set xid = '900000000000' where seq = 3");
    assertEquals(0, log.sequencer().sequence().entries());
    assertEquals(0, log.sequencer().sequence().entries());
    assertEquals(ids, ids(log));
    assertFalse(log.check().check(ACME).ok());
  }

  @Test
  void tables_from_a_clone_that_was_ahead_lose_and_double_nothing() {
    TestLog log = TestLog.over(Engine.POSTGRESQL.fresh(directory));
    List<UUID> ids = new ArrayList<>(log.append(0, 3));
    log.sequencer().sequence();
    ids.addAll(log.append(3, 5));
    // A clone has the same system identifier, so only the numbers tell.
    log.tamper("update vesta_audit_entry set xid = '900000000000'");
    log.tamper("update vesta_audit_index set xid = '900000000000'");
    log.tamper("update vesta_audit_head set snapshot = '900000000001:900000000001:'");
    assertEquals(2, log.sequencer().sequence().entries());
    ids.addAll(log.append(5, 7));
    assertEquals(2, log.sequencer().sequence().entries());
    assertIntact(log, ids);
  }

  @Test
  void rows_that_were_moved_without_their_numbering_do_not_hide_later_ones() {
    TestLog log = TestLog.over(Engine.POSTGRESQL.fresh(directory));
    List<UUID> ids = new ArrayList<>(log.append(0, 5));
    log.sequencer().sequence();
    log.tamper("update vesta_audit_head set cluster = '42'");
    log.tamper("alter sequence vesta_audit_entry_seq_seq restart with 1");
    assertEquals(0, log.sequencer().sequence().entries());
    ids.addAll(log.append(5, 7));
    assertEquals(2, log.sequencer().sequence().entries());
    assertIntact(log, ids);
  }

  @Test
  void a_leader_whose_connection_dies_leaves_everything_to_the_next() {
    Engine.Fresh fresh = Engine.POSTGRESQL.fresh(directory);
    Killer killer = new Killer(fresh.host());
    TestLog doomed = TestLog.node(fresh, 1, killer);
    TestLog next = TestLog.node(fresh, 2, TestLog.signer(1));
    List<UUID> ids = new ArrayList<>(doomed.append(0, 300));
    killer.armed = true;
    assertTrue(code(() -> doomed.sequencer().sequence()).matches("VESTA-(AUDIT-009|CORE-004)"));
    killer.armed = false;
    ids.addAll(next.append(300, 310));
    assertEquals(310, next.sequencer().sequence().entries());
    ids.addAll(doomed.append(310, 311));
    assertEquals(1, doomed.sequencer().sequence().entries(), "it may lead again");
    assertIntact(next, ids);
  }

  /** Signs, and when armed first ends the connection that leads. */
  private static final class Killer implements CheckpointSigner {

    private final CheckpointSigner real = TestLog.signer(1);
    private final DataSource host;
    private boolean armed;

    Killer(DataSource host) {
      this.host = host;
    }

    @Override
    public Vkey vkey(String origin) {
      return real.vkey(origin);
    }

    @Override
    public byte[] sign(byte[] message) {
      if (armed) {
        execute(
            host,
            "select pg_terminate_backend(pid) from pg_locks where locktype = 'advisory' and granted"
                + " and database = (select oid from pg_database"
                + " where datname = current_database())");
      }
      return real.sign(message);
    }
  }

  /** Makes the database refuse to grow or to be written, and mends it. */
  private static final class Switch {

    private final Engine.Fresh fresh;
    private final boolean sqlite;
    private volatile String pragma = "pragma user_version";

    Switch(Engine.Fresh fresh, Engine engine) {
      this.fresh = fresh;
      this.sqlite = engine == Engine.SQLITE;
    }

    Engine.Fresh database() {
      if (!sqlite) {
        return fresh;
      }
      SQLiteConfig config = new SQLiteConfig();
      config.setJournalMode(SQLiteConfig.JournalMode.WAL);
      config.setBusyTimeout(10_000);
      SQLiteDataSource source =
          new SQLiteDataSource(config) {
            @Override
            public Connection getConnection() throws SQLException {
              Connection connection = super.getConnection();
              try (Statement statement = connection.createStatement()) {
                statement.execute(pragma);
              }
              return connection;
            }
          };
      source.setUrl(((SQLiteDataSource) fresh.host()).getUrl());
      return new Engine.Fresh(Database.of(source), source);
    }

    void fill() {
      pragma = "pragma max_page_count = 1";
      if (!sqlite) {
        execute(
            fresh.host(),
            "create function full_disk() returns trigger language plpgsql as"
                + " $$ begin raise exception 'no space left' using errcode = '53100'; end $$");
        for (String table : new String[] {"entry", "tile"}) {
          execute(
              fresh.host(),
              "create trigger full_disk before insert on vesta_audit_"
                  + table
                  + " for each row execute function full_disk()");
        }
      }
    }

    void lock() {
      pragma = "pragma query_only = 1";
      if (!sqlite) {
        setReadOnly("on");
      }
    }

    void mend() {
      pragma = "pragma user_version";
      if (!sqlite) {
        setReadOnly("off");
        execute(
            fresh.host(), "set transaction read write; drop function if exists full_disk cascade");
      }
    }

    private void setReadOnly(String value) {
      execute(
          fresh.host(),
          "set transaction read write; do $$ begin execute 'alter database ' || current_database()"
              + " || ' set default_transaction_read_only = "
              + value
              + "'; end $$");
    }
  }
}
