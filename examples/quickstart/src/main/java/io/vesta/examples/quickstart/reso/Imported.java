package io.vesta.examples.quickstart.reso;

import java.util.List;

/**
 * What came of one file.
 *
 * @param file the file's name
 * @param read how many rows it has, without the header
 * @param rows the good ones, in the file's order
 * @param faults why each of the others was skipped; a row may have several
 * @param <R> what a row became
 */
public record Imported<R>(String file, int read, List<R> rows, List<RowFault> faults) {

  /** Copies. */
  public Imported {
    rows = List.copyOf(rows);
    faults = List.copyOf(faults);
  }

  /** How many rows were skipped. */
  public int rejected() {
    return read - rows.size();
  }
}
