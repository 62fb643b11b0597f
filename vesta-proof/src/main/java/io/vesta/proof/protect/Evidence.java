package io.vesta.proof.protect;

import io.vesta.proof.check.Grid;
import io.vesta.proof.check.ProofChecker;
import io.vesta.proof.check.ProofChecker.Demand;
import io.vesta.proof.check.Witness;
import java.util.List;

/**
 * What a reviewer needs to see for themselves that a protected table keeps its secrets: hand the
 * parts to {@link ProofChecker#faults}. It holds the true values.
 *
 * @param grid the table with the overlap of a dimension, if it has one, before its total
 * @param demands what had to be protected, and how far
 * @param witnesses one for each
 */
public record Evidence(Grid grid, List<Demand> demands, List<Witness> witnesses) {

  /** Copies the lists. */
  public Evidence {
    demands = List.copyOf(demands);
    witnesses = List.copyOf(witnesses);
  }

  /** Sizes only: the values are confidential. */
  @Override
  public String toString() {
    return "Evidence[" + demands.size() + " demands, " + witnesses.size() + " witnesses]";
  }
}
