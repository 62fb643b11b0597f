package io.vesta.proof.testkit;

import java.math.BigInteger;
import java.util.ArrayList;
import java.util.List;

/**
 * Everything that linear algebra yields from some figures: dense elimination over the rationals,
 * without division, so exact and slow. A figure is its coefficients over the atoms, which are
 * groups of records that no figure tells apart.
 */
public final class SpanOracle {

  private final List<BigInteger[]> basis = new ArrayList<>();
  private final List<Integer> pivots = new ArrayList<>();

  /** Takes note of a figure. */
  public void learn(long... coefficients) {
    BigInteger[] rest = reduced(coefficients);
    for (int atom = 0; atom < rest.length; atom++) {
      if (rest[atom].signum() != 0) {
        basis.add(rest);
        pivots.add(atom);
        return;
      }
    }
  }

  /** Whether a figure follows from those learnt. */
  public boolean knows(long... coefficients) {
    for (BigInteger left : reduced(coefficients)) {
      if (left.signum() != 0) {
        return false;
      }
    }
    return true;
  }

  private BigInteger[] reduced(long[] coefficients) {
    BigInteger[] row = new BigInteger[coefficients.length];
    for (int i = 0; i < row.length; i++) {
      row[i] = BigInteger.valueOf(coefficients[i]);
    }
    for (int b = 0; b < basis.size(); b++) {
      BigInteger[] known = basis.get(b);
      BigInteger factor = row[pivots.get(b)];
      if (factor.signum() != 0) {
        BigInteger common = BigInteger.ZERO;
        for (int i = 0; i < row.length; i++) {
          row[i] = row[i].multiply(known[pivots.get(b)]).subtract(known[i].multiply(factor));
          common = common.gcd(row[i]);
        }
        for (int i = 0; i < row.length && common.signum() != 0; i++) {
          row[i] = row[i].divide(common);
        }
      }
    }
    return row;
  }
}
