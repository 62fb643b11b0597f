package io.vesta.approval.outbox;

import static io.vesta.approval.testkit.TestHouse.AGENT;
import static io.vesta.approval.testkit.TestHouse.BROKER;
import static io.vesta.approval.testkit.TestHouse.done;
import static io.vesta.approval.testkit.TestHouse.id;
import static io.vesta.approval.testkit.TestHouse.request;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.vesta.approval.draft.Draft;
import io.vesta.approval.draft.Result;
import io.vesta.approval.envelope.Envelope;
import io.vesta.approval.review.ResolveReason;
import io.vesta.approval.review.Seen;
import io.vesta.approval.state.DraftState;
import io.vesta.approval.state.Refusal;
import io.vesta.approval.testkit.RecordingChannel;
import io.vesta.approval.testkit.TestHouse;
import io.vesta.core.error.VestaException;
import io.vesta.testkit.Engine;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.atomic.AtomicReference;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

class DispatcherTest {

  private static final Dedupe KEYED = new Dedupe.Keyed(Duration.ofHours(24));
  private static final Dedupe NONE = new Dedupe.None();

  @TempDir Path directory;

  private TestHouse house(Engine engine, Dedupe dedupe) {
    return TestHouse.over(engine.fresh(directory), new RecordingChannel(dedupe));
  }

  private static Refusal refusal(Result result) {
    return ((Result.Refused) result).reason();
  }

  @ParameterizedTest
  @EnumSource(Engine.class)
  void exactly_the_approved_bytes_leave_and_nothing_else(Engine engine) {
    TestHouse house = house(engine, KEYED);
    house.pending("waits");
    Draft approved = house.approved("d1");
    assertEquals(1, house.dispatcher().dispatch().into(DraftState.SENT));
    assertEquals(List.of(approved.written().orElseThrow().envelope()), house.channel().sent());
    Draft sent = house.stored("d1");
    assertEquals(DraftState.SENT, sent.state());
    assertEquals("provider-1", sent.dispatch().evidence());
    assertEquals(List.of("created", "completed", "approved", "claimed", "sent"), house.story("d1"));
    assertEquals(DraftState.PENDING, house.stored("waits").state());
    assertTrue(house.dispatcher().dispatch().moved().isEmpty(), "nothing more to do");
  }

  @ParameterizedTest
  @EnumSource(Engine.class)
  void sending_without_an_approval_is_refused_and_audited(Engine engine) {
    TestHouse house = house(engine, KEYED);
    house.pending("d1");
    assertEquals(Refusal.WRONG_STATE, refusal(house.dispatcher().send(AGENT, id("d1"))));
    assertEquals(
        List.of("created", "completed", "refused Code[name=WRONG_STATE]"), house.story("d1"));
    assertTrue(house.channel().sent().isEmpty());
  }

  @ParameterizedTest
  @EnumSource(Engine.class)
  void a_person_sends_one_draft_now(Engine engine) {
    TestHouse house = house(engine, KEYED);
    house.approved("d1");
    house.approved("d2");
    assertEquals(DraftState.SENT, done(house.dispatcher().send(AGENT, id("d1"))).state());
    assertEquals(Refusal.WRONG_STATE, refusal(house.dispatcher().send(AGENT, id("d1"))));
    assertEquals(1, house.channel().sent().size());
  }

  /** Each a change of a stored row by somebody who has the database but no key. */
  private static final List<String> FORGERIES =
      List.of(
          "update vesta_approval set approver = 'eve'",
          "update vesta_approval set capacity = 'BROKER'",
          "update vesta_approval set envelope_sha256 = '" + "0".repeat(64) + "'",
          "update vesta_approval set context_sha256 = '" + "0".repeat(64) + "'",
          "update vesta_approval set lint_sha256 = '" + "0".repeat(64) + "'",
          "update vesta_approval set policy_version = 'p2'",
          "update vesta_approval set needed = needed + 1",
          "update vesta_approval set approved_at = approved_at + 1",
          "update vesta_approval set expires_at = expires_at + 86400000",
          "update vesta_approval set revision = 2",
          "update vesta_approval set key_id = 'another'",
          "update vesta_approval set seal = '" + "0".repeat(64) + "'",
          "update vesta_approval set draft = 'other'",
          "update vesta_approval set revoked = 1",
          "delete from vesta_approval",
          "update vesta_draft set dedupe_key = '" + "0".repeat(64) + "'",
          "update vesta_draft set channel = 'EMAIL'",
          "update vesta_draft set approvals = 2");

