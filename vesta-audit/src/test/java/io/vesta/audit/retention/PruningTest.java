package io.vesta.audit.retention;

import static io.vesta.audit.testkit.TestLog.ACME;
import static io.vesta.audit.testkit.TestLog.BROKER;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.vesta.audit.log.EntryFilter;
import io.vesta.audit.log.Page;
import io.vesta.audit.testkit.TestLog;
import io.vesta.audit.tree.EntryBundle;
import io.vesta.audit.verify.LogVerifier;
import io.vesta.audit.verify.Report;
import io.vesta.audit.verify.TlogProof;
import io.vesta.audit.witness.FileWitness;
import io.vesta.core.access.Actor;
import io.vesta.core.error.VestaException;
import io.vesta.core.id.Ref;
import io.vesta.testkit.Engine;
import io.vesta.testkit.MutableClock;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.OptionalLong;
import java.util.stream.IntStream;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

class PruningTest {

  private static final Duration YEAR = Duration.ofDays(365);
  private static final RetentionPolicy POLICY = RetentionPolicy.builder(YEAR).build();

  @TempDir Path directory;

  /** Entries 0 to 599, a year and a day, entries 600 to 999. */
  private static TestLog filled(Engine.Fresh fresh) {
    TestLog log = TestLog.over(fresh);
    log.append(0, 600);
    log.sequencer().sequence();
    log.clock().advance(YEAR.plusDays(1));
    log.append(600, 1_000);
    log.sequencer().sequence();
    return log;
  }

  private static TlogProof proof(TestLog log, long index) {
    String text = log.query().prove(BROKER, index).orElseThrow().toString();
    return TlogProof.parse(text.getBytes(StandardCharsets.UTF_8));
  }

  private static void assertProves(TlogProof proof) {
    proof.verify(proof.extra().orElseThrow(), TestLog.vkey(ACME), List.of());
  }

  private static String code(Runnable refused) {
    return assertThrows(VestaException.class, refused::run).code().code();
  }

  @ParameterizedTest
  @EnumSource(Engine.class)
  void whole_tiles_past_their_time_go_and_all_proofs_stay_valid(Engine engine) {
    Engine.Fresh fresh = engine.fresh(directory);
    TestLog log = filled(fresh);
    TlogProof before = proof(log, 3);
    assertEquals(512, log.pruning().prune(BROKER, POLICY));
    assertProves(before);
    assertFalse(log.query().prove(BROKER, 511).isPresent());
    for (long index : new long[] {512, 599, 600, 768, 1_000}) {
      assertProves(proof(log, index));
    }
    Page page = log.query().find(BROKER, EntryFilter.builder().limit(1_000).build());
    assertEquals(489, page.entries().size());
    assertEquals(512, page.entries().get(0).index());
    for (TestLog node : new TestLog[] {log, TestLog.node(fresh, 7, TestLog.signer(1))}) {
      Report report = node.check().check(ACME);
      assertTrue(report.ok(), report::toString);
      assertEquals(512, report.pruned());
      assertEquals(489, report.entries());
    }
    log.append(1_000, 1_700);
    log.sequencer().sequence();
    assertTrue(log.check().check(ACME).ok(), "and the log grows on");
    assertEquals(512, log.pruning().prune(BROKER, POLICY), "nothing more is due");
  }

  @ParameterizedTest
  @EnumSource(Engine.class)
  void a_row_that_holds_entries_of_two_tiles_keeps_those_of_the_later_one(Engine engine) {
    TestLog log = TestLog.over(engine.fresh(directory));
    for (int from = 0; from < 600; from += 100) {
      log.log().append(IntStream.range(from, from + 100).mapToObj(TestLog::event).toList());
    }
    log.sequencer().sequence();
    log.clock().advance(YEAR.plusDays(1));
    assertEquals(512, log.pruning().prune(BROKER, POLICY));
    int held =
        log.database()
            .read(
                work ->
                    work
                        .handle()
                        .select("select bytes from vesta_audit_entry")
                        .mapTo(byte[].class)
                        .list()
                        .stream()
                        .mapToInt(bundle -> EntryBundle.decode(bundle).size())
                        .sum());
    assertEquals(89, held, "of pruned entries no byte is left");
    assertProves(proof(log, 512));
    assertProves(proof(log, 600));
    assertTrue(log.check().check(ACME).ok(), () -> log.check().check(ACME).toString());
  }

