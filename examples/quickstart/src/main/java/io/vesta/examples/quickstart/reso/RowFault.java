package io.vesta.examples.quickstart.reso;

/**
 * Why a row was skipped.
 *
 * @param file the file's name
 * @param line the line on which the row begins, from 1 for the header
 * @param column the column's name
 * @param problem what is wrong and what would be right; without the value, which may be a person's
 */
public record RowFault(String file, long line, String column, String problem) {

  @Override
  public String toString() {
    return file + " line " + line + ", " + column + " " + problem;
  }
}
