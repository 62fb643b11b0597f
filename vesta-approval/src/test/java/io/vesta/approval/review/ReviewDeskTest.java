package io.vesta.approval.review;

import static io.vesta.approval.testkit.TestHouse.AGENT;
import static io.vesta.approval.testkit.TestHouse.BOT;
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

import io.vesta.approval.draft.Content;
import io.vesta.approval.draft.Draft;
import io.vesta.approval.draft.Result;
import io.vesta.approval.lint.Verdict;
import io.vesta.approval.outbox.Dedupe;
import io.vesta.approval.state.DraftState;
import io.vesta.approval.state.Refusal;
import io.vesta.approval.store.DraftQuery;
import io.vesta.approval.testkit.RecordingChannel;
import io.vesta.approval.testkit.TestHouse;
import io.vesta.core.access.Actor;
import io.vesta.core.error.VestaException;
import io.vesta.core.storage.UnitOfWork;
import io.vesta.testkit.Engine;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.SQLException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

class ReviewDeskTest {

  @TempDir Path directory;

  private TestHouse house(Engine engine) {
    return TestHouse.over(
        engine.fresh(directory), new RecordingChannel(new Dedupe.Keyed(Duration.ofHours(24))));
  }

  private static Refusal refusal(Result result) {
    return ((Result.Refused) result).reason();
  }

  @ParameterizedTest
  @EnumSource(Engine.class)
  void a_person_approves_what_they_saw(Engine engine) {
    TestHouse house = house(engine);
    Draft draft = house.pending("d1");
    assertEquals(DraftState.PENDING, draft.state());
    Draft approved = done(house.desk().approve(AGENT, draft.id(), Seen.of(draft), Set.of()));
    assertEquals(DraftState.APPROVED, approved.state());
    assertEquals(approved, house.stored("d1"), "what is returned is what is stored");
    assertEquals(List.of("created", "completed", "approved"), house.story("d1"));
  }

  @ParameterizedTest
  @EnumSource(Engine.class)
  void what_was_not_seen_is_not_approved(Engine engine) {
    TestHouse house = house(engine);
    Draft draft = house.pending("d1");
    Seen before = Seen.of(draft);
    Draft edited = done(house.desk().edit(AGENT, draft.id(), before, "Visit", "Sunday at ten?"));
    Result late = house.desk().approve(AGENT, draft.id(), before, Set.of());
    assertEquals(Refusal.VERSION_CHANGED, refusal(late));
    assertEquals(edited, late.draft().orElseThrow(), "and is told what came instead");
    Seen forged = new Seen(edited.version(), before.digest());
    assertEquals(
        Refusal.OTHER_CONTENT, refusal(house.desk().approve(AGENT, draft.id(), forged, Set.of())));
    assertEquals(
        List.of(
            "created",
            "completed",
            "edited",
            "refused Code[name=VERSION_CHANGED]",
            "refused Code[name=OTHER_CONTENT]"),
        house.story("d1"));
  }

  @ParameterizedTest
  @EnumSource(Engine.class)
  void an_edit_after_the_approval_takes_it_away(Engine engine) {
    TestHouse house = house(engine);
    Draft approved = house.approved("d1");
    Draft edited =
        done(house.desk().edit(AGENT, id("d1"), Seen.of(approved), "Visit", "Sunday at ten?"));
    assertEquals(DraftState.PENDING, edited.state());
    house.dispatcher().dispatch();
    assertTrue(house.channel().sent().isEmpty());
    done(house.desk().approve(AGENT, id("d1"), Seen.of(edited), Set.of()));
    house.dispatcher().dispatch();
    assertEquals(
        "Sunday at ten?", house.channel().sent().get(0).body(), "the edited text is what leaves");
    assertEquals(
        List.of(1, 2),
        house.desk().revisions(AGENT, id("d1")).stream()
            .map(content -> content.envelope().revision())
            .toList());
  }

  @ParameterizedTest
  @EnumSource(Engine.class)
  void skipping_is_for_good(Engine engine) {
    TestHouse house = house(engine);
    Draft draft = house.pending("d1");
    Draft skipped = done(house.desk().skip(AGENT, id("d1"), Seen.of(draft), SkipReason.WRONG_TONE));
    assertEquals("WRONG_TONE", skipped.reason());
    for (Result result :
        List.of(
            house.desk().approve(AGENT, id("d1"), Seen.of(skipped), Set.of()),
            house.desk().edit(AGENT, id("d1"), Seen.of(skipped), "", "again"),
            house.desk().skip(AGENT, id("d1"), Seen.of(skipped), SkipReason.OTHER),
            house.dispatcher().send(AGENT, id("d1")))) {
      assertEquals(Refusal.WRONG_STATE, refusal(result));
    }
  }

