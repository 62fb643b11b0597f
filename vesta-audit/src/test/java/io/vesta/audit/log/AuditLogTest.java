package io.vesta.audit.log;

import static org.junit.jupiter.api.Assertions.assertEquals;

import io.vesta.audit.entry.AuditEntry;
import io.vesta.audit.testkit.AuditTrailContract;
import io.vesta.audit.testkit.TestLog;
import io.vesta.core.access.Actor;
import io.vesta.core.access.Capacity;
import io.vesta.core.audit.AuditTrail;
import io.vesta.core.id.BrokerageId;
import io.vesta.core.id.MemberId;
import io.vesta.testkit.Engine;
import java.util.List;
import java.util.UUID;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** Our log keeps the trail's contract: what it recorded is read from the sequenced, proven log. */
class AuditLogTest extends AuditTrailContract {

  @Override
  protected AuditTrail trail(Engine.Fresh fresh) {
    return TestLog.over(fresh).log();
  }

  @Override
  protected List<UUID> recorded(Engine.Fresh fresh, BrokerageId brokerage) {
    TestLog log = TestLog.over(fresh);
    log.sequencer().sequence();
    Actor reader = Actor.member(new MemberId(brokerage, "reader"), Capacity.BROKER);
    return log.query().find(reader, EntryFilter.builder().limit(1_000).build()).entries().stream()
        .map(Page.Found::entry)
        .map(AuditEntry::id)
        .toList();
  }

  @ParameterizedTest
  @EnumSource(Engine.class)
  void an_event_may_be_recorded_in_a_transaction_of_its_own(Engine engine) {
    Engine.Fresh fresh = engine.fresh(directory());
    TestLog log = TestLog.over(fresh);
    UUID id = log.log().append(TestLog.event(1));
    assertEquals(List.of(id), recorded(fresh, TestLog.ACME));
  }
}
