package io.vesta.approval.outbox;

import static io.vesta.approval.testkit.TestHouse.AGENT;
import static io.vesta.approval.testkit.TestHouse.BROKER;
import static io.vesta.approval.testkit.TestHouse.LEAD;
import static io.vesta.approval.testkit.TestHouse.OTHER;
import static io.vesta.approval.testkit.TestHouse.done;
import static io.vesta.approval.testkit.TestHouse.id;
import static io.vesta.approval.testkit.TestHouse.request;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.vesta.approval.ApprovalError;
import io.vesta.approval.draft.Draft;
import io.vesta.approval.draft.Result;
import io.vesta.approval.review.ResolveReason;
import io.vesta.approval.review.Seen;
import io.vesta.approval.review.SkipReason;
import io.vesta.approval.state.DraftState;
import io.vesta.approval.state.Refusal;
import io.vesta.approval.store.DraftQuery;
import io.vesta.approval.testkit.RecordingChannel;
import io.vesta.approval.testkit.TestHouse;
import io.vesta.core.error.VestaException;
import io.vesta.core.llm.Completion;
import io.vesta.core.llm.Prompt;
import io.vesta.testkit.Engine;
import java.nio.file.Path;
import java.time.Duration;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** What a hostile reviewer, database, clock, channel or model may try. */
class AttackTest {

  private static final Dedupe KEYED = new Dedupe.Keyed(Duration.ofHours(24));
  private static final Dedupe NONE = new Dedupe.None();
  private static final Dedupe LOOKUP = new Dedupe.Lookup(Duration.ofMinutes(30));

  @TempDir Path directory;

  private TestHouse house(Engine engine, Dedupe dedupe) {
    return TestHouse.over(engine.fresh(directory), new RecordingChannel(dedupe));
  }

  private static Refusal refusal(Result result) {
    return ((Result.Refused) result).reason();
  }

  /** Each gives somebody who has the database but no key a way around four eyes or time. */
  private static final List<String> BEFORE_THE_APPROVAL =
      List.of(
          "update vesta_draft set approvals = 1",
          "update vesta_draft set creator = 'Member:eve'",
          "update vesta_draft set owner = 'eve'",
          "update vesta_draft set team = null",
          "update vesta_draft set contact = 'c9'",
          "update vesta_draft set priority = 99",
          "update vesta_draft set expires_at = expires_at + 86400000",
          "update vesta_draft set created_at = created_at - 1",
          "update vesta_draft set channel = 'EMAIL'",
          "update vesta_draft set version = version + 1",
          "update vesta_draft set assignee = 'eve'",
          "update vesta_draft set seal = ''",
          "update vesta_draft set seal = 'another:' || substr(seal, 20)",
          "update vesta_draft_content set author = 'Member:eve'",
          "update vesta_draft_content set model = 'm'",
          "update vesta_draft_content set written_at = written_at - 1");

  @ParameterizedTest
  @EnumSource(Engine.class)
  void terms_owner_or_author_that_were_changed_behind_vesta_stop_the_approval(Engine engine) {
    TestHouse house = house(engine, KEYED);
    int number = 0;
    for (String forgery : BEFORE_THE_APPROVAL) {
      String key = "d" + number++;
      house.pending(request(key).approvals(2).build());
      assertEquals(1, house.tamper(forgery + " where draft = ?", key), forgery);
      Draft shown = house.stored(key);
      Result result = house.desk().approve(BROKER, id(key), Seen.of(shown), Set.of());
      assertEquals(Refusal.APPROVAL_BROKEN, refusal(result), forgery);
      assertTrue(house.story(key).contains("refused Code[name=APPROVAL_BROKEN]"), forgery);
    }
  }