  @ParameterizedTest
  @EnumSource(Engine.class)
  void whoever_may_not_read_a_draft_learns_nothing_of_it(Engine engine) {
    TestHouse house = house(engine);
    Draft draft = house.pending("d1");
    Seen seen = Seen.of(draft);
    for (Actor actor : List.of(OTHER, STRANGER)) {
      assertTrue(house.desk().find(actor, id("d1")).isEmpty());
      assertTrue(house.desk().queue(actor, DraftQuery.open(10)).isEmpty());
      assertTrue(house.desk().revisions(actor, id("d1")).isEmpty());
      for (Result result :
          List.of(
              house.desk().approve(actor, id("d1"), seen, Set.of()),
              house.desk().edit(actor, id("d1"), seen, "", "x"),
              house.desk().skip(actor, id("d1"), seen, SkipReason.OTHER),
              house.dispatcher().send(actor, id("d1")),
              house.desk().approve(actor, id("none"), seen, Set.of()))) {
        assertEquals(new Result.Refused(Refusal.NOT_FOUND, null), result);
      }
    }
    assertEquals(DraftState.PENDING, house.stored("d1").state());
  }

  @ParameterizedTest
  @EnumSource(Engine.class)
  void a_bot_decides_on_nothing(Engine engine) {
    TestHouse house = house(engine);
    Draft draft = house.pending("d1");
    assertEquals(
        Refusal.NOT_AUTHORIZED,
        refusal(house.desk().approve(BOT, id("d1"), Seen.of(draft), Set.of())));
    assertEquals(
        Refusal.NOT_AUTHORIZED, refusal(house.desk().edit(BOT, id("d1"), Seen.of(draft), "", "x")));
    house.approved("d2");
    assertEquals(Refusal.NOT_AUTHORIZED, refusal(house.dispatcher().send(BOT, id("d2"))));
  }

  @ParameterizedTest
  @EnumSource(Engine.class)
  void where_two_must_approve_the_writer_is_neither(Engine engine) {
    TestHouse house = house(engine);
    Draft draft = house.pending(request("d1").approvals(2).build());
    assertEquals(
        Refusal.SAME_PERSON,
        refusal(house.desk().approve(AGENT, id("d1"), Seen.of(draft), Set.of())));
    Draft one = done(house.desk().approve(LEAD, id("d1"), Seen.of(draft), Set.of()));
    assertEquals(DraftState.PENDING, one.state());
    assertEquals(
        Refusal.VOTED_BEFORE,
        refusal(house.desk().approve(LEAD, id("d1"), Seen.of(one), Set.of())));
    Draft two = done(house.desk().approve(BROKER, id("d1"), Seen.of(one), Set.of()));
    assertEquals(DraftState.APPROVED, two.state());
    Draft edited = done(house.desk().edit(LEAD, id("d1"), Seen.of(two), "Visit", "Monday?"));
    assertEquals(
        Refusal.SAME_PERSON,
        refusal(house.desk().approve(LEAD, id("d1"), Seen.of(edited), Set.of())),
        "who edits is a writer too");
  }

  @ParameterizedTest
  @EnumSource(Engine.class)
  void findings_are_acknowledged_or_block(Engine engine) {
    TestHouse house = house(engine);
    Draft draft = house.pending("d1");
    Draft edited =
        done(
            house
                .desk()
                .edit(AGENT, id("d1"), Seen.of(draft), "Visit", "Perfect for families. Ten?"));
    Content content = edited.written().orElseThrow();
    assertEquals(Verdict.REVIEW, content.lint().verdict());
    assertEquals(
        Refusal.LINT_NOT_ACKNOWLEDGED,
        refusal(house.desk().approve(AGENT, id("d1"), Seen.of(edited), Set.of())));
    Draft blocked =
        done(house.desk().edit(AGENT, id("d1"), Seen.of(edited), "Visit", "Adults only, ten?"));
    Set<String> all = blocked.written().orElseThrow().lint().rules(Verdict.BLOCK);
    assertEquals(
        Refusal.LINT_BLOCKS, refusal(house.desk().approve(AGENT, id("d1"), Seen.of(blocked), all)));
    Draft again =
        done(
            house
                .desk()
                .edit(AGENT, id("d1"), Seen.of(blocked), "Visit", "Perfect for families. Ten?"));
    Set<String> rules = again.written().orElseThrow().lint().rules(Verdict.REVIEW);
    done(house.desk().approve(AGENT, id("d1"), Seen.of(again), rules));
  }

