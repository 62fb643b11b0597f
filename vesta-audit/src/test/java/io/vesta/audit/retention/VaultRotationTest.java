package io.vesta.audit.retention;

import static io.vesta.audit.testkit.TestLog.ACME;
import static io.vesta.audit.testkit.TestLog.BROKER;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.vesta.audit.log.EntryFilter;
import io.vesta.audit.testkit.TestLog;
import io.vesta.audit.vault.Disclosure;
import io.vesta.core.access.Actor;
import io.vesta.core.access.Capacity;
import io.vesta.core.audit.AuditEvent;
import io.vesta.core.audit.AuditValue;
import io.vesta.core.audit.Erasable;
import io.vesta.core.error.VestaException;
import io.vesta.core.id.BrokerageId;
import io.vesta.core.id.MemberId;
import io.vesta.core.id.Ref;
import io.vesta.testkit.Engine;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

class VaultRotationTest {

  private static final int OLD = 5;
  private static final int NEW = 6;
  private static final int SUBJECTS = 620;

  @TempDir Path directory;

  private static AuditEvent secret(Actor actor, int number) {
    Ref subject = new Ref("Contact", "c-" + number);
    return AuditEvent.builder(TestLog.event(number).action(), actor, subject)
        .with("reason", Erasable.text(subject, "reason " + number))
        .build();
  }

  private static List<String> revealed(TestLog node, long index) {
    return node.query().reveal(BROKER, index).stream().map(Disclosure::text).toList();
  }

  @ParameterizedTest
  @EnumSource(Engine.class)
  void a_changed_key_opens_all_without_the_old_one_and_is_told_in_the_log(Engine engine) {
    Engine.Fresh fresh = engine.fresh(directory);
    TestLog old = TestLog.over(fresh);
    old.database()
        .write(
            work -> {
              for (int i = 0; i < SUBJECTS; i++) {
                old.log().append(work, secret(BROKER, i));
              }
              return old.log()
                  .append(work, secret(Actor.system(new BrokerageId("other"), "job"), SUBJECTS));
            });
    old.sequencer().sequence();
    List<String> first = revealed(old, 0);
    TestLog ready = TestLog.withVaultKeys(fresh, 2, OLD, NEW);
    TestLog turned = TestLog.withVaultKeys(fresh, 3, NEW, OLD);
    turned.log().append(secret(BROKER, SUBJECTS + 1));
    turned.sequencer().sequence();
    assertEquals(1, revealed(ready, SUBJECTS).size(), "one that is not turned yet opens it too");
    assertEquals(first, revealed(turned, 0), "and the other way round");
    // Killed after the first of the transactions: the host's next call does the rest.
    turned.tamper("create table interrupted as select * from vesta_audit_vault_key");
    assertEquals(SUBJECTS, turned.rotation().rewrap(BROKER));
    turned.tamper(
        "update vesta_audit_vault_key set wrapped = (select b.wrapped from interrupted b"
            + " where b.id = vesta_audit_vault_key.id)"
            + " where subject in ('Contact:c-3', 'Contact:c-599')");
    assertEquals(2, turned.rotation().rewrap(BROKER));
    assertEquals(0, turned.rotation().rewrap(BROKER));
    TestLog alone = TestLog.withVaultKeys(fresh, 4, NEW, 7);
    alone.sequencer().sequence();
    assertEquals(first, revealed(alone, 0));
    for (long index : new long[] {3, 599, SUBJECTS - 1, SUBJECTS}) {
      assertEquals(1, revealed(alone, index).size());
    }
    assertEquals(
        1, alone.erasure().erase(BROKER, new Ref("Contact", "c-3"), Erasure.Basis.REQUEST));
    assertEquals(List.of(), revealed(alone, 3));
    int told =
        alone
            .query()
            .find(BROKER, EntryFilter.builder().action(VaultRotation.REWRAPPED).build())
            .entries()
            .stream()
            .map(found -> (AuditValue.Amount) found.entry().details().get("keys"))
            .mapToInt(keys -> keys.value().intValueExact())
            .sum();
    assertEquals(SUBJECTS + 2, told, "each key that was sealed anew is told");
    assertTrue(alone.check().check(ACME).ok());
    assertEquals(
        "VESTA-AUDIT-014",
        assertThrows(
                VestaException.class,
                () ->
                    alone
                        .rotation()
                        .rewrap(
                            Actor.member(
                                new MemberId(new BrokerageId("other"), "m-1"), Capacity.BROKER)))
            .code()
            .code(),
        "the other brokerage's was forgotten: its key is gone, and that is told");
  }

  @ParameterizedTest
  @EnumSource(Engine.class)
  void only_a_person_changes_the_key(Engine engine) {
    TestLog log = TestLog.over(engine.fresh(directory));
    assertEquals(
        "VESTA-CORE-007",
        assertThrows(VestaException.class, () -> log.rotation().rewrap(Actor.system(ACME, "job")))
            .code()
            .code());
  }
}
