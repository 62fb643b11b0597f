package io.vesta.proof.claims;

import io.vesta.proof.claims.SignedFigures.Figure;
import java.math.BigDecimal;
import java.math.RoundingMode;
import java.nio.charset.StandardCharsets;
import java.text.DecimalFormat;
import java.text.DecimalFormatSymbols;
import java.time.LocalDate;
import java.time.format.DateTimeFormatter;
import java.util.List;
import java.util.Locale;

/**
 * Short sentences and badges from one signed package. Counts and sums are told as "at least", with
 * two leading digits: that stays true when a few deals are added, and says less than the page.
 * Equal packages give equal texts. Thread-safe.
 */
public final class Advertising {

  /**
   * A sentence and where it is proven.
   *
   * @param text the sentence, with period, source and address
   * @param figure the released cell behind it
   */
  public record Sentence(String text, Figure figure) {}

  private static final DateTimeFormatter DAY =
      DateTimeFormatter.ofPattern("d MMMM uuuu", Locale.ENGLISH);

  private final SignedFigures figures;

  /**
   * @param figures a package that still holds
   * @throws io.vesta.core.error.VestaException with code {@code VESTA-PROOF-007} if it is stale
   */
  public Advertising(SignedFigures figures) {
    figures.requireCurrent();
    this.figures = figures;
  }

  /** One sentence for each released count and sum above zero. */
  public List<Sentence> sentences() {
    return figures.figures().stream()
        .filter(figure -> figure.kind().equals("COUNT") || figure.kind().equals("SUM"))
        .filter(figure -> figure.low().signum() > 0)
        .map(figure -> new Sentence(sentence(figure), figure))
        .toList();
  }

  private String sentence(Figure figure) {
    return headline(figure)
        + scope(figure)
        + ", "
        + day(figures.manifest().from())
        + " through "
        + day(figures.manifest().through())
        + ". "
        + figures.manifest().notice()
        + " Proof: "
        + figures.link();
  }

  private static String headline(Figure figure) {
    String unit = figure.suffix().isEmpty() ? "" : " " + figure.suffix();
    return "At least "
        + number(floor(figure.low()))
        + unit
        + " "
        + figure.measure().toLowerCase(Locale.ROOT);
  }

  private static String scope(Figure figure) {
    return figure.row().map(row -> ", " + row).orElse("")
        + figure.column().map(column -> ", " + column).orElse("");
  }

  private static String day(LocalDate day) {
    return DAY.format(day);
  }

  /** Down to two leading digits. */
  static BigDecimal floor(BigDecimal value) {
    BigDecimal whole = value.setScale(0, RoundingMode.DOWN);
    int drop = Math.max(0, whole.precision() - 2);
    return whole.movePointLeft(drop).setScale(0, RoundingMode.DOWN).movePointRight(drop);
  }

  private static String number(BigDecimal value) {
    return new DecimalFormat("#,##0", DecimalFormatSymbols.getInstance(Locale.ROOT)).format(value);
  }

  /**
   * A badge for another page: one self-contained SVG that links to the package, without script,
   * font or request. Text and colours keep a contrast above 7 to 1.
   *
   * @param sentence one of {@link #sentences}
   * @return UTF-8 bytes of an SVG document
   */
  public byte[] badge(Sentence sentence) {
    String head = headline(sentence.figure());
    String below =
        (scope(sentence.figure()).isEmpty() ? "" : scope(sentence.figure()).substring(2) + ", ")
            + "as of "
            + day(figures.manifest().asOf());
    String foot = "Signed and verifiable at " + figures.link().getHost();
    int width = 24 + 9 * Math.max(head.length(), Math.max(below.length(), foot.length()));
    String svg =
        "<svg xmlns=\"http://www.w3.org/2000/svg\" width=\""
            + width
            + "\" height=\"84\" role=\"img\" aria-label=\""
            + escaped(sentence.text())
            + "\"><a href=\""
            + escaped(figures.link().toString())
            + "\"><rect width=\""
            + width
            + "\" height=\"84\" rx=\"6\" fill=\"#12303c\"/>"
            + line(head, 30, 17, true)
            + line(below, 52, 13, false)
            + line(foot, 72, 12, false)
            + "</a></svg>\n";
    return svg.getBytes(StandardCharsets.UTF_8);
  }

  private static String line(String text, int y, int size, boolean bold) {
    return "<text x=\"12\" y=\""
        + y
        + "\" fill=\"#ffffff\" font-family=\"system-ui,sans-serif\" font-size=\""
        + size
        + "\""
        + (bold ? " font-weight=\"700\"" : "")
        + ">"
        + escaped(text)
        + "</text>";
  }

  private static String escaped(String text) {
    return text.replace("&", "&amp;")
        .replace("<", "&lt;")
        .replace(">", "&gt;")
        .replace("\"", "&quot;");
  }
}