  @ParameterizedTest
  @EnumSource(Engine.class)
  void a_sent_draft_that_is_put_back_by_hand_is_not_sent_again(Engine engine) {
    TestHouse house = house(engine, NONE);
    house.approved("d1");
    house.dispatcher().dispatch();
    house.tamper(
        "update vesta_draft set state = 'APPROVED', next_at = 1, attempts = 0, first_at = null");
    house.dispatcher().dispatch();
    assertEquals(1, house.channel().sent().size());
    assertTrue(house.story("d1").contains("refused Code[name=APPROVAL_BROKEN]"));
  }

  @ParameterizedTest
  @EnumSource(Engine.class)
  void a_doubt_that_is_wiped_out_by_hand_stays_a_doubt(Engine engine) {
    for (String forgery :
        List.of(
            "state = 'RETRY', maybe_out = 0, next_at = 1",
            "state = 'APPROVED', maybe_out = 0, next_at = 1",
            "lease_until = 1, next_at = 1",
            "first_at = first_at + 86400000, next_at = 1")) {
      TestHouse house = house(engine, KEYED);
      house.approved("d1");
      house.channel().answer(house.channel()::swallow);
      house.dispatcher().dispatch();
      house.clock().advance(Duration.ofDays(1));
      house.tamper("update vesta_draft set " + forgery);
      house.dispatcher().dispatch();
      assertEquals(1, house.channel().keys().size(), forgery);
      assertEquals(
          Refusal.APPROVAL_BROKEN,
          refusal(house.desk().resolve(AGENT, id("d1"), false, ResolveReason.OTHER)),
          forgery);
    }
  }

  @ParameterizedTest
  @EnumSource(Engine.class)
  void a_skipped_draft_whose_approval_is_brought_back_is_not_sent(Engine engine) {
    TestHouse house = house(engine, KEYED);
    Draft approved = house.approved("d1");
    house.desk().skip(AGENT, id("d1"), Seen.of(approved), SkipReason.OTHER);
    house.tamper("update vesta_approval set revoked = 0");
    house.tamper(
        "update vesta_draft set state = 'APPROVED', next_at = 1, dedupe_key = ?",
        approved.dispatch().key());
    house.dispatcher().dispatch();
    assertTrue(house.channel().sent().isEmpty());
  }

  @ParameterizedTest
  @EnumSource(Engine.class)
  void an_approval_row_that_is_no_approval_is_refused_and_audited(Engine engine) {
    TestHouse house = house(engine, KEYED);
    house.approved("d1");
    house.tamper("update vesta_approval set approver = '-'");
    house.approved("d2");
    assertEquals(1, house.dispatcher().dispatch().into(DraftState.SENT));
    assertTrue(house.story("d1").contains("refused Code[name=APPROVAL_BROKEN]"));
  }

  @ParameterizedTest
  @EnumSource(Engine.class)
  void a_draft_row_that_cannot_be_read_is_audited_and_told_without_its_text(Engine engine) {
    TestHouse house = house(engine, KEYED);
    house.approved("d1");
    house.tamper("update vesta_draft_content set author = 'cleo'");
    house.dispatcher().dispatch();
    house.dispatcher().dispatch();
    assertEquals(
        1,
        house.story("d1").stream().filter(line -> line.contains("APPROVAL_BROKEN")).count(),
        "complained about once an hour");
    VestaException refused = assertThrows(VestaException.class, () -> house.stored("d1"));
    assertEquals(ApprovalError.TAMPERED, refused.code());
    for (Throwable cause = refused; cause != null; cause = cause.getCause()) {
      assertFalse(String.valueOf(cause.getMessage()).contains("cleo"), cause::toString);
    }
  }

