package io.vesta.proof.render;

import io.vesta.proof.protect.ReleasedCell;
import io.vesta.proof.protect.ReleasedTable;
import io.vesta.proof.protect.ReleasedTable.Axis;
import io.vesta.proof.protect.ReleasedTable.Heading;
import io.vesta.proof.protect.ReleasedTable.Kind;
import io.vesta.proof.spec.Unit;
import java.math.BigDecimal;
import java.math.RoundingMode;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.Base64;
import java.util.Locale;
import java.util.Objects;
import java.util.Optional;

/**
 * One self-contained page: no script, no request to anywhere, one inline style sheet that the
 * content security policy names by digest. Well-formed as XML too. Reads well from 320 pixels to a
 * desktop, printed, and in dark and light. Its charts are drawn from released figures, and every
 * figure of a chart stands in a table too. Equal tables give equal bytes.
 */
public final class ProofPage {

  private static final BigDecimal HUNDRED = BigDecimal.valueOf(100);

  private static final int BAR_PITCH = 44;

  private static final String STYLE =
      """
      :root{color-scheme:light dark;--ink:#1b2430;--soft:#516072;--paper:#ffffff;--line:#c9d1da;\
      --band:#f2f5f8;--bar:#1f6f8b}
      @media (prefers-color-scheme:dark){:root{--ink:#e7ecf1;--soft:#a9b6c4;--paper:#12181f;\
      --line:#3a4653;--band:#1b232d;--bar:#5cb6d3}}
      *{box-sizing:border-box}
      body{margin:0;background:var(--paper);color:var(--ink);\
      font:1rem/1.5 system-ui,-apple-system,Roboto,sans-serif}
      main{max-width:64rem;margin:0 auto;padding:1.5rem 1rem 3rem}
      h1{font-size:clamp(1.4rem,5vw,2.1rem);line-height:1.2;margin:0 0 .5rem;text-wrap:balance}
      h2{font-size:1.2rem;margin:2.5rem 0 .5rem}
      p{max-width:46rem}
      .notice{color:var(--soft);margin:0 0 1rem}
      .scroll{overflow-x:auto;border:1px solid var(--line);border-radius:.4rem}
      .scroll:focus-visible{outline:3px solid var(--bar);outline-offset:2px}
      table{border-collapse:separate;border-spacing:0;width:100%;font-variant-numeric:tabular-nums}
      caption{text-align:left;padding:.6rem .75rem;font-weight:600}
      caption span{display:inline-block;position:sticky;left:.75rem;max-width:calc(100vw - 4rem)}
      th,td{padding:.4rem .75rem;border-top:1px solid var(--line);text-align:right;white-space:nowrap}
      th:first-child{text-align:left;position:sticky;left:0;background:var(--paper);\
      white-space:normal;min-width:8rem}
      thead th{color:var(--soft);font-weight:600;vertical-align:bottom;white-space:normal}
      tr.total th,tr.total td{background:var(--band);font-weight:700}
      figure{margin:1.5rem 0}
      figcaption{font-weight:600;margin-bottom:.5rem}
      svg{display:block;width:100%}
      svg text{fill:var(--ink);font:14px system-ui,-apple-system,Roboto,sans-serif}
      svg tspan{font-weight:700}
      svg rect{fill:var(--bar)}
      @media (max-width:40rem){svg text{font-size:12px}th,td{padding:.4rem .5rem}th:first-child{min-width:7rem}}
      dt{font-weight:600}dd{margin:0 0 .75rem;max-width:46rem}
      @media print{:root{--ink:#000;--soft:#333;--paper:#fff;--line:#999;--band:#eee;--bar:#444}\
      .scroll{overflow:visible;border:0}h2,figure,tr{break-inside:avoid}}
      """;

  private final ReleasedTable table;
  private final Markup page = new Markup();

  private ProofPage(ReleasedTable table) {
    this.table = table;
  }

  /**
   * The page of a table.
   *
   * @return UTF-8 bytes; never null
   */
  public static byte[] render(ReleasedTable table) {
    return new ProofPage(Objects.requireNonNull(table, "table"))
        .page()
        .getBytes(StandardCharsets.UTF_8);
  }

  private String page() {
    page.open("html", "lang", "en").open("head");
    page.empty("meta", "charset", "utf-8");
    page.empty(
        "meta",
        "http-equiv",
        "Content-Security-Policy",
        "content",
        "default-src 'none'; style-src 'sha256-"
            + digest(STYLE)
            + "'; base-uri 'none'; form-action 'none'");
    page.empty("meta", "name", "viewport", "content", "width=device-width, initial-scale=1");
    page.element("title", table.title());
    // It holds nothing that would be escaped, so that its digest holds.
    page.element("style", STYLE);
    page.close().open("body").open("main");
    page.element("h1", table.title());
    page.element("p", table.notice(), "class", "notice");
    chart();
    for (int measure = 0; measure < table.measures().size(); measure++) {
      table(measure);
    }
    about();
    return page.end();
  }

