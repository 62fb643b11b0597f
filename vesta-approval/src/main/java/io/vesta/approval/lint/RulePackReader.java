package io.vesta.approval.lint;

import com.fasterxml.jackson.core.StreamReadFeature;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.json.JsonMapper;
import com.google.re2j.Pattern;
import io.vesta.approval.envelope.internal.Bytes;
import java.io.IOException;
import java.time.Instant;
import java.time.LocalDate;
import java.time.LocalTime;
import java.time.format.DateTimeParseException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.EnumSet;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import java.util.function.Function;

/** Reads one rule pack and notes every fault before it gives up. Used once. */
final class RulePackReader {

  private static final JsonMapper MAPPER =
      JsonMapper.builder().enable(StreamReadFeature.STRICT_DUPLICATE_DETECTION).build();

  private static final Set<String> PACK_FIELDS =
      Set.of("$schema", "pack", "reviewBy", "note", "lists", "rules");
  private static final Set<String> RULE_FIELDS =
      Set.of(
          "id",
          "citation",
          "certainty",
          "note",
          "effectiveFrom",
          "effectiveTo",
          "severity",
          "severityIn",
          "jurisdictions",
          "channels",
          "when",
          "detect",
          "reason",
          "remedy",
          "mustFlag",
          "mustPass");
  private static final Set<String> LOOK_FIELDS = Set.of("when", "severity");
  private static final Set<String> INNOCENCE_FIELDS =
      Set.of("unless", "unlessInSentence", "unlessInText", "negatable");

  /** What each kind of detector may say beyond {@link #LOOK_FIELDS}, by the field that names it. */
  private static final Map<String, Set<String>> KINDS =
      Map.of(
          "any", INNOCENCE_FIELDS,
          "person", with(INNOCENCE_FIELDS, "near", "within", "order"),
          "pattern", with(INNOCENCE_FIELDS, "checksum", "needs", "around", "digits", "reach"),
          "context", Set.of("unlessInText"),
          "missing", Set.of(),
          "holds", Set.of(),
          "greeting", Set.of(),
          "quiet", Set.of(),
          "facts", Set.of(),
          "detector", Set.of());

  private static final int USUAL_REACH = 80;

  private final List<LintDetector> hosts;
  private final List<String> faults = new ArrayList<>();
  private final Map<String, List<String>> lists = new HashMap<>();

  RulePackReader(List<LintDetector> hosts) {
    this.hosts = List.copyOf(hosts);
  }

  private static Set<String> with(Set<String> some, String... more) {
    Set<String> all = new HashSet<>(some);
    all.addAll(List.of(more));
    return all;
  }

  RulePack read(byte[] json) {
    JsonNode document;
    try {
      document = MAPPER.readTree(json);
    } catch (IOException e) {
      throw new RulePackInvalid(List.of("\"\" is no JSON document, or has a key twice"));
    }
    known(document, "", PACK_FIELDS);
    String id = text(document, "", "pack");
    LocalDate reviewBy = date(document, "", "reviewBy").orElse(LocalDate.EPOCH);
    document
        .path("lists")
        .fieldNames()
        .forEachRemaining(
            name -> lists.put(name, phraseLines(document.path("lists"), "/lists", name)));
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
      proveExamples(rules);
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
    List<LintRule.Look> looks = new ArrayList<>();
    JsonNode detect = node.path("detect");
    for (int i = 0; i < detect.size(); i++) {
      look(detect.get(i), at + "/detect/" + i).ifPresent(looks::add);
    }
    if (!detect.isArray() || detect.isEmpty()) {
      fault(at + "/detect", "must be a list of at least one detector");
    }
    Verdict severity = severity(node, at, "severity");
    Certainty certainty = certainty(node, at);
    boolean blocks =
        severity == Verdict.BLOCK
            || severityIn.containsValue(Verdict.BLOCK)
            || looks.stream().anyMatch(look -> look.severity() == Verdict.BLOCK);
    if (blocks && !certainty.mayBlock()) {
      fault(at + "/severity", "blocks, though its certainty is " + certainty);
    }
    return new LintRule(
        text(node, at, "id"),
        severity,
        Map.copyOf(severityIn),
        text(node, at, "reason"),
        text(node, at, "remedy"),
        text(node, at, "citation"),
        certainty,
        date(node, at, "effectiveFrom").orElse(LocalDate.EPOCH),
        node.has("effectiveTo") ? date(node, at, "effectiveTo").orElse(null) : null,
        optional(node, at, "channels"),
        new Condition(when(node, at), optional(node, at, "jurisdictions")),
        looks,
        examples(node, at, "mustFlag"),
        examples(node, at, "mustPass"));
  }

