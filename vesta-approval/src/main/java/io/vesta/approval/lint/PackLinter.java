package io.vesta.approval.lint;

import io.vesta.approval.envelope.internal.Bytes;
import io.vesta.core.error.VestaException;
import java.nio.charset.StandardCharsets;
import java.time.Clock;
import java.time.Instant;
import java.time.LocalDate;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.stream.Collectors;

/**
 * A {@link Linter} over rule packs: the rules in force today (UTC), in linear time of the text. A
 * rule tells at most 100 places of one text. While a message has to wait for another hour, what is
 * only assumed of its context is not told: it is looked at again at that hour.
 */
public final class PackLinter implements Linter {

  private final List<RulePack> packs;
  private final Clock clock;
  private final String digest;
  private final PhraseIndex index;

  /**
   * @param packs what to apply, in any order
   * @param clock decides which rules are in force
   * @throws VestaException if two rules have one id
   */
  public PackLinter(List<RulePack> packs, Clock clock) {
    this.packs = List.copyOf(packs);
    this.clock = Objects.requireNonNull(clock, "clock");
    this.digest = digest(this.packs);
    Set<String> ids = new HashSet<>();
    for (RulePack pack : this.packs) {
      for (String id : pack.ruleIds()) {
        if (!ids.add(id)) {
          throw VestaException.invalid(
              "rule packs", "two rules with the id " + id, "give each rule an id of its own");
        }
      }
    }
    this.index = index(this.packs.stream().flatMap(pack -> pack.rules().stream()).toList());
  }

  /** What is applied; never null. */
  public List<RulePack> packs() {
    return packs;
  }

  @Override
  public LintReport lint(LintInput input) {
    NormalText text = new NormalText(input.text());
    Instant now = clock.instant();
    Reading reading = new Reading(input, text, index.find(text), now);
    LocalDate today = LocalDate.ofInstant(now, ZoneOffset.UTC);
    Set<String> places = Condition.places(input.context());
    List<Finding> findings = new ArrayList<>();
    List<Finding> assumptions = new ArrayList<>();
    for (RulePack pack : packs) {
      for (LintRule rule : pack.rules()) {
        if (rule.inForce(today)) {
          apply(rule, reading, places, findings, assumptions);
        }
      }
    }
    if (findings.stream().noneMatch(finding -> finding.severity() == Verdict.DEFER)) {
      findings.addAll(assumptions);
    }
    return new LintReport(findings, digest);
  }

  /** Whether a rule finds anything, known or assumed. */
  static boolean matches(LintRule rule, Reading reading) {
    List<Finding> findings = new ArrayList<>();
    apply(rule, reading, Condition.places(reading.input().context()), findings, findings);
    return !findings.isEmpty();
  }

  private static void apply(
      LintRule rule,
      Reading reading,
      Set<String> places,
      List<Finding> findings,
      List<Finding> assumptions) {
    LintInput input = reading.input();
    Condition.Answer applies = rule.applies(input, places);
    if (!applies.holds()) {
      return;
    }
    Map<Long, Finding> gravest = new LinkedHashMap<>();
    Set<Long> assumed = new HashSet<>();
    for (LintRule.Look look : rule.looks()) {
      Condition.Answer looks = applies.and(look.when().in(input.context(), places));
      if (!looks.holds()) {
        continue;
      }
      Verdict severity = rule.severity(look, places, looks.assumed());
      for (Span span : look.detector().find(reading)) {
        Finding finding = finding(rule, severity, span, looks.assumed());
        long place = (long) span.start() << 32 | span.end();
        Finding before = gravest.get(place);
        if (before == null
            ? gravest.size() < Detector.MOST
            : before.severity().compareTo(finding.severity()) < 0) {
          gravest.put(place, finding);
          if (looks.assumed().isEmpty()) {
            assumed.remove(place);
          } else {
            assumed.add(place);
          }
        }
      }
    }
    gravest.forEach(
        (place, finding) -> (assumed.contains(place) ? assumptions : findings).add(finding));
  }

  private static Finding finding(LintRule rule, Verdict severity, Span span, Set<String> assumed) {
    StringBuilder reason = new StringBuilder(rule.reason());
    if (!span.note().isEmpty()) {
      reason.append(' ').append(span.note());
    }
    if (!assumed.isEmpty()) {
      reason.append(" Not known: ").append(String.join(", ", assumed)).append('.');
    }
    boolean unseen = span.note().equals(HostDetector.FAILED) && severity == Verdict.WARN;
    return new Finding(
        rule.id(),
        unseen ? Verdict.REVIEW : severity,
        span.start(),
        span.end(),
        reason.toString(),
        rule.remedy());
  }

  /** One automaton for all that rules look for. */
  static PhraseIndex index(List<LintRule> rules) {
    List<PhraseSet> sets = new ArrayList<>(Innocence.common());
    for (LintRule rule : rules) {
      rule.looks().forEach(look -> sets.addAll(look.detector().phrases()));
    }
    return new PhraseIndex(sets);
  }

  /** The day on a clock (UTC). */
  static LocalDate today(Clock clock) {
    return LocalDate.ofInstant(clock.instant(), ZoneOffset.UTC);
  }

  private static String digest(List<RulePack> packs) {
    String all = packs.stream().map(RulePack::digest).sorted().collect(Collectors.joining());
    return Bytes.sha256(all.getBytes(StandardCharsets.US_ASCII));
  }
}
