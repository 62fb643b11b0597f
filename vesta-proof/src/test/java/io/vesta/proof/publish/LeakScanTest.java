package io.vesta.proof.publish;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.vesta.proof.brokerage.SampleData;
import io.vesta.proof.protect.DisclosurePolicy;
import io.vesta.proof.protect.Protector;
import io.vesta.proof.protect.ReleasedTable;
import io.vesta.proof.protect.Tables;
import io.vesta.proof.publish.LeakScan.Leak;
import io.vesta.proof.render.ProofData;
import io.vesta.proof.render.ProofPage;
import io.vesta.proof.spec.Measure;
import io.vesta.proof.spec.ProofSpec;
import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.text.Normalizer;
import java.util.ArrayList;
import java.util.Base64;
import java.util.Comparator;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Random;
import java.util.Set;
import java.util.TreeMap;
import java.util.function.UnaryOperator;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

class LeakScanTest {

  private static final String NAME = "Zoë Quill";

  /** Ways in which a text can stand in a file, each of which a reader or a browser undoes. */
  static final Map<String, UnaryOperator<String>> ENCODINGS =
      new TreeMap<>(
          Map.ofEntries(
              Map.entry("plain", t -> t),
              Map.entry("upper case", t -> t.toUpperCase(Locale.ROOT)),
              Map.entry("decimal entities", t -> each(t, "&#%d;")),
              Map.entry("decimal entities with zeros", t -> each(t, "&#%07d;")),
              Map.entry("hexadecimal entities", t -> each(t, "&#x%x;")),
              Map.entry("hexadecimal entities without end", t -> each(t, "&#x%04X") + " "),
              Map.entry("escapes", t -> each(t, "\\u%04x")),
              Map.entry("percent", t -> URLEncoder.encode(t, StandardCharsets.UTF_8)),
              Map.entry("base64", t -> base64(Base64.getEncoder(), "by " + t + ", agent")),
              Map.entry("base64 for addresses", t -> base64(Base64.getUrlEncoder(), t + " ???>>>")),
              Map.entry("base64 behind a path", t -> "img/" + base64(Base64.getEncoder(), t)),
              Map.entry("base64 behind a letter", t -> "x" + base64(Base64.getEncoder(), t)),
              Map.entry("named entities", t -> t.replace("ë", "&euml;")),
              Map.entry("decomposed", t -> Normalizer.normalize(t, Normalizer.Form.NFD)),
              Map.entry("zero-width", t -> t.replace("", "\u200b")),
              Map.entry("soft hyphens", t -> t.replace("l", "l\u00ad")),
              Map.entry(
                  "full width",
                  t -> each(t, point -> point > 32 && point < 127 ? point + 0xfee0 : point)),
              Map.entry("white space", t -> t.replace(" ", " \n\t ")),
              Map.entry("no-break space", t -> t.replace(" ", "&nbsp;")),
              Map.entry("comment", t -> "<!-- " + t + " -->"),
              Map.entry("attribute", t -> "<i data-x=\"" + t + "\"></i>")));

  private static String each(String text, String format) {
    return text.chars()
        .mapToObj(c -> String.format(Locale.ROOT, format, c))
        .collect(Collectors.joining());
  }

  private static String each(String text, java.util.function.IntUnaryOperator point) {
    return text.chars().map(point).mapToObj(Character::toString).collect(Collectors.joining());
  }

  private static String base64(Base64.Encoder encoder, String text) {
    return encoder.encodeToString(text.getBytes(StandardCharsets.UTF_8));
  }

  static Stream<String> encodings() {
    return ENCODINGS.keySet().stream();
  }

  private static List<Leak> scan(LeakScan scan, String text) {
    return scan.scan("index.html", text.getBytes(StandardCharsets.UTF_8));
  }

