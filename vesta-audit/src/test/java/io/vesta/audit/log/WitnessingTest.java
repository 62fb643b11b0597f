package io.vesta.audit.log;

import static io.vesta.audit.testkit.TestLog.ACME;
import static io.vesta.audit.testkit.TestLog.BROKER;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.vesta.audit.AuditError;
import io.vesta.audit.note.Checkpoint;
import io.vesta.audit.note.CheckpointSigner;
import io.vesta.audit.note.SignedNote;
import io.vesta.audit.note.Vkey;
import io.vesta.audit.testkit.TestLog;
import io.vesta.audit.tree.Hash;
import io.vesta.audit.verify.LogVerifier;
import io.vesta.audit.verify.Report;
import io.vesta.audit.verify.TlogProof;
import io.vesta.audit.witness.FileWitness;
import io.vesta.audit.witness.Witness;
import io.vesta.core.access.Actor;
import io.vesta.core.error.VestaException;
import io.vesta.testkit.Engine;
import io.vesta.testkit.MutableClock;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.List;
import java.util.function.Supplier;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

class WitnessingTest {

  private static final CheckpointSigner KEY = TestLog.signer(7);
  private static final Vkey WITNESS = KEY.vkey("w.example.com").ofWitness();

  @TempDir Path directory;

  private FileWitness witness() {
    try {
      return new FileWitness(
          "w.example.com",
          Files.createTempDirectory(directory, "witness"),
          origin -> List.of(TestLog.signer(1).vkey(origin)),
          KEY,
          new MutableClock(Instant.parse("2026-03-04T05:06:07Z")));
    } catch (IOException e) {
      throw new AssertionError(e);
    }
  }

  private static TestLog node(Engine.Fresh fresh, long seed, Witness... witnesses) {
    return TestLog.node(fresh, seed, List.of(witnesses), TestLog.signer(1));
  }

  private static VestaException refused(Supplier<?> act) {
    return assertThrows(VestaException.class, act::get);
  }

  private static String code(Supplier<?> act) {
    return refused(act).code().code();
  }

  /** Five entries are saved, eight witnessed; then the database is as it was with five. */
  private static TestLog restored(Engine.Fresh fresh, Witness witness) {
    TestLog log = node(fresh, 1, witness);
    log.append(0, 5);
    log.sequencer().sequence();
    log.witnessing().cosign(ACME);
    log.tamper("create table saved as select * from vesta_audit_log");
    log.append(5, 8);
    log.sequencer().sequence();
    log.witnessing().cosign(ACME);
    log.tamper("delete from vesta_audit_log");
    log.tamper("insert into vesta_audit_log select * from saved");
    log.tamper("delete from vesta_audit_index where idx >= 5");
    log.tamper("delete from vesta_audit_entry where seq > 5");
    return log;
  }

  @ParameterizedTest
  @EnumSource(Engine.class)
  void a_restored_backup_is_not_signed_behind_its_witness(Engine engine) {
    Engine.Fresh fresh = engine.fresh(directory);
    Witness witness = witness();
    restored(fresh, witness);
    TestLog restarted = node(fresh, 2, witness);
    assertTrue(restarted.check().check(ACME).ok(), "the tables alone look well");
    restarted.append(20, 22);
    for (int attempt = 0; attempt < 2; attempt++) {
      VestaException told = refused(() -> restarted.sequencer().sequence(ACME));
      assertEquals("VESTA-AUDIT-004", told.code().code());
      assertTrue(
          told.getMessage().contains("w.example.com remembers 8 entries where the log has 5"),
          told.getMessage());
    }
    assertEquals("VESTA-AUDIT-004", code(() -> restarted.sequencer().sequence(ACME)));
    assertEquals("VESTA-AUDIT-004", code(() -> restarted.witnessing().cosign(ACME)));
    assertEquals(
        5, node(fresh, 3).query().find(BROKER, EntryFilter.builder().build()).entries().size());
  }