  @ParameterizedTest
  @EnumSource(Engine.class)
  void a_row_that_was_changed_behind_vesta_sends_nothing(Engine engine) {
    TestHouse house = house(engine, KEYED);
    house.pending("other");
    int number = 0;
    for (String forgery : FORGERIES) {
      String key = "d" + number++;
      house.approved(key);
      assertTrue(house.tamper(forgery + " where draft = ?", key) > 0, forgery);
      Result refused = house.dispatcher().send(AGENT, id(key));
      assertEquals(Refusal.APPROVAL_BROKEN, refusal(refused), forgery);
      assertTrue(house.story(key).contains("refused Code[name=APPROVAL_BROKEN]"), forgery);
    }
    house.dispatcher().dispatch();
    house.clock().advance(Duration.ofHours(2));
    house.dispatcher().dispatch();
    assertTrue(house.channel().sent().isEmpty());
  }

  @ParameterizedTest
  @EnumSource(Engine.class)
  void bytes_that_were_changed_after_the_approval_send_nothing(Engine engine) {
    TestHouse house = house(engine, KEYED);
    Draft draft = house.approved("d1");
    Envelope other =
        Envelope.parse(
            new String(
                    draft.written().orElseThrow().envelope().bytes(), StandardCharsets.ISO_8859_1)
                .replace("cleo", "evil")
                .getBytes(StandardCharsets.ISO_8859_1));
    house.tamper("update vesta_draft_content set envelope = ?", (Object) other.bytes());
    assertEquals(Refusal.APPROVAL_BROKEN, refusal(house.dispatcher().send(AGENT, id("d1"))));
    house.tamper("update vesta_draft_content set envelope = ?", (Object) new byte[] {1, 2, 3});
    house.approved("d2");
    assertEquals(1, house.dispatcher().dispatch().into(DraftState.SENT), "d2 does not wait for it");
    assertEquals(1, house.channel().sent().size());
    assertThrows(VestaException.class, () -> house.stored("d1"));
  }

  @ParameterizedTest
  @EnumSource(Engine.class)
  void an_approval_of_one_draft_is_none_of_another(Engine engine) {
    TestHouse house = house(engine, KEYED);
    house.approved("d1");
    house.pending("d2");
    // Everything of d1's approval, moved onto d2, whose state is forged too.
    house.tamper("update vesta_approval set draft = 'd2'");
    house.tamper(
        "update vesta_draft set state = 'APPROVED', next_at = 1,"
            + " dedupe_key = (select dedupe_key from vesta_draft where draft = 'd1')"
            + " where draft = 'd2'");
    house.dispatcher().dispatch();
    assertTrue(house.channel().sent().isEmpty());
    assertEquals(Refusal.APPROVAL_BROKEN, refusal(house.dispatcher().send(AGENT, id("d2"))));
  }

  @ParameterizedTest
  @EnumSource(Engine.class)
  void an_opt_out_after_the_approval_stops_the_send(Engine engine) {
    TestHouse house = house(engine, KEYED);
    house.approved("d1");
    house.context("consent", "c2");
    assertEquals(1, house.dispatcher().dispatch().into(DraftState.STALE));
    assertTrue(house.channel().sent().isEmpty());
    house.context("consent", "c1");
    house.dispatcher().dispatch();
    assertTrue(house.channel().sent().isEmpty(), "the approval does not come back");
  }

  @ParameterizedTest
  @EnumSource(Engine.class)
  void if_the_context_cannot_be_read_the_draft_waits_and_the_others_do_not(Engine engine) {
    TestHouse house = house(engine, KEYED);
    house.approved("d1");
    house.context("broken", "yes");
    assertTrue(house.dispatcher().dispatch().moved().isEmpty());
    assertEquals(DraftState.APPROVED, house.stored("d1").state());
    house.forget("broken");
    house.dispatcher().dispatch();
    assertTrue(house.channel().sent().isEmpty(), "put off for a while");
    house.clock().advance(Duration.ofMinutes(2));
    assertEquals(1, house.dispatcher().dispatch().into(DraftState.SENT));
  }

