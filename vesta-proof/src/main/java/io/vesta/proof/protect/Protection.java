package io.vesta.proof.protect;

import java.util.List;

/**
 * A protected table and what the person who publishes it should know. Only the table is for the
 * public: small numbers of rejected rows tell about them.
 *
 * @param table what may be shown
 * @param rows how many rows the figures are made of
 * @param rejected the rows that are not in any figure, in their order
 * @param unsafe how many places had to be withheld for their own sake
 * @param secondary how many more were withheld so that those stay unknown
 * @param evidence why what is withheld cannot be computed; as confidential as the rows
 * @param population the rows that the figures are made of, for the ledger; confidential
 */
public record Protection(
    ReleasedTable table,
    int rows,
    List<Rejected> rejected,
    int unsafe,
    int secondary,
    Evidence evidence,
    List<RowVersion> population) {

  /**
   * A row that is in no figure.
   *
   * @param row its place in the input, from 1
   * @param reason the field and what is wrong with it, without its value
   */
  public record Rejected(int row, String reason) {}

  /** Copies the lists. */
  public Protection {
    rejected = List.copyOf(rejected);
    population = List.copyOf(population);
  }

  /** What the table's own text tells. */
  @Override
  public String toString() {
    return "Protection[" + table + ", " + rejected.size() + " rejected]";
  }
}
