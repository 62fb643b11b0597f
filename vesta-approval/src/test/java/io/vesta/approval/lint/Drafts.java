package io.vesta.approval.lint;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.json.JsonMapper;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Collectors;

/** The labelled drafts of a resource. */
final class Drafts {

  /** A draft and what has to be found in it. */
  record Labelled(String id, LintInput input, Set<String> rules, String verdict) {}

  private Drafts() {}

  static List<Labelled> read(String resource) {
    try (InputStream in = Drafts.class.getResourceAsStream(resource)) {
      byte[] bytes = Objects.requireNonNull(in, resource).readAllBytes();
      List<Labelled> drafts = new ArrayList<>();
      for (String line : new String(bytes, StandardCharsets.UTF_8).lines().toList()) {
        drafts.add(labelled(new JsonMapper().readTree(line)));
      }
      return drafts;
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private static Labelled labelled(JsonNode line) {
    Set<String> rules = new TreeSet<>();
    line.path("expectRules").forEach(rule -> rules.add(rule.textValue()));
    LintInput input =
        new LintInput(
            line.path("channel").textValue(),
            line.path("text").textValue(),
            LintInput.facts(line.path("context").toString()));
    return new Labelled(
        line.path("id").textValue(), input, rules, line.path("expectVerdict").textValue());
  }

  static Set<String> rules(LintReport report) {
    return report.findings().stream()
        .map(Finding::rule)
        .collect(Collectors.toCollection(TreeSet::new));
  }
}
