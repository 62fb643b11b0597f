package io.vesta.approval.drafting;

import static io.vesta.approval.testkit.TestHouse.AGENT;
import static io.vesta.approval.testkit.TestHouse.BOT;
import static io.vesta.approval.testkit.TestHouse.BROKER;
import static io.vesta.approval.testkit.TestHouse.LEAD;
import static io.vesta.approval.testkit.TestHouse.OTHER;
import static io.vesta.approval.testkit.TestHouse.done;
import static io.vesta.approval.testkit.TestHouse.id;
import static io.vesta.approval.testkit.TestHouse.request;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.vesta.approval.draft.Draft;
import io.vesta.approval.draft.Result;
import io.vesta.approval.outbox.Dedupe;
import io.vesta.approval.review.Seen;
import io.vesta.approval.state.DraftState;
import io.vesta.approval.state.Refusal;
import io.vesta.approval.testkit.RecordingChannel;
import io.vesta.approval.testkit.TestHouse;
import io.vesta.core.access.Actor;
import io.vesta.core.error.VestaException;
import io.vesta.core.llm.Completion;
import io.vesta.core.llm.Prompt;
import io.vesta.testkit.Engine;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

class RewriteTest {

  private static final Duration MINUTE = Duration.ofMinutes(1);
  private static final Prompt SHORTER =
      new Prompt(
          "Write for the agent.",
          List.of(new Prompt.Turn(Prompt.Role.USER, Prompt.Trust.TRUSTED, "Shorter, please.")),
          500,
          0.0);

  @TempDir Path directory;

  private TestHouse house(Engine engine, Completion.Finish later) {
    AtomicInteger times = new AtomicInteger();
    return TestHouse.over(
        engine.fresh(directory),
        new RecordingChannel(new Dedupe.None()),
        Optional.of(
            (prompt, call) -> {
              int time = times.incrementAndGet();
              return new Completion(
                  "Text " + time,
                  time == 1 ? Completion.Finish.STOP : later,
                  Completion.Usage.UNKNOWN,
                  "m");
            }),
        Runnable::run);
  }

  private static Refusal refusal(Result result) {
    return ((Result.Refused) result).reason();
  }

  @ParameterizedTest
  @EnumSource(Engine.class)
  void another_text_is_a_new_revision_without_any_approval(Engine engine) {
    TestHouse house = house(engine, Completion.Finish.STOP);
    Draft first = done(house.drafter().write(BOT, request("d1").approvals(2).build(), SHORTER));
    Draft half = done(house.desk().approve(LEAD, id("d1"), Seen.of(first), Set.of()));
    house.context("thread", "m2");
    Draft second = done(house.drafter().rewrite(BROKER, id("d1"), Seen.of(half), SHORTER, MINUTE));
    assertEquals(DraftState.PENDING, second.state());
    assertEquals(second, house.stored("d1"));
    assertEquals("Text 2", second.written().orElseThrow().envelope().body());
    assertEquals(2, second.written().orElseThrow().envelope().revision());
    assertEquals(
        first.written().orElseThrow().envelope().recipients(),
        second.written().orElseThrow().envelope().recipients());
    assertEquals("m2", second.context().versions().get("thread"), "in the context of now");
    assertEquals(
        List.of("created", "completed", "approved", "regenerated", "completed"), house.story("d1"));
    Draft again = done(house.desk().approve(LEAD, id("d1"), Seen.of(second), Set.of()));
    assertEquals(DraftState.PENDING, again.state(), "the first approval is gone");
    assertEquals(
        Refusal.SAME_PERSON,
        refusal(house.desk().approve(BROKER, id("d1"), Seen.of(again), Set.of())),
        "who asked for another text had a hand in it");
  }

  @ParameterizedTest
  @EnumSource(Engine.class)
  void a_text_that_was_cut_ends_the_draft(Engine engine) {
    TestHouse house = house(engine, Completion.Finish.LENGTH);
    Draft first = done(house.drafter().write(BOT, request("d1").build(), SHORTER));
    Draft cut = done(house.drafter().rewrite(AGENT, id("d1"), Seen.of(first), SHORTER, MINUTE));
    assertEquals(DraftState.FAILED, cut.state());
    assertEquals("FINISH_LENGTH", cut.reason());
    house.dispatcher().dispatch();
    assertTrue(house.channel().sent().isEmpty());
  }

  @ParameterizedTest
  @EnumSource(Engine.class)
  void only_a_person_who_saw_it_and_may_change_it_asks(Engine engine) {
    TestHouse house = house(engine, Completion.Finish.STOP);
    Draft first = done(house.drafter().write(BOT, request("d1").build(), SHORTER));
    Seen seen = Seen.of(first);
    for (Actor actor : List.of(BOT, OTHER)) {
      assertEquals(
          new Result.Refused(Refusal.NOT_FOUND, null),
          house.drafter().rewrite(actor, id("d1"), seen, SHORTER, MINUTE));
    }
    Draft edited = done(house.desk().edit(AGENT, id("d1"), seen, "Visit", "Mine"));
    assertEquals(
        Refusal.VERSION_CHANGED,
        refusal(house.drafter().rewrite(AGENT, id("d1"), seen, SHORTER, MINUTE)));
    assertEquals(edited, house.stored("d1"));
    Draft approved = done(house.desk().approve(AGENT, id("d1"), Seen.of(edited), Set.of()));
    assertEquals(
        Refusal.WRONG_STATE,
        refusal(house.drafter().rewrite(AGENT, id("d1"), Seen.of(approved), SHORTER, MINUTE)));
    assertThrows(
        VestaException.class,
        () -> house.drafter().rewrite(AGENT, id("d1"), seen, SHORTER, Duration.ofHours(1)));
  }

  @ParameterizedTest
  @EnumSource(Engine.class)
  void no_draft_is_written_over_and_over(Engine engine) {
    TestHouse house = house(engine, Completion.Finish.STOP);
    Draft draft = done(house.drafter().write(BOT, request("d1").build(), SHORTER));
    for (int i = 1; i < 20; i++) {
      draft = done(house.drafter().rewrite(AGENT, id("d1"), Seen.of(draft), SHORTER, MINUTE));
    }
    assertEquals(
        Refusal.BUDGET_SPENT,
        refusal(house.drafter().rewrite(AGENT, id("d1"), Seen.of(draft), SHORTER, MINUTE)));
  }
}
