package io.vesta.approval.lint;

import com.fasterxml.jackson.core.StreamReadFeature;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.json.JsonMapper;
import com.google.re2j.Pattern;
import com.google.re2j.PatternSyntaxException;
import io.vesta.approval.envelope.internal.Bytes;
import java.io.IOException;
import java.time.LocalDate;
import java.time.format.DateTimeParseException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;

/** Reads one rule pack and notes every fault before it gives up. Used once. */
final class RulePackReader {

  private static final JsonMapper MAPPER =
      JsonMapper.builder().enable(StreamReadFeature.STRICT_DUPLICATE_DETECTION).build();

  private static final Set<String> RULE_FIELDS =
      Set.of(
          "id",
          "citation",
          "certainty",
          "effectiveFrom",
          "effectiveTo",
          "severity",
          "severityIn",
          "channels",
          "when",
          "detect",
          "reason",
          "remedy",
          "mustFlag",
          "mustPass");
  private static final Set<String> DETECTOR_FIELDS =
      Set.of("any", "unless", "person", "near", "within", "pattern", "checksum", "context");

  private final List<String> faults = new ArrayList<>();

  RulePack read(byte[] json) {
    JsonNode document;
    try {
      document = MAPPER.readTree(json);
    } catch (IOException e) {
      throw new RulePackInvalid(List.of("\"\" is no JSON document, or has a key twice"));
    }
    String id = text(document, "", "pack");
    LocalDate reviewBy = date(document, "", "reviewBy").orElse(LocalDate.EPOCH);
    List<LintRule> rules = new ArrayList<>();
    Set<String> ids = new HashSet<>();
    JsonNode list = document.path("rules");
    if (!list.isArray() || list.isEmpty()) {
      fault("/rules", "must be a list of at least one rule");
    }
    for (int i = 0; i < list.size(); i++) {
      LintRule rule = rule(list.get(i), "/rules/" + i);
      if (!ids.add(rule.id())) {
        fault("/rules/" + i + "/id", "is used by an earlier rule");
      }
      rules.add(rule);
    }
    if (faults.isEmpty()) {
      for (int i = 0; i < rules.size(); i++) {
        proveExamples(rules.get(i), "/rules/" + i);
      }
    }
    if (!faults.isEmpty()) {
      throw new RulePackInvalid(faults);
    }
    return new RulePack(id, reviewBy, rules, Bytes.sha256(json));
  }

  private LintRule rule(JsonNode node, String at) {
    known(node, at, RULE_FIELDS);
    Map<String, Verdict> severityIn = new HashMap<>();
    node.path("severityIn")
        .fieldNames()
        .forEachRemaining(
            place ->
                severityIn.put(
                    place, severity(node.path("severityIn"), at + "/severityIn", place)));
    Map<String, List<String>> when = new HashMap<>();
    node.path("when")
        .fieldNames()
        .forEachRemaining(key -> when.put(key, texts(node.path("when"), at + "/when", key)));
    List<Detector> detectors = new ArrayList<>();
    JsonNode detect = node.path("detect");
    for (int i = 0; i < detect.size(); i++) {
      detector(detect.get(i), at + "/detect/" + i).ifPresent(detectors::add);
    }
    if (detect.isEmpty()) {
      fault(at + "/detect", "must be a list of at least one detector");
    }
    List<LintRule.Example> mustFlag = examples(node, at, "mustFlag");
    List<LintRule.Example> mustPass = examples(node, at, "mustPass");
    return new LintRule(
        text(node, at, "id"),
        severity(node, at, "severity"),
        Map.copyOf(severityIn),
        text(node, at, "reason"),
        text(node, at, "remedy"),
        text(node, at, "citation"),
        text(node, at, "certainty"),
        date(node, at, "effectiveFrom").orElse(LocalDate.EPOCH),
        node.has("effectiveTo") ? date(node, at, "effectiveTo").orElse(null) : null,
        node.has("channels") ? Set.copyOf(new TreeSet<>(texts(node, at, "channels"))) : Set.of(),
        Map.copyOf(when),
        detectors,
        mustFlag,
        mustPass);
  }

