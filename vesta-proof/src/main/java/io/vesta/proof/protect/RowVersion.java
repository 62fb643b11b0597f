package io.vesta.proof.protect;

import io.vesta.proof.spec.Unit;
import java.math.BigDecimal;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.function.BinaryOperator;

/**
 * A row as far as figures depend on it: whoever edits a deal makes a new version. Confidential.
 *
 * @param contributors who stands behind it, per unit of the spec
 * @param amounts what it adds, per key of a measure in which it takes part
 * @param rows the keys of its codes from top to bottom, in the order of the list
 * @param columns the keys of its codes from left to right; empty for a list
 */
public record RowVersion(
    Map<Unit, String> contributors,
    Map<String, BigDecimal> amounts,
    List<String> rows,
    List<String> columns) {

  /** Copies, and writes equal amounts alike. */
  public RowVersion {
    contributors = Map.copyOf(contributors);
    Map<String, BigDecimal> plain = new HashMap<>();
    amounts.forEach((key, amount) -> plain.put(key, amount.stripTrailingZeros()));
    amounts = Map.copyOf(plain);
    rows = List.copyOf(rows);
    columns = List.copyOf(columns);
  }

  /**
   * The same row with its contributors behind commitments.
   *
   * @param commitment from the unit's name and the key to what stands for it
   */
  public RowVersion committed(BinaryOperator<String> commitment) {
    Map<Unit, String> hidden = new TreeMap<>();
    contributors.forEach((unit, key) -> hidden.put(unit, commitment.apply(unit.name(), key)));
    return new RowVersion(hidden, amounts, rows, columns);
  }

  /** Whether it belongs to a cell; {@code *} is a total. */
  boolean in(String row, String column) {
    return (row.equals("*") || rows.contains(row))
        && (column.equals("*") || columns.contains(column));
  }

  /** Nothing: it tells about one deal. */
  @Override
  public String toString() {
    return "RowVersion";
  }
}
