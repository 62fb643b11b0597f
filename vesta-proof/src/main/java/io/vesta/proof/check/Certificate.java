package io.vesta.proof.check;

import java.math.BigInteger;
import java.util.List;
import java.util.Objects;

/**
 * Why a figure follows from others: a whole multiple of it is a combination of them. A figure is
 * its coefficients over atoms, which are groups of records that no figure tells apart.
 *
 * @param factor the multiple; not zero
 * @param terms the figures that are combined, and how often each
 */
public record Certificate(BigInteger factor, List<Term> terms) {

  /**
   * One figure of the combination.
   *
   * @param figure its place in the list of published figures, from 0
   * @param times how often, negative for subtracted
   */
  public record Term(int figure, BigInteger times) {}

  /** Copies the terms. */
  public Certificate {
    Objects.requireNonNull(factor, "factor");
    terms = List.copyOf(terms);
  }
}