  @ParameterizedTest
  @EnumSource(Engine.class)
  void rows_that_cannot_be_read_do_not_keep_the_overdue_ones_waiting(Engine engine) {
    TestHouse house = house(engine, KEYED);
    house.pending(request("good").expiresIn(Duration.ofHours(1)).build());
    house.pending("bad");
    house
        .fresh()
        .database()
        .write(
            work -> {
              for (int i = 0; i < 120; i++) {
                work.handle()
                    .execute(
                        "insert into vesta_draft select brokerage, ?, version, state, channel,"
                            + " owner, team, office, contact, thread, approvals, priority, routed,"
                            + " creator, created_at, 1, ?, revision, dedupe_key, attempts, fence,"
                            + " lease_until, next_at, first_at, maybe_out, evidence,"
                            + " assignee, reason, seal, hold_until from vesta_draft where draft = 'bad'",
                        "a" + i,
                        new byte[] {7});
              }
              return 0;
            });
    house.clock().advance(Duration.ofHours(2));
    int expired = house.dispatcher().dispatch().into(DraftState.EXPIRED);
    expired += house.dispatcher().dispatch().into(DraftState.EXPIRED);
    assertEquals(1, expired);
    assertEquals(DraftState.EXPIRED, house.stored("good").state());
    List<Draft> queue = house.desk().queue(BROKER, DraftQuery.open(10));
    assertEquals(List.of("bad"), queue.stream().map(draft -> draft.id().key()).toList());
  }

  @ParameterizedTest
  @EnumSource(Engine.class)
  void an_opt_out_between_two_attempts_stops_the_second(Engine engine) {
    TestHouse house = house(engine, NONE);
    house.approved("d1");
    house.channel().answer(permit -> new Delivery.NotSent("NO_CONNECTION"));
    house.dispatcher().dispatch();
    house.context("consent", "c2");
    house.channel().answer(house.channel()::accept);
    house.clock().advance(Duration.ofMinutes(1));
    assertEquals(1, house.dispatcher().dispatch().into(DraftState.FAILED));
    assertEquals("CONTEXT_CHANGED", house.stored("d1").reason());
    assertTrue(house.channel().sent().isEmpty());
  }

  @ParameterizedTest
  @EnumSource(Engine.class)
  void an_opt_out_after_a_lost_attempt_leaves_it_to_a_person(Engine engine) {
    TestHouse house = house(engine, KEYED);
    house.approved("d1");
    house.channel().answer(house.channel()::swallow);
    house.dispatcher().dispatch();
    house.context("consent", "c2");
    house.clock().advance(Duration.ofMinutes(5));
    house.dispatcher().dispatch();
    assertEquals(DraftState.UNKNOWN, house.stored("d1").state());
    assertEquals(1, house.channel().keys().size());
    done(house.desk().resolve(AGENT, id("d1"), true, ResolveReason.RECIPIENT));
  }

  @ParameterizedTest
  @EnumSource(Engine.class)
  void an_approval_that_ends_between_two_attempts_stops_the_second(Engine engine) {
    TestHouse house = house(engine, NONE);
    Draft draft = house.pending(request("d1").expiresIn(Duration.ofMinutes(1)).build());
    done(house.desk().approve(AGENT, id("d1"), Seen.of(draft), Set.of()));
    house.channel().answer(permit -> new Delivery.NotSent("NO_CONNECTION"));
    house.dispatcher().dispatch();
    house.clock().advance(Duration.ofMinutes(2));
    assertEquals(1, house.dispatcher().dispatch().into(DraftState.FAILED));
    assertEquals("EXPIRED", house.stored("d1").reason());
  }

  @ParameterizedTest
  @EnumSource(Engine.class)
  void an_approver_who_may_no_longer_decide_takes_their_approval_along(Engine engine) {
    TestHouse house = house(engine, KEYED);
    Draft draft = house.pending("d1");
    done(house.desk().approve(LEAD, id("d1"), Seen.of(draft), Set.of()));
    house.offboard(LEAD);
    assertEquals(1, house.dispatcher().dispatch().into(DraftState.STALE));
    assertEquals("APPROVER_LOST_AUTHORITY", house.stored("d1").reason());
    assertTrue(house.channel().sent().isEmpty());
  }

