package io.vesta.approval.review;

import static io.vesta.approval.testkit.TestHouse.AGENT;
import static io.vesta.approval.testkit.TestHouse.ANN;
import static io.vesta.approval.testkit.TestHouse.BROKER;
import static io.vesta.approval.testkit.TestHouse.LEAD;
import static io.vesta.approval.testkit.TestHouse.OTHER;
import static io.vesta.approval.testkit.TestHouse.STRANGER;
import static io.vesta.approval.testkit.TestHouse.done;
import static io.vesta.approval.testkit.TestHouse.id;
import static io.vesta.approval.testkit.TestHouse.request;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.vesta.approval.draft.Draft;
import io.vesta.approval.draft.Result;
import io.vesta.approval.outbox.Dedupe;
import io.vesta.approval.state.DraftState;
import io.vesta.approval.state.Refusal;
import io.vesta.approval.store.DraftQuery;
import io.vesta.approval.testkit.RecordingChannel;
import io.vesta.approval.testkit.TestHouse;
import io.vesta.core.access.Actor;
import io.vesta.core.access.Capacity;
import io.vesta.core.error.VestaException;
import io.vesta.core.id.MemberId;
import io.vesta.testkit.Engine;
import java.nio.file.Path;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

class AssignmentTest {

  private static final MemberId LEA = LEAD.member().orElseThrow();

  @TempDir Path directory;

  private TestHouse house(Engine engine) {
    return TestHouse.over(engine.fresh(directory), new RecordingChannel(new Dedupe.None()));
  }

  private static Refusal refusal(Result result) {
    return ((Result.Refused) result).reason();
  }

  @ParameterizedTest
  @EnumSource(Engine.class)
  void a_draft_is_claimed_given_on_and_released(Engine engine) {
    TestHouse house = house(engine);
    Draft draft = house.pending("d1");
    Draft claimed = done(house.desk().claim(AGENT, id("d1"), Seen.of(draft)));
    assertEquals(ANN, claimed.assignee());
    assertEquals(claimed, house.stored("d1"));
    Draft given =
        done(house.desk().assign(AGENT, id("d1"), Seen.of(claimed), LEA, Capacity.TEAM_LEAD));
    assertEquals(LEA, given.assignee());
    assertEquals(DraftState.PENDING, given.state());
    Draft released = done(house.desk().release(BROKER, id("d1"), Seen.of(given)));
    assertNull(released.assignee());
    assertEquals(
        List.of("created", "completed", "assigned", "assigned", "assigned"), house.story("d1"));
    done(house.desk().approve(AGENT, id("d1"), Seen.of(released), Set.of()));
  }

  @ParameterizedTest
  @EnumSource(Engine.class)
  void nobody_is_given_what_they_may_not_decide_on(Engine engine) {
    TestHouse house = house(engine);
    Draft draft = house.pending("d1");
    Seen seen = Seen.of(draft);
    for (Actor other : List.of(OTHER, STRANGER)) {
      assertEquals(
          Refusal.ASSIGNEE_NOT_ELIGIBLE,
          refusal(
              house
                  .desk()
                  .assign(
                      BROKER,
                      id("d1"),
                      seen,
                      other.member().orElseThrow(),
                      other.capacity().orElseThrow())));
      assertEquals(
          new Result.Refused(Refusal.NOT_FOUND, null), house.desk().claim(other, id("d1"), seen));
    }
    Draft two = house.pending(request("d2").approvals(2).build());
    assertEquals(
        Refusal.ASSIGNEE_NOT_ELIGIBLE,
        refusal(house.desk().claim(AGENT, id("d2"), Seen.of(two))),
        "who wrote it cannot be its second person");
  }

  @ParameterizedTest
  @EnumSource(Engine.class)
  void of_two_who_claim_the_same_one_wins(Engine engine) {
    TestHouse house = house(engine);
    Seen seen = Seen.of(house.pending("d1"));
    Draft claimed = done(house.desk().claim(AGENT, id("d1"), seen));
    Result late = house.desk().claim(BROKER, id("d1"), seen);
    assertEquals(Refusal.VERSION_CHANGED, refusal(late));
    assertEquals(claimed, late.draft().orElseThrow());
  }

  @ParameterizedTest
  @EnumSource(Engine.class)
  void what_is_escalated_comes_first(Engine engine) {
    TestHouse house = house(engine);
    house.pending("d1");
    Draft draft = house.pending("d2");
    Draft claimed = done(house.desk().claim(AGENT, id("d2"), Seen.of(draft)));
    assertThrows(
        VestaException.class, () -> house.desk().escalate(AGENT, id("d2"), Seen.of(claimed), 50));
    Draft urgent = done(house.desk().escalate(AGENT, id("d2"), Seen.of(claimed), 90));
    assertEquals(90, urgent.terms().priority());
    assertNull(urgent.assignee());
    assertEquals("d2", house.desk().queue(BROKER, DraftQuery.open(1)).get(0).id().key());
  }

  @ParameterizedTest
  @EnumSource(Engine.class)
  void what_is_escalated_stays_routed_to_somebody_else(Engine engine) {
    TestHouse house = house(engine);
    Draft draft = house.pending(request("d1").routedToReview().build());
    Draft urgent = done(house.desk().escalate(AGENT, id("d1"), Seen.of(draft), 90));
    assertTrue(urgent.terms().routed(), "its owner would decide on it else");
    assertEquals(urgent, house.stored("d1"));
  }

  @ParameterizedTest
  @EnumSource(Engine.class)
  void what_is_approved_or_over_is_not_assigned(Engine engine) {
    TestHouse house = house(engine);
    Draft approved = house.approved("d1");
    assertEquals(
        Refusal.WRONG_STATE, refusal(house.desk().claim(BROKER, id("d1"), Seen.of(approved))));
  }
}
