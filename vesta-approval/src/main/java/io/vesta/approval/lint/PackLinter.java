package io.vesta.approval.lint;

import io.vesta.approval.envelope.internal.Bytes;
import java.nio.charset.StandardCharsets;
import java.time.Clock;
import java.time.LocalDate;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Objects;
import java.util.Set;
import java.util.stream.Collectors;

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
    String all = packs.stream().map(RulePack::digest).sorted().collect(Collectors.joining());
    return Bytes.sha256(all.getBytes(StandardCharsets.US_ASCII));
  }
}
