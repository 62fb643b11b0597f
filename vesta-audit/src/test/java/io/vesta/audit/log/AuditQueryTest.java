package io.vesta.audit.log;

import static io.vesta.audit.testkit.TestLog.ACME;
import static io.vesta.audit.testkit.TestLog.BROKER;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.vesta.audit.testkit.TestLog;
import io.vesta.audit.verify.TlogProof;
import io.vesta.core.access.Actor;
import io.vesta.core.access.Capacity;
import io.vesta.core.audit.AuditAction;
import io.vesta.core.error.VestaException;
import io.vesta.core.id.BrokerageId;
import io.vesta.core.id.MemberId;
import io.vesta.core.id.Ref;
import io.vesta.testkit.Engine;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.OptionalLong;
import java.util.UUID;
import java.util.function.IntPredicate;
import java.util.stream.IntStream;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

class AuditQueryTest {

  private static final Actor AGENT = Actor.member(new MemberId(ACME, "m-2"), Capacity.AGENT);
  private static final Actor BOT = Actor.bot("drafter", new MemberId(ACME, "m-2"));

  @TempDir Path directory;

  /** Entries 0 to 39, one a minute: every fourth by the agent, every tenth by the agent's bot. */
  private static TestLog filled(Engine.Fresh fresh) {
    TestLog log = TestLog.over(fresh);
    for (int i = 0; i < 40; i++) {
      Actor actor = i % 10 == 5 ? BOT : i % 4 == 0 ? AGENT : BROKER;
      log.log().append(TestLog.event(actor, i));
      log.clock().advance(Duration.ofMinutes(1));
    }
    log.sequencer().sequence();
    return log;
  }

  private static List<Long> indexes(Page page) {
    return page.entries().stream().map(Page.Found::index).toList();
  }

  private static List<Long> those(IntPredicate condition) {
    return IntStream.range(0, 40).filter(condition).mapToObj(i -> (long) i).toList();
  }

  @ParameterizedTest
  @EnumSource(Engine.class)
  void entries_are_found_by_actor_target_action_time_and_id(Engine engine) {
    TestLog log = filled(engine.fresh(directory));
    Instant start = Instant.parse("2026-03-04T05:06:07Z");
    Page all = log.query().find(BROKER, EntryFilter.builder().build());
    assertEquals(those(i -> true), indexes(all));
    assertEquals(40, all.checkpoint().size());
    assertEquals(
        those(i -> i % 10 == 5),
        indexes(log.query().find(BROKER, EntryFilter.builder().actor(BOT.ref()).build())));
    assertEquals(
        those(i -> i % 7 == 3),
        indexes(
            log.query()
                .find(BROKER, EntryFilter.builder().target(new Ref("Draft", "d3")).build())));
    assertEquals(
        those(i -> i % 3 == 0 && i % 7 == 3),
        indexes(
            log.query()
                .find(
                    BROKER,
                    EntryFilter.builder()
                        .action(new AuditAction("vesta.approval.draft.approved"))
                        .target(new Ref("Draft", "d3"))
                        .build())));
    assertEquals(
        those(i -> i >= 10 && i < 12),
        indexes(
            log.query()
                .find(
                    BROKER,
                    EntryFilter.builder()
                        .since(start.plus(Duration.ofMinutes(10)))
                        .until(start.plus(Duration.ofMinutes(12)))
                        .build())));
    UUID id = all.entries().get(17).entry().id();
    assertEquals(
        List.of(17L), indexes(log.query().find(BROKER, EntryFilter.builder().id(id).build())));
  }

  @ParameterizedTest
  @EnumSource(Engine.class)
  void pages_meet_without_gap_or_overlap_in_both_directions(Engine engine) {
    TestLog log = filled(engine.fresh(directory));
    for (boolean newestFirst : new boolean[] {false, true}) {
      List<Long> read = new ArrayList<>();
      OptionalLong next = OptionalLong.empty();
      do {
        EntryFilter.Builder filter = EntryFilter.builder().limit(7);
        if (newestFirst) {
          filter.newestFirst();
        }
        next.ifPresent(filter::startingAt);
        Page page = log.query().find(BROKER, filter.build());
        assertTrue(page.entries().size() <= 7);
        read.addAll(indexes(page));
        next = page.next();
      } while (next.isPresent());
      List<Long> expected = new ArrayList<>(those(i -> true));
      if (newestFirst) {
        Collections.reverse(expected);
      }
      assertEquals(expected, read);
    }
  }

