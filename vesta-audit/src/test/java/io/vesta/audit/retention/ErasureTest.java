package io.vesta.audit.retention;

import static io.vesta.audit.testkit.TestLog.ACME;
import static io.vesta.audit.testkit.TestLog.BROKER;
import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.vesta.audit.log.EntryFilter;
import io.vesta.audit.testkit.TestLog;
import io.vesta.audit.vault.Disclosure;
import io.vesta.audit.verify.TlogProof;
import io.vesta.core.access.Actor;
import io.vesta.core.access.Capacity;
import io.vesta.core.audit.AuditAction;
import io.vesta.core.audit.AuditEvent;
import io.vesta.core.audit.Erasable;
import io.vesta.core.error.VestaException;
import io.vesta.core.id.BrokerageId;
import io.vesta.core.id.MemberId;
import io.vesta.core.id.Ref;
import io.vesta.testkit.Engine;
import java.io.IOException;
import java.math.BigDecimal;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

class ErasureTest {

  private static final Ref ANN = new Ref("Contact", "c-1");
  private static final Ref BEN = new Ref("Contact", "c-2");
  private static final String SECRET = "Ann Example moved to Oslo";

  @TempDir Path directory;

  private static AuditEvent event(Actor actor, Ref subject, String reason) {
    return AuditEvent.builder(new AuditAction("host.contact.closed"), actor, subject)
        .with("count", 3)
        .with("reason", Erasable.text(subject, reason))
        .with("income", Erasable.number(subject, new BigDecimal("1234.50")))
        .with("insolvent", Erasable.flag(subject, true))
        .build();
  }

  private static AuditEvent event(Ref subject, String reason) {
    return event(BROKER, subject, reason);
  }

  private TestLog filled(Engine engine) {
    TestLog log = TestLog.over(engine.fresh(directory));
    log.log().append(event(ANN, SECRET));
    log.log().append(event(BEN, "Ben stays"));
    log.append(0, 3);
    log.log().append(event(ANN, "again " + SECRET));
    log.sequencer().sequence();
    return log;
  }

  private static Map<String, Object> details(TestLog log, long index) {
    Map<String, Object> details = new TreeMap<>();
    for (Disclosure disclosure : log.query().reveal(BROKER, index)) {
      details.put(disclosure.name(), disclosure.value());
    }
    return details;
  }

  private static List<byte[]> bytes(TestLog log) {
    return log.query().find(BROKER, EntryFilter.builder().build()).entries().stream()
        .map(found -> found.entry().bytes())
        .toList();
  }

  private static String code(Runnable refused) {
    return assertThrows(VestaException.class, refused::run).code().code();
  }

  @ParameterizedTest
  @EnumSource(Engine.class)
  void what_was_recorded_is_shown_to_whoever_may_see_the_entry(Engine engine) {
    TestLog log = filled(engine);
    assertEquals(
        Map.of("reason", SECRET, "income", new BigDecimal("1234.50"), "insolvent", true),
        details(log, 0));
    assertEquals(Map.of(), details(log, 2), "an entry without such details");
    assertEquals(Map.of(), details(log, 99), "no entry");
    assertEquals(List.of(), log.query().reveal(Actor.system(ACME, "job"), 0));
    Actor stranger = Actor.member(new MemberId(new BrokerageId("other"), "m-1"), Capacity.BROKER);
    assertEquals(List.of(), log.query().reveal(stranger, 0));
  }

  @ParameterizedTest
  @EnumSource(Engine.class)
  void the_entry_holds_nothing_but_digests_that_the_disclosures_open(Engine engine) {
    TestLog log = filled(engine);
    String json = new String(bytes(log).get(0), StandardCharsets.UTF_8);
    assertFalse(json.contains("Oslo") || json.contains("reason") || json.contains("1234"), json);
    List<String> digests =
        log.query().reveal(BROKER, 0).stream().map(Disclosure::digest).sorted().toList();
    assertTrue(json.contains("\"sd\":[\"" + String.join("\",\"", digests) + "\"]"), json);
    String same = new String(bytes(log).get(5), StandardCharsets.UTF_8);
    assertFalse(digests.stream().anyMatch(same::contains), "equal values have other digests");
  }