  @ParameterizedTest
  @EnumSource(Engine.class)
  void an_expired_approval_sends_nothing(Engine engine) {
    TestHouse house = house(engine, KEYED);
    Draft draft = house.pending(request("d1").expiresIn(Duration.ofHours(1)).build());
    done(house.desk().approve(AGENT, id("d1"), Seen.of(draft), Set.of()));
    house.clock().advance(Duration.ofHours(1));
    assertEquals(DraftState.EXPIRED, done(house.dispatcher().send(AGENT, id("d1"))).state());
    assertTrue(house.channel().sent().isEmpty());
  }

  @ParameterizedTest
  @EnumSource(Engine.class)
  void what_did_not_leave_is_tried_again_under_the_same_key(Engine engine) {
    TestHouse house = house(engine, NONE);
    house.approved("d1");
    house.channel().answer(permit -> new Delivery.NotSent("NO_CONNECTION"));
    assertEquals(1, house.dispatcher().dispatch().into(DraftState.RETRY));
    assertTrue(house.dispatcher().dispatch().moved().isEmpty(), "not at once");
    house.clock().advance(Duration.ofMinutes(1));
    house.channel().answer(house.channel()::accept);
    assertEquals(1, house.dispatcher().dispatch().into(DraftState.SENT));
    assertEquals(
        List.of("created", "completed", "approved", "claimed", "deferred", "claimed", "sent"),
        house.story("d1"));
  }

  @ParameterizedTest
  @EnumSource(Engine.class)
  void what_the_provider_refuses_is_over(Engine engine) {
    TestHouse house = house(engine, KEYED);
    house.approved("d1");
    house.channel().answer(permit -> new Delivery.Rejected("MAILBOX_UNKNOWN"));
    assertEquals(1, house.dispatcher().dispatch().into(DraftState.FAILED));
    assertEquals("MAILBOX_UNKNOWN", house.stored("d1").reason());
  }

  @ParameterizedTest
  @EnumSource(Engine.class)
  void without_deduplication_a_lost_attempt_waits_for_a_person(Engine engine) {
    TestHouse house = house(engine, NONE);
    house.approved("d1");
    house.channel().answer(house.channel()::swallow);
    assertEquals(1, house.dispatcher().dispatch().into(DraftState.UNKNOWN));
    for (int day = 0; day < 3; day++) {
      house.clock().advance(Duration.ofDays(1));
      assertTrue(house.dispatcher().dispatch().moved().isEmpty());
    }
    assertEquals(1, house.channel().sent().size(), "never sent again");
    Draft settled = done(house.desk().resolve(AGENT, id("d1"), true, ResolveReason.SENT_ITEMS));
    assertEquals(DraftState.SENT, settled.state());
    assertEquals("Member:ann SENT_ITEMS", settled.dispatch().evidence());
  }

  @ParameterizedTest
  @EnumSource(Engine.class)
  void a_person_cannot_settle_while_a_byte_may_be_on_its_way(Engine engine) {
    TestHouse house = house(engine, NONE);
    house.approved("d1");
    house.channel().answer(house.channel()::swallow);
    house.dispatcher().dispatch();
    assertEquals(
        Refusal.STILL_SENDING,
        refusal(house.desk().resolve(BROKER, id("d1"), false, ResolveReason.RECIPIENT)));
    house.clock().advance(Duration.ofMinutes(10));
    assertEquals(
        DraftState.NOT_SENT,
        done(house.desk().resolve(BROKER, id("d1"), false, ResolveReason.RECIPIENT)).state());
  }

  @ParameterizedTest
  @EnumSource(Engine.class)
  void with_deduplication_a_lost_attempt_goes_again_and_reaches_the_client_once(Engine engine) {
    TestHouse house = house(engine, KEYED);
    house.approved("d1");
    house.channel().answer(house.channel()::swallow);
    assertEquals(1, house.dispatcher().dispatch().into(DraftState.UNKNOWN));
    house.clock().advance(Duration.ofMinutes(5));
    house.channel().answer(house.channel()::accept);
    Dispatcher.Done done = house.dispatcher().dispatch();
    assertEquals(1, done.into(DraftState.RETRY));
    assertEquals(1, done.into(DraftState.SENT));
    assertEquals(1, house.channel().sent().size());
    assertEquals(1, new HashSet<>(house.channel().keys()).size(), "one key");
    assertEquals(2, house.channel().keys().size(), "two attempts");
  }

