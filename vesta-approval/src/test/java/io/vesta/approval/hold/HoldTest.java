package io.vesta.approval.hold;

import static io.vesta.approval.testkit.TestHouse.ACME;
import static io.vesta.approval.testkit.TestHouse.AGENT;
import static io.vesta.approval.testkit.TestHouse.BOT;
import static io.vesta.approval.testkit.TestHouse.BROKER;
import static io.vesta.approval.testkit.TestHouse.LEAD;
import static io.vesta.approval.testkit.TestHouse.PAPER;
import static io.vesta.approval.testkit.TestHouse.STRANGER;
import static io.vesta.approval.testkit.TestHouse.id;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.vesta.approval.draft.Draft;
import io.vesta.approval.draft.Result;
import io.vesta.approval.envelope.Channel;
import io.vesta.approval.guice.ApprovalModule;
import io.vesta.approval.outbox.Dedupe;
import io.vesta.approval.outbox.Delivery;
import io.vesta.approval.review.Seen;
import io.vesta.approval.state.DraftState;
import io.vesta.approval.state.Refusal;
import io.vesta.approval.testkit.RecordingChannel;
import io.vesta.approval.testkit.TestHouse;
import io.vesta.core.access.Actor;
import io.vesta.core.error.VestaException;
import io.vesta.testkit.Engine;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.time.LocalTime;
import java.time.ZoneId;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.concurrent.Callable;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.function.Consumer;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** What was approved is held back at the moment of sending, in the clock at 15:06:07 UTC. */
class HoldTest {

  private static final Dedupe NONE = new Dedupe.None();
  private static final Dedupe KEYED = new Dedupe.Keyed(Duration.ofHours(24));

  @TempDir Path directory;

  private TestHouse house(Engine engine, Dedupe dedupe, Consumer<ApprovalModule.Builder> more) {
    return TestHouse.with(engine.fresh(directory), new RecordingChannel(dedupe), more);
  }

  private static Refusal refusal(Result result) {
    return ((Result.Refused) result).reason();
  }

  @ParameterizedTest
  @EnumSource(Engine.class)
  void while_a_kill_switch_is_on_nothing_leaves(Engine engine) {
    TestHouse house = house(engine, NONE, module -> {});
    house.approved("d1");
    int before = house.entries();
    assertTrue(house.killSwitch().stop(BROKER, null));
    assertTrue(house.killSwitch().stop(BROKER, null), "twice is once");
    assertEquals(before + 1, house.entries());
    assertTrue(house.dispatcher().dispatch().moved().isEmpty());
    assertEquals(Refusal.SWITCHED_OFF, refusal(house.dispatcher().send(AGENT, id("d1"))));
    assertTrue(house.story("d1").contains("refused Code[name=SWITCHED_OFF]"));
    List<KillSwitch.Stop> stops = house.killSwitch().stops(BROKER);
    assertEquals(BROKER.ref(), stops.get(0).actor());
    assertNull(stops.get(0).channel());
    assertTrue(house.killSwitch().stops(STRANGER).isEmpty());
    assertTrue(house.killSwitch().start(BROKER, null));
    house.clock().advance(Duration.ofMinutes(5));
    assertEquals(1, house.dispatcher().dispatch().into(DraftState.SENT));
  }

  @ParameterizedTest
  @EnumSource(Engine.class)
  void a_kill_switch_of_a_channel_leaves_the_others_alone(Engine engine) {
    TestHouse house = house(engine, NONE, module -> {});
    house.approved("d1");
    Actor host = Actor.system(ACME, "host");
    assertTrue(house.killSwitch().stop(host, Channel.EMAIL));
    assertEquals(1, house.dispatcher().dispatch().into(DraftState.SENT));
    house.approved("d2");
    assertTrue(house.killSwitch().stop(host, PAPER));
    assertTrue(house.dispatcher().dispatch().moved().isEmpty());
  }

  @ParameterizedTest
  @EnumSource(Engine.class)
  void only_who_decides_on_every_draft_turns_it_and_each_try_is_audited(Engine engine) {
    TestHouse house = house(engine, NONE, module -> {});
    int before = house.entries();
    for (Actor actor : List.of(AGENT, LEAD, BOT)) {
      assertFalse(house.killSwitch().stop(actor, null), actor::toString);
    }
    assertEquals(before + 3, house.entries());
    assertTrue(house.killSwitch().stop(STRANGER, null), "their own brokerage");
    house.approved("d1");
    assertEquals(1, house.dispatcher().dispatch().into(DraftState.SENT));
  }