  private Optional<Detector> detector(JsonNode node, String at) {
    known(node, at, DETECTOR_FIELDS);
    PhraseTrie unless = new PhraseTrie(node.has("unless") ? texts(node, at, "unless") : List.of());
    if (node.has("any")) {
      return Optional.of(new Detector.Phrases(new PhraseTrie(texts(node, at, "any")), unless));
    }
    if (node.has("person")) {
      return Optional.of(
          new Detector.Frame(
              new PhraseTrie(texts(node, at, "person")),
              new PhraseTrie(texts(node, at, "near")),
              node.path("within").asInt(4),
              unless));
    }
    if (node.has("pattern")) {
      Checksum checksum = null;
      if (node.has("checksum")) {
        String name = text(node, at, "checksum");
        checksum =
            Arrays.stream(Checksum.values())
                .filter(one -> one.name().equals(name))
                .findFirst()
                .orElse(null);
        if (checksum == null) {
          fault(at + "/checksum", "is none of " + Arrays.toString(Checksum.values()));
        }
      }
      Checksum chosen = checksum;
      return pattern(node, at, "pattern").map(pattern -> new Detector.Shape(pattern, chosen));
    }
    if (node.path("context").asBoolean(false)) {
      return Optional.of(new Detector.Context());
    }
    fault(at, "needs any, person, pattern or context");
    return Optional.empty();
  }

  private Optional<Pattern> pattern(JsonNode node, String at, String field) {
    try {
      return Optional.of(Pattern.compile(text(node, at, field)));
    } catch (PatternSyntaxException e) {
      fault(at + "/" + field, "is no RE2 pattern: " + e.getDescription());
      return Optional.empty();
    }
  }

  private List<LintRule.Example> examples(JsonNode node, String at, String field) {
    List<LintRule.Example> examples = new ArrayList<>();
    JsonNode list = node.path(field);
    if (!list.isArray() || list.isEmpty()) {
      fault(at + "/" + field, "must be a list of at least one example");
    }
    for (JsonNode example : list) {
      Map<String, String> context = new HashMap<>();
      example
          .path("context")
          .properties()
          .forEach(e -> context.put(e.getKey(), e.getValue().asText()));
      examples.add(
          new LintRule.Example(
              example.isTextual() ? example.textValue() : example.path("text").asText(), context));
    }
    return examples;
  }

  /** A rule that does not do what its examples say is a fault of the pack. */
  private void proveExamples(LintRule rule, String at) {
    String channel = rule.channels().stream().sorted().findFirst().orElse("EMAIL");
    for (int i = 0; i < rule.mustFlag().size(); i++) {
      if (!matches(rule, channel, rule.mustFlag().get(i))) {
        fault(at + "/mustFlag/" + i, "is not flagged by " + rule.id());
      }
    }
    for (int i = 0; i < rule.mustPass().size(); i++) {
      if (matches(rule, channel, rule.mustPass().get(i))) {
        fault(at + "/mustPass/" + i, "is flagged by " + rule.id());
      }
    }
  }

  private static boolean matches(LintRule rule, String channel, LintRule.Example example) {
    LintInput input = new LintInput(channel, example.text(), example.context());
    NormalText text = new NormalText(example.text());
    return rule.appliesTo(input)
        && rule.detectors().stream().anyMatch(detector -> !detector.find(text, input).isEmpty());
  }

  private void known(JsonNode node, String at, Set<String> fields) {
    node.fieldNames()
        .forEachRemaining(
            field -> {
              if (!fields.contains(field)) {
                fault(at + "/" + field, "is not a known field; known are " + new TreeSet<>(fields));
              }
            });
  }

  private Verdict severity(JsonNode node, String at, String field) {
    String name = text(node, at, field);
    for (Verdict verdict : Verdict.values()) {
      if (verdict.name().equals(name) && verdict != Verdict.PASS) {
        return verdict;
      }
    }
    fault(at + "/" + field, "is none of WARN, REVIEW, BLOCK");
    return Verdict.BLOCK;
  }

  private String text(JsonNode node, String at, String field) {
    JsonNode value = node.path(field);
    if (!value.isTextual() || value.textValue().isBlank()) {
      fault(at + "/" + field, "must be a text");
      return "missing";
    }
    return value.textValue();
  }

  private List<String> texts(JsonNode node, String at, String field) {
    List<String> found = new ArrayList<>();
    JsonNode list = node.path(field);
    for (JsonNode value : list) {
      if (value.isTextual() && !value.textValue().isBlank()) {
        found.add(value.textValue());
      }
    }
    if (found.isEmpty() || found.size() != list.size()) {
      fault(at + "/" + field, "must be a list of texts");
    }
    return found;
  }

  private Optional<LocalDate> date(JsonNode node, String at, String field) {
    try {
      return Optional.of(LocalDate.parse(text(node, at, field)));
    } catch (DateTimeParseException e) {
      fault(at + "/" + field, "must be a date such as 2026-06-30");
      return Optional.empty();
    }
  }

  private void fault(String pointer, String problem) {
    faults.add("\"" + pointer + "\" " + problem);
  }
}
