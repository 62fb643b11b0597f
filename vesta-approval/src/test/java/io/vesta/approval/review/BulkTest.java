package io.vesta.approval.review;

import static io.vesta.approval.testkit.TestHouse.AGENT;
import static io.vesta.approval.testkit.TestHouse.BROKER;
import static io.vesta.approval.testkit.TestHouse.LEAD;
import static io.vesta.approval.testkit.TestHouse.OTHER;
import static io.vesta.approval.testkit.TestHouse.STRANGER;
import static io.vesta.approval.testkit.TestHouse.done;
import static io.vesta.approval.testkit.TestHouse.id;
import static io.vesta.approval.testkit.TestHouse.request;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.vesta.approval.changes.Changes;
import io.vesta.approval.draft.Draft;
import io.vesta.approval.draft.Result;
import io.vesta.approval.metrics.ApprovalMetrics;
import io.vesta.approval.metrics.Figure;
import io.vesta.approval.metrics.Totals;
import io.vesta.approval.outbox.Dedupe;
import io.vesta.approval.outbox.Delivery;
import io.vesta.approval.state.DraftState;
import io.vesta.approval.state.Refusal;
import io.vesta.approval.store.DraftStore;
import io.vesta.approval.testkit.RecordingChannel;
import io.vesta.approval.testkit.TestHouse;
import io.vesta.core.access.Actor;
import io.vesta.core.access.Capacity;
import io.vesta.core.error.VestaException;
import io.vesta.core.id.MemberId;
import io.vesta.testkit.Engine;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** What people see of several drafts and of one draft's way. */
class BulkTest {

  private static final Dedupe NONE = new Dedupe.None();

  @TempDir Path directory;

  private TestHouse house(Engine engine) {
    return TestHouse.over(engine.fresh(directory), new RecordingChannel(NONE));
  }

  private static Refusal refusal(Result result) {
    return ((Result.Refused) result).reason();
  }

  @ParameterizedTest
  @EnumSource(Engine.class)
  void each_of_many_is_decided_by_what_was_seen_of_it(Engine engine) {
    TestHouse house = house(engine);
    Draft good = house.pending("good");
    Draft edited = house.pending("edited");
    Draft unwanted = house.pending("unwanted");
    Draft broken = house.pending("broken");
    Draft last = house.pending("last");
    done(house.desk().edit(LEAD, id("edited"), Seen.of(edited), "Visit", "At eleven?"));
    house.tamper("update vesta_draft_content set author = 'cleo' where draft = 'broken'");
    List<Result> results =
        house
            .desk()
            .decide(
                AGENT,
                List.of(
                    new Choice.Approve(good.id(), Seen.of(good), Set.of()),
                    new Choice.Approve(edited.id(), Seen.of(edited), Set.of()),
                    new Choice.Skip(unwanted.id(), Seen.of(unwanted), SkipReason.NOT_NEEDED),
                    new Choice.Approve(broken.id(), Seen.of(broken), Set.of()),
                    new Choice.Approve(id("none"), Seen.of(good), Set.of()),
                    new Choice.Approve(last.id(), Seen.of(good), Set.of()),
                    new Choice.Approve(id("x"), Seen.of(last), Set.of())));
    assertEquals(DraftState.APPROVED, done(results.get(0)).state());
    assertEquals(Refusal.VERSION_CHANGED, refusal(results.get(1)));
    assertEquals(DraftState.SKIPPED, done(results.get(2)).state());
    assertEquals(Refusal.APPROVAL_BROKEN, refusal(results.get(3)));
    assertEquals(Refusal.NOT_FOUND, refusal(results.get(4)));
    assertEquals(Refusal.OTHER_CONTENT, refusal(results.get(5)), "seen of another draft");
    assertEquals(1, house.dispatcher().dispatch().into(DraftState.SENT));
  }

  @Test
  void too_many_or_the_same_twice_are_refused_before_anything_is_done() {
    TestHouse house = house(Engine.SQLITE);
    Draft draft = house.pending("d1");
    Choice one = new Choice.Approve(draft.id(), Seen.of(draft), Set.of());
    Choice again = new Choice.Skip(draft.id(), Seen.of(draft), SkipReason.OTHER);
    assertThrows(VestaException.class, () -> house.desk().decide(AGENT, List.of(one, again)));
    List<Choice> many =
        IntStream.range(0, 101)
            .mapToObj(i -> (Choice) new Choice.Approve(id("m" + i), Seen.of(draft), Set.of()))
            .toList();
    assertThrows(VestaException.class, () -> house.desk().decide(AGENT, many));
    assertEquals(draft, house.stored("d1"));
  }

