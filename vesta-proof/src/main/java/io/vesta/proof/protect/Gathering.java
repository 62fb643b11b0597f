package io.vesta.proof.protect;

import io.vesta.core.error.VestaException;
import io.vesta.proof.ProofError;
import io.vesta.proof.cells.Cells;
import io.vesta.proof.cells.SourceRow;
import io.vesta.proof.spec.Unit;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.function.Consumer;
import java.util.function.ObjIntConsumer;

/** Fills the tallies of a table with what a source tells, and holds that against its rows. */
final class Gathering implements Cells {

  private final Map<String, Integer> down;
  private final Map<String, Integer> across;
  private final int width;
  private final Tally[] tallies;
  private final List<Unit> units;
  private final Consumer<SourceRow> rows;

  /**
   * @param down the line of each key from top to bottom
   * @param across the line of each key from left to right; empty for a list
   * @param width how many lines there are from left to right, with the total
   * @param tallies by line from top to bottom, then from left to right; the last lines are totals
   * @param units in the order of the tallies
   * @param rows who gets the rows
   */
  Gathering(
      Map<String, Integer> down,
      Map<String, Integer> across,
      int width,
      Tally[] tallies,
      List<Unit> units,
      Consumer<SourceRow> rows) {
    this.down = down;
    this.across = across;
    this.width = width;
    this.tallies = tallies;
    this.units = units;
    this.rows = rows;
  }

  @Override
  public void place(String row, String column, List<Part> parts) {
    each(
        row,
        column,
        parts,
        (tally, m) -> tally.addRows(m, parts.get(m).rows(), parts.get(m).amount()));
  }

  @Override
  public void contributor(
      Unit unit, String contributor, String row, String column, List<Part> parts) {
    int u = units.indexOf(unit);
    each(
        row,
        column,
        parts,
        (tally, m) ->
            tally.addContributor(m, u, contributor, parts.get(m).rows(), parts.get(m).amount()));
  }

  @Override
  public void crowd(Unit unit, String row, String column, List<Crowd> parts) {
    int u = units.indexOf(unit);
    each(
        row,
        column,
        parts,
        (tally, m) -> {
          Crowd crowd = parts.get(m);
          tally.addOthers(m, u, crowd.contributors(), crowd.all().amount(), crowd.largest());
        });
  }

  @Override
  public void row(SourceRow row) {
    rows.accept(row);
  }

  /** Adds to the place and to the three totals that it belongs to. */
  private void each(String row, String column, List<?> parts, ObjIntConsumer<Tally> add) {
    Integer at = down.get(row);
    Integer beside = across.isEmpty() ? Integer.valueOf(width - 1) : across.get(column);
    if (at == null || beside == null) {
      throw new VestaException(
          ProofError.SOURCE_UNFIT,
          (at == null ? "rows" : "columns")
              + " value is outside the declared codes; declare it or leave such rows out");
    }
    int lastRow = tallies.length - width;
    for (int first :
        at * width == lastRow ? new int[] {lastRow} : new int[] {at * width, lastRow}) {
      for (int place :
          beside == width - 1 ? new int[] {width - 1} : new int[] {beside, width - 1}) {
        for (int m = 0; m < parts.size(); m++) {
          add.accept(tallies[first + place], m);
        }
      }
    }
  }

  /**
   * Whether contributors and rows add up to what was told of the places.
   *
   * @param seen the tallies of the rows, without contributors
   * @throws VestaException with code {@code VESTA-PROOF-009} if not: a figure would be published
   *     that its own rows do not bear out
   */
  void requireSense(Tally[] seen) {
    boolean sense = Arrays.stream(tallies).allMatch(Tally::addsUp);
    for (int cell = 0; cell < tallies.length && sense; cell++) {
      sense = tallies[cell].sameRows(seen[cell]);
    }
    if (!sense) {
      throw new VestaException(
          ProofError.SOURCE_CONTRADICTS,
          "the source's places, contributors and rows do not add up to the same; it must read one"
              + " state, exactly");
    }
  }
}