  @ParameterizedTest
  @EnumSource(Engine.class)
  void a_pruned_export_verifies_and_says_what_is_gone(Engine engine) throws IOException {
    TestLog log = filled(engine.fresh(directory));
    log.pruning().prune(BROKER, POLICY);
    Path export = directory.resolve("export");
    log.export().write(ACME, export);
    assertFalse(Files.exists(export.resolve("tile/entries/000")));
    assertFalse(Files.exists(export.resolve("tile/0/001")));
    Report report = LogVerifier.verify(export, TestLog.vkey(ACME).toString());
    assertTrue(report.ok(), report::toString);
    assertTrue(report.toString().contains("The first 512 entries were pruned"), report::toString);
    assertEquals(489, report.entries());
    // Nobody may claim more than the log itself says, nor less, nor nonsense.
    for (String claim : new String[] {"768\n", "256\n", "513\n", "1024\n", "x\n", "512"}) {
      Files.writeString(export.resolve("minimum-index"), claim);
      assertFalse(LogVerifier.verify(export, TestLog.vkey(ACME).toString()).ok(), claim);
    }
  }

  @ParameterizedTest
  @EnumSource(Engine.class)
  void deleting_entries_and_calling_it_pruning_is_found(Engine engine) {
    Engine.Fresh fresh = engine.fresh(directory);
    TestLog log = filled(fresh);
    log.tamper("update vesta_audit_log set pruned = 256");
    log.tamper("delete from vesta_audit_index where idx < 256");
    log.tamper("delete from vesta_audit_entry where seq <= 256");
    Report report = log.check().check(ACME);
    assertEquals(OptionalLong.of(0), report.firstBad(), report::toString);
    assertTrue(report.toString().contains("no entry says that they were pruned"));
  }

  @ParameterizedTest
  @EnumSource(Engine.class)
  void a_category_keeps_what_others_let_go(Engine engine) {
    TestLog log = filled(engine.fresh(directory));
    RetentionPolicy longer =
        RetentionPolicy.builder(Duration.ofDays(1))
            .keep("vesta.approval", Duration.ofDays(1))
            .keep("vesta.approval.draft.approved", YEAR.multipliedBy(7))
            .build();
    assertEquals(0, log.pruning().prune(BROKER, longer), "entry 0 approves a draft");
    RetentionPolicy otherWord =
        RetentionPolicy.builder(YEAR).keep("vesta.approval.dra", YEAR.multipliedBy(7)).build();
    assertEquals(512, log.pruning().prune(BROKER, otherWord), "a category is whole words");
  }

  @ParameterizedTest
  @EnumSource(Engine.class)
  void a_legal_hold_keeps_the_whole_log(Engine engine) {
    TestLog log = filled(engine.fresh(directory));
    Ref matter = new Ref("Matter", "2026-17");
    log.holds().place(BROKER, new Ref("Contact", "c-1"), matter);
    assertEquals("VESTA-AUDIT-015", code(() -> log.pruning().prune(BROKER, POLICY)));
    log.holds().lift(BROKER, new Ref("Contact", "c-1"), matter);
    assertEquals(512, log.pruning().prune(BROKER, POLICY));
  }

  @ParameterizedTest
  @EnumSource(Engine.class)
  void what_was_tampered_with_is_not_pruned_away(Engine engine) {
    TestLog log = filled(engine.fresh(directory));
    log.tamper(
        "update vesta_audit_entry set bytes = (select e.bytes from vesta_audit_entry e"
            + " where e.seq = 9) where seq = 300");
    assertEquals("VESTA-AUDIT-005", code(() -> log.pruning().prune(BROKER, POLICY)));
    assertEquals(OptionalLong.of(299), log.check().check(ACME).firstBad());
  }

  @ParameterizedTest
  @EnumSource(Engine.class)
  void only_a_person_prunes(Engine engine) {
    TestLog log = filled(engine.fresh(directory));
    assertEquals(
        "VESTA-CORE-007", code(() -> log.pruning().prune(Actor.system(ACME, "job"), POLICY)));
  }

  @ParameterizedTest
  @EnumSource(Engine.class)
  void witnesses_follow_a_pruned_log(Engine engine) throws IOException {
    Engine.Fresh fresh = engine.fresh(directory);
    FileWitness witness =
        new FileWitness(
            "w",
            Files.createTempDirectory(directory, "w"),
            origin -> List.of(TestLog.signer(1).vkey(origin)),
            null,
            new MutableClock(Instant.EPOCH));
    TestLog log = TestLog.node(fresh, 1, List.of(witness), TestLog.signer(1));
    log.append(0, 300);
    log.sequencer().sequence();
    log.witnessing().cosign(ACME);
    log.clock().advance(YEAR.plusDays(1));
    log.append(300, 301);
    assertEquals(256, log.pruning().prune(BROKER, POLICY));
    log.append(301, 302);
    log.sequencer().sequence();
    log.witnessing().cosign(ACME);
    TestLog restarted = TestLog.node(fresh, 2, List.of(witness), TestLog.signer(1));
    restarted.append(302, 303);
    assertEquals(1, restarted.sequencer().sequence().entries());
    assertTrue(restarted.check().check(ACME).ok());
  }
}