  @ParameterizedTest
  @EnumSource(Engine.class)
  void when_the_window_is_closed_nothing_goes_again(Engine engine) {
    TestHouse house = house(engine, KEYED);
    house.approved("d1");
    house.channel().answer(house.channel()::swallow);
    house.dispatcher().dispatch();
    house.clock().advance(Duration.ofHours(24));
    house.dispatcher().dispatch();
    assertEquals(DraftState.UNKNOWN, house.stored("d1").state());
    assertEquals(1, house.channel().keys().size());
    house.dispatcher().dispatch();
    assertEquals(
        1,
        house.story("d1").stream().filter(line -> line.contains("KEY_WINDOW_CLOSED")).count(),
        "said once, then it waits for a person");
  }

  @ParameterizedTest
  @EnumSource(Engine.class)
  void an_attempt_that_did_not_leave_says_nothing_of_an_earlier_one(Engine engine) {
    TestHouse house = house(engine, KEYED);
    house.approved("d1");
    house.channel().answer(house.channel()::swallow);
    house.dispatcher().dispatch();
    house.clock().advance(Duration.ofMinutes(5));
    house.channel().answer(permit -> new Delivery.NotSent("NO_CONNECTION"));
    house.dispatcher().dispatch();
    assertEquals(DraftState.UNKNOWN, house.stored("d1").state());
    house.clock().advance(Duration.ofHours(24));
    house.channel().answer(house.channel()::accept);
    house.dispatcher().dispatch();
    assertEquals(1, house.channel().keys().size(), "the first one may be out");
    assertEquals(
        DraftState.SENT,
        done(house.desk().resolve(AGENT, id("d1"), true, ResolveReason.SENT_ITEMS)).state(),
        "and a person can still settle it");
  }

  @ParameterizedTest
  @EnumSource(Engine.class)
  void a_provider_that_can_be_asked_is_asked(Engine engine) {
    TestHouse house = house(engine, new Dedupe.Lookup(Duration.ofMinutes(30)));
    house.approved("out");
    house.channel().answer(house.channel()::swallow);
    house.dispatcher().dispatch();
    house.approved("lost");
    house.channel().answer(permit -> new Delivery.Lost("TIMEOUT"));
    house.dispatcher().dispatch();
    house.clock().advance(Duration.ofMinutes(10));
    house.channel().answer(house.channel()::accept);
    assertEquals(1, house.dispatcher().dispatch().into(DraftState.SENT));
    assertEquals("found-1", house.stored("out").dispatch().evidence());
    assertEquals(DraftState.UNKNOWN, house.stored("lost").state(), "its no cannot be believed yet");
    house.clock().advance(Duration.ofHours(1));
    assertEquals(1, house.dispatcher().dispatch().into(DraftState.SENT));
    assertEquals(2, house.channel().sent().size());
  }

  @ParameterizedTest
  @EnumSource(Engine.class)
  void a_node_that_dies_leaves_an_unknown_and_its_late_answer_settles_it(Engine engine) {
    TestHouse house = house(engine, NONE);
    house.approved("d1");
    AtomicReference<SendPermit> taken = new AtomicReference<>();
    house
        .channel()
        .answer(
            permit -> {
              taken.set(permit);
              throw new OutOfMemoryError("the node dies");
            });
    assertThrows(OutOfMemoryError.class, () -> house.dispatcher().dispatch());
    assertEquals(DraftState.DISPATCHING, house.stored("d1").state());
    house.dispatcher().dispatch();
    assertEquals(DraftState.DISPATCHING, house.stored("d1").state(), "its lease runs");
    house.clock().advance(Duration.ofMinutes(2));
    assertEquals(1, house.dispatcher().dispatch().into(DraftState.UNKNOWN));
    SendPermit late = taken.get();
    assertThrows(VestaException.class, late::open, "a permit ends before its lease");
    assertTrue(house.channel().sent().isEmpty());
  }

