package io.vesta.proof.render;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.vesta.proof.brokerage.SampleData;
import io.vesta.proof.protect.DisclosurePolicy;
import io.vesta.proof.protect.Protector;
import io.vesta.proof.protect.ReleasedTable;
import io.vesta.proof.protect.Tables;
import io.vesta.proof.spec.Code;
import io.vesta.proof.spec.Dimension;
import io.vesta.proof.spec.Measure;
import io.vesta.proof.spec.Period;
import io.vesta.proof.spec.ProofSpec;
import io.vesta.proof.spec.Unit;
import java.io.ByteArrayInputStream;
import java.math.BigDecimal;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.time.LocalDate;
import java.util.ArrayList;
import java.util.Base64;
import java.util.Collections;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Random;
import java.util.Set;
import java.util.TimeZone;
import java.util.stream.IntStream;
import javax.xml.parsers.DocumentBuilder;
import javax.xml.parsers.DocumentBuilderFactory;
import org.junit.jupiter.api.Test;
import org.w3c.dom.Document;
import org.w3c.dom.Element;
import org.w3c.dom.NamedNodeMap;
import org.w3c.dom.NodeList;
import org.xml.sax.InputSource;

class ProofPageTest {

  private static final ReleasedTable MARKET =
      new Protector(DisclosurePolicy.STANDARD)
          .protect(SampleData.market(), SampleData.sales())
          .table();
  private static final ReleasedTable PRODUCTION =
      new Protector(DisclosurePolicy.STANDARD)
          .protect(SampleData.production(), SampleData.sides().sides())
          .table();

  private static Document parsed(byte[] page) throws Exception {
    DocumentBuilder builder = DocumentBuilderFactory.newInstance().newDocumentBuilder();
    builder.setEntityResolver(
        (publicId, systemId) -> {
          throw new AssertionError("the page refers to " + systemId);
        });
    return builder.parse(new InputSource(new ByteArrayInputStream(page)));
  }

  private static List<Element> elements(Document page, String name) {
    NodeList found = page.getElementsByTagName(name);
    return IntStream.range(0, found.getLength()).mapToObj(i -> (Element) found.item(i)).toList();
  }

  private static List<Element> children(Element parent, String... names) {
    NodeList all = parent.getChildNodes();
    return IntStream.range(0, all.getLength())
        .mapToObj(all::item)
        .filter(
            node -> node instanceof Element element && Set.of(names).contains(element.getTagName()))
        .map(node -> (Element) node)
        .toList();
  }

  @Test
  void the_page_runs_nothing_and_asks_nobody() throws Exception {
    for (ReleasedTable table : List.of(MARKET, PRODUCTION)) {
      Document page = parsed(ProofPage.render(table));
      Set<String> names = new HashSet<>();
      for (Element element : elements(page, "*")) {
        names.add(element.getTagName());
        NamedNodeMap attributes = element.getAttributes();
        for (int i = 0; i < attributes.getLength(); i++) {
          String name = attributes.item(i).getNodeName();
          assertFalse(name.startsWith("on"), name);
          assertFalse(
              Set.of("src", "href", "style", "action", "srcset", "data", "poster").contains(name),
              name);
        }
      }
      assertEquals(
          Set.of(),
          intersection(
              names,
              Set.of("script", "link", "img", "iframe", "object", "embed", "form", "base", "use")));
      String text = new String(ProofPage.render(table), StandardCharsets.UTF_8);
      for (String outside : List.of("http:", "https:", "//", "url(", "@import", "javascript:")) {
        assertFalse(text.contains(outside), outside);
      }
    }
  }

  private static Set<String> intersection(Set<String> some, Set<String> others) {
    Set<String> both = new HashSet<>(some);
    both.retainAll(others);
    return both;
  }

  @Test
  void the_security_policy_names_the_one_style_sheet_by_its_digest() throws Exception {
    Document page = parsed(ProofPage.render(MARKET));
    List<Element> sheets = elements(page, "style");
    assertEquals(1, sheets.size());
    String digest =
        Base64.getEncoder()
            .encodeToString(
                MessageDigest.getInstance("SHA-256")
                    .digest(sheets.get(0).getTextContent().getBytes(StandardCharsets.UTF_8)));
    Element policy =
        elements(page, "meta").stream()
            .filter(meta -> meta.getAttribute("http-equiv").equals("Content-Security-Policy"))
            .findFirst()
            .orElseThrow();
    assertEquals(
        "default-src 'none'; style-src 'sha256-"
            + digest
            + "'; base-uri 'none'; form-action 'none'",
        policy.getAttribute("content"));
    // A browser digests the sheet as it stands in the bytes: nothing of it may be escaped.
    String raw = new String(ProofPage.render(MARKET), StandardCharsets.UTF_8);
    assertTrue(raw.contains(sheets.get(0).getTextContent()));
  }

  @Test
  void equal_tables_give_equal_bytes_whatever_the_order_locale_and_time_zone() {
    byte[] expected = ProofPage.render(MARKET);
    Locale locale = Locale.getDefault();
    TimeZone zone = TimeZone.getDefault();
    try {
      var sales = new ArrayList<>(SampleData.sales());
      Random random = new Random(5);
      for (String tag : List.of("ar-EG", "de-DE", "hi-IN-u-nu-deva", "tr-TR")) {
        Locale.setDefault(Locale.forLanguageTag(tag));
        TimeZone.setDefault(TimeZone.getTimeZone("Pacific/Kiritimati"));
        Collections.shuffle(sales, random);
        ReleasedTable table =
            new Protector(DisclosurePolicy.STANDARD).protect(SampleData.market(), sales).table();
        assertArrayEquals(expected, ProofPage.render(table), tag);
      }
    } finally {
      Locale.setDefault(locale);
      TimeZone.setDefault(zone);
    }
  }

