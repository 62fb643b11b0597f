package io.vesta.examples.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.vesta.rbac.policy.Policy;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class VestaCliTest {

  @TempDir static Path directory;

  private static Path audit;
  private static String key;

  private record Ran(int code, String out, String err) {}

  private static Ran run(String... arguments) {
    StringWriter out = new StringWriter();
    StringWriter err = new StringWriter();
    int code = VestaCli.run(new PrintWriter(out, true), new PrintWriter(err, true), arguments);
    return new Ran(code, out.toString(), err.toString());
  }

  @BeforeAll
  static void demo() {
    Path folder = directory.resolve("demo");
    assertEquals(0, run("demo", folder.toString()).code());
    audit = folder.resolve("audit");
    key = audit.resolve("log.vkey").toString();
  }

  @Test
  void an_export_is_verified_in_words_and_in_json() throws IOException {
    Ran words = run("verify", audit.toString(), "--key", key);
    assertEquals(0, words.code(), words::out);
    Ran json =
        run("verify", audit.toString(), "--key", Files.readString(Path.of(key)).strip(), "--json");
    JsonNode told = new ObjectMapper().readTree(json.out());
    assertTrue(told.path("verified").asBoolean());
    assertTrue(told.path("entries").asInt() > 60);
    assertEquals("log.hearthline.example/hearthline", told.path("origin").asText());
  }

  @Test
  void a_changed_byte_is_found_and_its_place_told() throws IOException {
    Path copy = directory.resolve("copy");
    try (var files = Files.walk(audit)) {
      for (Path file : files.toList()) {
        Files.copy(file, copy.resolve(audit.relativize(file).toString()));
      }
    }
    Path bundle;
    try (var files = Files.walk(copy.resolve("tile/entries"))) {
      bundle = files.filter(Files::isRegularFile).findFirst().orElseThrow();
    }
    byte[] bytes = Files.readAllBytes(bundle);
    bytes[20] ^= 1;
    Files.write(bundle, bytes);
    Ran ran = run("verify", copy.toString(), "--key", key, "--json");
    assertEquals(1, ran.code());
    JsonNode told = new ObjectMapper().readTree(ran.out());
    assertFalse(told.path("verified").asBoolean());
    assertEquals(0, told.path("firstBad").asInt(-1));
  }

  @Test
  void a_key_that_did_not_sign_verifies_nothing() {
    String other =
        "log.hearthline.example/hearthline+265e633e+AcZ0mJcYBQHiTybBqvbYLG3DPxWyLJRO2krAYctGfvW8";
    Ran ran = run("verify", audit.toString(), "--key", other);
    assertEquals(1, ran.code());
    assertTrue(ran.out().contains("NOT VERIFIED"), ran::out);
    assertEquals(1, run("verify", audit.toString(), "--key", "nonsense").code());
  }

  @Test
  void the_shipped_policy_keeps_every_law_and_a_wider_one_is_told_apart() throws IOException {
    Ran check = run("policy", "--json", "check");
    assertEquals(0, check.code(), check::out);
    assertEquals(0, run("policy", "diff", "default", "default").code());
    Path wider = directory.resolve("wider.json");
    String text = Policy.defaultDocument();
    String narrow = "\"actions\": [\"read\"], \"scope\": [\"GRANT\"], \"ownership\": [\"TEAM\"]";
    assertTrue(text.contains(narrow));
    Files.writeString(
        wider,
        text.replace(
            narrow,
            "\"actions\": [\"read\", \"export\"], \"scope\": [\"GRANT\"], \"ownership\": [\"TEAM\"]"));
    Ran diff = run("policy", "--json", "diff", "default", wider.toString());
    assertEquals(1, diff.code());
    JsonNode told = new ObjectMapper().readTree(diff.out());
    assertEquals("GAINED BROKER Contact.export", told.at("/changes/0/change").asText(), diff::out);
    Path broken = Files.writeString(directory.resolve("broken.json"), "{\"policy\": 1}");
    Ran refused = run("policy", "check", broken.toString());
    assertEquals(1, refused.code());
    assertTrue(refused.out().contains("/policy"), refused::out);
  }

  @Test
  void a_decision_is_explained_and_everybody_who_may_is_named() throws IOException {
    Path data =
        Files.writeString(
            directory.resolve("data.json"),
            """
            {"brokerage": "firm",
             "subjects": [
               {"type": "user", "id": "ann@x", "member": "ann",
                "grants": [{"role": "AGENT", "self": true}]},
               {"type": "user", "id": "bea@x", "member": "bea",
                "grants": [{"role": "AGENT", "self": true}, {"role": "BROKER"}]}],
             "resources": [
               {"type": "Contact", "id": "c1", "owner": "ann", "ownership": "AGENT",
                "linkedToTransaction": true}]}
            """);
    String[] question = {"--data", data.toString(), "--action", "read", "--resource", "Contact:c1"};
    Ran yes = run(with(question, "policy", "explain", "--actor", "user:bea@x"));
    assertEquals(0, yes.code(), yes::err);
    JsonNode told = new ObjectMapper().readTree(yes.out());
    assertTrue(told.path("decision").asBoolean());
    assertEquals("AGENT", told.at("/capacities/0/capacity").asText());
    assertEquals("OUT_OF_SCOPE", told.at("/capacities/0/reason").asText());
    assertEquals("contact.broker.linked", told.at("/capacities/1/reason").asText());
    assertTrue(told.at("/capacities/1/because").asText().startsWith("rule contact.broker.linked"));
    Ran no =
        run(
            with(
                question,
                "policy",
                "explain",
                "--actor",
                "user:bea@x",
                "--capacity",
                "AGENT",
                "--policy",
                "default"));
    assertEquals(0, no.code(), "a refusal is an answer");
    assertFalse(new ObjectMapper().readTree(no.out()).path("decision").asBoolean());
    Ran who = run(with(question, "policy", "who-can"));
    assertEquals(0, who.code(), who::err);
    JsonNode holders = new ObjectMapper().readTree(who.out());
    assertTrue(holders.path("complete").asBoolean());
    assertEquals(2, holders.path("holders").size());
    assertEquals("ann@x", holders.at("/holders/0/subject/id").asText());
    assertEquals("contact.agent.own", holders.at("/holders/0/rule").asText());
    assertEquals("BROKER", holders.at("/holders/1/capacity").asText());
    Ran cut = run(with(question, "policy", "who-can", "--limit", "1"));
    assertFalse(new ObjectMapper().readTree(cut.out()).path("complete").asBoolean(true));
    Ran stranger = run(with(question, "policy", "explain", "--actor", "user:eve@x"));
    assertEquals(1, stranger.code());
    assertTrue(stranger.out().contains("no such subject"), stranger::out);
    assertEquals(2, run(with(question, "policy", "explain")).code());
  }

  private static String[] with(String[] question, String... before) {
    return Stream.concat(Stream.of(before), Stream.of(question)).toArray(String[]::new);
  }

  @Test
  void a_policy_is_printed_as_row_level_security() {
    Ran rls =
        run(
            "policy",
            "rls",
            "--table",
            "contact",
            "--type",
            "Contact",
            "--column",
            "brokerage=brokerage",
            "--column",
            "owner=owner");
    assertEquals(0, rls.code(), rls::out);
    assertTrue(rls.out().contains("force row level security;"), rls::out);
    assertEquals(
        1,
        run("policy", "rls", "--table", "contact", "--type", "Contact", "--column", "x=y").code());
  }

  private static Ran lint(String input, String... options) {
    InputStream before = System.in;
    try {
      System.setIn(new ByteArrayInputStream(input.getBytes(StandardCharsets.UTF_8)));
      String[] arguments = new String[options.length + 1];
      arguments[0] = "lint";
      System.arraycopy(options, 0, arguments, 1, options.length);
      return run(arguments);
    } finally {
      System.setIn(before);
    }
  }

  @Test
  void drafts_are_linted_line_by_line() throws IOException {
    Ran ran =
        lint(
            """
            {"id": "a", "channel": "EMAIL", "text": "Adults only, please.", "context": {}}

            {"id": 2, "channel": "SMS", "text": "New listing!", "context": {"purpose": "MARKETING", "recipientState": "TX", "recipientLocalTime": "2026-01-11T10:30"}}
            {"id": "c", "channel": "EMAIL", "text": "See you at five."}
            {"id": "d", "channel": "EMAIL", "text": "The home is 2,450 sq ft.", "context": {"listing": {"LivingArea": 2100, "roofYear": null}}}
            """);
    assertEquals(0, ran.code(), ran::err);
    List<String> lines = ran.out().lines().toList();
    assertEquals(
        "{\"id\":\"a\",\"verdict\":\"BLOCK\",\"findings\":[{\"rule\":\"FH-FAM-01\",\"start\":0,\"end\":11,"
            + "\"severity\":\"BLOCK\"}]}",
        lines.get(0));
    assertEquals("DEFER", new ObjectMapper().readTree(lines.get(1)).path("verdict").asText());
    assertEquals("{\"id\":\"c\",\"verdict\":\"PASS\",\"findings\":[]}", lines.get(2));
    assertEquals("REVIEW", new ObjectMapper().readTree(lines.get(3)).path("verdict").asText());
  }

  @Test
  void a_bad_line_is_told_by_its_number_and_loses_no_other() {
    Ran ran =
        lint(
            """
            {"id": "a", "channel": "EMAIL", "text": "Hello."}
            {"id": "b", "channel": "EMAIL", "text": "secret
            {"id": "c", "channel": "EMAIL"}
            ["d"]
            {"channel": "EMAIL", "text": "Hello."}
            {"id": "f", "channel": "EMAIL", "text": "Hello.", "context": 3}
            {"id": "g", "channel": "EMAIL", "text": "Hello."}
            """);
    assertEquals(1, ran.code());
    List<String> lines = ran.out().lines().toList();
    assertEquals(7, lines.size());
    assertEquals("{\"line\":2,\"error\":\"is no JSON\"}", lines.get(1));
    assertEquals("{\"line\":3,\"error\":\"has no text, or one that is no text\"}", lines.get(2));
    assertTrue(lines.get(6).contains("\"g\""), ran::out);
    assertTrue(ran.err().contains("line 6: "), ran::err);
    assertFalse(ran.out().contains("secret") || ran.err().contains("secret"));
  }

  @Test
  void a_build_server_may_fail_on_a_verdict_and_bring_a_pack() throws IOException {
    String draft = "{\"id\": 1, \"channel\": \"EMAIL\", \"text\": \"Adults only.\"}";
    assertEquals(1, lint(draft, "--fail-on", "review").code());
    assertEquals(0, lint(draft.replace("Adults only", "Hello"), "--fail-on", "review").code());
    Path pack = Files.writeString(directory.resolve("pack.json"), "{\"pack\": \"p\"}");
    Ran refused = lint(draft, "--pack", pack.toString());
    assertEquals(1, refused.code());
    assertTrue(refused.err().contains("/rules"), refused::err);
  }

  @Test
  void what_is_not_understood_is_told_with_the_usage() {
    assertEquals(2, run("verify", audit.toString()).code());
    assertTrue(run("verify").err().contains("--key"));
    assertEquals(2, run("destroy").code());
    assertEquals(0, run("--help").code());
  }
}
