package io.vesta.approval.lint;

import io.vesta.approval.envelope.internal.Bytes;
import io.vesta.core.error.VestaException;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Objects;
import java.util.Set;
import java.util.TreeSet;

/**
 * What the rules found in one text.
 *
 * @param findings ordered by position, then by rule
 * @param packDigest the SHA-256 over all rule packs that were applied, as 64 lower-case hexadecimal
 *     digits
 */
public record LintReport(List<Finding> findings, String packDigest) {

  private static final String DOMAIN = "vesta/lint/v1";

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

  /** The ids of the rules with a finding of a severity, in order; never null. */
  public Set<String> rules(Verdict severity) {
    Set<String> rules = new TreeSet<>();
    findings.stream()
        .filter(finding -> finding.severity() == severity)
        .forEach(finding -> rules.add(finding.rule()));
    return rules;
  }

  /** The encoding that is stored and digested. */
  public byte[] bytes() {
    Bytes.Writer out = new Bytes.Writer(DOMAIN).text(packDigest).number(findings.size());
    for (Finding finding : findings) {
      out.text(finding.rule())
          .text(finding.severity().name())
          .number(finding.start())
          .number(finding.end())
          .text(finding.reason())
          .text(finding.remedy());
    }
    return out.toBytes();
  }

  /** SHA-256 of the encoding: 64 lower-case hexadecimal digits. */
  public String digest() {
    return Bytes.sha256(bytes());
  }

  /**
   * Reads a report back.
   *
   * @param bytes what {@link #bytes} gave
   * @throws VestaException if they are no report
   */
  public static LintReport parse(byte[] bytes) {
    try {
      Bytes.Reader in = new Bytes.Reader(DOMAIN, bytes);
      String packs = in.text();
      List<Finding> findings = new ArrayList<>();
      int count = in.count();
      for (int i = 0; i < count; i++) {
        findings.add(
            new Finding(
                in.text(),
                Verdict.valueOf(in.text()),
                Math.toIntExact(in.number()),
                Math.toIntExact(in.number()),
                in.text(),
                in.text()));
      }
      in.end();
      return new LintReport(findings, packs);
    } catch (IllegalArgumentException | ArithmeticException | VestaException e) {
      throw VestaException.invalid(
          "lint report",
          bytes.length + " bytes of another form",
          "restore the bytes that were stored");
    }
  }
}
