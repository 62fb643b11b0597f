package io.vesta.proof.cells;

import io.vesta.core.storage.Database;
import io.vesta.proof.cells.internal.TableCells;
import io.vesta.proof.spec.ProofSpec;

/**
 * SPI: an engine that groups rows by place and contributor, so that a table of figures costs one
 * pass in the engine instead of one object per row and figure here.
 *
 * <p><b>Contract.</b> {@link #read} tells all of one state of the rows: whoever changes them
 * meanwhile changes nothing of what is told. Sums are exact, and texts are the same only if they
 * are so to the character. The order in which it tells does not matter. A row that has no place, no
 * contributor, no amount where a sum needs one, or a negative amount is not left out: then it
 * throws {@code VESTA-PROOF-008}, as it does for a spec that it cannot group. Extend {@code
 * CellSourceContract} of this artifact's testkit to check all that.
 */
public interface CellSource {

  /**
   * Tells what a spec needs.
   *
   * @param spec made of {@link Column}s alone
   * @param cells who is told
   * @throws io.vesta.core.error.VestaException with code {@code VESTA-PROOF-008} if the rows or the
   *     spec do not fit
   */
  void read(ProofSpec<SourceRow> spec, Cells cells);

  /**
   * A table or view of a database, grouped by SQL. It should hold the rows of the spec's period and
   * no others.
   *
   * @param table its name: 1 to 63 of a-z 0-9 _, a letter first
   */
  static CellSource table(Database database, String table) {
    return new TableCells(database, table);
  }
}
