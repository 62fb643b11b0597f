package io.vesta.approval.exempt;

import static io.vesta.approval.testkit.TestHouse.AGENT;
import static io.vesta.approval.testkit.TestHouse.ANN;
import static io.vesta.approval.testkit.TestHouse.BROKER;
import static io.vesta.approval.testkit.TestHouse.LEAD;
import static io.vesta.approval.testkit.TestHouse.PAPER;
import static io.vesta.approval.testkit.TestHouse.done;
import static io.vesta.approval.testkit.TestHouse.id;
import static io.vesta.approval.testkit.TestHouse.request;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.vesta.approval.draft.Approval;
import io.vesta.approval.draft.Draft;
import io.vesta.approval.drafting.DraftRequest;
import io.vesta.approval.envelope.Channel;
import io.vesta.approval.lint.Finding;
import io.vesta.approval.lint.LintReport;
import io.vesta.approval.lint.Verdict;
import io.vesta.approval.outbox.Dedupe;
import io.vesta.approval.review.Seen;
import io.vesta.approval.state.DraftState;
import io.vesta.approval.testkit.RecordingChannel;
import io.vesta.approval.testkit.TestHouse;
import io.vesta.core.error.VestaException;
import io.vesta.core.id.MemberId;
import io.vesta.testkit.Engine;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** Rules that stand in for the approver: sealed, dated, narrow, and asked again at the gate. */
class ExemptionsTest {

  private static final String TEXT = "Thank you, we have your message.";
  private static final Exemption.Scope RECEIPT =
      new Exemption.Scope(PAPER, null, Exemption.textDigest("Your visit", TEXT));
  private static final Duration MONTH = Duration.ofDays(30);

  @TempDir Path directory;

  private TestHouse house(Engine engine) {
    return TestHouse.exempting(
        engine.fresh(directory),
        new RecordingChannel(new Dedupe.None()),
        module ->
            module.linter(
                input ->
                    new LintReport(
                        input.text().contains("100 %")
                            ? List.of(new Finding("W-01", Verdict.WARN, 0, 1, "Why.", "Mend."))
                            : List.of(),
                        "ab".repeat(32))));
  }

  private static Draft propose(TestHouse house, DraftRequest request, String text) {
    return done(house.drafter().propose(AGENT, request, text));
  }

  private static Draft receipt(TestHouse house, String key) {
    return propose(house, request(key).build(), TEXT);
  }

  private static Exemption grant(TestHouse house) {
    return house.exemptions().grant(BROKER, "receipt", RECEIPT, MONTH).orElseThrow();
  }

  @ParameterizedTest
  @EnumSource(Engine.class)
  void what_it_covers_goes_out_with_the_rule_as_its_approver(Engine engine) {
    TestHouse house = house(engine);
    Exemption exemption = grant(house);
    assertEquals(List.of(exemption), house.exemptions().live(BROKER));
    assertEquals(DraftState.APPROVED, receipt(house, "d1").state());
    assertEquals(1, house.dispatcher().dispatch().into(DraftState.SENT));
    assertEquals(List.of("created", "completed", "exempted", "claimed", "sent"), house.story("d1"));
    Approval approval = house.desk().history(BROKER, id("d1")).orElseThrow().approvals().get(0);
    assertEquals("receipt.1", approval.exemption());
    assertEquals(BROKER.member(), Optional.of(approval.approver()));
  }