  @ParameterizedTest
  @EnumSource(Engine.class)
  void erasing_changes_no_byte_of_the_log_and_is_an_entry(Engine engine) {
    TestLog log = filled(engine);
    List<byte[]> before = bytes(log);
    String proof = log.query().prove(BROKER, 0).orElseThrow().toString();
    assertEquals(6, log.erasure().erase(BROKER, ANN, Erasure.Basis.CONSENT_WITHDRAWN));
    assertEquals(1, log.sequencer().sequence().entries());
    List<byte[]> after = bytes(log);
    for (int i = 0; i < before.size(); i++) {
      assertArrayEquals(before.get(i), after.get(i));
    }
    String last = new String(after.get(6), StandardCharsets.UTF_8);
    assertTrue(
        last.startsWith("{\"v\":1,\"action\":\"vesta.audit.subject.erased\",")
            && last.contains("\"data\":{\"basis\":\"CONSENT_WITHDRAWN\",\"values\":6}")
            && last.contains("\"target\":\"Contact:c-1\""),
        last);
    assertEquals(Map.of(), details(log, 0));
    assertEquals(Map.of(), details(log, 5));
    assertEquals("Ben stays", details(log, 1).get("reason"));
    TlogProof old = TlogProof.parse(proof.getBytes(StandardCharsets.UTF_8));
    old.verify(old.extra().orElseThrow(), TestLog.vkey(ACME), List.of());
    assertTrue(log.check().check(ACME).ok());
    assertEquals(0, log.erasure().erase(BROKER, ANN, Erasure.Basis.REQUEST), "nothing is left");
    log.log().append(event(ANN, "back again"));
    log.sequencer().sequence();
    assertEquals("back again", details(log, 8).get("reason"), "a later value has a later key");
  }

  @ParameterizedTest
  @EnumSource(Engine.class)
  void another_brokerages_subject_of_the_same_name_is_not_erased(Engine engine) {
    TestLog log = filled(engine);
    BrokerageId other = new BrokerageId("other");
    Actor broker = Actor.member(new MemberId(other, "m-1"), Capacity.BROKER);
    log.log().append(event(broker, ANN, "elsewhere"));
    log.sequencer().sequence();
    log.erasure().erase(BROKER, ANN, Erasure.Basis.REQUEST);
    assertEquals(
        "elsewhere",
        log.query().reveal(broker, 0).stream()
            .filter(disclosure -> disclosure.name().equals("reason"))
            .findFirst()
            .orElseThrow()
            .value());
  }

  @ParameterizedTest
  @EnumSource(Engine.class)
  void values_vanish_with_the_hosts_transaction(Engine engine) {
    TestLog log = TestLog.over(engine.fresh(directory));
    assertThrows(
        IllegalStateException.class,
        () ->
            log.database()
                .write(
                    work -> {
                      log.log().append(work, event(ANN, SECRET));
                      throw new IllegalStateException("the act failed");
                    }));
    assertEquals(0, log.erasure().erase(BROKER, ANN, Erasure.Basis.REQUEST));
  }

  @Test
  void two_transactions_that_meet_a_new_subject_do_not_wait_for_each_other() throws Exception {
    Engine.Fresh fresh = Engine.POSTGRESQL.fresh(directory);
    TestLog log = TestLog.over(fresh);
    try (Connection one = fresh.host().getConnection();
        Connection two = fresh.host().getConnection()) {
      one.setAutoCommit(false);
      two.setAutoCommit(false);
      two.createStatement().execute("set lock_timeout = '2s'");
      log.log().append(fresh.database().join(one), event(ANN, "first"));
      log.log().append(fresh.database().join(two), event(ANN, "second"));
      two.commit();
      one.commit();
    }
    log.sequencer().sequence();
    assertEquals("first", details(log, 0).get("reason"));
    assertEquals("second", details(log, 1).get("reason"));
    assertEquals(6, log.erasure().erase(BROKER, ANN, Erasure.Basis.REQUEST), "under both keys");
    assertEquals(Map.of(), details(log, 0));
  }

  @ParameterizedTest
  @EnumSource(Engine.class)
  void swapped_or_changed_vault_rows_do_not_open(Engine engine) {
    String[] tampers = {
      // Two values of one subject, under the same key.
      "update vesta_audit_vault set sealed = (select v.sealed from vesta_audit_vault v"
          + " where v.digest <> vesta_audit_vault.digest and v.key_id = vesta_audit_vault.key_id"
          + " limit 1)",
      // The keys of two subjects.
      "update vesta_audit_vault_key set wrapped = (select k.wrapped from vesta_audit_vault_key k"
          + " where k.id <> vesta_audit_vault_key.id limit 1)",
      "update vesta_audit_vault_key set subject = 'Contact:c-9'",
      "update vesta_audit_vault set key_id = (select k.id from vesta_audit_vault_key k"
          + " where k.id <> vesta_audit_vault.key_id limit 1)",
      "update vesta_audit_vault set sealed = (select wrapped from vesta_audit_vault_key limit 1)"
    };
    for (String tamper : tampers) {
      TestLog log = filled(engine);
      log.tamper(tamper);
      VestaException refused =
          assertThrows(VestaException.class, () -> log.query().reveal(BROKER, 0), tamper);
      assertEquals("VESTA-AUDIT-014", refused.code().code());
      assertFalse(refused.getMessage().contains("Oslo"));
    }
  }