  @ParameterizedTest
  @EnumSource(Engine.class)
  void a_new_message_of_the_client_makes_it_stale_until_somebody_looks(Engine engine) {
    TestHouse house = house(engine);
    Draft approved = house.approved("d1");
    assertEquals(Refusal.CONTEXT_UNCHANGED, refusal(house.desk().contextChanged(BOT, id("d1"))));
    house.context("thread", "m2");
    Draft stale = done(house.desk().contextChanged(BOT, id("d1")));
    assertEquals(DraftState.STALE, stale.state());
    assertEquals(
        Refusal.WRONG_STATE,
        refusal(house.desk().approve(AGENT, id("d1"), Seen.of(approved), Set.of())));
    Draft fresh = done(house.desk().refresh(AGENT, id("d1"), Seen.of(stale)));
    assertEquals(DraftState.PENDING, fresh.state());
    house.context("thread", "m3");
    assertEquals(
        Refusal.CONTEXT_CHANGED,
        refusal(house.desk().approve(AGENT, id("d1"), Seen.of(fresh), Set.of())),
        "also if nobody told");
  }

  @ParameterizedTest
  @EnumSource(Engine.class)
  void after_its_time_nobody_approves_it(Engine engine) {
    TestHouse house = house(engine);
    Draft draft = house.pending(request("d1").expiresIn(Duration.ofHours(1)).build());
    house.clock().advance(Duration.ofHours(1));
    assertEquals(
        Refusal.EXPIRED, refusal(house.desk().approve(AGENT, id("d1"), Seen.of(draft), Set.of())));
    assertEquals(1, house.dispatcher().dispatch().into(DraftState.EXPIRED));
  }

  @ParameterizedTest
  @EnumSource(Engine.class)
  void the_queue_shows_the_most_urgent_first_and_turns_pages(Engine engine) {
    TestHouse house = house(engine);
    house.pending(request("low").priority(10).build());
    house.pending(request("soon").expiresIn(Duration.ofHours(1)).build());
    house.pending(request("later").expiresIn(Duration.ofHours(2)).build());
    house.pending(request("high").priority(90).build());
    house.approved("done");
    List<String> seen = new ArrayList<>();
    List<Draft> page = house.desk().queue(LEAD, DraftQuery.open(3));
    while (!page.isEmpty()) {
      page.forEach(draft -> seen.add(draft.id().key()));
      page =
          house
              .desk()
              .queue(LEAD, new DraftQuery(DraftQuery.OPEN, page.get(page.size() - 1).id(), 3));
    }
    assertEquals(List.of("high", "soon", "later", "low"), seen);
  }

  @ParameterizedTest
  @EnumSource(Engine.class)
  void a_host_that_rolls_back_leaves_no_draft_no_approval_and_no_entry(Engine engine)
      throws SQLException {
    TestHouse house = house(engine);
    Draft before = house.pending("kept");
    int entries = house.entries();
    try (Connection connection = house.fresh().host().getConnection()) {
      connection.setAutoCommit(false);
      UnitOfWork work = house.fresh().database().join(connection);
      Draft draft = done(house.drafter().propose(work, AGENT, request("d1").build(), "Ten?"));
      ReviewDesk desk = house.desk().joining(work);
      done(desk.approve(AGENT, id("d1"), Seen.of(draft), Set.of()));
      done(desk.approve(AGENT, id("kept"), Seen.of(before), Set.of()));
      connection.rollback();
    }
    assertTrue(house.desk().find(AGENT, id("d1")).isEmpty());
    assertEquals(before, house.stored("kept"));
    assertEquals(entries, house.entries());
    int approvals =
        house
            .fresh()
            .database()
            .read(
                work ->
                    work.handle()
                        .select("select count(*) from vesta_approval")
                        .mapTo(Integer.class)
                        .one());
    assertEquals(0, approvals);
    house.dispatcher().dispatch();
    assertTrue(house.channel().sent().isEmpty());
  }

  @ParameterizedTest
  @EnumSource(Engine.class)
  void without_an_audit_entry_nothing_changes(Engine engine) {
    TestHouse house = house(engine);
    Draft draft = house.pending("d1");
    house.tamper("drop table test_audit");
    assertThrows(
        RuntimeException.class,
        () -> house.desk().approve(AGENT, id("d1"), Seen.of(draft), Set.of()));
    assertEquals(draft, house.stored("d1"));
  }

  @ParameterizedTest
  @EnumSource(Engine.class)
  void a_text_of_the_wrong_form_is_told_and_changes_nothing(Engine engine) {
    TestHouse house = house(engine);
    Draft draft = house.pending("d1");
    VestaException refused =
        assertThrows(
            VestaException.class,
            () ->
                house
                    .desk()
                    .edit(AGENT, id("d1"), Seen.of(draft), "Visit\r\nBcc: x@y.example", "Ten?"));
    assertTrue(refused.getMessage().contains("subject"));
    assertEquals(draft, house.stored("d1"));
  }
}