  @Test
  void whatever_it_does_not_cover_waits_for_a_person() {
    TestHouse house = house(Engine.SQLITE);
    grant(house);
    Exemption.Scope leas = new Exemption.Scope(PAPER, LEAD.member().orElseThrow(), null);
    assertTrue(house.exemptions().grant(BROKER, "leas", leas, MONTH).isPresent());
    Exemption.Scope anns = new Exemption.Scope(Channel.EMAIL, ANN, null);
    assertTrue(house.exemptions().grant(BROKER, "anns-mails", anns, MONTH).isPresent());
    assertEquals(DraftState.PENDING, propose(house, request("text").build(), TEXT + " ").state());
    assertEquals(
        DraftState.PENDING,
        propose(house, request("subject").subject("Visit").build(), TEXT).state());
    assertEquals(List.of("created", "completed"), house.story("subject"), "that is no refusal");
    assertEquals(
        DraftState.PENDING, propose(house, request("two").approvals(2).build(), TEXT).state());
    assertEquals(
        DraftState.PENDING,
        propose(house, request("routed").routedToReview().build(), TEXT).state());
    assertTrue(house.story("routed").contains("refused Code[name=SECOND_PERSON_NEEDED]"));
    house.dispatcher().dispatch();
    assertTrue(house.channel().sent().isEmpty());
  }

  @Test
  void any_finding_needs_a_person() {
    TestHouse house = house(Engine.SQLITE);
    Exemption.Scope anns = new Exemption.Scope(PAPER, ANN, null);
    assertTrue(house.exemptions().grant(BROKER, "anns", anns, MONTH).isPresent());
    assertEquals(DraftState.APPROVED, propose(house, request("d1").build(), "Until then.").state());
    assertEquals(DraftState.PENDING, propose(house, request("d2").build(), "100 % sure.").state());
    assertTrue(house.story("d2").contains("refused Code[name=LINT_NOT_ACKNOWLEDGED]"));
  }

  @Test
  void what_a_person_has_touched_is_not_exempted_any_more() {
    TestHouse house = house(Engine.SQLITE);
    grant(house);
    Draft draft = receipt(house, "d1");
    Draft edited = done(house.desk().edit(AGENT, id("d1"), Seen.of(draft), "Your visit", "No."));
    Draft back = done(house.desk().edit(AGENT, id("d1"), Seen.of(edited), "Your visit", TEXT));
    assertEquals(DraftState.PENDING, back.state());
    house.dispatcher().dispatch();
    assertTrue(house.channel().sent().isEmpty());
    done(house.desk().approve(AGENT, id("d1"), Seen.of(back), Set.of()));
    assertEquals(1, house.dispatcher().dispatch().into(DraftState.SENT));
  }

  @ParameterizedTest
  @EnumSource(Engine.class)
  void when_it_ends_what_it_approved_waits_for_a_person(Engine engine) {
    TestHouse house = house(engine);
    grant(house);
    receipt(house, "ended");
    assertTrue(house.exemptions().end(BROKER, "receipt"));
    assertEquals(1, house.dispatcher().dispatch().into(DraftState.STALE));
    assertEquals(List.of(), house.exemptions().live(BROKER));
    assertEquals(DraftState.PENDING, receipt(house, "after").state());

    assertEquals(3, grant(house).version(), "the end was the second");
    receipt(house, "replaced");
    assertEquals(4, grant(house).version());
    assertEquals(1, house.dispatcher().dispatch().into(DraftState.STALE));

    receipt(house, "lost");
    house.offboard(BROKER);
    assertEquals(1, house.dispatcher().dispatch().into(DraftState.STALE));
    assertTrue(house.channel().sent().isEmpty());
  }

  @Test
  void after_its_time_it_covers_nothing() {
    TestHouse house = house(Engine.SQLITE);
    assertTrue(
        house.exemptions().grant(BROKER, "receipt", RECEIPT, Duration.ofHours(1)).isPresent());
    receipt(house, "d1");
    house.clock().advance(Duration.ofHours(1));
    assertEquals(1, house.dispatcher().dispatch().into(DraftState.STALE));
    assertEquals(DraftState.PENDING, receipt(house, "d2").state());
  }