  @ParameterizedTest
  @EnumSource(Engine.class)
  void after_the_stop_has_returned_no_claim_commits(Engine engine) throws Exception {
    TestHouse house = house(engine, NONE, module -> {});
    for (int i = 0; i < 30; i++) {
      house.approved("d" + i);
    }
    CountDownLatch some = new CountDownLatch(4);
    house
        .channel()
        .answer(
            permit -> {
              some.countDown();
              return house.channel().accept(permit);
            });
    ExecutorService nodes = Executors.newFixedThreadPool(2);
    try {
      Callable<Integer> node = () -> house.dispatcher().dispatch().into(DraftState.SENT);
      List<Future<Integer>> running = List.of(nodes.submit(node), nodes.submit(node));
      some.await();
      house.killSwitch().stop(BROKER, null);
      int claimed = claims(house);
      for (Future<Integer> one : running) {
        one.get();
      }
      assertEquals(claimed, claims(house));
      assertEquals(claimed, house.channel().sent().size());
    } finally {
      nodes.shutdownNow();
    }
  }

  private static int claims(TestHouse house) {
    return house
        .fresh()
        .database()
        .read(
            work ->
                work.handle()
                    .createQuery("select count(*) from test_audit where action like '%claimed'")
                    .mapTo(Integer.class)
                    .one());
  }

  @ParameterizedTest
  @EnumSource(Engine.class)
  void quiet_hours_are_those_of_the_recipient(Engine engine) {
    TestHouse house =
        house(
            engine,
            NONE,
            module ->
                module
                    .quietHours(PAPER, QuietHours.FEDERAL)
                    .zones((work, at, channel, address) -> Set.of(ZoneId.of("America/New_York"))));
    house.approved("day");
    assertEquals(1, house.dispatcher().dispatch().into(DraftState.SENT), "ten in New York");
    house.clock().advance(Duration.ofHours(11));
    house.approved("night");
    assertTrue(house.dispatcher().dispatch().moved().isEmpty(), "nine in the evening");
    assertEquals(Refusal.NOT_NOW, refusal(house.dispatcher().send(AGENT, id("night"))));
    assertEquals(Instant.parse("2026-03-05T13:00:00Z"), house.stored("night").dispatch().nextAt());
    house.clock().advance(Duration.ofHours(11));
    assertEquals(1, house.dispatcher().dispatch().into(DraftState.SENT));
  }

  @ParameterizedTest
  @EnumSource(Engine.class)
  void where_nothing_is_known_it_must_be_day_everywhere(Engine engine) {
    TestHouse house = house(engine, NONE, module -> module.quietHours(PAPER, QuietHours.FEDERAL));
    house.approved("d1");
    assertTrue(house.dispatcher().dispatch().moved().isEmpty(), "five in Honolulu");
    assertEquals(Instant.parse("2026-03-04T18:00:00Z"), house.stored("d1").dispatch().nextAt());
    house.clock().advance(Duration.ofHours(3));
    assertEquals(1, house.dispatcher().dispatch().into(DraftState.SENT));
  }

  @ParameterizedTest
  @EnumSource(Engine.class)
  void a_rate_limit_holds_what_is_too_much_until_there_is_room(Engine engine) {
    for (RateLimit.Scope scope : RateLimit.Scope.values()) {
      TestHouse house =
          house(
              engine,
              NONE,
              module -> module.rateLimit(PAPER, new RateLimit(scope, 2, Duration.ofHours(1))));
      for (int i = 0; i < 3; i++) {
        house.approved("d" + i);
      }
      assertEquals(2, house.dispatcher().dispatch().into(DraftState.SENT), scope::name);
      house.clock().advance(Duration.ofMinutes(59));
      assertEquals(0, house.dispatcher().dispatch().into(DraftState.SENT), scope::name);
      house.clock().advance(Duration.ofMinutes(2));
      assertEquals(1, house.dispatcher().dispatch().into(DraftState.SENT), scope::name);
      String stored =
          house
              .fresh()
              .database()
              .read(
                  work ->
                      work.handle()
                          .createQuery("select min(recipient) from vesta_send")
                          .mapTo(String.class)
                          .one());
      assertEquals(64, stored.length(), "no address");
    }
  }

  @ParameterizedTest
  @EnumSource(Engine.class)
  void a_message_to_several_is_held_while_one_of_them_gets_too_much(Engine engine) {
    TestHouse house =
        house(
            engine,
            NONE,
            module ->
                module.rateLimit(
                    PAPER, new RateLimit(RateLimit.Scope.RECIPIENT, 1, Duration.ofDays(1))));
    house.approved("d1");
    house.approved("d2");
    Draft other = house.pending(TestHouse.request("d3").to("carl").build());
    TestHouse.done(house.desk().approve(AGENT, other.id(), Seen.of(other), Set.of()));
    assertEquals(1, house.dispatcher().dispatch().into(DraftState.SENT), "all are to cleo too");
    assertEquals(1, house.channel().sent().size());
  }

