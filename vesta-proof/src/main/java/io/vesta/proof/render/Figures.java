package io.vesta.proof.render;

import io.vesta.proof.protect.ReleasedCell;
import io.vesta.proof.protect.ReleasedTable.Heading;
import io.vesta.proof.protect.ReleasedTable.Kind;
import java.math.BigDecimal;
import java.text.DecimalFormat;
import java.text.DecimalFormatSymbols;
import java.util.Locale;

/** How figures look to a reader: the same in every locale and on every machine. */
final class Figures {

  /** The one glyph of every withheld cell. */
  static final String WITHHELD = "\u2014";

  private Figures() {}

  static String text(Heading heading, ReleasedCell cell) {
    return cell.range()
        .map(
            range ->
                range.exact()
                    ? text(heading, range.low())
                    : text(heading, range.low()) + " to " + text(heading, range.high()))
        .orElse(WITHHELD);
  }

  private static String text(Heading heading, BigDecimal value) {
    boolean wholeMoney = heading.kind() == Kind.SUM && value.stripTrailingZeros().scale() <= 0;
    DecimalFormat format =
        new DecimalFormat("#,##0", DecimalFormatSymbols.getInstance(Locale.ROOT));
    format.setMinimumFractionDigits(wholeMoney ? 0 : heading.decimals());
    format.setMaximumFractionDigits(wholeMoney ? 0 : heading.decimals());
    return format.format(value);
  }

  static String label(Heading heading) {
    return heading.suffix().isEmpty()
        ? heading.label()
        : heading.label() + " (" + heading.suffix() + ")";
  }
}
