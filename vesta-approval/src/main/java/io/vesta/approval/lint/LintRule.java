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
 * @param severityIn where it is graver or milder, by jurisdiction; the gravest known place counts
 * @param reason one sentence for the reviewer
 * @param remedy what to do
 * @param citation the statute, rule or practice it comes from
 * @param certainty how settled that is
 * @param effectiveFrom first day in force
 * @param effectiveTo last day in force, or null for no end
 * @param channels where it applies; empty for everywhere
 * @param when the places and the context in which it applies
 * @param looks any of them finds it
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
    Certainty certainty,
    LocalDate effectiveFrom,
    @Nullable LocalDate effectiveTo,
    Set<String> channels,
    Condition when,
    List<Look> looks,
    List<Example> mustFlag,
    List<Example> mustPass) {

  /**
   * One way in which the rule looks.
   *
   * @param detector what finds places
   * @param when the context in which it looks
   * @param severity how grave its finding is, or null for the rule's own
   */
  record Look(Detector detector, Condition when, @Nullable Verdict severity) {}

  /**
   * A text that shows what the rule means.
   *
   * @param channel the channel
   * @param text the text
   * @param context what is known about it
   */
  record Example(String channel, String text, Map<String, String> context) {}

  boolean inForce(LocalDate day) {
    LocalDate end = effectiveTo;
    return !day.isBefore(effectiveFrom) && (end == null || !day.isAfter(end));
  }

  Condition.Answer applies(LintInput input, Set<String> places) {
    return channels.isEmpty() || channels.contains(input.channel())
        ? when.in(input.context(), places)
        : Condition.Answer.NO;
  }

  /** How grave a look's finding is; what rests on an assumed place is never more than a REVIEW. */
  Verdict severity(Look look, Set<String> places, Set<String> assumed) {
    Verdict own = look.severity();
    Verdict gravest =
        own != null
            ? own
            : places.stream()
                .filter(severityIn::containsKey)
                .map(severityIn::get)
                .reduce((a, b) -> a.compareTo(b) >= 0 ? a : b)
                .orElse(severity);
    return assumed.contains("jurisdiction") && gravest == Verdict.BLOCK ? Verdict.REVIEW : gravest;
  }
}