  @ParameterizedTest
  @EnumSource(Engine.class)
  void a_reader_sees_what_the_authorizer_lets_through_and_only_of_the_own_brokerage(Engine engine) {
    TestLog log = filled(engine.fresh(directory));
    EntryFilter all = EntryFilter.builder().build();
    assertEquals(those(i -> i % 10 == 5 || i % 4 == 0), indexes(log.query().find(AGENT, all)));
    Actor admin = Actor.member(new MemberId(ACME, "m-1"), Capacity.ADMIN);
    assertEquals(List.of(), log.query().find(admin, all).entries());
    Actor stranger = Actor.member(new MemberId(new BrokerageId("other"), "m-1"), Capacity.BROKER);
    Page nothing = log.query().find(stranger, all);
    assertEquals(List.of(), nothing.entries());
    assertEquals(0, nothing.checkpoint().size());
    assertTrue(log.query().prove(AGENT, 5).isPresent());
    assertFalse(log.query().prove(AGENT, 6).isPresent());
    assertFalse(log.query().prove(stranger, 5).isPresent());
  }

  @ParameterizedTest
  @EnumSource(Engine.class)
  void what_is_not_sequenced_is_not_shown(Engine engine) {
    TestLog log = filled(engine.fresh(directory));
    log.append(40, 41);
    assertEquals(40, log.query().find(BROKER, EntryFilter.builder().build()).entries().size());
    assertFalse(log.query().prove(BROKER, 40).isPresent());
  }

  @ParameterizedTest
  @EnumSource(Engine.class)
  void tampered_rows_are_an_exception_and_not_a_result(Engine engine) {
    for (String tamper :
        new String[] {
          "update vesta_audit_index set actor = 'Member:m-9' where idx = 3",
          "update vesta_audit_index set target = 'Draft:d9' where idx = 3",
          "delete from vesta_audit_entry where seq = 4",
          "update vesta_audit_entry set bytes = (select e.bytes from vesta_audit_entry e"
              + " where e.seq = 9) where seq = 4",
          "update vesta_audit_index set idx = 99 where idx = 3",
        }) {
      TestLog log = filled(engine.fresh(directory));
      log.tamper(tamper);
      if (tamper.contains("99")) {
        log.tamper("update vesta_audit_index set idx = 3 where idx = 4");
        log.tamper("update vesta_audit_index set idx = 4 where idx = 99");
      }
      VestaException refused =
          assertThrows(
              VestaException.class,
              () -> log.query().find(BROKER, EntryFilter.builder().build()),
              tamper);
      assertEquals("VESTA-AUDIT-005", refused.code().code());
    }
  }

  @ParameterizedTest
  @EnumSource(Engine.class)
  void a_proof_convinces_an_outsider_who_has_only_the_key(Engine engine) {
    TestLog log = TestLog.over(engine.fresh(directory));
    log.append(0, 300);
    log.sequencer().sequence();
    for (long index : new long[] {0, 1, 255, 256, 299}) {
      String file = log.query().prove(BROKER, index).orElseThrow().toString();
      TlogProof proof = TlogProof.parse(file.getBytes(StandardCharsets.UTF_8));
      assertEquals(file, proof.toString());
      assertEquals(index, proof.index());
      byte[] entry = proof.extra().orElseThrow();
      assertEquals(300, proof.verify(entry, TestLog.vkey(ACME), List.of()).size());
      entry[9] ^= 1;
      assertThrows(
          IllegalArgumentException.class, () -> proof.verify(entry, TestLog.vkey(ACME), List.of()));
    }
  }

  @ParameterizedTest
  @EnumSource(Engine.class)
  void a_filter_refuses_what_makes_no_sense(Engine engine) {
    EntryFilter.Builder filter = EntryFilter.builder();
    assertThrows(VestaException.class, () -> filter.limit(0));
    assertThrows(VestaException.class, () -> filter.limit(1_001));
    assertThrows(VestaException.class, () -> filter.startingAt(-1));
    TestLog log = filled(engine.fresh(directory));
    Page beyond = log.query().find(BROKER, filter.startingAt(1_000).newestFirst().build());
    assertEquals(40, beyond.entries().size(), "from beyond the end backwards");
  }
}
