package io.vesta.approval.review;

import static io.vesta.approval.testkit.TestHouse.ACME;
import static io.vesta.approval.testkit.TestHouse.AGENT;
import static io.vesta.approval.testkit.TestHouse.BROKER;
import static io.vesta.approval.testkit.TestHouse.LEAD;
import static io.vesta.approval.testkit.TestHouse.id;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.vesta.approval.draft.Draft;
import io.vesta.approval.draft.Result;
import io.vesta.approval.outbox.Dedupe;
import io.vesta.approval.state.DraftState;
import io.vesta.approval.state.Refusal;
import io.vesta.approval.testkit.RecordingChannel;
import io.vesta.approval.testkit.TestHouse;
import io.vesta.core.access.Actor;
import io.vesta.testkit.Engine;
import java.nio.file.Path;
import java.util.List;
import java.util.Set;
import java.util.concurrent.Callable;
import java.util.concurrent.CyclicBarrier;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.MethodSource;

/** Two at once, on threads of their own: exactly one wins, and the other is told why. */
class RaceTest {

  private static final int ROUNDS = 5;
  private static final Actor HOST = Actor.system(ACME, "inbox");

  @TempDir Path directory;

  private final ExecutorService two = Executors.newFixedThreadPool(2);

  @AfterEach
  void end() {
    two.shutdownNow();
  }

  private TestHouse house(Engine engine) {
    return TestHouse.over(engine.fresh(directory), new RecordingChannel(new Dedupe.None()));
  }

  /** What came of both. */
  private record Ends<A, B>(A one, B other) {}

  private <A, B> Ends<A, B> atOnce(Callable<A> one, Callable<B> other)
      throws InterruptedException, ExecutionException {
    CyclicBarrier start = new CyclicBarrier(2);
    Future<A> first =
        two.submit(
            () -> {
              start.await();
              return one.call();
            });
    Future<B> second =
        two.submit(
            () -> {
              start.await();
              return other.call();
            });
    return new Ends<>(first.get(), second.get());
  }

  /** A person's decision on a draft that they saw. */
  private interface Decision {
    Result on(ReviewDesk desk, String key, Seen seen);
  }

  private static Arguments pair(String name, Engine engine, Decision one, Decision other) {
    return Arguments.of(name, engine, one, other);
  }

  static Stream<Arguments> decisions() {
    Decision approve = (desk, key, seen) -> desk.approve(AGENT, id(key), seen, Set.of());
    Decision also = (desk, key, seen) -> desk.approve(BROKER, id(key), seen, Set.of());
    Decision edit = (desk, key, seen) -> desk.edit(BROKER, id(key), seen, "", "Another text");
    Decision skip = (desk, key, seen) -> desk.skip(LEAD, id(key), seen, SkipReason.OTHER);
    Decision claim = (desk, key, seen) -> desk.claim(BROKER, id(key), seen);
    return Stream.of(Engine.values())
        .flatMap(
            engine ->
                Stream.of(
                    pair("approve, approve", engine, approve, also),
                    pair("approve, edit", engine, approve, edit),
                    pair("approve, skip", engine, approve, skip),
                    pair("edit, skip", engine, edit, skip),
                    pair("edit, claim", engine, edit, claim),
                    pair("skip, claim", engine, skip, claim)));
  }

  @ParameterizedTest(name = "{0} on {1}")
  @MethodSource("decisions")
  void of_two_reviewers_one_wins_and_the_other_is_told(
      String name, Engine engine, Decision one, Decision other) throws Exception {
    TestHouse house = house(engine);
    for (int round = 0; round < ROUNDS; round++) {
      String key = "d" + round;
      Draft draft = house.pending(key);
      Seen seen = Seen.of(draft);
      Ends<Result, Result> ends =
          atOnce(() -> one.on(house.desk(), key, seen), () -> other.on(house.desk(), key, seen));
      assertNotEquals(ends.one().done(), ends.other().done(), () -> name + ": " + ends);
      Result won = ends.one().done() ? ends.one() : ends.other();
      Result lost = ends.one().done() ? ends.other() : ends.one();
      assertOvertaken(lost);
      assertEquals(won.draft(), lost.draft(), "the loser sees what came instead");
      assertEquals(4, house.story(key).size(), "one entry each");
    }
  }