  @ParameterizedTest
  @EnumSource(Engine.class)
  void a_slow_answer_after_the_lease_is_evidence(Engine engine) {
    TestHouse house = house(engine, NONE);
    house.approved("d1");
    house
        .channel()
        .answer(
            permit -> {
              Delivery accepted = house.channel().accept(permit);
              house.clock().advance(Duration.ofMinutes(5));
              house.channel().answer(other -> new Delivery.Rejected("NEVER_ASKED"));
              house.dispatcher().dispatch();
              assertEquals(DraftState.UNKNOWN, house.stored("d1").state());
              return accepted;
            });
    house.dispatcher().dispatch();
    assertEquals(DraftState.SENT, house.stored("d1").state());
    assertEquals(1, house.channel().sent().size());
    assertEquals(
        List.of("created", "completed", "approved", "claimed", "lost", "found"), house.story("d1"));
  }

  @ParameterizedTest
  @EnumSource(Engine.class)
  void an_answer_of_an_older_attempt_changes_nothing(Engine engine) {
    TestHouse house = house(engine, KEYED);
    house.approved("d1");
    house
        .channel()
        .answer(
            permit -> {
              house.clock().advance(Duration.ofMinutes(5));
              house.channel().answer(house.channel()::accept);
              house.dispatcher().dispatch();
              house.clock().advance(Duration.ofMinutes(5));
              house.dispatcher().dispatch();
              assertEquals(DraftState.SENT, house.stored("d1").state());
              return new Delivery.Rejected("TOO_LATE");
            });
    house.dispatcher().dispatch();
    assertEquals(DraftState.SENT, house.stored("d1").state());
  }

  @ParameterizedTest
  @EnumSource(Engine.class)
  void a_channel_that_throws_or_says_nonsense_is_unknown(Engine engine) {
    TestHouse house = house(engine, NONE);
    house.approved("d1");
    house
        .channel()
        .answer(
            permit -> {
              throw new IllegalStateException("cleo@client.example");
            });
    assertEquals(1, house.dispatcher().dispatch().into(DraftState.UNKNOWN));
    house.approved("d2");
    house.channel().answer(permit -> new Delivery.Accepted("x".repeat(201)));
    assertEquals(1, house.dispatcher().dispatch().into(DraftState.UNKNOWN));
    house.approved("d3");
    house.channel().answer(permit -> new Delivery.Rejected("because of cleo"));
    assertEquals(1, house.dispatcher().dispatch().into(DraftState.UNKNOWN));
  }

  @ParameterizedTest
  @EnumSource(Engine.class)
  void a_permit_opens_once_and_prints_nothing(Engine engine) {
    TestHouse house = house(engine, KEYED);
    house.approved("d1");
    house
        .channel()
        .answer(
            permit -> {
              assertFalse(permit.toString().contains("cleo"));
              Delivery first = house.channel().accept(permit);
              assertThrows(VestaException.class, permit::open);
              return first;
            });
    assertEquals(1, house.dispatcher().dispatch().into(DraftState.SENT));
  }

  @ParameterizedTest
  @EnumSource(Engine.class)
  void many_dispatchers_send_each_draft_once(Engine engine) throws Exception {
    TestHouse house = house(engine, NONE);
    Set<String> expected = new HashSet<>();
    for (int i = 0; i < 40; i++) {
      expected.add(house.approved("d" + i).written().orElseThrow().envelope().digest());
    }
    ExecutorService nodes = Executors.newFixedThreadPool(4);
    try {
      List<Callable<Integer>> work = new ArrayList<>();
      for (int i = 0; i < 4; i++) {
        work.add(() -> house.dispatcher().dispatch().into(DraftState.SENT));
      }
      int sent = 0;
      for (Future<Integer> node : nodes.invokeAll(work)) {
        sent += node.get();
      }
      assertEquals(40, sent);
    } finally {
      nodes.shutdownNow();
    }
    List<Envelope> out = house.channel().sent();
    assertEquals(40, out.size());
    Set<String> digests = new HashSet<>();
    out.forEach(envelope -> digests.add(envelope.digest()));
    assertEquals(expected, digests);
  }
}