  @Test
  void what_a_reviewer_changed_is_shown_word_by_word() {
    TestHouse house = house(Engine.SQLITE);
    Draft draft = house.pending("d1");
    done(
        house
            .desk()
            .edit(
                LEAD,
                id("d1"),
                Seen.of(draft),
                "Your visit",
                "Hello Cleo,\n\nSaturday at eleven?"));
    Revised revised = house.desk().changes(BROKER, id("d1"), 1, 2).orElseThrow();
    assertEquals(AGENT.ref(), revised.writtenBy());
    assertEquals(LEAD.ref(), revised.changedBy());
    assertEquals(0.0, revised.subject().distance());
    assertEquals(
        List.of(
            new Changes.Part(Changes.Kind.KEPT, "Hello Cleo,\n\nSaturday at "),
            new Changes.Part(Changes.Kind.REMOVED, "ten"),
            new Changes.Part(Changes.Kind.ADDED, "eleven"),
            new Changes.Part(Changes.Kind.KEPT, "?")),
        revised.body().parts());
    assertEquals(Optional.empty(), house.desk().changes(STRANGER, id("d1"), 1, 2));
    assertEquals(Optional.empty(), house.desk().history(OTHER, id("d1")));
    assertThrows(VestaException.class, () -> house.desk().changes(BROKER, id("d1"), 1, 3));
  }

  @ParameterizedTest
  @EnumSource(Engine.class)
  void who_waits_how_long_is_told_to_whoever_may_read_it(Engine engine) {
    TestHouse house = house(engine);
    Draft first = house.pending("d1");
    house.clock().advance(Duration.ofHours(1));
    house.pending("d2");
    house.approved("d3");
    assertEquals(
        Map.of(DraftState.PENDING, new DraftStore.Waiting(2, first.terms().createdAt())),
        house.desk().waiting(BROKER));
    assertEquals(Map.of(), house.desk().waiting(OTHER));
    assertEquals(Map.of(), house.desk().waiting(STRANGER));
  }

  @Test
  void who_stands_in_for_an_author_is_not_the_second_person() {
    MemberId lea = LEAD.member().orElseThrow();
    MemberId bob = BROKER.member().orElseThrow();
    Actor second = Actor.member(new MemberId(TestHouse.ACME, "ben"), Capacity.BROKER);
    TestHouse house =
        TestHouse.with(
            Engine.SQLITE.fresh(directory),
            new RecordingChannel(NONE),
            module ->
                module.coverage(
                    (work, member) ->
                        member.equals(bob)
                            ? Set.of(lea)
                            : member.equals(lea) ? Set.of(bob) : Set.of()));
    Draft draft = house.pending(request("d1").approvals(2).build());
    Draft edited = done(house.desk().edit(LEAD, id("d1"), Seen.of(draft), "", "At eleven?"));
    assertEquals(
        Refusal.SAME_PERSON,
        refusal(house.desk().approve(BROKER, id("d1"), Seen.of(edited), Set.of())));
    assertEquals(
        Refusal.ASSIGNEE_NOT_ELIGIBLE,
        refusal(house.desk().claim(BROKER, id("d1"), Seen.of(edited))));
    done(house.desk().approve(second, id("d1"), Seen.of(edited), Set.of()));
  }

  @Test
  void a_host_counts_what_it_wants() {
    Totals totals = new Totals();
    TestHouse house =
        TestHouse.with(
            Engine.SQLITE.fresh(directory),
            new RecordingChannel(NONE),
            module -> module.metrics(totals));
    house.context("template", "visit-2");
    Draft first = house.pending("as-is");
    house.clock().advance(Duration.ofSeconds(90));
    done(house.desk().approve(AGENT, id("as-is"), Seen.of(first), Set.of()));
    Draft second = house.pending("changed");
    Draft edited = done(house.desk().edit(AGENT, id("changed"), Seen.of(second), "", "No."));
    house.clock().advance(Duration.ofSeconds(30));
    done(house.desk().approve(AGENT, id("changed"), Seen.of(edited), Set.of()));
    Draft third = house.pending("skipped");
    done(house.desk().skip(AGENT, id("skipped"), Seen.of(third), SkipReason.OTHER));
    assertEquals(2, house.dispatcher().dispatch().into(DraftState.SENT));
    house.approved("unknown");
    house.channel().answer(permit -> new Delivery.Lost("TIMEOUT"));
    house.dispatcher().dispatch();
    ApprovalMetrics.Labels labels =
        new ApprovalMetrics.Labels(TestHouse.ANN, TestHouse.PAPER, "visit-2");
    assertEquals(new Totals.Total(4, 120.0), totals.of(Figure.DECISION_SECONDS, labels));
    assertEquals(new Totals.Total(1, 1.0), totals.of(Figure.SENT_AS_IS));
    assertEquals(new Totals.Total(1, 1.0), totals.of(Figure.SENT_CHANGED, labels));
    assertEquals(new Totals.Total(1, 1.0), totals.of(Figure.SKIPPED, labels));
    assertEquals(new Totals.Total(1, 1.0), totals.of(Figure.UNKNOWN, labels));
    Totals.Total distance = totals.of(Figure.EDIT_DISTANCE, labels);
    assertEquals(1, distance.count());
    assertTrue(distance.mean() > 0.5 && distance.mean() <= 1, distance::toString);
    assertEquals(0, totals.of(Figure.EXPIRED).mean());
  }

  @Test
  void meters_that_throw_harm_nothing() {
    TestHouse house =
        TestHouse.with(
            Engine.SQLITE.fresh(directory),
            new RecordingChannel(NONE),
            module ->
                module.metrics(
                    (figure, labels, value) -> {
                      throw new IllegalStateException("full");
                    }));
    house.approved("d1");
    assertEquals(1, house.dispatcher().dispatch().into(DraftState.SENT));
  }
}
