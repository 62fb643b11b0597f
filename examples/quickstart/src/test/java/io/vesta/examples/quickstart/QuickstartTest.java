package io.vesta.examples.quickstart;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.vesta.audit.verify.LogVerifier;
import io.vesta.audit.verify.Report;
import io.vesta.testkit.Engine;
import jakarta.mail.Session;
import jakarta.mail.internet.MimeMessage;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.PrintStream;
import java.math.BigDecimal;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Properties;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** The whole story on both engines, and its claims checked by other means than its own. */
class QuickstartTest {

  private static final ObjectMapper JSON = new ObjectMapper();

  @TempDir Path directory;

  private record Told(Summary summary, Path folder, String story, Engine.Fresh fresh) {

    JsonNode json(String file) throws IOException {
      return JSON.readTree(folder.resolve(file).toFile());
    }
  }

  private Told tell(Engine engine) throws IOException {
    Engine.Fresh fresh = engine.fresh(directory);
    Path folder = Files.createDirectories(directory.resolve("out-" + engine));
    ByteArrayOutputStream printed = new ByteArrayOutputStream();
    Summary summary =
        Quickstart.run(
            fresh.database(), folder, new PrintStream(printed, true, StandardCharsets.UTF_8));
    return new Told(summary, folder, printed.toString(StandardCharsets.UTF_8), fresh);
  }

  @ParameterizedTest
  @EnumSource(Engine.class)
  void the_story_holds_what_the_readme_promises(Engine engine) throws Exception {
    Told told = tell(engine);
    numbers(told);
    mails(told);
    refusals(told);
    log(told);
    market(told);
    production(told);
    words(told);
  }

  private static void numbers(Told told) throws IOException {
    JsonNode summary = told.json("summary.json");
    assertEquals(2930, summary.at("/read/ames.csv").asInt());
    assertEquals(600, summary.at("/read/property.csv").asInt());
    assertEquals(3, summary.at("/rejected/property.csv").asInt());
    assertEquals(3, summary.at("/faults").size(), "the three planted faults");
    JsonNode drafts = summary.at("/drafts");
    assertEquals(
        drafts.at("/created").asInt(),
        drafts.at("/approved").asInt()
            + drafts.at("/edited").asInt()
            + drafts.at("/skipped").asInt()
            + drafts.at("/blockedByLint").asInt(),
        "every draft has one end");
    assertEquals(0, summary.at("/queue/openForBroker").asInt());
    assertEquals(4, summary.at("/contactsVisible").size());
  }

  /** Every mail is what one approval says, by the digest of the bytes that the database holds. */
  private static void mails(Told told) throws Exception {
    long expected =
        told.summary().number("drafts", "approved") + told.summary().number("drafts", "edited");
    assertTrue(expected >= 8, "only " + expected);
    assertTrue(told.summary().number("drafts", "edited") >= 2);
    List<Path> mails = files(told.folder().resolve("mailbox"));
    assertEquals(expected, mails.size());
    assertEquals(expected, told.summary().number("drafts", "delivered"));
    assertEquals(expected, told.summary().number("drafts", "deliveredAsApproved"));
    Map<String, String> approved = new HashMap<>();
    Set<String> skipped = new HashSet<>();
    told.fresh()
        .database()
        .read(
            work ->
                work.handle()
                    .createQuery(
                        "select d.dedupe_key, d.state, c.envelope from vesta_draft d"
                            + " join vesta_draft_content c on c.draft = d.draft"
                            + " and c.revision = d.revision")
                    .map(
                        (row, context) ->
                            row.getString(2).equals("SENT")
                                ? approved.put(
                                    row.getString(1),
                                    new String(row.getBytes(3), StandardCharsets.UTF_8))
                                : skipped.add(row.getString(1)))
                    .list());
    assertEquals(expected, approved.size());
    for (Path mail : mails) {
      String key = mail.getFileName().toString().replace(".eml", "");
      String envelope = approved.get(key);
      try (InputStream in = Files.newInputStream(mail)) {
        MimeMessage message = new MimeMessage(Session.getInstance(new Properties()), in);
        String body = ((String) message.getContent()).replace("\r\n", "\n");
        assertTrue(envelope.endsWith(body), "the text is not the approved one");
        assertTrue(envelope.contains(message.getSubject()));
        assertTrue(envelope.contains(message.getAllRecipients()[0].toString()));
        assertEquals(1, message.getAllRecipients().length);
        assertEquals(key, message.getMessageID().substring(1, 65));
      }
    }
  }

  private static void refusals(Told told) throws IOException {
    List<String> reasons = new ArrayList<>();
    for (JsonNode refused : told.json("summary.json").at("/refused")) {
      reasons.add(refused.path("attempt").asText() + ": " + refused.path("reason").asText());
    }
    assertEquals(
        List.of(
            "approval by its owner of what was routed to review: NOT_AUTHORIZED",
            "send after the client opted out: WRONG_STATE",
            "send while the broker has stopped all mail: SWITCHED_OFF",
            "send of a text that was changed in the database: APPROVAL_BROKEN",
            "send without an approval: WRONG_STATE",
            "approval by a bot: NOT_AUTHORIZED",
            "edit after the approval, from what was seen before it: VERSION_CHANGED",
            "edit after the delivery: WRONG_STATE",
            "decision of another team's lead: NOT_FOUND",
            "read of another team's contact: OUT_OF_SCOPE"),
        reasons);
  }

