package io.vesta.approval.gate.internal;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.vesta.approval.ApprovalError;
import io.vesta.approval.draft.Approval;
import io.vesta.approval.draft.Attribution;
import io.vesta.approval.draft.Dispatch;
import io.vesta.approval.draft.Draft;
import io.vesta.approval.draft.DraftContext;
import io.vesta.approval.draft.Terms;
import io.vesta.approval.envelope.Channel;
import io.vesta.approval.state.DraftState;
import io.vesta.core.access.Capacity;
import io.vesta.core.error.VestaException;
import io.vesta.core.id.BrokerageId;
import io.vesta.core.id.DraftId;
import io.vesta.core.id.MemberId;
import io.vesta.core.id.TeamId;
import io.vesta.core.id.ThreadId;
import io.vesta.core.secret.Secret;
import java.time.Duration;
import java.time.Instant;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.UUID;
import org.junit.jupiter.api.Test;

class SealsTest {

  private static final BrokerageId ACME = new BrokerageId("acme");
  private static final Instant NOW = Instant.parse("2026-03-04T15:06:07.089Z");
  private static final String OLD = "0123456789abcdef0123456789abcdef";
  private static final String NEW = "fedcba9876543210fedcba9876543210";

  private static Seals seals(String... idsAndKeys) {
    Map<String, Secret> keys = new LinkedHashMap<>();
    for (int i = 0; i < idsAndKeys.length; i += 2) {
      keys.put(idsAndKeys[i], Secret.of(idsAndKeys[i + 1]));
    }
    return new Seals(keys);
  }

  private static Approval approval(String keyId) {
    return new Approval(
        UUID.fromString("01900000-0000-7000-8000-000000000001"),
        new DraftId(ACME, "d1"),
        1,
        new MemberId(ACME, "ann"),
        Capacity.AGENT,
        "01".repeat(32),
        "02".repeat(32),
        "03".repeat(32),
        "p1",
        2,
        NOW,
        NOW.plus(Duration.ofDays(2)),
        "",
        keyId,
        "");
  }

  private static Draft draft() {
    MemberId ann = new MemberId(ACME, "ann");
    return new Draft(
        new DraftId(ACME, "d1"),
        3,
        DraftState.PENDING,
        new Channel("PAPER"),
        new Attribution(ann, new TeamId(ACME, "t1"), null, null, new ThreadId(ACME, "h1")),
        new Terms(2, 50, ann.ref(), NOW, NOW.plus(Duration.ofDays(2))),
        new DraftContext(Map.of("thread", "m1"), Map.of()),
        null,
        Dispatch.writing(NOW.plusSeconds(60)),
        new MemberId(ACME, "lea"),
        "WHY",
        "");
  }

  /** Computed by another HMAC implementation over the documented fields. */
  @Test
  void seals_are_the_documented_ones() {
    Seals seals = seals("k1", OLD);
    assertEquals(
        "ad5f3485402b6d5258efd22ddf9656e69048b9c13cd8698024e2543aa92f80c9",
        seals.sealed(approval("k1")).seal());
    assertEquals(
        "94bed32f9caa523912081ec0db3ad375fab3873a0d8b99ed8612a9d660c4c8b5",
        seals.dedupeKey(approval("k1")));
    assertEquals(
        "k1:05059a1fb8e6c64fc16b6eb83e86a451885a62f0f75956d4e0c88af1fd40da1e",
        seals.sealed(draft()).seal());
  }

  @Test
  void a_new_key_seals_and_the_old_one_still_verifies_until_it_is_taken_away() {
    Approval approval = seals("k1", OLD).sealed(approval("k1"));
    Draft draft = seals("k1", OLD).sealed(draft());
    Seals both = seals("k2", NEW, "k1", OLD);
    assertEquals("k2", both.keyId());
    assertTrue(both.intact(approval));
    assertTrue(both.intact(draft));
    assertTrue(both.sealed(draft).seal().startsWith("k2:"));
    assertTrue(both.intact(both.sealed(draft)));
    Seals after = seals("k2", NEW);
    assertFalse(after.intact(approval));
    assertFalse(after.intact(draft));
    assertTrue(after.intact(both.sealed(draft)));
  }

  @Test
  void another_key_under_the_same_name_verifies_nothing() {
    assertFalse(seals("k1", NEW).intact(seals("k1", OLD).sealed(approval("k1"))));
    assertFalse(seals("k1", NEW).intact(seals("k1", OLD).sealed(draft())));
  }

  @Test
  void a_seal_of_any_other_form_is_none() {
    Seals seals = seals("k1", OLD);
    String good = seals.sealed(draft()).seal();
    for (String seal : List.of("", ":", "k1", "k1:", good + "0", good.toUpperCase(Locale.ROOT))) {
      assertFalse(seals.intact(draft().sealed(seal)), seal);
    }
    assertFalse(seals.intact(approval("k1").sealed("\uff10".repeat(64))));
    assertFalse(seals.intact(approval("k9").sealed("0".repeat(64))));
  }

  @Test
  void when_it_is_due_is_not_sealed_and_everything_else_is() {
    Seals seals = seals("k1", OLD);
    Draft draft = seals.sealed(draft());
    Dispatch due = new Dispatch("", 0, 0, NOW.plusSeconds(60), NOW, null, false, "");
    assertTrue(seals.intact(with(draft, due, "WHY")));
    Dispatch doubted = new Dispatch("", 0, 0, NOW.plusSeconds(60), null, null, true, "");
    assertFalse(seals.intact(with(draft, doubted, "WHY")));
    assertFalse(seals.intact(with(draft, draft.dispatch(), "")));
  }

  private static Draft with(Draft draft, Dispatch dispatch, String reason) {
    return new Draft(
        draft.id(),
        draft.version(),
        draft.state(),
        draft.channel(),
        draft.attribution(),
        draft.terms(),
        draft.context(),
        draft.content(),
        dispatch,
        draft.assignee(),
        reason,
        draft.seal());
  }

  @Test
  void short_missing_and_badly_named_keys_are_refused_without_being_shown() {
    for (Map<String, Secret> keys :
        List.of(
            Map.<String, Secret>of(),
            Map.of("k1", Secret.of("0123456789abcdef0123456789abcde")),
            Map.of("k 1", Secret.of(OLD)),
            Map.of("k".repeat(129), Secret.of(OLD)))) {
      VestaException refused = assertThrows(VestaException.class, () -> new Seals(keys));
      assertEquals(ApprovalError.KEY_INVALID, refused.code());
      assertFalse(refused.getMessage().contains("0123456789"));
    }
    assertFalse(seals("k1", OLD).toString().contains("0123"));
  }
}
