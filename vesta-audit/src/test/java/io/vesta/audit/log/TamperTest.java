package io.vesta.audit.log;

import static io.vesta.audit.testkit.TestLog.ACME;
import static io.vesta.audit.testkit.TestLog.BROKER;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.vesta.audit.testkit.TestLog;
import io.vesta.audit.witness.FileWitness;
import io.vesta.core.access.Actor;
import io.vesta.core.audit.AuditEvent;
import io.vesta.core.audit.Erasable;
import io.vesta.core.error.VestaException;
import io.vesta.core.id.BrokerageId;
import io.vesta.core.id.Ref;
import io.vesta.core.storage.Database;
import io.vesta.core.storage.UnitOfWork;
import io.vesta.testkit.Engine;
import io.vesta.testkit.MutableClock;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.time.Instant;
import java.util.EnumMap;
import java.util.EnumSet;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.Set;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.sqlite.SQLiteDataSource;

/**
 * Somebody who may do anything to the database, over and over, seeded: {@code -Dvesta.tampers} says
 * how often, 92 times if it is not given.
 */
class TamperTest {

  private static final BrokerageId OTHER = new BrokerageId("other");
  private static final int EARLIER = 270;
  private static final int SIZE = 330;

  private enum Kind {
    NOTHING,
    FLIP_ENTRY,
    CUT_ENTRY,
    DELETE_ENTRY,
    DELETE_INDEX_ROW,
    SWAP_ENTRIES,
    SWAP_PLACES,
    EDIT_INDEX_COLUMN,
    SPLICE_OTHER_BROKERAGE,
    FLIP_TILE,
    FLIP_TILE_ROOT,
    FLIP_CHAIN,
    DELETE_TILE,
    FLIP_END,
    SHRINK_END,
    FLIP_CHECKPOINT,
    CHECKPOINT_OF_OTHER_LOG,
    PUSH_PAST_TURN,
    CLAIM_PRUNED,
    CLAIM_FORK,
    SWAP_VAULT_ROWS,
    RESTORE_BACKUP,
    REWRITE_WITH_THE_KEY
  }

  /** What the database alone cannot tell: it is well in itself. */
  private static final Set<Kind> ONLY_BY_WITNESS =
      EnumSet.of(Kind.RESTORE_BACKUP, Kind.REWRITE_WITH_THE_KEY);

  @TempDir Path directory;

  private final Random random = new Random(20261124);

  @Test
  void every_tamper_is_found_with_a_witness_and_without_one_all_but_the_documented()
      throws IOException {
    FileWitness witness = witness();
    Path good = directory.resolve("good.db");
    Path backup = directory.resolve("backup.db");
    Path rewritten = directory.resolve("rewritten.db");
    TestLog log = open(Database.sqlite(good), 1, witness);
    fill(log, 0, EARLIER);
    log.database().close();
    Files.copy(good, backup);
    fill(log, EARLIER, SIZE);
    log.witnessing().cosign(ACME);
    log.database().close();
    TestLog otherwise = open(Database.sqlite(rewritten), 1);
    fill(otherwise, 1, SIZE + 1);
    otherwise.database().close();
    Map<Kind, Integer> tried = new EnumMap<>(Kind.class);
    int times = Integer.getInteger("vesta.tampers", 92);
    for (int i = 0; i < times; i++) {
      Kind kind = Kind.values()[i % Kind.values().length];
      Path victim = directory.resolve("victim.db");
      Path from =
          kind == Kind.RESTORE_BACKUP
              ? backup
              : kind == Kind.REWRITE_WITH_THE_KEY ? rewritten : good;
      Files.copy(from, victim, StandardCopyOption.REPLACE_EXISTING);
      Database database = Database.sqlite(victim);
      String what = database.write(work -> byHand(kind) ? tamper(work, kind) : kind.name());
      boolean seenAlone = !well(open(database, 2), false);
      boolean seenWithWitness = !well(open(database, 3, witness), true);
      database.close();
      assertEquals(kind != Kind.NOTHING, seenWithWitness, "with a witness, " + what);
      assertEquals(
          kind != Kind.NOTHING && !ONLY_BY_WITNESS.contains(kind), seenAlone, "alone, " + what);
      tried.merge(kind, 1, Integer::sum);
    }
    assertEquals(Kind.values().length, tried.size(), "all kinds were tried");
  }

