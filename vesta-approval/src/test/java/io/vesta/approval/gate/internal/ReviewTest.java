package io.vesta.approval.gate.internal;

import static org.junit.jupiter.api.Assertions.assertEquals;

import io.vesta.approval.draft.DraftContext;
import io.vesta.approval.envelope.Address;
import io.vesta.approval.envelope.Channel;
import io.vesta.approval.envelope.Envelope;
import io.vesta.approval.envelope.Recipient;
import io.vesta.approval.envelope.Sender;
import io.vesta.approval.lint.LintReport;
import io.vesta.approval.lint.PackLinter;
import io.vesta.approval.lint.RulePack;
import io.vesta.approval.lint.Verdict;
import io.vesta.core.id.BrokerageId;
import io.vesta.core.id.DraftId;
import io.vesta.core.id.MemberId;
import java.time.Clock;
import java.time.Instant;
import java.time.ZoneOffset;
import java.util.HashMap;
import java.util.Map;
import java.util.Set;
import org.junit.jupiter.api.Test;

class ReviewTest {

  private static final Instant NOW = Instant.parse("2026-06-30T12:00:00Z");
  private static final BrokerageId FIRM = new BrokerageId("acme");

  private static LintReport lint(String... facts) {
    Map<String, String> known = new HashMap<>(Map.of("purpose", "MARKETING"));
    for (int i = 0; i < facts.length; i += 2) {
      known.put(facts[i], facts[i + 1]);
    }
    DraftContext context = new DraftContext(Map.of(), known);
    Review review =
        new Review(
            new PackLinter(RulePack.shipped(), Clock.fixed(NOW, ZoneOffset.UTC)),
            (work, id, attribution) -> context);
    Envelope envelope =
        Envelope.builder(
                new DraftId(FIRM, "d1"),
                1,
                Channel.SMS,
                new Sender(new Address("+12145550101"), ""))
            .add(Recipient.Role.TO, new Address("+12145550102"))
            .subject("")
            .body("New listing!")
            .build();
    return review.freeze(envelope, context, new MemberId(FIRM, "ann").ref(), "", NOW).lint();
  }

  /** The gate waits for the hour, and asks nobody again. */
  @Test
  void a_draft_that_has_to_wait_is_still_judged_by_what_is_not_known() {
    LintReport report = lint("recipientLocalTime", "2026-06-30T22:00");
    assertEquals(Set.of("SMS-QUIET-01"), report.rules(Verdict.DEFER));
    assertEquals(Set.of("SMS-CONSENT-01"), report.rules(Verdict.BLOCK));
    LintReport consented =
        lint("recipientLocalTime", "2026-06-30T22:00", "smsConsent", "EXPRESS_WRITTEN");
    assertEquals(Verdict.DEFER, consented.verdict());
    assertEquals(1, consented.findings().size());
  }
}