  private Map<String, List<String>> when(JsonNode node, String at) {
    Map<String, List<String>> when = new HashMap<>();
    node.path("when")
        .fieldNames()
        .forEachRemaining(key -> when.put(key, texts(node.path("when"), at + "/when", key)));
    return Map.copyOf(when);
  }

  private Set<String> optional(JsonNode node, String at, String field) {
    return node.has(field) ? Set.copyOf(new TreeSet<>(texts(node, at, field))) : Set.of();
  }

  private Optional<LintRule.Look> look(JsonNode node, String at) {
    List<String> kinds = KINDS.keySet().stream().filter(node::has).toList();
    if (kinds.size() != 1) {
      fault(at, "needs exactly one of " + new TreeSet<>(KINDS.keySet()));
      return Optional.empty();
    }
    String kind = kinds.get(0);
    Set<String> fields = new HashSet<>(LOOK_FIELDS);
    fields.add(kind);
    fields.addAll(KINDS.getOrDefault(kind, Set.of()));
    known(node, at, fields);
    Condition when = node.has("when") ? new Condition(when(node, at), Set.of()) : Condition.ALWAYS;
    Verdict severity = node.has("severity") ? severity(node, at, "severity") : null;
    return detector(kind, node, at).map(detector -> new LintRule.Look(detector, when, severity));
  }

  private Optional<Detector> detector(String kind, JsonNode node, String at) {
    return switch (kind) {
      case "any" -> Optional.of(new Detector.Phrases(phrases(node, at, kind), innocence(node, at)));
      case "person" ->
          Optional.of(
              new Detector.Frame(
                  phrases(node, at, kind),
                  phrases(node, at, "near"),
                  node.path("within").asInt(4),
                  choice(node, at, "order", Detector.Frame.Order.values())
                      .orElse(Detector.Frame.Order.ANY),
                  innocence(node, at)));
      case "pattern" -> shape(node, at);
      case "context" -> Optional.of(new Detector.Context(innocence(node, at)));
      case "missing" -> Optional.of(new Detector.Missing(text(node, at, kind)));
      case "holds" -> Optional.of(new Detector.Holds(text(node, at, kind)));
      case "greeting" -> Optional.of(new Detector.Greeting(text(node, at, kind)));
      case "quiet" -> quiet(node.path(kind), at + "/quiet");
      case "facts" -> facts(node, at);
      default -> host(node, at);
    };
  }

  private Innocence innocence(JsonNode node, String at) {
    return new Innocence(
        phrases(node, at, "unless"),
        phrases(node, at, "unlessInSentence"),
        phrases(node, at, "unlessInText"),
        node.path("negatable").asBoolean(false));
  }

  private Optional<Detector> shape(JsonNode node, String at) {
    Optional<Pattern> pattern =
        attempt(at + "/pattern", LinearPattern::compile, text(node, at, "pattern"));
    Checksum checksum =
        node.has("checksum") ? choice(node, at, "checksum", Checksum.values()).orElse(null) : null;
    Anchor anchor =
        new Anchor(
            phrases(node, at, "needs"),
            node.path("around").asText(""),
            node.path("digits").asInt(0),
            node.path("reach").asInt(USUAL_REACH));
    return pattern.map(one -> new Detector.Shape(one, checksum, anchor, innocence(node, at)));
  }

  private Optional<Detector> quiet(JsonNode node, String at) {
    known(node, at, Set.of("from", "until", "sundayFrom", "sundayUntil"));
    Optional<LocalTime> from = time(node, at, "from");
    Optional<LocalTime> until = time(node, at, "until");
    return from.flatMap(
        begin ->
            until.map(
                end ->
                    new QuietTime(
                        begin,
                        end,
                        node.has("sundayFrom") ? time(node, at, "sundayFrom").orElse(begin) : begin,
                        node.has("sundayUntil")
                            ? time(node, at, "sundayUntil").orElse(end)
                            : end)));
  }

  private Optional<Detector> facts(JsonNode node, String at) {
    Set<FactCheck.Outcome> about = EnumSet.noneOf(FactCheck.Outcome.class);
    for (String name : texts(node, at, "facts")) {
      find(name, FactCheck.Outcome.values())
          .ifPresentOrElse(
              about::add,
              () ->
                  fault(
                      at + "/facts",
                      "has something else than " + Arrays.toString(FactCheck.Outcome.values())));
    }
    return Optional.of(new FactCheck(about));
  }

  private Optional<Detector> host(JsonNode node, String at) {
    String name = text(node, at, "detector");
    for (LintDetector host : hosts) {
      if (host.name().equals(name)) {
        return Optional.of(new HostDetector(host));
      }
    }
    fault(at + "/detector", "names a detector that the host does not hand over");
    return Optional.empty();
  }