  @ParameterizedTest
  @EnumSource(Engine.class)
  void an_operator_continues_it_under_a_new_origin_and_that_is_an_entry(Engine engine) {
    Engine.Fresh fresh = engine.fresh(directory);
    Witness witness = witness();
    TestLog still = restored(fresh, witness);
    TestLog restarted = node(fresh, 2, witness);
    restarted.append(20, 22);
    refused(() -> restarted.sequencer().sequence(ACME));
    assertEquals("VESTA-CORE-007", code(() -> restarted.fork().record(Actor.system(ACME, "job"))));
    SignedNote forked = restarted.fork().record(BROKER);
    Vkey key = TestLog.signer(1).vkey(TestLog.PREFIX + "/acme~1");
    forked.open(List.of(key));
    assertEquals(5, Checkpoint.parse(forked.text()).size());
    assertEquals(3, restarted.sequencer().sequence().entries(), "what waited, and the fork");
    still.append(22, 23);
    assertEquals(1, still.sequencer().sequence().entries(), "a node that never stopped too");
    SignedNote cosigned = restarted.witnessing().cosign(ACME);
    cosigned.open(List.of(WITNESS));
    cosigned.open(List.of(key));
    assertEquals(9, Checkpoint.parse(cosigned.text()).size());
    assertTrue(still.check().check(ACME).ok(), () -> still.check().check(ACME).toString());
    EntryFilter forks = EntryFilter.builder().action(Fork.FORKED).build();
    var entry = restarted.query().find(BROKER, forks).entries().get(0).entry();
    assertEquals(BROKER, entry.actor());
    assertEquals("[fork, root, size]", entry.details().keySet().toString());
    Path export = directory.resolve("export");
    restarted.export().writeWitnessed(ACME, export);
    assertTrue(LogVerifier.verify(export, key, List.of(WITNESS)).ok());
    assertEquals("VESTA-AUDIT-012", code(() -> restarted.fork().record(BROKER)));
  }

  @ParameterizedTest
  @EnumSource(Engine.class)
  void an_origin_that_a_lost_fork_used_is_not_used_again(Engine engine) {
    Engine.Fresh fresh = engine.fresh(directory);
    Witness witness = witness();
    restored(fresh, witness);
    node(fresh, 2, witness).fork().record(BROKER);
    TestLog again = node(fresh, 3, witness);
    again.sequencer().sequence();
    again.witnessing().cosign(ACME);
    again.tamper("delete from vesta_audit_log");
    again.tamper("insert into vesta_audit_log select * from saved");
    again.tamper("delete from vesta_audit_index where idx >= 5");
    again.tamper("delete from vesta_audit_entry where seq > 5");
    SignedNote second = node(fresh, 4, witness).fork().record(BROKER);
    assertTrue(second.text().startsWith(TestLog.PREFIX + "/acme~2\n"), second.text());
  }

  @ParameterizedTest
  @EnumSource(Engine.class)
  void a_log_that_agrees_is_not_forked(Engine engine) {
    TestLog log = node(engine.fresh(directory), 1, witness());
    log.append(0, 2);
    assertEquals("VESTA-AUDIT-012", code(() -> log.fork().record(BROKER)));
    log.sequencer().sequence();
    assertEquals("VESTA-AUDIT-012", code(() -> log.fork().record(BROKER)));
  }

  @ParameterizedTest
  @EnumSource(Engine.class)
  void a_log_whose_end_was_deleted_does_not_begin_anew(Engine engine) {
    Engine.Fresh fresh = engine.fresh(directory);
    Witness witness = witness();
    TestLog log = node(fresh, 1, witness);
    log.append(0, 2);
    log.sequencer().sequence();
    log.witnessing().cosign(ACME);
    for (String table : new String[] {"log", "tile", "index", "entry", "witnessed"}) {
      log.tamper("delete from vesta_audit_" + table);
    }
    TestLog restarted = node(fresh, 2, witness);
    restarted.append(2, 3);
    assertEquals("VESTA-AUDIT-004", code(() -> restarted.sequencer().sequence(ACME)));
  }

  @ParameterizedTest
  @EnumSource(Engine.class)
  void a_log_with_other_entries_of_the_same_number_is_contradicted(Engine engine) {
    Witness witness = witness();
    TestLog log = node(engine.fresh(directory), 1, witness);
    log.append(0, 3);
    log.sequencer().sequence();
    log.witnessing().cosign(ACME);
    TestLog other = node(engine.fresh(directory), 2, witness);
    other.append(7, 10);
    VestaException told = refused(() -> other.sequencer().sequence(ACME));
    assertEquals("VESTA-AUDIT-004", told.code().code(), "an empty log where three are remembered");
    Engine.Fresh third = engine.fresh(directory);
    TestLog before = TestLog.node(third, 5, TestLog.signer(1));
    before.append(7, 10);
    before.sequencer().sequence();
    VestaException forked = refused(() -> node(third, 6, witness).witnessing().cosign(ACME));
    assertTrue(forked.getMessage().contains("remembers other entries"), forked.getMessage());
  }