  @Test
  void the_tables_hold_exactly_what_was_released() throws Exception {
    for (ReleasedTable released : List.of(MARKET, PRODUCTION)) {
      List<Element> tables = elements(parsed(ProofPage.render(released)), "table");
      assertEquals(released.measures().size(), tables.size());
      int withheld = 0;
      for (int m = 0; m < tables.size(); m++) {
        Element body = children(tables.get(m), "tbody").get(0);
        List<Element> lines = children(body, "tr");
        assertEquals(released.rows().lines(), lines.size());
        for (int row = 0; row < lines.size(); row++) {
          List<Element> cells = children(lines.get(row), "th", "td");
          assertEquals(released.rows().label(row), cells.get(0).getTextContent());
          assertEquals(released.columnCount() + 1, cells.size());
          for (int column = 0; column < released.columnCount(); column++) {
            String printed = cells.get(column + 1).getTextContent();
            var range = released.cell(m, row, column).range();
            if (range.isEmpty()) {
              assertEquals("\u2014", printed);
              assertFalse(cells.get(column + 1).hasAttributes(), "nothing tells why");
              withheld++;
            } else {
              String[] ends = printed.replace(",", "").split(" to ");
              assertEquals(0, range.get().low().compareTo(new BigDecimal(ends[0])), printed);
              assertEquals(
                  0, range.get().high().compareTo(new BigDecimal(ends[ends.length - 1])), printed);
            }
          }
        }
      }
      assertEquals(released.withheld(), withheld);
    }
  }

  @Test
  void every_figure_of_the_chart_stands_in_the_table_and_draws_its_bar() throws Exception {
    Document page = parsed(ProofPage.render(MARKET));
    Element chart = elements(page, "svg").get(0);
    assertFalse(chart.getAttribute("aria-label").isEmpty());
    List<Element> texts = children(chart, "text");
    List<Element> lines = children(children(elements(page, "table").get(0), "tbody").get(0), "tr");
    assertEquals(MARKET.rows().codes().size(), texts.size());
    BigDecimal greatest = BigDecimal.ZERO;
    int bars = 0;
    for (int row = 0; row < texts.size(); row++) {
      List<Element> cells = children(lines.get(row), "th", "td");
      String total = cells.get(cells.size() - 1).getTextContent();
      assertEquals(total, children(texts.get(row), "tspan").get(0).getTextContent());
      assertEquals(
          total + " " + cells.get(0).getTextContent(),
          texts.get(row).getTextContent().strip().replaceAll("\\s+", " "));
      if (!total.equals("\u2014")) {
        greatest = greatest.max(new BigDecimal(total.replace(",", "")));
        bars++;
      }
    }
    List<Element> rects = children(chart, "rect");
    assertEquals(bars, rects.size(), "a withheld figure has no bar");
    int bar = 0;
    for (int row = 0; row < texts.size(); row++) {
      var value = MARKET.cell(0, row, MARKET.columnCount() - 1).value();
      if (value.isPresent()) {
        double width = Double.parseDouble(rects.get(bar++).getAttribute("width").replace("%", ""));
        double share = 100 * value.get().doubleValue() / greatest.doubleValue();
        assertEquals(share, width, 0.06);
      }
    }
  }

  @Test
  void declared_words_are_escaped() throws Exception {
    ProofSpec<String> spec =
        ProofSpec.builder(
                "R&D's (best) page",
                Period.twelveMonthsTo(LocalDate.of(2026, 6, 30)),
                LocalDate.of(2026, 6, 30),
                "A & B's MLS",
                Dimension.<String>of(
                    "Area", "All", List.of(new Code("a", "Smith's & Co")), row -> "a"))
            .contributor(Unit.DEAL, row -> row)
            .contributor(Unit.BROKER, row -> row)
            .measure(Measure.count("n", "Sales", row -> true))
            .build();
    ReleasedTable table =
        new Protector(Tables.THREE).protect(spec, List.of("1", "2", "3", "4")).table();
    Document page = parsed(ProofPage.render(table));
    assertEquals("R&D's (best) page", elements(page, "h1").get(0).getTextContent());
    assertTrue(elements(page, "tbody").get(0).getTextContent().contains("Smith's & Co"));
  }

  @Test
  void a_page_without_any_figure_has_no_chart_and_says_how_much_is_withheld() throws Exception {
    ReleasedTable table = Tables.protect(new int[][] {{1, 0}, {0, 1}}, Tables.THREE).table();
    Document page = parsed(ProofPage.render(table));
    assertTrue(elements(page, "svg").isEmpty());
    assertTrue(
        elements(page, "dl")
            .get(0)
            .getTextContent()
            .contains("0 figures are shown and 9 withheld"));
  }

  @Test
  void screen_readers_find_language_headings_captions_and_scopes() throws Exception {
    Document page = parsed(ProofPage.render(PRODUCTION));
    assertEquals("en", page.getDocumentElement().getAttribute("lang"));
    assertEquals(1, elements(page, "h1").size());
    assertEquals(1, elements(page, "main").size());
    for (Element table : elements(page, "table")) {
      assertEquals(1, children(table, "caption").size());
    }
    for (Element heading : elements(page, "th")) {
      assertTrue(Set.of("row", "col").contains(heading.getAttribute("scope")));
    }
    Set<String> ids = new HashSet<>();
    for (Element element : elements(page, "*")) {
      String id = element.getAttribute("id");
      assertTrue(id.isEmpty() || ids.add(id), "twice " + id);
    }
    for (Element element : elements(page, "*")) {
      String by = element.getAttribute("aria-labelledby");
      assertTrue(by.isEmpty() || ids.contains(by), by);
    }
  }
}
