package io.vesta.proof.cells;

import io.vesta.proof.spec.Unit;
import java.math.BigDecimal;
import java.util.List;

/**
 * Who is told by a {@link CellSource}. A place is the key of a row's code and that of its column's
 * code, or {@code *} if the spec has no columns. Parts are one for each measure of the spec, in its
 * order.
 */
public interface Cells {

  /** How many of the largest shares are told. */
  int LARGEST = 10;

  /**
   * A part of one measure.
   *
   * @param rows how many rows take part
   * @param amount what they add up to; of a count, the same number
   */
  record Part(long rows, BigDecimal amount) {}

  /**
   * The contributors of a place to one measure.
   *
   * @param contributors how many take part
   * @param all what they add up to
   * @param largest what the {@link #LARGEST} largest of them bring, or all if they are fewer, the
   *     largest first; of a count, nothing
   */
  record Crowd(long contributors, Part all, List<BigDecimal> largest) {}

  /** All rows of a place; once for each that has rows. */
  void place(String row, String column, List<Part> parts);

  /** One contributor in one place; once for each of both. */
  void contributor(Unit unit, String contributor, String row, String column, List<Part> parts);

  /**
   * All contributors of a unit in one place, of whom none stands in another place: of a unit, all
   * places are told like this or all contributors one by one.
   */
  void crowd(Unit unit, String row, String column, List<Crowd> parts);

  /** A row; once for each, equal ones too. */
  void row(SourceRow row);
}