  private static boolean byHand(Kind kind) {
    return kind != Kind.NOTHING && !ONLY_BY_WITNESS.contains(kind);
  }

  private static TestLog open(Database database, long seed, FileWitness... witnesses) {
    Engine.Fresh fresh = new Engine.Fresh(database, new SQLiteDataSource());
    return TestLog.node(fresh, seed, List.of(witnesses), TestLog.signer(1));
  }

  private static void fill(TestLog log, int from, int to) {
    log.append(from, to - 9);
    log.log().append(IntStream.range(to - 9, to - 2).mapToObj(TestLog::event).toList());
    for (int i = 0; i < 2; i++) {
      Ref subject = new Ref("Contact", "c-" + i);
      log.log()
          .append(
              AuditEvent.builder(TestLog.event(from).action(), BROKER, subject)
                  .with("reason", Erasable.text(subject, "reason " + i))
                  .build());
    }
    log.log().append(TestLog.event(Actor.system(OTHER, "job"), from));
    log.sequencer().sequence();
  }

  /** What an auditor does: check the tables, read every erasable detail, ask the witness. */
  private static boolean well(TestLog log, boolean witnessed) {
    try {
      boolean ok = log.check().check(ACME).ok();
      for (long index : new long[] {EARLIER - 2, EARLIER - 1, SIZE - 2, SIZE - 1}) {
        log.query().reveal(BROKER, index);
      }
      if (witnessed) {
        log.witnessing().cosign(ACME);
      }
      return ok;
    } catch (VestaException e) {
      return false;
    }
  }

  private FileWitness witness() throws IOException {
    return new FileWitness(
        "w",
        Files.createTempDirectory(directory, "w"),
        origin -> List.of(TestLog.signer(1).vkey(origin)),
        null,
        new MutableClock(Instant.EPOCH));
  }