  private static void assertOvertaken(Result lost) {
    Refusal reason = ((Result.Refused) lost).reason();
    assertTrue(
        Set.of(Refusal.VERSION_CHANGED, Refusal.WRONG_STATE).contains(reason), lost::toString);
  }

  @ParameterizedTest
  @EnumSource(Engine.class)
  void a_message_that_comes_in_while_somebody_approves_always_wins(Engine engine) throws Exception {
    TestHouse house = house(engine);
    for (int round = 0; round < ROUNDS; round++) {
      String key = "d" + round;
      String message = "m" + (round + 2);
      Draft draft = house.pending(key);
      Ends<Result, Result> ends =
          atOnce(
              () -> house.desk().approve(AGENT, id(key), Seen.of(draft), Set.of()),
              () -> {
                house.context("thread", message);
                return house.desk().contextChanged(HOST, id(key));
              });
      assertTrue(ends.other().done(), ends::toString);
      if (!ends.one().done()) {
        Refusal reason = ((Result.Refused) ends.one()).reason();
        assertTrue(
            Set.of(Refusal.CONTEXT_CHANGED, Refusal.VERSION_CHANGED, Refusal.WRONG_STATE)
                .contains(reason),
            ends::toString);
      }
      assertEquals(DraftState.STALE, house.stored(key).state());
    }
    house.dispatcher().dispatch();
    assertEquals(List.of(), house.channel().sent(), "no approval outlives the news");
  }

  @ParameterizedTest
  @EnumSource(Engine.class)
  void a_draft_is_skipped_or_sent_and_never_both(Engine engine) throws Exception {
    TestHouse house = house(engine);
    for (int round = 0; round < ROUNDS; round++) {
      String key = "d" + round;
      Draft draft = house.approved(key);
      int before = house.channel().sent().size();
      Ends<Result, Result> ends =
          atOnce(
              () -> house.dispatcher().send(AGENT, id(key)),
              () -> house.desk().skip(BROKER, id(key), Seen.of(draft), SkipReason.OTHER));
      assertNotEquals(ends.one().done(), ends.other().done(), ends::toString);
      assertOvertaken(ends.one().done() ? ends.other() : ends.one());
      boolean sent = ends.one().done();
      assertEquals(sent ? DraftState.SENT : DraftState.SKIPPED, house.stored(key).state());
      assertEquals(sent ? 1 : 0, house.channel().sent().size() - before);
    }
  }

  @ParameterizedTest
  @EnumSource(Engine.class)
  void a_text_is_edited_or_sent_and_never_both(Engine engine) throws Exception {
    TestHouse house = house(engine);
    for (int round = 0; round < ROUNDS; round++) {
      String key = "d" + round;
      Draft draft = house.approved(key);
      int before = house.channel().sent().size();
      Ends<Integer, Result> ends =
          atOnce(
              () -> house.dispatcher().dispatch().into(DraftState.SENT),
              () -> house.desk().edit(BROKER, id(key), Seen.of(draft), "", "Another text"));
      boolean edited = ends.other().done();
      if (!edited) {
        assertOvertaken(ends.other());
      }
      assertEquals(edited ? 0 : 1, ends.one(), ends::toString);
      assertEquals(edited ? DraftState.PENDING : DraftState.SENT, house.stored(key).state());
      assertEquals(edited ? 0 : 1, house.channel().sent().size() - before);
    }
  }

  @ParameterizedTest
  @EnumSource(Engine.class)
  void of_two_nodes_one_sends(Engine engine) throws Exception {
    TestHouse house = house(engine);
    for (int round = 0; round < ROUNDS; round++) {
      String key = "d" + round;
      house.approved(key);
      int before = house.channel().sent().size();
      Ends<Result, Integer> ends =
          atOnce(
              () -> house.dispatcher().send(AGENT, id(key)),
              () -> house.dispatcher().dispatch().into(DraftState.SENT));
      assertEquals(ends.one().done() ? 0 : 1, ends.other(), ends::toString);
      if (!ends.one().done()) {
        assertOvertaken(ends.one());
      }
      assertEquals(DraftState.SENT, house.stored(key).state());
      assertEquals(1, house.channel().sent().size() - before);
    }
  }
}