  @ParameterizedTest
  @EnumSource(Engine.class)
  void nothing_is_signed_until_a_witness_answers_and_nothing_is_lost(Engine engine) {
    Faulty faulty = new Faulty(witness());
    faulty.down = true;
    TestLog log = node(engine.fresh(directory), 1, faulty);
    log.append(0, 3);
    assertEquals("VESTA-AUDIT-011", code(() -> log.sequencer().sequence()));
    faulty.down = false;
    assertEquals(3, log.sequencer().sequence().entries());
    faulty.down = true;
    log.append(3, 4);
    assertEquals(1, log.sequencer().sequence().entries(), "asked once, then only now and then");
    assertEquals("VESTA-AUDIT-011", code(() -> log.witnessing().cosign(ACME)));
  }

  @ParameterizedTest
  @EnumSource(Engine.class)
  void one_of_two_witnesses_is_enough_but_neither_may_disagree(Engine engine) {
    Engine.Fresh fresh = engine.fresh(directory);
    Witness good = witness();
    Faulty faulty = new Faulty(witness());
    restored(fresh, faulty);
    faulty.down = true;
    TestLog log = node(fresh, 2, good, faulty);
    log.append(20, 21);
    assertEquals(1, log.sequencer().sequence().entries());
    faulty.down = false;
    assertEquals("VESTA-AUDIT-004", code(() -> log.witnessing().cosign(ACME)));
    log.append(21, 22);
    assertEquals("VESTA-AUDIT-004", code(() -> log.sequencer().sequence(ACME)), "from now on");
  }

  @ParameterizedTest
  @EnumSource(Engine.class)
  void what_another_node_showed_meanwhile_is_no_rollback(Engine engine) {
    Engine.Fresh fresh = engine.fresh(directory);
    Faulty raced = new Faulty(witness());
    TestLog one = node(fresh, 1, raced);
    TestLog two = node(fresh, 2, raced.real);
    one.append(0, 300);
    one.sequencer().sequence();
    raced.before =
        () -> {
          two.append(300, 600);
          two.sequencer().sequence();
          two.witnessing().cosign(ACME);
        };
    SignedNote note = one.witnessing().cosign(ACME);
    assertEquals(600, Checkpoint.parse(note.text()).size());
    note.open(List.of(WITNESS));
  }

  @ParameterizedTest
  @EnumSource(Engine.class)
  void proofs_and_exports_carry_the_witnesses_signatures(Engine engine) {
    TestLog log = node(engine.fresh(directory), 1, witness());
    log.append(0, 300);
    log.sequencer().sequence();
    log.witnessing().cosign(ACME);
    log.append(300, 700);
    log.sequencer().sequence();
    TlogProof old = proof(log, 299);
    Vkey key = TestLog.vkey(ACME);
    assertEquals(300, old.verify(old.extra().orElseThrow(), key, List.of(WITNESS)).size());
    TlogProof young = proof(log, 300);
    assertEquals(700, young.verify(young.extra().orElseThrow(), key, List.of()).size());
    assertThrows(
        IllegalArgumentException.class,
        () -> young.verify(young.extra().orElseThrow(), key, List.of(WITNESS)));
    Path export = directory.resolve("export");
    assertEquals(300, log.export().writeWitnessed(ACME, export).size());
    Report report = LogVerifier.verify(export, key, List.of(WITNESS));
    assertTrue(report.ok() && report.entries() == 300, report::toString);
    assertEquals(700, log.export().write(ACME, export).size());
    assertTrue(LogVerifier.verify(export, key, List.of()).ok());
    assertEquals(
        "VESTA-AUDIT-007", code(() -> log.export().writeWitnessed(ACME, export)), "it is older");
  }

  private static TlogProof proof(TestLog log, long index) {
    return TlogProof.parse(
        log.query().prove(BROKER, index).orElseThrow().toString().getBytes(StandardCharsets.UTF_8));
  }

  /** A witness that can be switched off, and that lets something happen before it is asked. */
  private static final class Faulty implements Witness {

    private final Witness real;
    private boolean down;
    private Runnable before = () -> {};

    Faulty(Witness real) {
      this.real = real;
    }

    @Override
    public String name() {
      return real.name();
    }

    @Override
    public Answer add(long oldSize, List<Hash> proof, SignedNote checkpoint) {
      Runnable first = before;
      before = () -> {};
      first.run();
      if (down) {
        throw new VestaException(
            AuditError.WITNESS_UNAVAILABLE, "the test switched the witness off");
      }
      return real.add(oldSize, proof, checkpoint);
    }
  }
}
