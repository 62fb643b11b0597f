package io.vesta.examples.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.vesta.core.secret.Secret;
import io.vesta.examples.quickstart.Quickstart;
import java.io.IOException;
import java.io.InputStream;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashSet;
import java.util.List;
import java.util.Objects;
import java.util.Set;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class ProofCommandTest {

  private static final String SPEC =
      """
      {"brokerage": "hearthline", "claim": "production", "broker": "M01",
       "title": "Hearthline Realty production", "from": "2021-01-01", "through": "2026-06-30",
       "source": "Synthetic MLS",
       "offices": {"O1": "Main office", "O2": "North office", "O3": "Coast office"},
       "canaries": ["OwnerName", "PrivateRemarks", "ListingKey"]}
      """;

  private static final String TABLE =
      """
      {"brokerage": "hearthline", "claim": "offices", "broker": "M01",
       "title": "Listings by office", "from": "2021-01-01", "through": "2026-06-30",
       "source": "Synthetic MLS", "deal": "ListingKey", "agent": "ListAgentKey",
       "rows": {"title": "Office", "total": "All offices", "column": "ListOfficeKey",
                "codes": {"O1": "Main", "O2": "North", "O3": "Coast", "EXT": "Elsewhere"}},
       "measures": [{"kind": "count", "key": "n", "label": "Listings"},
                    {"kind": "median", "key": "days", "label": "Median days on market",
                     "suffix": "days", "column": "DaysOnMarket", "step": 1}]}
      """;

  @TempDir Path directory;

  private Path spec;
  private Path data;
  private Path out;

  private record Ran(int code, String out, String err) {}

  private static Ran run(Object... arguments) {
    StringWriter out = new StringWriter();
    StringWriter err = new StringWriter();
    String[] words = new String[arguments.length];
    for (int i = 0; i < words.length; i++) {
      words[i] = arguments[i].toString();
    }
    int code = VestaCli.run(new PrintWriter(out, true), new PrintWriter(err, true), words);
    return new Ran(code, out.toString(), err.toString());
  }

  @BeforeEach
  void files() throws IOException {
    spec = Files.writeString(directory.resolve("spec.json"), SPEC);
    data = directory.resolve("property.csv");
    out = directory.resolve("out");
    try (InputStream in = Quickstart.class.getResourceAsStream("brokerage/property.csv")) {
      Files.copy(Objects.requireNonNull(in), data);
    }
  }

  private Ran publish() {
    return run("proof", "--spec", spec, "--data", data, "--out", out, "--json");
  }

  private Ran verify() {
    Path state = directory.resolve("spec.json.state");
    return run(
        "proof",
        "verify",
        out,
        "--keys",
        state.resolve("keys.json"),
        "--log-key",
        state.resolve("log/log.vkey"),
        "--json");
  }

  @Test
  void the_brokerages_figures_are_published_and_verified() throws IOException {
    Ran published = publish();
    assertEquals(0, published.code(), published::err);
    JsonNode told = new ObjectMapper().readTree(published.out());
    assertEquals(1, told.path("number").asInt());
    assertTrue(told.path("shown").asInt() > 20, published::out);
    assertTrue(told.path("withheld").asInt() > 0, published::out);
    for (String name :
        new String[] {
          "proof.json", "index.html", "proof.jws", "cells.csv", "dataset.jsonld", "proof.tlog-proof"
        }) {
      assertTrue(Files.size(out.resolve(name)) > 100, name);
    }
    Ran verified = verify();
    assertEquals(0, verified.code(), verified::out);
    assertTrue(new ObjectMapper().readTree(verified.out()).path("verified").asBoolean());
    assertEquals(
        "rw-------",
        PosixFilePermissions.toString(
            Files.getPosixFilePermissions(
                directory.resolve("spec.json.state").resolve("proof-key.jwk"))));
  }

  @Test
  void a_changed_figure_and_another_log_entry_are_found() throws IOException {
    assertEquals(0, publish().code());
    byte[] firstEntry = Files.readAllBytes(out.resolve("proof.tlog-proof"));
    Path cells = out.resolve("cells.csv");
    String before = Files.readString(cells);
    Files.writeString(cells, before.replaceFirst("[0-9]\r\n", "0\r\n").replaceFirst("1", "2"));
    Ran changed = verify();
    assertEquals(1, changed.code());
    assertTrue(changed.out().contains("FILE_CHANGED: cells.csv"), changed::out);
    // The second release's package with the first one's place in the log.
    assertEquals(0, publish().code());
    assertEquals(0, verify().code());
    Files.write(out.resolve("proof.tlog-proof"), firstEntry);
    Ran other = verify();
    assertEquals(1, other.code());
    assertTrue(other.out().contains("another manifest"), other::out);
  }

  @Test
  void a_retracted_release_does_not_verify() {
    assertEquals(0, publish().code());
    Ran retracted = run("proof", "retract", "--spec", spec, "--number", 1, "--out", out);
    assertEquals(0, retracted.code(), retracted::err);
    Ran verified = verify();
    assertEquals(1, verified.code());
    assertTrue(verified.out().contains("RETRACTED"), verified::out);
    assertEquals(1, run("proof", "retract", "--spec", spec, "--number", 9, "--out", out).code());
  }

  @Test
  void any_table_is_published_from_its_columns() throws IOException {
    Files.writeString(spec, TABLE);
    Ran published = publish();
    assertEquals(0, published.code(), published::err);
    assertTrue(
        new ObjectMapper().readTree(published.out()).path("shown").asInt() >= 4, published::out);
    assertEquals(0, verify().code());
  }

  @Test
  void what_cannot_be_published_is_told_without_files() throws IOException {
    Files.writeString(spec, SPEC.replace("Hearthline Realty production", "call 2145550142 now"));
    Ran refused = publish();
    assertEquals(1, refused.code());
    assertTrue(refused.err().contains("title"), refused::err);
    assertFalse(Files.exists(out.resolve("index.html")));
    Files.writeString(spec, SPEC);
    String rows = Files.readString(data);
    Files.writeString(data, rows.replace("2025-02-01,4,M11", "Zoe Quill,4,M11"));
    Ran odd = publish();
    assertEquals(1, odd.code());
    assertTrue(odd.err().contains("that is not a day such as"), odd::err);
    assertFalse(odd.err().contains("Quill"), odd::err);
    Ran unknown = run("proof", "verify", directory.resolve("none"), "--keys", spec);
    assertEquals(1, unknown.code());
    assertFalse(unknown.err().contains("\tat "), unknown::err);
    assertEquals(2, run("proof", "--spec", spec).code());
    assertEquals(
        2,
        run("proof", "--spec", spec, "--data", data, "--out", out, "--state", out.resolve("state"))
            .code());
  }

  @Test
  void a_key_that_was_cut_short_is_refused_by_name_and_left_alone() throws IOException {
    assertEquals(0, publish().code());
    Path state = directory.resolve("spec.json.state");
    for (String name : List.of("log-key", "proof-key.jwk")) {
      Path file = state.resolve(name);
      byte[] whole = Files.readAllBytes(file);
      for (int length : new int[] {0, 20}) {
        Files.write(file, Arrays.copyOf(whole, length));
        Ran refused = publish();
        assertEquals(1, refused.code());
        assertTrue(
            refused.err().contains(name + " has " + length + " bytes, too few"), refused::err);
        assertEquals(length, Files.size(file));
      }
      Files.write(file, whole);
    }
    assertEquals(0, publish().code());
    assertEquals(0, verify().code());
  }

  @Test
  void a_crash_while_a_key_is_written_leaves_none_and_the_next_run_makes_one() throws IOException {
    Path state = Files.createDirectories(directory.resolve("spec.json.state"));
    Path torn = Files.createFile(state.resolve("fresh-1.part"));
    assertEquals(0, publish().code());
    assertEquals(0, verify().code());
    assertEquals(0, Files.size(torn));
    try (Stream<Path> files = Files.list(state)) {
      assertEquals(
          List.of("fresh-1.part"),
          files.map(file -> "" + file.getFileName()).filter(n -> n.startsWith("fresh")).toList());
    }
  }

  @Test
  void two_programs_that_make_a_key_at_the_same_time_hold_the_same() throws Exception {
    ExecutorService both = Executors.newFixedThreadPool(8);
    try {
      List<Callable<Secret>> makers = new ArrayList<>();
      for (int i = 0; i < 8; i++) {
        Secret fresh = Secret.of(("" + i).repeat(44));
        makers.add(() -> KeptSecret.of(directory, "key", fresh));
      }
      Set<String> held = new HashSet<>();
      for (Future<Secret> maker : both.invokeAll(makers)) {
        held.add(new String(maker.get().reveal(), StandardCharsets.UTF_8));
      }
      assertEquals(Set.of(Files.readString(directory.resolve("key"))), held);
    } finally {
      both.shutdownNow();
    }
  }
}
