package io.vesta.approval.lint;

import java.util.Comparator;
import java.util.List;
import java.util.Objects;

/**
 * What the rules found in one text.
 *
 * @param findings ordered by position, then by rule
 * @param packDigest the SHA-256 over all rule packs that were applied, as 64 lower-case hexadecimal
 *     digits
 */
public record LintReport(List<Finding> findings, String packDigest) {

  /** Orders and copies. */
  public LintReport {
    Objects.requireNonNull(packDigest, "packDigest");
    findings =
        findings.stream()
            .sorted(
                Comparator.comparingInt(Finding::start)
                    .thenComparing(Finding::rule)
                    .thenComparingInt(Finding::end))
            .toList();
  }

  /** The gravest finding's severity; {@link Verdict#PASS} if there is none. */
  public Verdict verdict() {
    return findings.stream()
        .map(Finding::severity)
        .max(Comparator.naturalOrder())
        .orElse(Verdict.PASS);
  }
}
