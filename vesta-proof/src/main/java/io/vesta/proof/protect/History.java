package io.vesta.proof.protect;

import io.vesta.proof.spec.Period;
import java.util.List;
import java.util.Map;

/**
 * All that was ever published of a claim, and the rows that stood behind it. A retracted release
 * stays in it: what was seen once cannot be unseen.
 *
 * @param releases how many releases there were; they are numbered from 1
 * @param entries the rows, each with the releases that it was part of
 * @param figures what was shown, and what had to be withheld for its own sake
 */
public record History(int releases, List<Entry> entries, List<Figure> figures) {

  /** The last release of a row that is still part of the population. */
  public static final int OPEN = Integer.MAX_VALUE;

  /** A claim that was never published. */
  public static final History NONE = new History(0, List.of(), List.of());

  /**
   * A row over time.
   *
   * @param first the first release that it was part of
   * @param ordinal which of the entries of that release it is, from 0
   * @param last the last one, or {@link #OPEN}
   * @param version the row
   */
  public record Entry(int first, int ordinal, int last, RowVersion version) {

    boolean during(int release) {
      return first <= release && release <= last;
    }

    /** The same row, part of no release after the given one. */
    Entry closed(int lastRelease) {
      return new Entry(first, ordinal, lastRelease, version);
    }
  }

  /**
   * A cell at the time of one release.
   *
   * @param row the key of its row's code, or {@code *}
   * @param column the key of its column's code, or {@code *}
   * @param basis the release whose rows it was made of; later releases show it unchanged
   * @param period what it covered
   * @param values what was shown, by the measure's key; empty if it was unsafe
   */
  public record Figure(
      String row, String column, int basis, Period period, Map<String, Range> values) {

    /** Copies the values. */
    public Figure {
      values = Map.copyOf(values);
    }

    boolean shown() {
      return !values.isEmpty();
    }
  }

  /** Copies the lists. */
  public History {
    entries = List.copyOf(entries);
    figures = List.copyOf(figures);
  }

  /** Sizes only. */
  @Override
  public String toString() {
    return "History[" + releases + " releases, " + entries.size() + " entries]";
  }
}