  @ParameterizedTest
  @EnumSource(Engine.class)
  void plaintext_is_found_nowhere_in_the_database(Engine engine) throws IOException {
    TestLog log = filled(engine);
    String before = dump(log, engine);
    assertFalse(before.contains("Oslo"), "sealed while it is kept");
    log.erasure().erase(BROKER, ANN, Erasure.Basis.REQUEST);
    String after = dump(log, engine);
    assertFalse(after.contains("Oslo"));
    int keys =
        log.database()
            .read(
                work ->
                    work.handle()
                        .select("select count(*) from vesta_audit_vault_key")
                        .mapTo(Integer.class)
                        .one());
    assertEquals(1, keys, "Ben's is left");
  }

  /** Every row as text, and for SQLite the raw files as well. */
  private String dump(TestLog log, Engine engine) throws IOException {
    StringBuilder dump = new StringBuilder();
    for (String table : new String[] {"entry", "index", "vault", "vault_key"}) {
      log.database()
          .read(
              work ->
                  work.handle()
                      .select("select * from vesta_audit_" + table)
                      .map(
                          (row, context) -> {
                            for (int i = 1; i <= row.getMetaData().getColumnCount(); i++) {
                              byte[] bytes =
                                  row.getObject(i) instanceof byte[] raw
                                      ? raw
                                      : String.valueOf(row.getObject(i))
                                          .getBytes(StandardCharsets.UTF_8);
                              dump.append(new String(bytes, StandardCharsets.ISO_8859_1));
                            }
                            return 1;
                          })
                      .list());
    }
    if (engine == Engine.SQLITE) {
      try (var files = Files.list(directory)) {
        for (Path file : files.filter(Files::isRegularFile).toList()) {
          dump.append(Files.readString(file, StandardCharsets.ISO_8859_1));
        }
      }
    }
    return dump.toString();
  }

  @ParameterizedTest
  @EnumSource(Engine.class)
  void a_legal_hold_forbids_erasing_until_it_is_lifted(Engine engine) {
    TestLog log = filled(engine);
    Ref matter = new Ref("Matter", "2026-17");
    assertTrue(log.holds().place(BROKER, ANN, matter));
    assertFalse(log.holds().place(BROKER, ANN, matter), "it stands already");
    assertEquals(
        "VESTA-AUDIT-015", code(() -> log.erasure().erase(BROKER, ANN, Erasure.Basis.REQUEST)));
    assertEquals(SECRET, details(log, 0).get("reason"));
    assertEquals(3, log.erasure().erase(BROKER, BEN, Erasure.Basis.REQUEST), "Ben is not held");
    assertTrue(log.holds().lift(BROKER, ANN, matter));
    assertFalse(log.holds().lift(BROKER, ANN, matter));
    assertEquals(6, log.erasure().erase(BROKER, ANN, Erasure.Basis.REQUEST));
    log.sequencer().sequence();
    assertEquals(
        List.of(LegalHolds.PLACED, Erasure.ERASED, LegalHolds.LIFTED, Erasure.ERASED),
        log.query().find(BROKER, EntryFilter.builder().startingAt(6).build()).entries().stream()
            .map(found -> found.entry().action())
            .toList());
  }

  @ParameterizedTest
  @EnumSource(Engine.class)
  void only_a_person_erases_and_holds(Engine engine) {
    TestLog log = filled(engine);
    Actor job = Actor.system(ACME, "job");
    Ref matter = new Ref("Matter", "1");
    assertEquals(
        "VESTA-CORE-007", code(() -> log.erasure().erase(job, ANN, Erasure.Basis.REQUEST)));
    assertEquals("VESTA-CORE-007", code(() -> log.holds().place(job, ANN, matter)));
  }

  /** One subject among 100,000 values of others; the figure of the issue is for a million. */
  @Test
  void erasing_one_of_many_touches_only_theirs() {
    TestLog log = TestLog.over(Engine.SQLITE.fresh(directory));
    log.database()
        .write(
            work -> {
              for (int i = 0; i < 2_000; i++) {
                log.log().append(work, event(new Ref("Contact", "x-" + i), "other"));
              }
              return log.log().append(work, event(ANN, SECRET));
            });
    assertEquals(3, log.erasure().erase(BROKER, ANN, Erasure.Basis.REQUEST));
    log.sequencer().sequence();
    assertEquals("other", details(log, 1_999).get("reason"));
    assertEquals(Map.of(), details(log, 2_000));
  }
}
