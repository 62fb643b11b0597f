package io.vesta.proof.check;

import java.math.BigDecimal;
import java.util.BitSet;
import java.util.List;
import java.util.Objects;

/**
 * A table with its true values, as the reviewer has them and the public has not. Cells are numbered
 * by row, {@code row * columns + column}; the last row and the last column are the sums of the
 * others. With one column it is a list whose last entry is the sum.
 *
 * @param rows lines from top to bottom, at least 1
 * @param columns lines from left to right, at least 1
 * @param shown the cells that the public sees
 * @param negative the cells of which everybody knows that they are not above zero; all others are
 *     not below it
 * @param values per quantity the value of each cell
 */
public record Grid(
    int rows, int columns, BitSet shown, BitSet negative, List<List<BigDecimal>> values) {

  /** Copies what can change. */
  public Grid {
    shown = (BitSet) Objects.requireNonNull(shown, "shown").clone();
    negative = (BitSet) Objects.requireNonNull(negative, "negative").clone();
    values = values.stream().map(List::copyOf).toList();
  }

  /** A copy. */
  @Override
  public BitSet shown() {
    return (BitSet) shown.clone();
  }

  /** A copy. */
  @Override
  public BitSet negative() {
    return (BitSet) negative.clone();
  }

  /** Sizes only: the values are confidential. */
  @Override
  public String toString() {
    return "Grid[" + rows + " x " + columns + ", " + values.size() + " quantities]";
  }
}