  @ParameterizedTest
  @EnumSource(Engine.class)
  void nodes_that_count_at_once_do_not_pass_the_limit_together(Engine engine) throws Exception {
    TestHouse house =
        house(
            engine,
            NONE,
            module ->
                module.rateLimit(
                    PAPER, new RateLimit(RateLimit.Scope.CHANNEL, 5, Duration.ofHours(1))));
    for (int i = 0; i < 16; i++) {
      house.approved("d" + i);
    }
    ExecutorService nodes = Executors.newFixedThreadPool(4);
    try {
      List<Callable<Integer>> all = new ArrayList<>();
      for (int i = 0; i < 4; i++) {
        all.add(() -> house.dispatcher().dispatch().into(DraftState.SENT));
      }
      int sent = 0;
      for (Future<Integer> one : nodes.invokeAll(all)) {
        sent += one.get();
      }
      assertEquals(5, sent);
      assertEquals(5, house.channel().sent().size());
    } finally {
      nodes.shutdownNow();
    }
  }

  @ParameterizedTest
  @EnumSource(Engine.class)
  void who_must_not_be_written_to_gets_nothing_whenever_that_becomes_known(Engine engine) {
    AtomicBoolean suppressed = new AtomicBoolean();
    TestHouse house =
        house(
            engine,
            NONE,
            module -> module.suppression((work, at, channel, address) -> suppressed.get()));
    house.approved("d1");
    house.channel().answer(permit -> new Delivery.NotSent("NO_CONNECTION"));
    house.dispatcher().dispatch();
    house.approved("d2");
    suppressed.set(true);
    house.channel().answer(house.channel()::accept);
    house.clock().advance(Duration.ofMinutes(1));
    house.dispatcher().dispatch();
    assertEquals(DraftState.FAILED, house.stored("d1").state());
    assertEquals("SUPPRESSED", house.stored("d1").reason());
    assertEquals(DraftState.STALE, house.stored("d2").state());
    assertEquals("SUPPRESSED", house.stored("d2").reason());
    assertTrue(house.channel().sent().isEmpty());
  }

  @ParameterizedTest
  @EnumSource(Engine.class)
  void an_unknown_attempt_is_not_repeated_while_something_holds_it(Engine engine) {
    TestHouse house = house(engine, KEYED, module -> {});
    house.approved("d1");
    house.channel().answer(house.channel()::swallow);
    house.dispatcher().dispatch();
    house.killSwitch().stop(BROKER, null);
    house.channel().answer(house.channel()::accept);
    house.clock().advance(Duration.ofMinutes(5));
    house.dispatcher().dispatch();
    assertEquals(DraftState.UNKNOWN, house.stored("d1").state(), "where a person can settle it");
    house.killSwitch().start(BROKER, null);
    house.clock().advance(Duration.ofMinutes(5));
    assertEquals(1, house.dispatcher().dispatch().into(DraftState.SENT));
    assertEquals(1, house.channel().sent().size());
  }

  @Test
  void the_next_time_is_found_over_the_change_of_the_clocks_and_given_up_after_a_week() {
    Set<ZoneId> chicago = Set.of(ZoneId.of("America/Chicago"));
    // 8 March 2026: two o'clock is three o'clock.
    Instant night = Instant.parse("2026-03-08T07:59:59Z");
    assertEquals(Instant.parse("2026-03-08T13:00:00Z"), QuietHours.FEDERAL.next(night, chicago));
    QuietHours noon = new QuietHours(LocalTime.of(12, 0), LocalTime.of(12, 30));
    Set<ZoneId> apart = Set.of(ZoneId.of("America/New_York"), ZoneId.of("Pacific/Honolulu"));
    assertTrue(noon.next(night, apart).isAfter(night.plus(Duration.ofDays(6))));
  }

  @Test
  void limits_and_hours_that_mean_nothing_are_refused() {
    LocalTime noon = LocalTime.NOON;
    assertThrows(VestaException.class, () -> new QuietHours(noon, noon));
    RateLimit.Scope scope = RateLimit.Scope.CHANNEL;
    assertThrows(VestaException.class, () -> new RateLimit(scope, 0, Duration.ofHours(1)));
    assertThrows(VestaException.class, () -> new RateLimit(scope, 1, Duration.ZERO));
    assertThrows(VestaException.class, () -> new RateLimit(scope, 1, Duration.ofDays(32)));
  }
}