  /** Bars for the first measure's totals by row; nothing if there is no positive figure. */
  private void chart() {
    Heading heading = table.measures().get(0);
    Axis rows = table.rows();
    int total = table.columnCount() - 1;
    BigDecimal greatest = BigDecimal.ZERO;
    for (int row = 0; row < rows.codes().size(); row++) {
      greatest = greatest.max(table.cell(0, row, total).value().orElse(BigDecimal.ZERO));
    }
    if (greatest.signum() == 0) {
      return;
    }
    String caption = Figures.label(heading) + " by " + rows.title().toLowerCase(Locale.ROOT);
    page.open("figure").element("figcaption", caption);
    page.open(
        "svg",
        "role",
        "img",
        "aria-label",
        caption + ", drawn from the table below",
        "height",
        Integer.toString(rows.codes().size() * BAR_PITCH));
    for (int row = 0; row < rows.codes().size(); row++) {
      ReleasedCell cell = table.cell(0, row, total);
      int top = row * BAR_PITCH;
      // The figure first: a long label may not fit a narrow screen, and is whole in the table.
      page.open("text", "x", "0", "y", Integer.toString(top + 15))
          .element("tspan", Figures.text(heading, cell))
          .text(rows.label(row))
          .close();
      Optional<BigDecimal> value = cell.value();
      if (value.isPresent()) {
        BigDecimal width =
            value.get().multiply(HUNDRED).divide(greatest, 1, RoundingMode.HALF_EVEN);
        page.empty(
            "rect",
            "x",
            "0",
            "y",
            Integer.toString(top + 21),
            "width",
            width.toPlainString() + "%",
            "height",
            "14",
            "rx",
            "2");
      }
    }
    page.close().close();
  }

  private void table(int measure) {
    Heading heading = table.measures().get(measure);
    Axis rows = table.rows();
    String id = "table-" + (measure + 1);
    page.element("h2", heading.label());
    page.open("div", "class", "scroll", "role", "region", "aria-labelledby", id, "tabindex", "0");
    page.open("table");
    // The words stay in sight while the table is scrolled sideways.
    page.open("caption", "id", id).element("span", Figures.label(heading) + byLine()).close();
    page.open("thead").open("tr");
    page.element("th", rows.title(), "scope", "col");
    for (int column = 0; column < table.columnCount(); column++) {
      int at = column;
      page.element(
          "th",
          table.columns().map(axis -> axis.label(at)).orElse(heading.label()),
          "scope",
          "col");
    }
    page.close().close().open("tbody");
    for (int row = 0; row < rows.lines(); row++) {
      if (row == rows.codes().size()) {
        page.open("tr", "class", "total");
      } else {
        page.open("tr");
      }
      page.element("th", rows.label(row), "scope", "row");
      for (int column = 0; column < table.columnCount(); column++) {
        page.element("td", Figures.text(heading, table.cell(measure, row, column)));
      }
      page.close();
    }
    page.close().close().close();
  }

  private String byLine() {
    return " by "
        + table.rows().title().toLowerCase(Locale.ROOT)
        + table.columns().map(axis -> " and " + axis.title().toLowerCase(Locale.ROOT)).orElse("");
  }

  private void about() {
    page.element("h2", "About these figures").open("dl");
    if (!table.method().isEmpty()) {
      term("Definitions", table.method());
    }
    if (table.rows().overlapping() || table.columns().map(Axis::overlapping).orElse(false)) {
      term(
          "Totals",
          "One record can belong to several lines of a table and counts once in the total, so the"
              + " lines can add up to more than the total.");
    }
    if (table.measures().stream().anyMatch(heading -> heading.kind() == Kind.MEAN)) {
      term("Rounding", "Counts and sums are exact. Means are rounded to the digits shown.");
    }
    if (table.measures().stream().anyMatch(heading -> heading.kind() == Kind.QUANTILE)) {
      term(
          "Ranges",
          "A median is told as a range that holds it and several records around it, with ends"
              + " rounded outwards, because the median itself is one or two records.");
    }
    term(
        Figures.WITHHELD + " Withheld",
        "Figures so marked are withheld to protect single clients, deals and agents. All look"
            + " alike, whether few records stand behind them, none, or many that would let another"
            + " withheld figure be worked out.");
    // Always said: whether it applies to this page would tell that few deals have been added.
    term(
        "Renewal",
        "Where fewer records have been added or changed since an earlier release than a figure"
            + " needs, the figure is still the earlier one, or is withheld.");
    term(
        "Extent",
        table.shown()
            + " figures are shown and "
            + table.withheld()
            + " withheld. Every figure shown covers at least "
            + table.policy().fewest(Unit.DEAL)
            + " deals and "
            + table.policy().fewest(Unit.BROKER)
            + " agents.");
    page.close();
  }

  private void term(String term, String meaning) {
    page.element("dt", term).element("dd", meaning);
  }

  private static String digest(String style) {
    try {
      return Base64.getEncoder()
          .encodeToString(
              MessageDigest.getInstance("SHA-256").digest(style.getBytes(StandardCharsets.UTF_8)));
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException("every Java platform has SHA-256", e);
    }
  }
}
