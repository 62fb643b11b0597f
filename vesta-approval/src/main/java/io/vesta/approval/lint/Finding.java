package io.vesta.approval.lint;

import io.vesta.core.error.VestaException;
import java.util.Objects;

/**
 * One match of one rule.
 *
 * @param rule the rule's id, such as {@code FH-FAM-01}
 * @param severity how grave
 * @param start where it begins in the text as it was given, in UTF-16 units, 0 or more
 * @param end where it ends, exclusive; equal to {@code start} for a finding about something missing
 * @param reason one sentence for the reviewer, from the rule
 * @param remedy what to do about it, from the rule
 */
public record Finding(
    String rule, Verdict severity, int start, int end, String reason, String remedy) {

  /** Checks presence and the span. */
  public Finding {
    Objects.requireNonNull(rule, "rule");
    Objects.requireNonNull(severity, "severity");
    Objects.requireNonNull(reason, "reason");
    Objects.requireNonNull(remedy, "remedy");
    if (start < 0 || end < start) {
      throw VestaException.invalid(
          "finding span", "[" + start + ", " + end + ")", "use 0 <= start <= end");
    }
  }
}
