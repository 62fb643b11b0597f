package io.vesta.proof.check;

import java.math.BigDecimal;
import java.math.BigInteger;
import java.util.ArrayList;
import java.util.BitSet;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.IntStream;

/**
 * Checks witnesses and certificates by adding up. It shares no code with what makes them: whoever
 * reads this class and the two records need not read the rest.
 */
public final class ProofChecker {

  /**
   * A cell that has to be protected.
   *
   * @param cell the cell
   * @param quantity which of the grid's quantities
   * @param level how far at least it must be possible to be wrong about it
   */
  public record Demand(int cell, int quantity, BigDecimal level) {}

  private ProofChecker() {}

  /**
   * What is wrong with a table's protection.
   *
   * @param grid the table
   * @param demands every cell to protect, in every quantity
   * @param witnesses one for each of them, in any order
   * @return one sentence per fault, without values; empty if all is well
   */
  public static List<String> faults(Grid grid, List<Demand> demands, List<Witness> witnesses) {
    List<String> faults = new ArrayList<>();
    for (int quantity = 0; quantity < grid.values().size(); quantity++) {
      if (!addsUp(grid, grid.values().get(quantity))) {
        faults.add("quantity " + quantity + " of the table does not add up");
      }
    }
    Map<List<Integer>, BigDecimal> reached = new HashMap<>();
    for (Witness w : witnesses) {
      reached.merge(List.of(w.cell(), w.quantity()), w.level(), BigDecimal::max);
    }
    for (Demand demand : demands) {
      BigDecimal level = reached.get(List.of(demand.cell(), demand.quantity()));
      if (level == null || level.compareTo(demand.level()) < 0) {
        faults.add(
            "cell "
                + demand.cell()
                + " in quantity "
                + demand.quantity()
                + (level == null ? " has no witness" : " has a witness below its level"));
      }
    }
    BitSet shown = grid.shown();
    BitSet negative = grid.negative();
    for (Witness witness : witnesses) {
      String fault = fault(grid, shown, negative, witness);
      if (!fault.isEmpty()) {
        faults.add("the witness of cell " + witness.cell() + fault);
      }
    }
    return faults;
  }

  /** What is wrong with a witness; empty if it holds. */
  private static String fault(Grid grid, BitSet shown, BitSet negative, Witness witness) {
    List<BigDecimal> values = grid.values().get(witness.quantity());
    Map<Integer, BigDecimal> lines = new HashMap<>();
    for (Map.Entry<Integer, BigDecimal> entry : witness.changes().entrySet()) {
      int cell = entry.getKey();
      BigDecimal change = entry.getValue();
      if (shown.get(cell)) {
        return " changes cell " + cell + ", which is shown";
      }
      BigDecimal other = values.get(cell).add(change);
      if (other.signum() * (negative.get(cell) ? -1 : 1) < 0) {
        return " gives cell " + cell + " an impossible sign";
      }
      int row = cell / grid.columns();
      int column = cell % grid.columns();
      // In each line the parts must change by as much as their sum.
      lines.merge(column, row == grid.rows() - 1 ? change.negate() : change, BigDecimal::add);
      if (grid.columns() > 1) {
        lines.merge(
            grid.columns() + row,
            column == grid.columns() - 1 ? change.negate() : change,
            BigDecimal::add);
      }
    }
    if (lines.values().stream().anyMatch(change -> change.signum() != 0)) {
      return " does not add up";
    }
    BigDecimal moved = witness.changes().getOrDefault(witness.cell(), BigDecimal.ZERO);
    BigDecimal outward = negative.get(witness.cell()) ? moved.negate() : moved;
    boolean far = witness.level().signum() > 0 && outward.compareTo(witness.level()) >= 0;
    return far ? "" : " does not reach its level";
  }

  /** Whether every line's last cell is the sum of the others. */
  private static boolean addsUp(Grid grid, List<BigDecimal> values) {
    int rows = grid.rows();
    int columns = grid.columns();
    boolean down =
        IntStream.range(0, columns)
            .allMatch(c -> adds(values, IntStream.range(0, rows).map(r -> r * columns + c)));
    return down
        && (columns == 1
            || IntStream.range(0, rows)
                .allMatch(
                    r -> adds(values, IntStream.range(0, columns).map(c -> r * columns + c))));
  }

  private static boolean adds(List<BigDecimal> values, IntStream line) {
    List<BigDecimal> cells = line.mapToObj(values::get).toList();
    BigDecimal parts =
        cells.subList(0, cells.size() - 1).stream().reduce(BigDecimal.ZERO, BigDecimal::add);
    return parts.compareTo(cells.get(cells.size() - 1)) == 0;
  }

  /**
   * Whether a figure follows from published ones as a certificate says.
   *
   * @param target the figure: coefficients by atom, zeros left out
   * @param published the published figures, likewise
   * @param certificate how it follows
   */
  public static boolean follows(
      Map<Integer, BigInteger> target,
      List<Map<Integer, BigInteger>> published,
      Certificate certificate) {
    if (certificate.factor().signum() == 0) {
      return false;
    }
    Map<Integer, BigInteger> sum = new HashMap<>();
    for (Certificate.Term term : certificate.terms()) {
      published
          .get(term.figure())
          .forEach((atom, c) -> sum.merge(atom, c.multiply(term.times()), BigInteger::add));
    }
    target.forEach(
        (atom, c) -> sum.merge(atom, c.multiply(certificate.factor()).negate(), BigInteger::add));
    return sum.values().stream().allMatch(left -> left.signum() == 0);
  }
}
