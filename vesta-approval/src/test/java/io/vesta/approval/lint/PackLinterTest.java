package io.vesta.approval.lint;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.vesta.testkit.MutableClock;
import java.lang.management.ManagementFactory;
import java.lang.management.ThreadMXBean;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class PackLinterTest {

  private final MutableClock clock = new MutableClock(Instant.parse("2026-06-30T12:00:00Z"));
  private final Linter linter = new PackLinter(RulePack.shipped(), clock);

  private LintReport email(String text) {
    return linter.lint(new LintInput("EMAIL", text, Map.of("purpose", "TRANSACTIONAL")));
  }

  private static Set<String> rules(LintReport report) {
    return Drafts.rules(report);
  }

  private static LintReport lint(Linter linter, String text, String... facts) {
    Map<String, String> context = new HashMap<>();
    for (int i = 0; i < facts.length; i += 2) {
      context.put(facts[i], facts[i + 1]);
    }
    return linter.lint(new LintInput("EMAIL", text, context));
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "ADULTS ONLY",
        "adults\u00a0only",
        "ad\u200bults only",
        "\u0430dult\u0455 \u03bfnly",
        "\uff21dults only",
        "adults-only",
        "Adults   only!",
        "a d u l t s o n l y",
        "A.D.U.L.T.S O.N.L.Y",
        "adu1ts 0nly",
        "@dults only",
        "ad<b>ult</b>s only",
        "ad<!-- x -->ults only",
        "&#97;dults&nbsp;only",
        "&#x61;dults only",
        "ad-ults only",
        "adu lts only",
        "\ud835\udc1adults only",
        "\u0251dults only",
        "adul\u0301ts only",
        "a\u034fdults\u3164 only",
        "s\u00f3lo adultos",
        "sin ni\u00f1os",
        "\u8c22\u7edd\u513f\u7ae5",
      })
  void spelling_tricks_do_not_hide_a_phrase(String text) {
    assertEquals(Verdict.BLOCK, email(text).verdict(), text);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "Thank you for the lovely afternoon, the keys are at the desk.",
        "The primary bedroom has a walk-in closet and a white tile bath.",
        "Two bedrooms and a study; the school bus stops at the corner.",
        "Closing is on 2026-07-15 at 10:00 at the title company.",
        "The adults' reading room is open only on Sundays.",
      })
  void innocent_neighbours_pass(String text) {
    assertEquals(Set.of(), rules(email(text)), text);
  }

  @Test
  void a_finding_points_at_the_words_in_the_text_as_given() {
    String text = "Welcome! It is an \u0410dults \u200bonly building.";
    Finding finding = email(text).findings().get(0);
    assertEquals("\u0410dults \u200bonly", text.substring(finding.start(), finding.end()));
  }

  @Test
  void words_of_two_sentences_make_no_phrase() {
    assertEquals(Set.of(), rules(email("We met two adults. Only then it rained.")));
  }

  @Test
  void the_place_can_make_a_rule_graver() {
    Map<String, String> california = Map.of("jurisdiction", "CA");
    assertEquals(
        Verdict.BLOCK, linter.lint(new LintInput("EMAIL", "No Section 8.", california)).verdict());
    assertEquals(
        Verdict.REVIEW, linter.lint(new LintInput("EMAIL", "No Section 8.", Map.of())).verdict());
  }

  @Test
  void what_is_not_known_takes_the_strictest_branch() {
    LintInput unknown = new LintInput("SMS", "New listing!", Map.of("purpose", "MARKETING"));
    LintReport report = linter.lint(unknown);
    assertEquals(Set.of("SMS-CONSENT-01"), rules(report));
    assertTrue(report.findings().get(0).reason().contains("Not known: smsConsent."));
  }

  @Test
  void what_has_to_wait_is_not_judged_by_what_is_only_assumed() {
    Map<String, String> late =
        Map.of("purpose", "MARKETING", "recipientLocalTime", "2026-06-30T22:00");
    LintReport waits = linter.lint(new LintInput("SMS", "New listing!", late));
    assertEquals(Set.of("SMS-QUIET-01"), rules(waits));
    assertEquals(Verdict.DEFER, waits.verdict());
    Map<String, String> refused = new HashMap<>(late);
    refused.put("smsConsent", "NONE");
    assertEquals(
        Verdict.BLOCK, linter.lint(new LintInput("SMS", "New listing!", refused)).verdict());
  }

  @Test
  void the_hour_is_that_of_the_zone_or_of_every_zone_that_a_number_may_be_in() {
    // It is noon in Greenwich, seven in Texas, eight in Ohio.
    for (String[] fact :
        List.of(
            new String[] {"recipientZone", "America/Chicago", "DEFER"},
            new String[] {"recipientZone", "America/New_York", "PASS"},
            new String[] {"recipientZone", "Nowhere/At_All", "DEFER"},
            new String[] {"recipientPhone", "+1 214 555 0101", "DEFER"},
            new String[] {"recipientPhone", "+1 614 555 0101", "PASS"},
            new String[] {"recipientPhone", "unreadable", "DEFER"})) {
      Map<String, String> context =
          Map.of("purpose", "MARKETING", "smsConsent", "EXPRESS_WRITTEN", fact[0], fact[1]);
      assertEquals(
          fact[2],
          linter.lint(new LintInput("SMS", "New listing!", context)).verdict().name(),
          fact[1]);
    }
  }

  @Test
  void a_place_that_is_not_known_is_for_review_where_a_state_alone_would_tell() {
    assertEquals(Verdict.REVIEW, email("Proof of citizenship is needed.").verdict());
    assertEquals(
        Verdict.PASS,
        lint(linter, "Proof of citizenship is needed.", "jurisdiction", "TX").verdict());
    assertEquals(
        Verdict.BLOCK,
        lint(linter, "No vouchers.", "listingState", "TX", "jurisdiction", "US-CA").verdict());
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "You asked about \"no children\" rules; there are none.",
        "> no children, please\nThere is no such rule.",
        "We cannot say that it is guaranteed to sell.",
        "It isn't guaranteed to appreciate.",
        "No children's furniture is included.",
      })
  void what_is_quoted_denied_or_owned_is_not_said(String text) {
    assertEquals(Set.of(), rules(email(text)), text);
  }

  @Test
  void quotation_marks_alone_hide_nothing() {
    assertEquals(Verdict.BLOCK, email("An \"adults only\" building.").verdict());
  }

  @Test
  void numbers_are_compared_with_the_record() {
    String record =
        "{\"ListPrice\": 465000, \"BedroomsTotal\": 3, \"BathroomsFull\": 2, \"BathroomsHalf\": 1,"
            + " \"LivingArea\": 1840, \"YearBuilt\": 1998, \"StreetNumber\": \"1408\","
            + " \"StreetName\": \"Juniper\", \"OnMarketDate\": \"2026-05-04\"}";
    for (String[] said :
        List.of(
            new String[] {"Listed at $465K with 2.5 baths.", "PASS"},
            new String[] {"Listed at $0.465 million.", "PASS"},
            new String[] {"Listed at $465,001.", "BLOCK"},
            new String[] {"Three bedrooms.", "PASS"},
            new String[] {"A two-bedroom home.", "BLOCK"},
            new String[] {"1,840 square feet.", "PASS"},
            new String[] {"1,841 sq. ft.", "REVIEW"},
            new String[] {"Built in 1989.", "REVIEW"},
            new String[] {"It hit the market on May 4.", "PASS"},
            new String[] {"It hit the market on May 5.", "REVIEW"},
            new String[] {"Meet me at 1408 Juniper Lane at 4:30.", "PASS"},
            new String[] {"Meet me at 1409 Juniper Lane.", "BLOCK"},
            new String[] {"Renovated in 2019 for $80,000.", "REVIEW"},
            new String[] {"The inspection is on June 5, 2026.", "PASS"})) {
      assertEquals(said[1], lint(linter, said[0], "listing", record).verdict().name(), said[0]);
    }
    assertEquals(Verdict.REVIEW, lint(linter, "Hello.", "listing", "not JSON").verdict());
  }

  @Test
  void a_rule_that_is_not_in_force_stays_silent() {
    clock.advance(Duration.ofDays(-365 * 50));
    assertEquals(Verdict.PASS, email("Adults only.").verdict());
  }

  @Test
  void time_grows_with_the_text_and_hostile_text_does_not_matter() {
    int length = Integer.getInteger("vesta.hostile", 100_000);
    String hostile = "no children ".repeat(length / 12);
    assertEquals(100, email(hostile).findings().size(), "places of one rule");
    for (String piece :
        List.of(
            "4",
            "{{",
            "a ",
            "a",
            "no ",
            "no\u200b",
            "&",
            "&#97;",
            "<b>",
            "<",
            "<!--",
            "1 2-3.",
            "$1,000 ",
            "white family ",
            "four bed ",
            "\"no kids\" ",
            "> ",
            "code ",
            "wire the ",
            "c-h-i-l-d-",
            "\ud835\udc1a",
            "\u513f",
            "x\u0301",
            "#1 ",
            "[name",
            "at risk; ")) {
      // Twice the text must not take four times as long; slack for other work on the machine.
      long half = cpu(piece.repeat(length / 2 / piece.length()));
      long whole = cpu(piece.repeat(length / piece.length()));
      assertTrue(whole < 3.5 * half + 100_000_000, () -> piece + " " + half + " " + whole);
    }
  }

  private long cpu(String text) {
    ThreadMXBean threads = ManagementFactory.getThreadMXBean();
    long before = threads.getCurrentThreadCpuTime();
    lint(linter, text, "listing", "{\"ListPrice\": 1}", "side", "LISTING");
    return threads.getCurrentThreadCpuTime() - before;
  }

  private static byte[] pack(String rule) {
    return ("{\"pack\": \"p\", \"reviewBy\": \"2027-01-01\", \"rules\": [" + rule + "]}")
        .getBytes(StandardCharsets.UTF_8);
  }

  private static final String RULE =
      "{\"id\": \"X-1\", \"citation\": \"c\", \"certainty\": \"SETTLED\", \"effectiveFrom\": \"2020-01-01\","
          + " \"severity\": \"WARN\", \"detect\": [{\"any\": [\"blue door\"]}], \"reason\": \"r\","
          + " \"remedy\": \"m\", \"mustFlag\": [\"A blue door.\"], \"mustPass\": [\"A red door.\"]}";

  @Test
  void a_pack_whose_examples_do_not_hold_is_refused() {
    RulePackInvalid refused =
        assertThrows(
            RulePackInvalid.class,
            () ->
                RulePack.load(
                    pack(
                        RULE.replace("A red door", "The blue doors")
                            .replace("A blue door", "Red")
                            .replace("blue door\"]", "blue door*\"]"))));
    assertEquals(
        List.of(
            "\"/rules/0/mustFlag/0\" is not flagged by X-1",
            "\"/rules/0/mustPass/0\" is flagged by X-1"),
        refused.faults());
  }

  @Test
  void every_fault_of_a_pack_is_told_at_once() {
    String broken =
        RULE.replace("\"WARN\"", "\"DOOM\"")
            .replace("2020-01-01", "yesterday")
            .replace("{\"any\": [\"blue door\"]}", "{\"pattern\": \"(?<=x)\"}")
            .replace("\"remedy\"", "\"cure\"");
    RulePackInvalid refused =
        assertThrows(RulePackInvalid.class, () -> RulePack.load(pack(RULE + "," + broken)));
    String all = String.join("\n", refused.faults());
    for (String pointer :
        List.of(
            "/rules/1/severity",
            "/rules/1/effectiveFrom",
            "/rules/1/detect/0/pattern",
            "/rules/1/cure",
            "/rules/1/remedy",
            "/rules/1/id")) {
      assertTrue(all.contains("\"" + pointer + "\""), () -> pointer + " in " + all);
    }
  }

  @Test
  void the_report_names_the_packs_by_digest() {
    LintReport one = email("hello");
    Linter other = new PackLinter(List.of(RulePack.load(pack(RULE))), clock);
    assertNotEquals(
        one.packDigest(), other.lint(new LintInput("EMAIL", "hello", Map.of())).packDigest());
    assertEquals(64, one.packDigest().length());
  }
}