  @ParameterizedTest
  @MethodSource("encodings")
  void a_name_is_found_however_it_is_written(String encoding) {
    LeakScan scan = new LeakScan(Canaries.of(List.of(NAME)), List.of());
    String written = ENCODINGS.get(encoding).apply(NAME);
    String page = "<p>Sold by " + written + " in June</p>";
    assertFalse(scan(scan, page).isEmpty(), page);
    assertTrue(scan(scan, page.replace(written, "somebody")).isEmpty());
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "write to ann.lee@example.org today",
        "call (212) 555-0142 now",
        "call +1 212 555 0142 now",
        "call 212.555.0142 now",
        "number 078-05-1120 is"
      })
  void what_looks_personal_is_found_without_a_canary(String text) {
    assertFalse(scan(new LeakScan(Canaries.of(List.of()), List.of()), text).isEmpty());
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "1,234,567.00",
        "2006 2007 2008 2009",
        "12.5 at 3",
        "x=\"0\" y=\"1250\"",
        "2026-06-30",
        "list-to-sale 0.984085",
        "@media print",
        "212,345 678,901"
      })
  void figures_and_dates_do_not_look_personal(String text) {
    assertEquals(List.of(), scan(new LeakScan(Canaries.of(List.of()), List.of()), text));
  }

  @Test
  void a_name_inside_a_longer_word_is_no_leak() {
    LeakScan scan = new LeakScan(Canaries.of(List.of("Mark", "Penn")), List.of());
    assertTrue(scan(scan, "Market, Pennsylvania, remark").isEmpty());
    List<Leak> leaks = scan(scan, "Market and Mark");
    assertFalse(leaks.isEmpty());
    assertTrue(leaks.stream().allMatch(leak -> leak.position() == 11));
  }

  @Test
  void a_persons_name_that_is_also_a_declared_word_is_no_leak() {
    LeakScan scan =
        new LeakScan(Canaries.of(List.of("North", "North Ames")), List.of("North Ames"));
    assertTrue(scan(scan, "North Ames").isEmpty());
  }

  @Test
  void the_place_is_told_and_never_the_value() {
    LeakScan scan = new LeakScan(Canaries.of(List.of(NAME)), List.of());
    List<Leak> leaks = scan(scan, "<p>" + NAME + "</p>");
    assertTrue(
        leaks.stream().anyMatch(leak -> leak.form().equals("plain") && leak.position() == 3));
    assertFalse(leaks.toString().contains("Quill"));
    assertFalse(Canaries.of(List.of(NAME)).toString().contains("Quill"));
  }

  /** As many as {@code vesta.canaries} says; the profile {@code soak} says 100,000. */
  @Test
  void many_canaries_are_all_found_in_every_encoding_and_none_in_a_clean_page() {
    int count = Integer.getInteger("vesta.canaries", 1_000);
    List<String> names =
        IntStream.range(0, count)
            .mapToObj(i -> "Zo\u00eb " + Integer.toString(i * 7_919 + 1_296, 36) + " Quill")
            .toList();
    LeakScan scan = new LeakScan(Canaries.of(names), List.of());
    String clean = "A page of Zo\u00eb Quill and Persons in Quill Street. ".repeat(200);
    assertEquals(List.of(), scan(scan, clean));
    assertTrue(ENCODINGS.size() >= 12);
    ENCODINGS.forEach(
        (encoding, write) -> {
          for (int from = 0; from < count; from += 1_000) {
            List<String> some = names.subList(from, Math.min(count, from + 1_000));
            String text = some.stream().map(write).collect(Collectors.joining(" ;\n"));
            // Each form counts a canary once, so that the best form has to have them all.
            long found =
                scan(scan, text).stream()
                    .collect(Collectors.groupingBy(Leak::form, Collectors.counting()))
                    .values()
                    .stream()
                    .max(Comparator.naturalOrder())
                    .orElse(0L);
            assertEquals(some.size(), found, encoding);
          }
        });
  }

  /** As many as {@code vesta.pages} says; the profile {@code soak} says 10,000. */
  @Test
  void clean_pages_raise_no_alarm() {
    List<String> canaries = SampleData.persons();
    Random random = new Random(3);
    ProofSpec<Tables.Sale> spec =
        Tables.spec(4)
            .columns(Tables.columns(3))
            .measure(Measure.sumOfCents("volume", "Volume", "USD", Tables.Sale::cents))
            .build();
    LeakScan scan = null;
    for (int page = 0; page < Integer.getInteger("vesta.pages", 40); page++) {
      List<Tables.Sale> sales = new ArrayList<>();
      for (int deal = 0; deal < 150; deal++) {
        sales.add(
            new Tables.Sale(
                Set.of("r" + random.nextInt(4)),
                "c" + random.nextInt(3),
                "d" + deal,
                "b" + deal % 40,
                random.nextInt(200_000_000)));
      }
      ReleasedTable table = new Protector(DisclosurePolicy.STANDARD).protect(spec, sales).table();
      if (scan == null) {
        scan = new LeakScan(Canaries.of(canaries), table.words());
      }
      assertTrue(table.shown() > 0);
      for (var file : Files.of(table).byName().entrySet()) {
        assertEquals(List.of(), scan.scan(file.getKey(), file.getValue()));
      }
    }
  }

  @Test
  void texts_shorter_than_four_characters_are_no_canaries() {
    assertTrue(
        scan(new LeakScan(Canaries.of(List.of("Ann", " x ", "")), List.of()), "Ann x").isEmpty());
  }

  @Test
  void the_pages_of_the_samples_hold_no_text_of_their_persons() {
    ReleasedTable market =
        new Protector(DisclosurePolicy.STANDARD)
            .protect(SampleData.market(), SampleData.sales())
            .table();
    ReleasedTable production =
        new Protector(DisclosurePolicy.STANDARD)
            .protect(SampleData.production(), SampleData.sides().sides())
            .table();
    Canaries canaries = Canaries.of(SampleData.persons());
    assertTrue(canaries.texts().size() > 1_000, canaries.toString());
    for (ReleasedTable table : List.of(market, production)) {
      LeakScan scan = new LeakScan(canaries, table.words());
      assertEquals(List.of(), scan.scan("index.html", ProofPage.render(table)));
      assertEquals(List.of(), scan.scan("proof.json", ProofData.render(table)));
    }
  }

  @Test
  void broken_encodings_do_not_stop_the_scan() {
    LeakScan scan = new LeakScan(Canaries.of(List.of(NAME)), List.of());
    String odd = "100% &#xffffff; &#99999999; &bogus; \\u12 %zz ========== AAAAAAAAA \ud800 ";
    assertTrue(scan(scan, odd).isEmpty());
    assertFalse(scan(scan, odd + NAME).isEmpty());
  }
}