  @ParameterizedTest
  @EnumSource(Engine.class)
  void a_refusal_of_a_second_attempt_does_not_settle_the_first(Engine engine) {
    TestHouse house = house(engine, KEYED);
    house.approved("d1");
    house.channel().answer(house.channel()::swallow);
    house.dispatcher().dispatch();
    house.clock().advance(Duration.ofMinutes(5));
    house.channel().answer(permit -> new Delivery.Rejected("KEY_IN_USE"));
    house.dispatcher().dispatch();
    assertEquals(DraftState.UNKNOWN, house.stored("d1").state(), "the first one is out");
  }

  @ParameterizedTest
  @EnumSource(Engine.class)
  void a_lookup_that_breaks_its_contract_is_asked_again_and_harms_no_other(Engine engine) {
    TestHouse house = house(engine, LOOKUP);
    house.channel().answer(permit -> new Delivery.Lost("TIMEOUT"));
    for (String key : List.of("a", "b", "c")) {
      house.approved(key);
    }
    house.dispatcher().dispatch();
    AtomicInteger asked = new AtomicInteger();
    house
        .channel()
        .lookups(
            key ->
                switch (asked.getAndIncrement() % 3) {
                  case 0 -> null;
                  case 1 -> Optional.of("x".repeat(300));
                  default -> Optional.of("found");
                });
    house.clock().advance(Duration.ofMinutes(5));
    assertEquals(1, house.dispatcher().dispatch().into(DraftState.SENT));
    assertEquals(3, asked.get());
    house.channel().lookups(key -> Optional.of("found"));
    house.clock().advance(Duration.ofMinutes(5));
    assertEquals(2, house.dispatcher().dispatch().into(DraftState.SENT));
  }

  @ParameterizedTest
  @EnumSource(Engine.class)
  void a_channel_without_an_answer_is_unknown(Engine engine) {
    TestHouse house = house(engine, NONE);
    house.approved("d1");
    house.channel().answer(permit -> null);
    assertEquals(1, house.dispatcher().dispatch().into(DraftState.UNKNOWN));
  }

  @ParameterizedTest
  @EnumSource(Engine.class)
  void a_clock_that_goes_back_lends_a_permit_no_time(Engine engine) {
    TestHouse house = house(engine, NONE);
    house.approved("d1");
    house
        .channel()
        .answer(
            permit -> {
              house.clock().advance(Duration.ofHours(-1));
              return house.channel().accept(permit);
            });
    assertEquals(1, house.dispatcher().dispatch().into(DraftState.UNKNOWN));
    assertTrue(house.channel().sent().isEmpty());
  }

  @ParameterizedTest
  @EnumSource(Engine.class)
  void a_host_without_a_clock_lives_in_real_time(Engine engine) {
    TestHouse house =
        TestHouse.inRealTime(engine.fresh(directory), new RecordingChannel(KEYED), module -> {});
    Draft draft = house.pending("d1");
    assertEquals(draft, house.stored("d1"));
    Draft approved = done(house.desk().approve(AGENT, id("d1"), Seen.of(draft), Set.of()));
    assertEquals(approved, house.stored("d1"));
    assertEquals(1, house.dispatcher().dispatch().into(DraftState.SENT));
    assertEquals(1, house.channel().sent().size());
  }

  @ParameterizedTest
  @EnumSource(Engine.class)
  void who_may_not_read_a_draft_learns_nothing_by_telling_of_a_change(Engine engine) {
    TestHouse house = house(engine, KEYED);
    house.pending("d1");
    assertEquals(
        new Result.Refused(Refusal.NOT_FOUND, null), house.desk().contextChanged(OTHER, id("d1")));
    DraftQuery after = new DraftQuery(DraftQuery.OPEN, id("d1"), 10);
    assertThrows(VestaException.class, () -> house.desk().queue(OTHER, after));
  }

  @ParameterizedTest
  @EnumSource(Engine.class)
  void who_wrote_an_earlier_revision_is_no_second_person(Engine engine) {
    TestHouse house = house(engine, KEYED);
    Draft draft = house.pending(request("d1").approvals(2).build());
    Draft one = done(house.desk().edit(LEAD, id("d1"), Seen.of(draft), "Visit", "All of it."));
    Draft two = done(house.desk().edit(BROKER, id("d1"), Seen.of(one), "Visit", "All of it!"));
    assertEquals(
        Refusal.SAME_PERSON, refusal(house.desk().approve(LEAD, id("d1"), Seen.of(two), Set.of())));
  }

