package io.vesta.examples.benchmarks;

import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.stream.IntStream;

/** Rows of text under a heading, printed with aligned columns. Not thread-safe. */
public final class Table {

  private final String title;
  private final List<List<String>> rows = new ArrayList<>();

  /**
   * Starts a table.
   *
   * @param title one line above it
   * @param columns the heading; the first column is aligned to the left, the others to the right
   */
  public Table(String title, String... columns) {
    this.title = title;
    rows.add(List.of(columns));
  }

  /** Adds a row; numbers are written with three significant digits, or whole from 100 on. */
  public Table row(Object... cells) {
    List<String> row = new ArrayList<>();
    for (Object cell : cells) {
      row.add(cell instanceof Double number ? number(number) : cell.toString());
    }
    if (row.size() != rows.get(0).size()) {
      throw new IllegalArgumentException(
          row.size() + " cells under " + rows.get(0).size() + " headings");
    }
    rows.add(row);
    return this;
  }

  /** Prints the table. */
  public void print() {
    int[] widths =
        IntStream.range(0, rows.get(0).size())
            .map(column -> rows.stream().mapToInt(row -> row.get(column).length()).max().orElse(0))
            .toArray();
    System.out.println("\n" + title);
    for (List<String> row : rows) {
      StringBuilder line = new StringBuilder();
      for (int i = 0; i < row.size(); i++) {
        String pad = " ".repeat(widths[i] - row.get(i).length());
        line.append(i == 0 ? row.get(i) + pad : "  " + pad + row.get(i));
      }
      System.out.println(line);
    }
  }

  /** The middle of measured values. */
  public static double median(List<Double> values) {
    return quantile(values, 0.5);
  }

  /**
   * The value below which a share of the measured ones lie.
   *
   * @param share such as 0.99
   */
  public static double quantile(List<Double> values, double share) {
    List<Double> sorted = values.stream().sorted().toList();
    return sorted.isEmpty()
        ? Double.NaN
        : sorted.get((int) Math.min(sorted.size() - 1L, (long) (share * sorted.size())));
  }

  private static String number(double value) {
    if (Double.isNaN(value)) {
      return "-";
    }
    if (Math.abs(value) >= 100) {
      return String.format(Locale.ROOT, "%,.0f", value);
    }
    return String.format(Locale.ROOT, Math.abs(value) >= 10 ? "%.1f" : "%.2f", value);
  }
}
