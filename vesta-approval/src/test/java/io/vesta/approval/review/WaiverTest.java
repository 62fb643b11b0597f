package io.vesta.approval.review;

import static io.vesta.approval.testkit.TestHouse.AGENT;
import static io.vesta.approval.testkit.TestHouse.BROKER;
import static io.vesta.approval.testkit.TestHouse.LEAD;
import static io.vesta.approval.testkit.TestHouse.STRANGER;
import static io.vesta.approval.testkit.TestHouse.done;
import static io.vesta.approval.testkit.TestHouse.id;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.vesta.approval.draft.Draft;
import io.vesta.approval.draft.Result;
import io.vesta.approval.lint.Finding;
import io.vesta.approval.lint.LintReport;
import io.vesta.approval.lint.Linter;
import io.vesta.approval.lint.Verdict;
import io.vesta.approval.outbox.Dedupe;
import io.vesta.approval.state.DraftState;
import io.vesta.approval.state.Refusal;
import io.vesta.approval.testkit.RecordingChannel;
import io.vesta.approval.testkit.TestHouse;
import io.vesta.core.access.Actor;
import io.vesta.testkit.Engine;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** A rule that blocks is waived by somebody with the authority, for exactly one text. */
class WaiverTest {

  private static final String BLOCKED = "Adults only, in English";

  /** One rule for each of two words. */
  private static final Linter LINTER =
      input -> {
        List<Finding> findings = new ArrayList<>();
        for (String word : List.of("Adults", "English")) {
          int at = input.text().indexOf(word);
          if (at >= 0) {
            findings.add(
                new Finding(
                    "NO-" + word.toUpperCase(java.util.Locale.ROOT),
                    Verdict.BLOCK,
                    at,
                    at + word.length(),
                    "Why.",
                    "Mend."));
          }
        }
        return new LintReport(findings, "ab".repeat(32));
      };

  @TempDir Path directory;

  private TestHouse house(Engine engine) {
    return TestHouse.with(
        engine.fresh(directory),
        new RecordingChannel(new Dedupe.None()),
        module -> module.linter(LINTER));
  }

  private static Refusal refusal(Result result) {
    return ((Result.Refused) result).reason();
  }

  private static Draft blocked(TestHouse house, String key, String text) {
    Draft draft = house.pending(key);
    return done(house.desk().edit(AGENT, id(key), Seen.of(draft), "Flat", text));
  }

  private static Result waive(TestHouse house, Actor actor, Draft draft, String rule) {
    return house
        .desk()
        .waive(actor, draft.id(), Seen.of(draft), rule, WaiveReason.LAWFUL_EXEMPTION);
  }

  private static Result approve(TestHouse house, Draft draft) {
    return house.desk().approve(AGENT, draft.id(), Seen.of(draft), Set.of());
  }

  private static Draft waived(TestHouse house, String key) {
    Draft draft = blocked(house, key, BLOCKED);
    done(waive(house, BROKER, draft, "NO-ADULTS"));
    done(waive(house, BROKER, draft, "NO-ENGLISH"));
    return draft;
  }

  @ParameterizedTest
  @EnumSource(Engine.class)
  void what_blocks_goes_out_only_when_a_broker_has_waived_every_rule(Engine engine) {
    TestHouse house = house(engine);
    Draft draft = blocked(house, "d1", BLOCKED);
    assertEquals(Refusal.LINT_BLOCKS, refusal(approve(house, draft)));
    assertEquals(draft, done(waive(house, BROKER, draft, "NO-ADULTS")), "it stays as it is");
    assertEquals(Refusal.LINT_BLOCKS, refusal(approve(house, draft)), "one rule is left");
    done(waive(house, BROKER, draft, "NO-ENGLISH"));
    done(approve(house, draft));
    assertEquals(1, house.dispatcher().dispatch().into(DraftState.SENT));
    assertEquals(
        List.of(
            "created",
            "completed",
            "edited",
            "refused Code[name=LINT_BLOCKS]",
            "waived",
            "refused Code[name=LINT_BLOCKS]",
            "waived",
            "approved",
            "claimed",
            "sent"),
        house.story("d1"));
    History history = house.desk().history(BROKER, id("d1")).orElseThrow();
    assertEquals(
        List.of("NO-ADULTS", "NO-ENGLISH"),
        history.waivers().stream().map(waiver -> waiver.rule()).toList());
    assertEquals("LAWFUL_EXEMPTION", history.waivers().get(0).reason());
    assertEquals(2, history.revisions().size());
    assertEquals(1, history.approvals().size());
  }

