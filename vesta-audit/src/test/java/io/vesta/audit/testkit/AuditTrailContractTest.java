package io.vesta.audit.testkit;

import static org.junit.jupiter.api.Assertions.assertThrows;

import io.vesta.audit.log.AuditLog;
import io.vesta.core.audit.AuditEvent;
import io.vesta.core.audit.AuditTrail;
import io.vesta.core.id.BrokerageId;
import io.vesta.core.storage.UnitOfWork;
import io.vesta.testkit.Engine;
import java.nio.file.Path;
import java.util.List;
import java.util.UUID;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The contract bites: trails that are broken in one way each fail it there. */
class AuditTrailContractTest {

  private static final Engine ENGINE = Engine.POSTGRESQL;

  @TempDir Path directory;

  /** How a broken trail records. */
  private interface Broken {
    UUID append(AuditLog log, UnitOfWork work, AuditEvent event);
  }

  private AuditTrailContract contract(Broken broken) {
    AuditTrailContract contract =
        new AuditTrailContract() {
          @Override
          protected AuditTrail trail(Engine.Fresh fresh) {
            AuditLog log = TestLog.over(fresh).log();
            return (work, event) -> broken.append(log, work, event);
          }

          @Override
          protected List<UUID> recorded(Engine.Fresh fresh, BrokerageId brokerage) {
            return fresh
                .database()
                .read(
                    work ->
                        work.handle()
                            .select(
                                "select convert_from(substr(bytes, 3), 'UTF8') from vesta_audit_entry"
                                    + " where brokerage = ? order by seq",
                                brokerage.key())
                            .mapTo(String.class)
                            .list())
                .stream()
                .map(json -> UUID.fromString(json.replaceAll(".*\"id\":\"([^\"]*)\".*", "$1")))
                .toList();
          }
        };
    contract.directory = directory;
    return contract;
  }

  @Test
  void the_contract_holds_for_a_trail_that_is_not_broken() throws Exception {
    AuditTrailContract sound = contract(AuditLog::append);
    sound.required_at01_an_entry_is_durable_with_its_unit_of_work(ENGINE);
    sound.required_at02_an_entry_vanishes_with_its_unit_of_work(ENGINE);
    sound.required_at03_ids_are_version_7_and_distinct(ENGINE);
    sound.required_at04_a_trail_that_cannot_record_throws(ENGINE);
    sound.required_at05_many_threads_lose_and_double_nothing(ENGINE);
    sound.required_at06_brokerages_do_not_mix(ENGINE);
  }

  @Test
  void a_trail_that_records_nothing_fails() {
    AuditTrailContract broken = contract((log, work, event) -> new UUID(0x7000, 0));
    assertThrows(
        AssertionError.class,
        () -> broken.required_at01_an_entry_is_durable_with_its_unit_of_work(ENGINE));
  }

  @Test
  void a_trail_with_transactions_of_its_own_fails() {
    AuditTrailContract broken = contract((log, work, event) -> log.append(event));
    assertThrows(
        AssertionError.class,
        () -> broken.required_at02_an_entry_vanishes_with_its_unit_of_work(ENGINE));
  }

  @Test
  void a_trail_with_other_ids_fails() {
    AuditTrailContract broken =
        contract(
            (log, work, event) -> {
              UUID id = log.append(work, event);
              return new UUID(id.getMostSignificantBits() & ~0xf000L | 0x4000L, id.hashCode());
            });
    assertThrows(
        AssertionError.class, () -> broken.required_at03_ids_are_version_7_and_distinct(ENGINE));
  }

  @Test
  void a_trail_that_swallows_errors_fails() {
    AuditTrailContract broken =
        contract(
            (log, work, event) -> {
              try {
                return log.append(work, event);
              } catch (RuntimeException e) {
                return new UUID(0x7000, 0);
              }
            });
    assertThrows(
        AssertionError.class, () -> broken.required_at04_a_trail_that_cannot_record_throws(ENGINE));
  }

  @Test
  void a_trail_that_doubles_fails() {
    AuditTrailContract broken =
        contract(
            (log, work, event) -> {
              log.append(work, event);
              return log.append(work, event);
            });
    assertThrows(
        AssertionError.class,
        () -> broken.required_at05_many_threads_lose_and_double_nothing(ENGINE));
  }

  @Test
  void a_trail_that_mixes_brokerages_fails() {
    AuditTrailContract broken =
        contract(
            (log, work, event) -> {
              UUID id = log.append(work, event);
              work.handle().execute("update vesta_audit_entry set brokerage = 'acme'");
              return id;
            });
    assertThrows(AssertionError.class, () -> broken.required_at06_brokerages_do_not_mix(ENGINE));
  }
}
