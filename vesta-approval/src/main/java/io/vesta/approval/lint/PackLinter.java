package io.vesta.approval.lint;

import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.time.Clock;
import java.time.LocalDate;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Objects;
import java.util.Set;

/** A {@link Linter} over rule packs: the rules in force today (UTC), in linear time of the text. */
public final class PackLinter implements Linter {

  private final List<RulePack> packs;
  private final Clock clock;
  private final String digest;

  /**
   * @param packs what to apply, in any order
   * @param clock decides which rules are in force
   */
  public PackLinter(List<RulePack> packs, Clock clock) {
    this.packs = List.copyOf(packs);
    this.clock = Objects.requireNonNull(clock, "clock");
    this.digest = digest(this.packs);
  }

  @Override
  public LintReport lint(LintInput input) {
    NormalText text = new NormalText(input.text());
    LocalDate today = LocalDate.ofInstant(clock.instant(), java.time.ZoneOffset.UTC);
    List<Finding> findings = new ArrayList<>();
    for (RulePack pack : packs) {
      for (LintRule rule : pack.rules()) {
        if (!rule.inForce(today) || !rule.appliesTo(input)) {
          continue;
        }
        Set<Detector.Span> spans = new LinkedHashSet<>();
        rule.detectors().forEach(detector -> spans.addAll(detector.find(text, input)));
        for (Detector.Span span : spans) {
          findings.add(
              new Finding(
                  rule.id(),
                  rule.severityFor(input),
                  span.start(),
                  span.end(),
                  rule.reason(),
                  rule.remedy()));
        }
      }
    }
    return new LintReport(findings, digest);
  }

  private static String digest(List<RulePack> packs) {
    try {
      MessageDigest sha256 = MessageDigest.getInstance("SHA-256");
      packs.stream()
          .map(RulePack::digest)
          .sorted()
          .forEach(one -> sha256.update(one.getBytes(StandardCharsets.US_ASCII)));
      return HexFormat.of().formatHex(sha256.digest());
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException("every Java platform has SHA-256", e);
    }
  }
}