  @Test
  void nobody_else_waives_and_nothing_else_is_waived() {
    TestHouse house = house(Engine.SQLITE);
    Draft draft = blocked(house, "d1", BLOCKED);
    for (Actor other : List.of(AGENT, LEAD)) {
      assertEquals(Refusal.NOT_AUTHORIZED, refusal(waive(house, other, draft, "NO-ADULTS")));
    }
    assertEquals(
        new Result.Refused(Refusal.NOT_FOUND, null), waive(house, STRANGER, draft, "NO-ADULTS"));
    assertEquals(Refusal.NOTHING_TO_WAIVE, refusal(waive(house, BROKER, draft, "NO-CATS")));
    Seen old = new Seen(draft.version() - 1, Seen.of(draft).digest());
    assertEquals(
        Refusal.VERSION_CHANGED,
        refusal(house.desk().waive(BROKER, id("d1"), old, "NO-ADULTS", WaiveReason.FALSE_MATCH)));
    assertTrue(house.story("d1").contains("waived Code[name=NOT_AUTHORIZED]"));
    assertEquals(Refusal.LINT_BLOCKS, refusal(approve(house, draft)));
    Draft skipped = done(house.desk().skip(AGENT, id("d1"), Seen.of(draft), SkipReason.OTHER));
    assertEquals(Refusal.WRONG_STATE, refusal(waive(house, BROKER, skipped, "NO-ADULTS")));
  }

  @Test
  void a_changed_byte_or_another_context_voids_it() {
    TestHouse house = house(Engine.SQLITE);
    Draft draft = waived(house, "d1");
    Draft edited = done(house.desk().edit(AGENT, id("d1"), Seen.of(draft), "Flat", BLOCKED + "."));
    assertEquals(Refusal.LINT_BLOCKS, refusal(approve(house, edited)));
    Draft back = done(house.desk().edit(AGENT, id("d1"), Seen.of(edited), "Flat", BLOCKED));
    assertEquals(Refusal.LINT_BLOCKS, refusal(approve(house, back)), "another revision");

    Draft other = waived(house, "d2");
    house.context("thread", "m2");
    Draft stale =
        done(house.desk().contextChanged(Actor.system(TestHouse.ACME, "inbox"), id("d2")));
    assertTrue(other.version() < stale.version());
    Draft fresh = done(house.desk().refresh(AGENT, id("d2"), Seen.of(stale)));
    assertEquals(Refusal.LINT_BLOCKS, refusal(approve(house, fresh)));
  }

  /** Each gives somebody who has the database but no key a way around the rule. */
  private static final List<String> FORGERIES =
      List.of(
          "update vesta_waiver set rule = 'NO-ENGLISH' where rule = 'NO-ADULTS' and draft = ?",
          "update vesta_waiver set waived_by = 'lea' where draft = ?",
          "update vesta_waiver set capacity = 'ADMIN' where draft = ?",
          "update vesta_waiver set reason = 'COUNSEL_APPROVED' where draft = ?",
          "update vesta_waiver set policy_version = 'p0' where draft = ?",
          "update vesta_waiver set waived_at = waived_at - 1 where draft = ?",
          "update vesta_waiver set lint_sha256 = context_sha256 where draft = ?",
          "update vesta_waiver set envelope_sha256 = context_sha256 where draft = ?",
          "update vesta_waiver set revision = 1 where draft = ?",
          "update vesta_waiver set seal = '' where draft = ?",
          "update vesta_waiver set waived_by = '-' where draft = ?",
          "delete from vesta_waiver where rule = 'NO-ADULTS' and draft = ?");

  @ParameterizedTest
  @EnumSource(Engine.class)
  void a_waiver_that_was_forged_or_taken_away_stops_approval_and_claim(Engine engine) {
    TestHouse house = house(engine);
    int number = 0;
    for (String forgery : FORGERIES) {
      String before = "b" + number;
      String after = "a" + number++;
      Draft draft = waived(house, before);
      assertTrue(house.tamper(forgery, before) > 0, forgery);
      assertEquals(Refusal.LINT_BLOCKS, refusal(approve(house, draft)), forgery);

      done(approve(house, waived(house, after)));
      assertTrue(house.tamper(forgery, after) > 0, forgery);
      house.dispatcher().dispatch();
      assertTrue(house.channel().sent().isEmpty(), forgery);
      assertTrue(house.story(after).contains("refused Code[name=APPROVAL_BROKEN]"), forgery);
    }
  }

  @Test
  void who_may_waive_no_more_takes_their_waiver_along() {
    TestHouse house = house(Engine.SQLITE);
    done(approve(house, waived(house, "d1")));
    Draft pending = waived(house, "d2");
    house.offboard(BROKER);
    assertEquals(Refusal.LINT_BLOCKS, refusal(approve(house, pending)));
    assertEquals(1, house.dispatcher().dispatch().into(DraftState.STALE));
    assertTrue(house.channel().sent().isEmpty());
  }
}