  private List<LintRule.Example> examples(JsonNode node, String at, String field) {
    List<LintRule.Example> examples = new ArrayList<>();
    JsonNode list = node.path(field);
    if (!list.isArray() || list.isEmpty()) {
      fault(at + "/" + field, "must be a list of at least one example");
    }
    String usual = node.path("channels").path(0).asText("EMAIL");
    for (int i = 0; i < list.size(); i++) {
      JsonNode example = list.get(i);
      if (example.isTextual()) {
        examples.add(new LintRule.Example(usual, example.textValue(), Map.of()));
        continue;
      }
      String place = at + "/" + field + "/" + i;
      known(example, place, Set.of("channel", "text", "context"));
      examples.add(
          new LintRule.Example(
              example.path("channel").asText(usual),
              text(example, place, "text"),
              context(example.path("context"), place)));
    }
    return examples;
  }

  private Map<String, String> context(JsonNode node, String at) {
    if (node.isMissingNode() || node.isObject()) {
      return LintInput.facts(node.toString());
    }
    fault(at + "/context", "must be an object");
    return Map.of();
  }

  /** A rule that does not do what its examples say is a fault of the pack. */
  private void proveExamples(List<LintRule> rules) {
    PhraseIndex index = PackLinter.index(rules);
    for (int i = 0; i < rules.size(); i++) {
      LintRule rule = rules.get(i);
      for (int k = 0; k < rule.mustFlag().size(); k++) {
        if (!matches(rule, index, rule.mustFlag().get(k))) {
          fault("/rules/" + i + "/mustFlag/" + k, "is not flagged by " + rule.id());
        }
      }
      for (int k = 0; k < rule.mustPass().size(); k++) {
        if (matches(rule, index, rule.mustPass().get(k))) {
          fault("/rules/" + i + "/mustPass/" + k, "is flagged by " + rule.id());
        }
      }
    }
  }

  private static boolean matches(LintRule rule, PhraseIndex index, LintRule.Example example) {
    LintInput input = new LintInput(example.channel(), example.text(), example.context());
    NormalText text = new NormalText(example.text());
    return PackLinter.matches(rule, new Reading(input, text, index.find(text), Instant.EPOCH));
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
    Optional<Verdict> severity =
        find(text(node, at, field), Verdict.values()).filter(one -> one != Verdict.PASS);
    if (severity.isEmpty()) {
      fault(at + "/" + field, "is none of WARN, DEFER, REVIEW, BLOCK");
    }
    return severity.orElse(Verdict.WARN);
  }

  private Certainty certainty(JsonNode node, String at) {
    return choice(node, at, "certainty", Certainty.values()).orElse(Certainty.SETTLED);
  }

  private <E extends Enum<E>> Optional<E> choice(
      JsonNode node, String at, String field, E[] values) {
    if (field.equals("order") && !node.has(field)) {
      return Optional.empty();
    }
    Optional<E> found = find(text(node, at, field), values);
    if (found.isEmpty()) {
      fault(at + "/" + field, "is none of " + Arrays.toString(values));
    }
    return found;
  }

  private static <E extends Enum<E>> Optional<E> find(String name, E[] values) {
    return Arrays.stream(values).filter(one -> one.name().equals(name)).findFirst();
  }

  /** Phrases of a field that may be absent, in which case there are none. */
  private PhraseSet phrases(JsonNode node, String at, String field) {
    if (!node.has(field) && !field.equals("near")) {
      return PhraseSet.NONE;
    }
    return attempt(at + "/" + field, PhraseSet::new, phraseLines(node, at, field))
        .orElse(PhraseSet.NONE);
  }

  /** The lines of a field, with the lists that it names by an at sign put in their places. */
  private List<String> phraseLines(JsonNode node, String at, String field) {
    List<String> lines = new ArrayList<>();
    for (String line : texts(node, at, field)) {
      if (!line.startsWith("@")) {
        lines.add(line);
        continue;
      }
      List<String> named = lists.get(line.substring(1));
      if (named == null) {
        fault(at + "/" + field, "names a list that is not above it");
      } else {
        lines.addAll(named);
      }
    }
    return lines;
  }

  private <A, B> Optional<B> attempt(String at, Function<A, B> make, A from) {
    try {
      return Optional.of(make.apply(from));
    } catch (IllegalArgumentException e) {
      fault(at, String.valueOf(e.getMessage()));
      return Optional.empty();
    }
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

  private Optional<LocalTime> time(JsonNode node, String at, String field) {
    try {
      return Optional.of(LocalTime.parse(text(node, at, field)));
    } catch (DateTimeParseException e) {
      fault(at + "/" + field, "must be a time such as 08:00");
      return Optional.empty();
    }
  }

  private void fault(String pointer, String problem) {
    faults.add("\"" + pointer + "\" " + problem);
  }
}
