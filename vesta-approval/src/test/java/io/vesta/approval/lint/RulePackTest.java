package io.vesta.approval.lint;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.json.JsonMapper;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import com.networknt.schema.JsonSchema;
import com.networknt.schema.JsonSchemaFactory;
import com.networknt.schema.SpecVersion.VersionFlag;
import io.vesta.core.error.VestaException;
import io.vesta.testkit.MutableClock;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class RulePackTest {

  private static final JsonMapper MAPPER = new JsonMapper();

  private final MutableClock clock = new MutableClock(Instant.parse("2026-06-30T12:00:00Z"));

  private static JsonNode resource(String name) throws IOException {
    try (InputStream in = RulePack.class.getResourceAsStream(name)) {
      return MAPPER.readTree(Objects.requireNonNull(in, name));
    }
  }

  private static ObjectNode pack(String detector) {
    try {
      ObjectNode pack =
          (ObjectNode)
              MAPPER.readTree(
                  "{\"pack\": \"p\", \"reviewBy\": \"2027-01-01\", \"rules\": [{\"id\": \"X-1\","
                      + " \"citation\": \"c\", \"certainty\": \"SETTLED\", \"effectiveFrom\":"
                      + " \"2020-01-01\", \"severity\": \"WARN\", \"detect\": [], \"reason\": \"r.\","
                      + " \"remedy\": \"m\", \"mustFlag\": [\"A blue door.\"], \"mustPass\":"
                      + " [\"A red door.\"]}]}");
      ((ArrayNode) pack.at("/rules/0/detect")).add(MAPPER.readTree(detector));
      return pack;
    } catch (IOException e) {
      throw new AssertionError(e);
    }
  }

  private static ObjectNode rule(ObjectNode pack) {
    return (ObjectNode) pack.at("/rules/0");
  }

  private static byte[] bytes(JsonNode pack) {
    return pack.toString().getBytes(StandardCharsets.UTF_8);
  }

  private static List<String> faults(JsonNode pack) {
    return assertThrows(RulePackInvalid.class, () -> RulePack.load(bytes(pack))).faults();
  }

  @Test
  void every_shipped_pack_and_every_kind_of_detector_has_the_published_form() throws IOException {
    JsonSchema schema =
        JsonSchemaFactory.getInstance(VersionFlag.V202012).getSchema(resource("pack.schema.json"));
    for (RulePack pack : RulePack.shipped()) {
      assertEquals(Set.of(), schema.validate(resource(pack.id() + ".json")), pack.id());
    }
    for (String wrong :
        List.of(
            "{\"any\": []}",
            "{\"any\": [\"x\"], \"near\": [\"y\"]}",
            "{\"quiet\": {\"from\": \"08:00\"}}",
            "{\"pattern\": \"x\", \"checksum\": \"MOD11\"}",
            "{\"facts\": [\"TRUE\"]}",
            "{}")) {
      assertFalse(schema.validate(pack(wrong)).isEmpty(), wrong);
      assertFalse(faults(pack(wrong)).isEmpty(), wrong);
    }
  }

  @Test
  void every_shipped_rule_names_its_source_and_has_an_id_of_its_own() {
    Set<String> ids =
        RulePack.shipped().stream()
            .flatMap(pack -> pack.ruleIds().stream())
            .collect(Collectors.toSet());
    assertTrue(
        ids.containsAll(
            List.of(
                "FH-RACE-01",
                "FH-REL-01",
                "FH-REL-02",
                "FH-NAT-01",
                "FH-SEX-01",
                "FH-FAM-01",
                "FH-FAM-02",
                "FH-DIS-01",
                "FH-SOI-01",
                "FH-STEER-01",
                "FH-STEER-02",
                "FH-STEER-03",
                "FH-BLOCK-01",
                "FH-DATA-01",
                "FH-PARITY-01",
                "SMS-CONSENT-01",
                "SMS-DNC-01",
                "SMS-QUIET-01",
                "SMS-QUIET-02",
                "SMS-STOP-01",
                "SMS-ID-01",
                "EMAIL-CANSPAM-01",
                "EMAIL-CANSPAM-02",
                "EMAIL-CANSPAM-03",
                "LIC-01",
                "LIC-02",
                "LIC-03",
                "TRUTH-01",
                "TRUTH-02",
                "TRUTH-03",
                "FACT-01",
                "CONF-01",
                "PRIV-01",
                "PII-01",
                "WIRE-01",
                "RESPA-01",
                "RESPA-02",
                "MLO-01",
                "UPL-01",
                "COMP-01",
                "COMP-02",
                "CCP-01",
                "ETH-15",
                "ETH-16",
                "AI-DISC-01",
                "AI-VOICE-01",
                "AI-IMG-01",
                "AI-ADMT-01",
                "QUAL-01",
                "QUAL-02",
                "RET-01")),
        "the catalogue");
    assertEquals(
        ids.size(), RulePack.shipped().stream().mapToInt(pack -> pack.ruleIds().size()).sum());
  }

  @Test
  void a_rule_that_is_uncertain_never_blocks() {
    ObjectNode pack = pack("{\"any\": [\"blue door\"]}");
    rule(pack).put("certainty", "UNSETTLED");
    RulePack.load(bytes(pack));
    rule(pack).put("severity", "BLOCK");
    assertEquals(
        List.of("\"/rules/0/severity\" blocks, though its certainty is UNSETTLED"), faults(pack));
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "blue.*door",
        "blue +door",
        "blue {1,}door",
        "(blue door{1,900}){1,900}",
        "(?<=a )blue door",
        "(b)lue door\\1",
        "(blue door)?",
        "blue \\Qdoor\\E",
      })
  void a_pattern_that_could_take_long_is_refused(String pattern) {
    ObjectNode pack = pack("{\"pattern\": \"x\"}");
    ((ObjectNode) pack.at("/rules/0/detect/0")).put("pattern", pattern);
    List<String> faults = faults(pack);
    assertTrue(faults.get(0).startsWith("\"/rules/0/detect/0/pattern\" "), faults::toString);
  }

  @Test
  void a_pattern_with_bounds_is_taken() {
    RulePack.load(bytes(pack("{\"pattern\": \"blu[*+e] {1,3}door\"}")));
  }

  @Test
  void phrases_have_alternatives_options_beginnings_and_endings() {
    for (String line :
        List.of(
            "blue|green door",
            "(light blue|blue) door",
            "blue painted? door",
            "bl* door",
            "blue door~",
            "@doors")) {
      ObjectNode pack = pack("{\"any\": []}");
      pack.putObject("lists").putArray("doors").add("blue door");
      ((ArrayNode) pack.at("/rules/0/detect/0/any")).add(line);
      ArrayNode flag = (ArrayNode) rule(pack).path("mustFlag");
      if (line.endsWith("~")) {
        flag.add("Blue doors.");
      }
      RulePack.load(bytes(pack));
    }
    for (String line : List.of("Blue door", "bl\u00fae door", "@windows", "x?", "*", "( )")) {
      ObjectNode pack = pack("{\"any\": []}");
      ((ArrayNode) pack.at("/rules/0/detect/0/any")).add(line);
      assertTrue(faults(pack).get(0).startsWith("\"/rules/0/detect/0/any\" "), line);
    }
  }

  @Test
  void a_pack_comes_from_a_file_and_is_told_by_its_digest(@TempDir Path directory)
      throws IOException {
    byte[] bytes = bytes(pack("{\"any\": [\"blue door\"]}"));
    RulePack pack = RulePack.load(Files.write(directory.resolve("p.json"), bytes));
    assertEquals("p", pack.id());
    assertEquals(RulePack.load(bytes).digest(), pack.digest());
  }

  @Test
  void a_pack_past_its_review_and_rules_past_their_end_say_so() {
    ObjectNode json = pack("{\"any\": [\"blue door\"]}");
    rule(json).put("effectiveTo", "2026-12-31");
    RulePack pack = RulePack.load(bytes(json));
    Linter linter = new PackLinter(List.of(pack), clock);
    assertFalse(pack.expired(clock));
    assertEquals(List.of(), pack.lapsed(clock));
    assertEquals(Verdict.WARN, verdict(linter, "A blue door."));
    clock.advance(Duration.ofDays(186));
    assertTrue(pack.expired(clock));
    assertEquals(List.of("X-1"), pack.lapsed(clock));
    assertEquals(Verdict.PASS, verdict(linter, "A blue door."));
  }

  @Test
  void two_rules_of_one_id_are_refused() {
    RulePack pack = RulePack.load(bytes(pack("{\"any\": [\"blue door\"]}")));
    assertThrows(VestaException.class, () -> new PackLinter(List.of(pack, pack), clock));
  }

  private static final class Doors implements LintDetector {
    private boolean broken;
    private int end = 4;

    @Override
    public String name() {
      return "doors";
    }

    @Override
    public List<Place> find(LintInput input) {
      if (broken) {
        throw new IllegalStateException(input.text());
      }
      return input.text().contains("blue") ? List.of(new Place(2, end)) : List.of();
    }
  }

  @Test
  void a_host_adds_a_detector_and_its_failure_lets_nothing_through() {
    ObjectNode json = pack("{\"detector\": \"doors\"}");
    assertEquals(
        List.of("\"/rules/0/detect/0/detector\" names a detector that the host does not hand over"),
        faults(json));
    Doors doors = new Doors();
    LintRulePack brought =
        new LintRulePack() {
          @Override
          public byte[] document() {
            return bytes(json);
          }

          @Override
          public List<LintDetector> detectors() {
            return List.of(doors);
          }
        };
    Linter linter = new PackLinter(List.of(RulePack.load(brought)), clock);
    Finding finding =
        linter.lint(new LintInput("EMAIL", "A blue door.", Map.of())).findings().get(0);
    assertEquals(2, finding.start());
    assertEquals(4, finding.end());
    assertEquals(Verdict.PASS, verdict(linter, "A red door."));
    doors.end = 400;
    assertEquals(Verdict.REVIEW, verdict(linter, "A blue door."));
    doors.broken = true;
    assertEquals(Verdict.REVIEW, verdict(linter, "A red door."));
  }

  private static Verdict verdict(Linter linter, String text) {
    return linter.lint(new LintInput("EMAIL", text, Map.of())).verdict();
  }
}
