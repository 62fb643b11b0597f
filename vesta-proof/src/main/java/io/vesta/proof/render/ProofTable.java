package io.vesta.proof.render;

import io.vesta.proof.protect.Range;
import io.vesta.proof.protect.ReleasedTable;
import io.vesta.proof.protect.ReleasedTable.Heading;
import java.math.BigDecimal;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.stream.Collectors;

/**
 * The figures of a page for spreadsheets, {@code cells.csv}: RFC 4180, UTF-8, one line per cell and
 * measure in printing order. {@code low} and {@code high} are the same for an exact figure and both
 * a dash where it is withheld. Equal tables give equal bytes. No field begins with a sign that a
 * spreadsheet would take for a formula: declared words begin with a letter or a digit, figures are
 * not negative.
 */
public final class ProofTable {

  private ProofTable() {}

  /**
   * The cells of a table.
   *
   * @return UTF-8 bytes; never null
   */
  public static byte[] render(ReleasedTable table) {
    Objects.requireNonNull(table, "table");
    StringBuilder out = new StringBuilder();
    line(
        out,
        List.of(
            "row_key",
            "row",
            "column_key",
            "column",
            "measure_key",
            "measure",
            "unit",
            "low",
            "high"));
    for (int m = 0; m < table.measures().size(); m++) {
      Heading heading = table.measures().get(m);
      for (int row = 0; row < table.rows().lines(); row++) {
        for (int column = 0; column < table.columnCount(); column++) {
          int at = column;
          Optional<Range> range = table.cell(m, row, column).range();
          line(
              out,
              List.of(
                  table.rows().key(row),
                  table.rows().label(row),
                  table.columns().map(axis -> axis.key(at)).orElse("*"),
                  table.columns().map(axis -> axis.label(at)).orElse("All"),
                  heading.key(),
                  heading.label(),
                  heading.suffix(),
                  text(range.map(Range::low)),
                  text(range.map(Range::high))));
        }
      }
    }
    return out.toString().getBytes(StandardCharsets.UTF_8);
  }

  private static String text(Optional<BigDecimal> figure) {
    return figure.map(BigDecimal::toPlainString).orElse(Figures.WITHHELD);
  }

  private static void line(StringBuilder out, List<String> fields) {
    out.append(fields.stream().map(ProofTable::quoted).collect(Collectors.joining(",")))
        .append("\r\n");
  }

  private static String quoted(String field) {
    return field.indexOf(',') < 0 && field.indexOf('"') < 0
        ? field
        : '"' + field.replace("\"", "\"\"") + '"';
  }
}
