package io.vesta.approval.lint;

import java.time.LocalDate;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * One rule of a pack.
 *
 * @param id such as {@code FH-FAM-01}
 * @param severity how grave a match is
 * @param severityIn where it is graver or milder, by jurisdiction
 * @param reason one sentence for the reviewer
 * @param remedy what to do
 * @param citation the statute, rule or practice it comes from
 * @param certainty how settled that is
 * @param effectiveFrom first day in force
 * @param effectiveTo last day in force, or null for no end
 * @param channels where it applies; empty for everywhere
 * @param when the context in which it applies
 * @param detectors any of them finds it
 * @param mustFlag texts that it has to flag
 * @param mustPass innocent neighbours that it has to let through
 */
record LintRule(
    String id,
    Verdict severity,
    Map<String, Verdict> severityIn,
    String reason,
    String remedy,
    String citation,
    String certainty,
    LocalDate effectiveFrom,
    @Nullable LocalDate effectiveTo,
    Set<String> channels,
    Map<String, List<String>> when,
    List<Detector> detectors,
    List<Example> mustFlag,
    List<Example> mustPass) {

  /**
   * A text that shows what the rule means.
   *
   * @param text the text
   * @param context what is known about it
   */
  record Example(String text, Map<String, String> context) {}

  boolean inForce(LocalDate day) {
    LocalDate end = effectiveTo;
    return !day.isBefore(effectiveFrom) && (end == null || !day.isAfter(end));
  }

  boolean appliesTo(LintInput input) {
    return (channels.isEmpty() || channels.contains(input.channel()))
        && Detector.holds(when, input.context());
  }

  Verdict severityFor(LintInput input) {
    String jurisdiction = input.context().get("jurisdiction");
    return jurisdiction == null ? severity : severityIn.getOrDefault(jurisdiction, severity);
  }
}
