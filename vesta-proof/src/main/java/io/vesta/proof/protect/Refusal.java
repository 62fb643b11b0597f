package io.vesta.proof.protect;

import io.vesta.proof.check.Certificate;
import io.vesta.proof.check.ProofChecker;
import java.math.BigInteger;
import java.util.List;
import java.util.Map;

/**
 * Why a cell could not be renewed: beside what is public already, its new figure would give a
 * target away. For the person who publishes; as confidential as the rows.
 *
 * @param row the key of the cell's row, or {@code *}
 * @param column the key of its column, or {@code *}
 * @param measure the key of the measure in which it shows
 * @param held whether the figure of an earlier release stands in its place; else it is withheld
 * @param target what would follow: coefficients by atom
 * @param figures the figures from which it would follow
 * @param certificate how; {@link ProofChecker#follows} checks it
 */
public record Refusal(
    String row,
    String column,
    String measure,
    boolean held,
    Map<Integer, BigInteger> target,
    List<Map<Integer, BigInteger>> figures,
    Certificate certificate) {

  /** Copies what can change. */
  public Refusal {
    target = Map.copyOf(target);
    figures = figures.stream().map(Map::copyOf).toList();
  }

  /** The place only. */
  @Override
  public String toString() {
    return "Refusal[" + row + ", " + column + ", " + measure + (held ? ", held]" : ", withheld]");
  }
}
