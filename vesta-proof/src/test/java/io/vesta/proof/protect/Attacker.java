package io.vesta.proof.protect;

import java.math.BigInteger;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/**
 * What somebody can compute who has the visible cells of a count table with totals. Knows nothing
 * of the library's method: dense Gaussian elimination over the rationals, and an exhaustive search
 * for a second table that looks the same.
 */
final class Attacker {

  private final int rows;
  private final int columns;
  private final long[] truth;
  private final boolean[] visible;
  private final List<int[]> equations = new ArrayList<>();

  /**
   * @param counts the table without totals
   * @param table what was released of it; totals last
   */
  Attacker(int[][] counts, ReleasedTable table) {
    rows = counts.length + 1;
    columns = counts[0].length + 1;
    truth = new long[rows * columns];
    visible = new boolean[rows * columns];
    for (int i = 0; i < rows - 1; i++) {
      for (int j = 0; j < columns - 1; j++) {
        for (int cell :
            new int[] {at(i, j), at(i, columns - 1), at(rows - 1, j), truth.length - 1}) {
          truth[cell] += counts[i][j];
        }
      }
    }
    for (int i = 0; i < rows; i++) {
      for (int j = 0; j < columns; j++) {
        visible[at(i, j)] = table.cell(0, i, j).value().isPresent();
      }
    }
    for (int i = 0; i < rows; i++) {
      int[] equation = new int[truth.length];
      for (int j = 0; j < columns; j++) {
        equation[at(i, j)] = j == columns - 1 ? -1 : 1;
      }
      equations.add(equation);
    }
    for (int j = 0; j < columns; j++) {
      int[] equation = new int[truth.length];
      for (int i = 0; i < rows; i++) {
        equation[at(i, j)] = i == rows - 1 ? -1 : 1;
      }
      equations.add(equation);
    }
  }

  private int at(int i, int j) {
    return i * columns + j;
  }

  boolean visible(int i, int j) {
    return visible[at(i, j)];
  }

  long truth(int i, int j) {
    return truth[at(i, j)];
  }

  /** Whether linear algebra alone yields a hidden cell. */
  boolean solves(int i, int j) {
    return solvesSum(List.of(at(i, j)));
  }

  /** Whether linear algebra yields the sum of the hidden cells of a row, its total left out. */
  boolean solvesHiddenOfRow(int i) {
    List<Integer> hidden = new ArrayList<>();
    for (int j = 0; j < columns - 1; j++) {
      if (!visible(i, j)) {
        hidden.add(at(i, j));
      }
    }
    return !hidden.isEmpty() && solvesSum(hidden);
  }

  /** The sum of the hidden cells of a row, its total left out. */
  long hiddenOfRow(int i) {
    long sum = 0;
    for (int j = 0; j < columns - 1; j++) {
      sum += visible(i, j) ? 0 : truth(i, j);
    }
    return sum;
  }

  /** Whether the sum is a combination of the equations, once the visible cells are put in. */
  private boolean solvesSum(List<Integer> cells) {
    int[] target = new int[truth.length];
    cells.forEach(cell -> target[cell] = 1);
    List<BigInteger[]> matrix = new ArrayList<>();
    equations.forEach(equation -> matrix.add(restrict(equation)));
    return rank(matrix) == rank(plus(matrix, restrict(target)));
  }

  private BigInteger[] restrict(int[] equation) {
    BigInteger[] hidden = new BigInteger[equation.length];
    for (int cell = 0; cell < equation.length; cell++) {
      hidden[cell] = BigInteger.valueOf(visible[cell] ? 0 : equation[cell]);
    }
    return hidden;
  }

  private static List<BigInteger[]> plus(List<BigInteger[]> matrix, BigInteger[] row) {
    List<BigInteger[]> more = new ArrayList<>(matrix);
    more.add(row);
    return more;
  }

  private static int rank(List<BigInteger[]> matrix) {
    List<BigInteger[]> left = new ArrayList<>();
    matrix.forEach(row -> left.add(row.clone()));
    int rank = 0;
    for (int c = 0; c < matrix.get(0).length; c++) {
      int column = c;
      BigInteger[] pivot =
          left.stream().filter(row -> row[column].signum() != 0).findFirst().orElse(null);
      if (pivot == null) {
        continue;
      }
      left.remove(pivot);
      rank++;
      for (BigInteger[] row : left) {
        BigInteger factor = row[c];
        if (factor.signum() != 0) {
          for (int k = 0; k < row.length; k++) {
            row[k] = row[k].multiply(pivot[c]).subtract(pivot[k].multiply(factor));
          }
        }
      }
    }
    return rank;
  }

  /**
   * Whether another table of whole numbers, none negative, agrees with all that is visible but
   * differs in a hidden cell. Searches changes of at most one per cell, which suffices because the
   * equations are totally unimodular.
   */
  boolean mistakable(int i, int j) {
    return search(new int[truth.length], 0, at(i, j));
  }

  private boolean search(int[] change, int cell, int target) {
    if (cell == change.length) {
      return change[target] != 0 && equations.stream().allMatch(e -> dot(e, change) == 0);
    }
    // A row that is complete must still add up: this prunes the search.
    if (cell > 0 && cell % columns == 0) {
      int row = cell / columns - 1;
      if (dot(equations.get(row), change) != 0) {
        return false;
      }
    }
    for (int step : visible[cell] ? new int[] {0} : new int[] {0, 1, -1}) {
      if (truth[cell] + step >= 0) {
        change[cell] = step;
        if (search(change, cell + 1, target)) {
          return true;
        }
      }
    }
    change[cell] = 0;
    return false;
  }

  private static int dot(int[] equation, int[] change) {
    int sum = 0;
    for (int k = 0; k < change.length; k++) {
      sum += equation[k] * change[k];
    }
    return sum;
  }

  @Override
  public String toString() {
    return Arrays.toString(truth) + " visible " + Arrays.toString(visible);
  }
}
