package io.vesta.proof.protect;

import io.vesta.proof.spec.Code;
import io.vesta.proof.spec.Dimension;
import io.vesta.proof.spec.Measure;
import io.vesta.proof.spec.Period;
import io.vesta.proof.spec.ProofSpec;
import java.time.LocalDate;
import java.time.format.DateTimeFormatter;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.function.BiFunction;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * A table after disclosure control: declared words and {@link ReleasedCell}s. Lines run from 0 to
 * the number of codes; the last is the total. All measures of a place are shown or withheld
 * together; of a place that is shown, a quantile may be withheld for itself. Made by the {@link
 * Protector} alone; immutable.
 */
public final class ReleasedTable {

  /** What kind of figure a measure is. */
  public enum Kind {
    /** A number of rows. */
    COUNT,
    /** A sum of money. */
    SUM,
    /** A mean. */
    MEAN,
    /** The range of a quantile. */
    QUANTILE;

    static Kind of(Measure<?> measure) {
      if (measure instanceof Measure.Count) {
        return COUNT;
      }
      if (measure instanceof Measure.Sum) {
        return SUM;
      }
      return measure instanceof Measure.Mean ? MEAN : QUANTILE;
    }
  }

  /**
   * The heading of one direction.
   *
   * @param title what it divides by
   * @param totalLabel the words for the last line
   * @param codes the other lines
   * @param overlapping whether the lines add up to more than the total
   */
  public record Axis(String title, String totalLabel, List<Code> codes, boolean overlapping) {

    static Axis of(Dimension<?> dimension) {
      return new Axis(
          dimension.title(), dimension.totalLabel(), dimension.codes(), dimension.overlapping());
    }

    /** How many lines there are, with the total. */
    public int lines() {
      return codes.size() + 1;
    }

    /** The words of a line. */
    public String label(int line) {
      return line == codes.size() ? totalLabel : codes.get(line).label();
    }

    /** The name of a line in data files: its code's key, or {@code *} for the total. */
    public String key(int line) {
      return line == codes.size() ? "*" : codes.get(line).key();
    }
  }

  /**
   * The heading of one measure.
   *
   * @param kind what kind of figure it is
   * @param key the name in data files
   * @param label what is printed
   * @param suffix what is printed after a figure; may be empty
   * @param decimals digits after the point
   */
  public record Heading(Kind kind, String key, String label, String suffix, int decimals) {

    static Heading of(Measure<?> measure) {
      return new Heading(
          Kind.of(measure), measure.key(), measure.label(), measure.suffix(), measure.decimals());
    }
  }

  private static final DateTimeFormatter DAY =
      DateTimeFormatter.ofPattern("d MMMM uuuu", Locale.ENGLISH);

  private final String title;
  private final Period period;
  private final LocalDate asOf;
  private final String source;
  private final String method;
  private final Axis rows;
  private final Optional<Axis> columns;
  private final List<Heading> measures;
  private final DisclosurePolicy policy;
  private final ReleasedCell[][][] cells;

  ReleasedTable(ProofSpec<?> spec, DisclosurePolicy policy, ReleasedCell[][][] cells) {
    title = spec.title();
    period = spec.period();
    asOf = spec.asOf();
    source = spec.source();
    method = spec.method();
    rows = Axis.of(spec.rows());
    columns = spec.columns().map(Axis::of);
    measures = spec.measures().stream().map(Heading::of).toList();
    this.policy = policy;
    this.cells = cells;
  }

  private ReleasedTable(ReleasedTable other, ReleasedCell[][][] cells) {
    title = other.title;
    period = other.period;
    asOf = other.asOf;
    source = other.source;
    method = other.method;
    rows = other.rows;
    columns = other.columns;
    measures = other.measures;
    policy = other.policy;
    this.cells = cells;
  }

  /**
   * The same table with some places changed.
   *
   * @param instead from row and column to the figures by measure key, empty to withhold the place,
   *     null to leave it
   */
  ReleasedTable with(BiFunction<Integer, Integer, @Nullable Map<String, Range>> instead) {
    ReleasedCell[][][] changed = new ReleasedCell[cells.length][rows.lines()][];
    for (int m = 0; m < cells.length; m++) {
      for (int row = 0; row < rows.lines(); row++) {
        changed[m][row] = cells[m][row].clone();
        for (int column = 0; column < columnCount(); column++) {
          Map<String, Range> figures = instead.apply(row, column);
          if (figures != null) {
            Range figure = figures.get(measures.get(m).key());
            changed[m][row][column] =
                figure == null ? ReleasedCell.withheld() : ReleasedCell.of(figure);
          }
        }
      }
    }
    return new ReleasedTable(this, changed);
  }

  /** The heading of the page; never null. */
  public String title() {
    return title;
  }

  /** The days that the figures cover; never null. */
  public Period period() {
    return period;
  }

  /** The day on which the rows were read; never null. */
  public LocalDate asOf() {
    return asOf;
  }

  /** Where the rows come from; never null. */
  public String source() {
    return source;
  }

  /** How the figures are defined; may be empty. */
  public String method() {
    return method;
  }

  /** Whose information the figures are based on, of which period and as of which day. */
  public String notice() {
    return "Based on information from "
        + source
        + " for the period "
        + DAY.format(period.first())
        + " through "
        + DAY.format(period.to())
        + ", as of "
        + DAY.format(asOf)
        + ".";
  }

  /** From top to bottom; never null. */
  public Axis rows() {
    return rows;
  }

  /** From left to right; empty for a list with a total. */
  public Optional<Axis> columns() {
    return columns;
  }

  /** How many columns there are, with the total: 1 for a list. */
  public int columnCount() {
    return columns.map(Axis::lines).orElse(1);
  }

  /** The figures of each place; never null, not empty. */
  public List<Heading> measures() {
    return measures;
  }

  /** The rules under which it was protected; never null. */
  public DisclosurePolicy policy() {
    return policy;
  }

  /**
   * A cell.
   *
   * @param measure 0 to the number of measures less 1
   * @param row 0 to the number of row codes, which is the total
   * @param column 0 to {@link #columnCount()} less 1, which is the total
   */
  public ReleasedCell cell(int measure, int row, int column) {
    return cells[measure][row][column];
  }

  /** Every declared text that pages and data files may hold; never null. */
  public List<String> words() {
    List<String> words = new ArrayList<>(List.of(title, source, method));
    Stream.concat(Stream.of(rows), columns.stream())
        .forEach(
            axis -> {
              words.add(axis.title());
              words.add(axis.totalLabel());
              axis.codes().forEach(code -> words.addAll(List.of(code.key(), code.label())));
            });
    measures.forEach(m -> words.addAll(List.of(m.key(), m.label(), m.suffix())));
    return List.copyOf(words);
  }

  /** How many cells of all measures are withheld. */
  public int withheld() {
    int withheld = 0;
    for (ReleasedCell[][] measure : cells) {
      for (ReleasedCell[] row : measure) {
        for (ReleasedCell cell : row) {
          withheld += cell.range().isEmpty() ? 1 : 0;
        }
      }
    }
    return withheld;
  }

  /** How many cells of all measures are shown. */
  public int shown() {
    return measures.size() * rows.lines() * columnCount() - withheld();
  }

  /** The heading only. */
  @Override
  public String toString() {
    return "ReleasedTable[" + title + ", " + shown() + " shown, " + withheld() + " withheld]";
  }
}