  private static void log(Told told) throws IOException {
    Path audit = told.folder().resolve("audit");
    String vkey = Files.readString(audit.resolve("log.vkey")).strip();
    Report report = LogVerifier.verify(audit, vkey);
    assertTrue(report.ok(), report::toString);
    assertEquals(report.entries(), told.summary().number("audit", "treeSize"));
    assertTrue(report.entries() > 60, "only " + report.entries());
    String checkpoint = Files.readString(audit.resolve("checkpoint"));
    assertTrue(checkpoint.contains("\n" + report.entries() + "\n"));
    assertTrue(
        checkpoint.contains(told.json("summary.json").at("/audit/root").asText()),
        "the root that was printed is the signed one");
    Path entries = audit.resolve("tile/entries");
    try (Stream<Path> tiles = Files.walk(entries)) {
      for (Path tile : tiles.filter(Files::isRegularFile).toList()) {
        String text = Files.readString(tile, StandardCharsets.ISO_8859_1);
        assertFalse(text.contains("@example"), "an address in the log");
        assertFalse(text.contains("Hello"), "a body in the log");
      }
    }
  }

  /** Sums of the real sales, added up from the file without any of our code. */
  private static void market(Told told) throws IOException {
    Map<String, BigDecimal> counts = new HashMap<>();
    Map<String, BigDecimal> sums = new HashMap<>();
    try (InputStream in = QuickstartTest.class.getResourceAsStream("sales/ames.csv")) {
      List<String> lines = new String(in.readAllBytes(), StandardCharsets.UTF_8).lines().toList();
      for (String line : lines.subList(1, lines.size())) {
        String[] values = line.replace("\"", "").split(",");
        for (String row : List.of(values[0], "*")) {
          for (String column : List.of(values[8], "*")) {
            counts.merge(row + " " + column, BigDecimal.ONE, BigDecimal::add);
            sums.merge(row + " " + column, new BigDecimal(values[11]), BigDecimal::add);
          }
        }
      }
    }
    JsonNode proof = told.json("proof/proof.json");
    int shown = 0;
    int withheld = 0;
    for (JsonNode measure : proof.at("/measures")) {
      Map<String, BigDecimal> expected =
          measure.path("key").asText().equals("sales")
              ? counts
              : measure.path("key").asText().equals("volume") ? sums : Map.of();
      for (JsonNode cell : measure.path("cells")) {
        if (!cell.hasNonNull("value") && !cell.hasNonNull("low")) {
          withheld++;
        } else {
          shown++;
          String place = cell.path("row").asText() + " " + cell.path("column").asText();
          if (!expected.isEmpty()) {
            assertEquals(
                0, expected.get(place).compareTo(cell.path("value").decimalValue()), place);
          }
        }
      }
    }
    assertEquals(shown, told.summary().number("proof/ames-market", "shown"));
    assertEquals(withheld, told.summary().number("proof/ames-market", "suppressed"));
    assertTrue(withheld > 50 && shown > 300, shown + " shown, " + withheld + " withheld");
    assertEquals(28, proof.at("/rows/labels").size() - 1, "neighbourhoods");
    assertEquals(5, proof.at("/columns/labels").size() - 1, "years");
    String page = Files.readString(told.folder().resolve("proof/index.html"));
    assertTrue(page.contains("North Ames") && page.contains("2,930"));
    assertTrue(page.contains("synthetic"), "the agents are labelled so");
  }

  private static void production(Told told) throws IOException {
    JsonNode expected;
    try (InputStream in = QuickstartTest.class.getResourceAsStream("expected_metrics.json")) {
      expected = JSON.readTree(in);
    }
    int exact = 0;
    int ranges = 0;
    for (JsonNode measure : told.json("proof/brokerage.json").at("/measures")) {
      for (JsonNode cell : measure.path("cells")) {
        String row = cell.path("row").asText();
        String column = cell.path("column").asText();
        JsonNode known =
            row.equals("*")
                ? expected.path(column.equals("*") ? "brokerage_all_time" : column)
                : expected.path("by_office_" + column).path(row);
        JsonNode figure = known.path(measure.path("key").asText());
        String place = measure.path("key") + " " + row + " " + column;
        if (figure.isMissingNode()) {
          continue;
        }
        if (cell.hasNonNull("value")) {
          assertEquals(
              0, figure.decimalValue().compareTo(cell.path("value").decimalValue()), place);
          exact++;
        } else if (cell.hasNonNull("low")) {
          assertTrue(figure.decimalValue().compareTo(cell.path("low").decimalValue()) >= 0, place);
          assertTrue(figure.decimalValue().compareTo(cell.path("high").decimalValue()) <= 0, place);
          ranges++;
        }
      }
    }
    assertEquals(20, exact, "all time, last 12 months and two of three offices, five figures each");
    assertEquals(8, ranges, "and a range around each of their two medians");
  }

  private static void words(Told told) {
    assertFalse(told.story().contains("@"), "an address in the story");
    assertTrue(told.story().contains("byte for byte what was approved"));
  }

  private static List<Path> files(Path folder) throws IOException {
    try (Stream<Path> inside = Files.list(folder)) {
      return inside.sorted().toList();
    }
  }

  @Test
  void a_second_run_replaces_the_first(@TempDir Path folder) throws IOException {
    Set<String> names = new TreeSet<>();
    for (int run = 0; run < 2; run++) {
      Quickstart.main(new String[] {folder.toString()});
      try (Stream<Path> inside = Files.list(folder)) {
        inside.forEach(path -> names.add(path.getFileName().toString()));
      }
    }
    assertEquals(Set.of("audit", "mailbox", "proof", "summary.json", "vesta.db"), names);
  }
}