  private String tamper(UnitOfWork work, Kind kind) {
    int at = random.nextInt(SIZE);
    int other = (at + 1 + random.nextInt(SIZE - 1)) % SIZE;
    String entry = seq(at);
    String second = seq(other);
    switch (kind) {
      case FLIP_ENTRY -> flip(work, "vesta_audit_entry", "bytes", "seq = " + entry);
      case CUT_ENTRY ->
          change(
              work,
              "update vesta_audit_entry set bytes = substr(bytes, 1, length(bytes) - 1)"
                  + " where seq = "
                  + entry);
      case DELETE_ENTRY -> change(work, "delete from vesta_audit_entry where seq = " + entry);
      case DELETE_INDEX_ROW ->
          change(work, "delete from vesta_audit_index where brokerage = 'acme' and idx = " + at);
      case SWAP_ENTRIES -> {
        change(
            work,
            "create temp table held as select bytes from vesta_audit_entry where seq = " + entry,
            0);
        change(
            work,
            "update vesta_audit_entry set bytes = (select bytes from vesta_audit_entry"
                + " where seq = "
                + second
                + ") where seq = "
                + entry);
        change(
            work,
            "update vesta_audit_entry set bytes = (select bytes from held) where seq = " + second);
      }
      case SWAP_PLACES -> {
        String acme = "update vesta_audit_index set idx = %d where brokerage = 'acme' and idx = %d";
        change(work, acme.formatted(99_999, at));
        change(work, acme.formatted(at, other));
        change(work, acme.formatted(other, 99_999));
      }
      case EDIT_INDEX_COLUMN -> {
        String[] edits = {
          "actor = 'Member:m-9'",
          "target = 'Draft:x'",
          "action = 'a.b.c'",
          "at_ms = at_ms - 1",
          "member = 'm-9'",
          "pos = pos + 1",
          "len = len + 1",
          "id = 'x' || id"
        };
        change(
            work,
            "update vesta_audit_index set "
                + edits[random.nextInt(edits.length)]
                + " where brokerage = 'acme' and idx = "
                + at);
      }
      case SPLICE_OTHER_BROKERAGE ->
          change(
              work,
              "update vesta_audit_index set seq = (select seq from vesta_audit_index"
                  + " where brokerage = 'other' and idx = 0) where brokerage = 'acme' and idx = "
                  + at);
      case FLIP_TILE -> flip(work, "vesta_audit_tile", "hashes", "brokerage = 'acme'");
      case FLIP_TILE_ROOT -> flip(work, "vesta_audit_tile", "root", "brokerage = 'acme'");
      case FLIP_CHAIN -> {
        if (random.nextBoolean()) {
          flip(work, "vesta_audit_tile", "chain", "brokerage = 'acme'");
        } else {
          flip(work, "vesta_audit_log", "chain", "brokerage = 'acme'");
        }
      }
      case DELETE_TILE -> change(work, "delete from vesta_audit_tile where brokerage = 'acme'");
      case FLIP_END ->
          flip(
              work,
              "vesta_audit_log",
              random.nextBoolean() ? "frontier" : "edge",
              "brokerage = 'acme'");
      case SHRINK_END ->
          change(
              work,
              "update vesta_audit_log set size = size - "
                  + (1 + random.nextInt(SIZE))
                  + " where brokerage = 'acme'");
      case FLIP_CHECKPOINT -> {
        String note = text(work, "select checkpoint from vesta_audit_log where brokerage = 'acme'");
        char[] chars = note.toCharArray();
        int c = random.nextInt(chars.length);
        chars[c] = chars[c] == 'x' ? 'y' : 'x';
        work.handle()
            .execute(
                "update vesta_audit_log set checkpoint = ? where brokerage = 'acme'",
                new String(chars));
      }
      case CHECKPOINT_OF_OTHER_LOG ->
          change(
              work,
              "update vesta_audit_log set checkpoint = (select checkpoint from"
                  + " vesta_audit_log where brokerage = 'other') where brokerage = 'acme'");
      case PUSH_PAST_TURN ->
          change(
              work,
              "insert into vesta_audit_entry (seq, brokerage, bytes) select -1, brokerage,"
                  + " bytes from vesta_audit_entry where seq = "
                  + entry);
      case CLAIM_PRUNED -> {
        change(work, "update vesta_audit_log set pruned = 256 where brokerage = 'acme'");
        change(
            work,
            "delete from vesta_audit_entry where seq in (select seq from"
                + " vesta_audit_index where brokerage = 'acme' and idx < 256)",
            256);
        change(work, "delete from vesta_audit_index where brokerage = 'acme' and idx < 256", 256);
      }
      case CLAIM_FORK ->
          change(work, "update vesta_audit_log set fork = 1 where brokerage = 'acme'");
      case SWAP_VAULT_ROWS ->
          change(
              work,
              "update vesta_audit_vault set sealed = (select v.sealed from"
                  + " vesta_audit_vault v where v.digest <> vesta_audit_vault.digest limit 1)",
              4);
      case NOTHING, RESTORE_BACKUP, REWRITE_WITH_THE_KEY -> throw new AssertionError(kind);
    }
    return kind + " at " + at + " and " + other;
  }

  private static String seq(int index) {
    return "(select seq from vesta_audit_index where brokerage = 'acme' and idx = " + index + ")";
  }

  private static void change(UnitOfWork work, String sql) {
    change(work, sql, 1);
  }

  private static void change(UnitOfWork work, String sql, int rows) {
    assertEquals(rows, work.handle().execute(sql), sql);
  }

  private static String text(UnitOfWork work, String sql) {
    return work.handle().select(sql).mapTo(String.class).one();
  }

  /** Flips one bit of a blob in the first row that has one. */
  private void flip(UnitOfWork work, String table, String column, String where) {
    String row = where + " and length(" + column + ") > 0";
    byte[] bytes =
        work.handle()
            .select("select " + column + " from " + table + " where " + row + " limit 1")
            .mapTo(byte[].class)
            .one();
    byte[] bad = bytes.clone();
    bad[random.nextInt(bad.length)] ^= (byte) (1 << random.nextInt(8));
    assertTrue(
        work.handle()
                .execute(
                    "update "
                        + table
                        + " set "
                        + column
                        + " = ? where "
                        + where
                        + " and "
                        + column
                        + " = ?",
                    bad,
                    bytes)
            >= 1);
  }
}
