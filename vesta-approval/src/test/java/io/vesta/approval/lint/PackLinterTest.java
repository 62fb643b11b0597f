package io.vesta.approval.lint;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.json.JsonMapper;
import io.vesta.testkit.MutableClock;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class PackLinterTest {

  /**
   * Goldens whose rules need facts and clocks of the recipient, which this pack does not look at.
   */
  private static final Set<String> OUT_OF_SCOPE = Set.of("SMS-QUIET-02", "AI-IMG-01", "FACT-01");

  private final MutableClock clock = new MutableClock(Instant.parse("2026-06-30T12:00:00Z"));
  private final Linter linter = new PackLinter(List.of(RulePack.usFederal()), clock);

  private LintReport email(String text) {
    return linter.lint(new LintInput("EMAIL", text, Map.of("purpose", "TRANSACTIONAL")));
  }

  private static Set<String> rules(LintReport report) {
    return report.findings().stream()
        .map(Finding::rule)
        .collect(Collectors.toCollection(TreeSet::new));
  }

  @Test
  void the_goldens_in_scope_give_their_rules_and_verdicts() throws IOException {
    List<String> wrong = new ArrayList<>();
    int checked = 0;
    String lines;
    try (InputStream in = PackLinterTest.class.getResourceAsStream("goldens.jsonl")) {
      lines = new String(in.readAllBytes(), StandardCharsets.UTF_8);
    }
    for (String line : lines.lines().toList()) {
      JsonNode golden = new JsonMapper().readTree(line);
      Set<String> expected = new TreeSet<>();
      golden.path("expectRules").forEach(rule -> expected.add(rule.textValue()));
      if (expected.stream().anyMatch(OUT_OF_SCOPE::contains)) {
        continue;
      }
      Map<String, String> context = new HashMap<>();
      golden
          .path("context")
          .properties()
          .forEach(e -> context.put(e.getKey(), e.getValue().asText()));
      LintReport report =
          linter.lint(
              new LintInput(
                  golden.path("channel").textValue(), golden.path("text").textValue(), context));
      Set<String> found = rules(report);
      checked++;
      if (!found.equals(expected)
          || !report.verdict().name().equals(golden.path("expectVerdict").textValue())) {
        wrong.add(golden.path("id").textValue() + " " + found + " " + report.verdict());
      }
    }
    assertEquals(List.of(), wrong);
    assertEquals(25, checked);
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
    assertEquals(Set.of("SMS-CONSENT-01"), rules(linter.lint(unknown)));
  }

  @Test
  void a_rule_that_is_not_in_force_stays_silent() {
    clock.advance(Duration.ofDays(-365 * 50));
    assertEquals(Verdict.PASS, email("Adults only.").verdict());
  }

  @Test
  void time_grows_with_the_text_and_hostile_text_does_not_matter() {
    String hostile = "no children ".repeat(90_000);
    assertTrue(email(hostile).findings().size() >= 90_000);
    email("4".repeat(1_000_000));
    email("{{".repeat(500_000));
    email("a ".repeat(500_000));
  }

  private static byte[] pack(String rule) {
    return ("{\"pack\": \"p\", \"reviewBy\": \"2027-01-01\", \"rules\": [" + rule + "]}")
        .getBytes(StandardCharsets.UTF_8);
  }

  private static final String RULE =
      "{\"id\": \"X-1\", \"citation\": \"c\", \"certainty\": \"s\", \"effectiveFrom\": \"2020-01-01\","
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