  @ParameterizedTest
  @EnumSource(Engine.class)
  void a_rule_that_was_forged_or_changed_covers_nothing(Engine engine) {
    TestHouse house = house(engine);
    grant(house);
    int number = 0;
    for (String forgery :
        List.of(
            "until_at = until_at + 1",
            "from_at = from_at - 1",
            "text_sha256 = null, owner = 'ann'",
            "channel = 'SMS'",
            "granted_by = 'lea'",
            "capacity = 'ADMIN'",
            "policy_version = 'p0'",
            "version = version + 1",
            "rule = 'other'",
            "seal = ''")) {
      String key = "d" + number++;
      assertEquals(DraftState.APPROVED, receipt(house, key).state(), forgery);
      house.tamper("create table kept as select * from vesta_exemption");
      assertEquals(1, house.tamper("update vesta_exemption set " + forgery), forgery);
      assertEquals(DraftState.PENDING, receipt(house, key + "b").state(), forgery);
      house.dispatcher().dispatch();
      assertEquals(DraftState.STALE, house.stored(key).state(), forgery);
      house.tamper("delete from vesta_exemption");
      house.tamper("insert into vesta_exemption select * from kept");
      house.tamper("drop table kept");
    }
    assertTrue(house.channel().sent().isEmpty());
  }

  @Test
  void an_approval_row_that_hides_or_invents_its_rule_is_broken() {
    TestHouse house = house(Engine.SQLITE);
    grant(house);
    receipt(house, "hides");
    house.tamper("update vesta_approval set exemption = '' where draft = 'hides'");
    Draft draft = house.pending("invents");
    done(house.desk().approve(AGENT, id("invents"), Seen.of(draft), Set.of()));
    house.tamper("update vesta_approval set exemption = 'receipt.1' where draft = 'invents'");
    house.dispatcher().dispatch();
    assertTrue(house.channel().sent().isEmpty());
    for (String key : List.of("hides", "invents")) {
      assertTrue(house.story(key).contains("refused Code[name=APPROVAL_BROKEN]"), key);
    }
  }

  @Test
  void a_host_that_did_not_switch_them_on_has_none() {
    Engine.Fresh fresh = Engine.SQLITE.fresh(directory);
    RecordingChannel channel = new RecordingChannel(new Dedupe.None());
    TestHouse on = TestHouse.exempting(fresh, channel, module -> {});
    grant(on);
    assertEquals(DraftState.APPROVED, receipt(on, "d1").state());
    TestHouse off = TestHouse.over(fresh, channel);
    assertEquals(DraftState.PENDING, receipt(off, "d2").state());
    assertEquals(1, off.dispatcher().dispatch().into(DraftState.STALE));
    assertTrue(channel.sent().isEmpty());
  }

  @Test
  void who_may_not_grant_is_refused_and_audited() {
    TestHouse house = house(Engine.SQLITE);
    int before = house.entries();
    assertTrue(house.exemptions().grant(AGENT, "receipt", RECEIPT, MONTH).isEmpty());
    grant(house);
    assertFalse(house.exemptions().end(AGENT, "receipt"));
    assertEquals(List.of(), house.exemptions().live(AGENT));
    assertEquals(3, house.entries() - before);
    assertEquals(DraftState.APPROVED, receipt(house, "d1").state());
  }

  @Test
  void a_scope_is_narrow_and_a_time_is_short() {
    assertThrows(VestaException.class, () -> new Exemption.Scope(PAPER, null, null));
    assertThrows(VestaException.class, () -> new Exemption.Scope(PAPER, null, TEXT));
    TestHouse house = house(Engine.SQLITE);
    for (Duration time : List.of(Duration.ZERO, Duration.ofDays(367), Duration.ofDays(-1))) {
      assertThrows(
          VestaException.class, () -> house.exemptions().grant(BROKER, "receipt", RECEIPT, time));
    }
    assertThrows(
        VestaException.class, () -> house.exemptions().grant(BROKER, "re.1", RECEIPT, MONTH));
    MemberId theirs = TestHouse.STRANGER.member().orElseThrow();
    Exemption.Scope foreign = new Exemption.Scope(PAPER, theirs, null);
    assertThrows(
        VestaException.class, () -> house.exemptions().grant(BROKER, "theirs", foreign, MONTH));
  }
}
