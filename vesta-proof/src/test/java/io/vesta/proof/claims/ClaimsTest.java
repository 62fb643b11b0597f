package io.vesta.proof.claims;

import static io.vesta.proof.publish.World.BROKER;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.vesta.core.error.VestaException;
import io.vesta.proof.claims.Advertising.Sentence;
import io.vesta.proof.claims.ClaimChecker.Finding;
import io.vesta.proof.claims.ClaimChecker.Status;
import io.vesta.proof.protect.Tables;
import io.vesta.proof.publish.Canaries;
import io.vesta.proof.publish.Publication;
import io.vesta.proof.publish.World;
import io.vesta.proof.signed.ProofVerifier;
import io.vesta.testkit.Engine;
import java.io.ByteArrayInputStream;
import java.math.BigDecimal;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import javax.xml.parsers.DocumentBuilderFactory;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class ClaimsTest {

  private static final URI LINK = URI.create("https://hearthline.example/proof/");

  @TempDir static Path directory;

  private static World world;
  private static Publication publication;

  /** A page of 1,234 sales in two rows and columns. */
  @BeforeAll
  static void release() {
    world = new World(Engine.SQLITE, directory);
    publication =
        world.publish(
            BROKER,
            "production",
            Tables.protect(new int[][] {{612, 88}, {400, 134}}, Tables.THREE),
            Canaries.of(List.of()));
  }

  private static SignedFigures figures(byte[]... retractions) {
    return SignedFigures.of(
        new ProofVerifier(world.key.publicKeys()),
        LINK,
        publication.signature().orElseThrow(),
        publication.files(),
        List.of(retractions),
        world.clock.instant());
  }

  private static List<Status> statuses(ClaimChecker checker, String text) {
    return checker.check(text).stream().map(Finding::status).toList();
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "We closed 1,234 sales.|SUPPORTED",
        "We closed over 1,200 sales.|SUPPORTED",
        "We closed at least 1.2 thousand sales.|SUPPORTED",
        "We closed 1.2k sales.|SUPPORTED",
        "We closed more than 1,300 sales.|UNSUPPORTED",
        "We closed 1.3k sales.|UNSUPPORTED",
        "Under 1,300 sales.|SUPPORTED",
        "We closed 1,234 leases.|UNSUPPORTED",
        "We closed 700 sales.|UNSUPPORTED",
        "Label r0 had 700 sales.|SUPPORTED",
        "Label r0 had 1,234 sales.|UNSUPPORTED",
        "Label r0 in Label c1 had 88 sales.|SUPPORTED",
        "Label r1 in Label c1 had 88 sales.|UNSUPPORTED",
        "$1,234 sales.|UNSUPPORTED",
        "The leading firm.|UNSUPPORTED",
        "We are #1!|UNSUPPORTED",
        "The most loved firm.|UNSUPPORTED"
      })
  void each_figure_and_superlative_is_held_against_what_was_signed(String text, Status status) {
    assertEquals(List.of(status), statuses(new ClaimChecker(List.of(figures())), text));
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "Talk to us about your home.",
        "As of 30 June 2026, or 2026-06-30, since 2019.",
        "See https://hearthline.example/proof/1234."
      })
  void dates_and_addresses_are_no_figures(String text) {
    assertEquals(List.of(), new ClaimChecker(List.of(figures())).check(text));
  }

  @Test
  void the_place_of_each_finding_is_told() {
    String text = "We sell. The best firm had 1,234 sales and 99 sales.";
    List<Finding> findings = new ClaimChecker(List.of(figures())).check(text);
    assertEquals(
        List.of("best", "1,234", "99"),
        findings.stream().map(f -> text.substring(f.from(), f.to()).strip()).toList());
    assertEquals(LINK, findings.get(1).support().orElseThrow().link());
  }

  @Test
  void what_has_expired_or_was_retracted_is_stale() {
    byte[] retraction = world.publisher.retract(BROKER, "production", 1).orElseThrow();
    SignedFigures retracted = figures(retraction);
    assertEquals(
        List.of(Status.STALE),
        statuses(new ClaimChecker(List.of(retracted)), "We closed 1,234 sales."));
    assertEquals(
        List.of(Status.UNSUPPORTED),
        statuses(new ClaimChecker(List.of(retracted)), "We closed 1,235 sales."));
    assertEquals(
        List.of(Status.SUPPORTED),
        statuses(new ClaimChecker(List.of(retracted, figures())), "We closed 1,234 sales."));
    assertThrows(VestaException.class, () -> new Advertising(retracted));
    world.clock.advance(World.VALIDITY);
    assertTrue(figures().stale());
    world.clock.advance(World.VALIDITY.negated());
  }

  @Test
  void figures_come_from_a_package_that_verifies_or_not_at_all() {
    Map<String, byte[]> files = publication.files();
    files.put(
        "proof.json",
        new String(publication.data(), StandardCharsets.UTF_8)
            .replace("1234", "9999")
            .getBytes(StandardCharsets.UTF_8));
    assertThrows(
        VestaException.class,
        () ->
            SignedFigures.of(
                new ProofVerifier(world.key.publicKeys()),
                LINK,
                publication.signature().orElseThrow(),
                files,
                List.of(),
                world.clock.instant()));
  }

  @Test
  void every_sentence_is_true_linked_and_supported_by_its_own_checker() {
    List<Sentence> sentences = new Advertising(figures()).sentences();
    assertEquals(publication.table().shown(), sentences.size());
    ClaimChecker checker = new ClaimChecker(List.of(figures()));
    for (Sentence sentence : sentences) {
      assertTrue(sentence.text().endsWith("Proof: " + LINK), sentence.text());
      assertTrue(sentence.text().contains("Based on information from Synthetic MLS"));
      assertEquals(List.of(Status.SUPPORTED), statuses(checker, sentence.text()), sentence.text());
    }
    assertTrue(
        sentences.stream().anyMatch(s -> s.text().startsWith("At least 1,200 sales, 1 July 2025")));
  }

  @ParameterizedTest
  @CsvSource({
    "7,7",
    "99,99",
    "100,100",
    "119,110",
    "1234,1200",
    "99999,99000",
    "1234567.89,1200000"
  })
  void a_floor_has_two_leading_digits_and_is_never_above(String value, String floor) {
    assertEquals(0, new BigDecimal(floor).compareTo(Advertising.floor(new BigDecimal(value))));
  }

  @Test
  void a_badge_is_one_svg_that_links_to_the_package_and_asks_nobody() throws Exception {
    Advertising advertising = new Advertising(figures());
    for (Sentence sentence : advertising.sentences()) {
      byte[] badge = advertising.badge(sentence);
      var root =
          DocumentBuilderFactory.newInstance()
              .newDocumentBuilder()
              .parse(new ByteArrayInputStream(badge))
              .getDocumentElement();
      assertEquals("svg", root.getTagName());
      assertEquals(sentence.text(), root.getAttribute("aria-label"));
      var links = root.getElementsByTagName("a");
      assertEquals(1, links.getLength());
      assertEquals(
          LINK.toString(), links.item(0).getAttributes().getNamedItem("href").getNodeValue());
      String text = new String(badge, StandardCharsets.UTF_8);
      for (String outside : List.of("<script", "src=", "url(", "@import", "<image", "<style")) {
        assertFalse(text.contains(outside), outside);
      }
    }
  }
}