  @ParameterizedTest
  @EnumSource(Engine.class)
  void what_a_model_calls_itself_is_cut_to_what_a_row_holds(Engine engine) {
    TestHouse house =
        TestHouse.over(
            engine.fresh(directory),
            new RecordingChannel(NONE),
            Optional.of(
                (prompt, call) ->
                    new Completion(
                        "Hello",
                        Completion.Finish.STOP,
                        Completion.Usage.UNKNOWN,
                        "m \u0000\ud800" + "x".repeat(300))),
            Runnable::run);
    Prompt prompt =
        new Prompt(
            "Write.",
            List.of(new Prompt.Turn(Prompt.Role.USER, Prompt.Trust.TRUSTED, "Plano")),
            500,
            0.0);
    Draft draft =
        done(
            house
                .drafter()
                .write(
                    TestHouse.BOT,
                    request("d1")
                        .writesFor(Duration.ofNanos(60_000_000_001L))
                        .expiresIn(Duration.ofNanos(90_000_000_001L))
                        .build(),
                    prompt));
    assertEquals(DraftState.PENDING, draft.state());
    assertEquals(200, draft.written().orElseThrow().model().length());
    assertEquals(draft, house.stored("d1"), "to the millisecond");
  }

  @Test
  void a_channel_that_declares_nothing_usable_is_refused_at_the_start() {
    assertThrows(RuntimeException.class, () -> house(Engine.SQLITE, null));
  }

  @ParameterizedTest
  @EnumSource(Engine.class)
  void several_threads_of_the_host_send_at_once_and_no_more_than_allowed(Engine engine) {
    ExecutorService threads = Executors.newFixedThreadPool(8);
    try {
      TestHouse house =
          TestHouse.over(
              engine.fresh(directory), new RecordingChannel(NONE), Optional.empty(), threads);
      for (int i = 0; i < 20; i++) {
        house.approved("d" + i);
      }
      AtomicInteger now = new AtomicInteger();
      Set<String> names = new HashSet<>();
      AtomicInteger most = new AtomicInteger();
      house
          .channel()
          .answer(
              permit -> {
                most.accumulateAndGet(now.incrementAndGet(), Math::max);
                synchronized (names) {
                  names.add(Thread.currentThread().getName());
                }
                Delivery delivery = house.channel().accept(permit);
                now.decrementAndGet();
                return delivery;
              });
      assertEquals(20, house.dispatcher().dispatch().into(DraftState.SENT));
      assertTrue(most.get() <= 4, "four is the default");
      assertTrue(names.size() <= 4, names::toString);
      assertEquals(20, house.channel().sent().size());
    } finally {
      threads.shutdownNow();
    }
  }

  @Test
  void a_host_without_a_thread_to_spare_sends_on_the_calling_one() {
    TestHouse house =
        TestHouse.over(
            Engine.SQLITE.fresh(directory),
            new RecordingChannel(NONE),
            Optional.empty(),
            task -> {
              throw new RejectedExecutionException("full");
            });
    house.approved("d1");
    assertEquals(1, house.dispatcher().dispatch().into(DraftState.SENT));
  }

  @Test
  void a_dispatch_on_the_only_thread_of_its_executor_does_not_wait_for_itself() throws Exception {
    ExecutorService one = Executors.newSingleThreadExecutor();
    try {
      TestHouse house =
          TestHouse.over(
              Engine.SQLITE.fresh(directory), new RecordingChannel(NONE), Optional.empty(), one);
      house.approved("d1");
      assertEquals(1, one.submit(() -> house.dispatcher().dispatch().into(DraftState.SENT)).get());
    } finally {
      one.shutdownNow();
    }
  }
}
