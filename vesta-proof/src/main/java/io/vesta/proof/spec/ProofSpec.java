package io.vesta.proof.spec;

import io.vesta.core.error.VestaException;
import io.vesta.proof.ProofError;
import java.time.LocalDate;
import java.util.ArrayList;
import java.util.Collections;
import java.util.EnumMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/**
 * What a page shall show: one table of one or two dimensions with all its totals, the measures in
 * each cell, and whose figures they are. A page holds one table, so that everything on it is one
 * linear system. Immutable.
 *
 * @param <R> the row
 */
public final class ProofSpec<R> {

  private final String title;
  private final Period period;
  private final LocalDate asOf;
  private final String source;
  private final String method;
  private final Dimension<R> rows;
  private final @Nullable Dimension<R> columns;
  private final List<Measure<R>> measures;
  private final Map<Unit, Function<R, String>> contributors;
  private final int mostWithheld;
  private final List<Dimension<R>> rollUps;

  private ProofSpec(Builder<R> b) {
    title = b.title;
    period = b.period;
    asOf = b.asOf;
    source = b.source;
    method = b.method;
    rows = b.rows;
    columns = b.columns;
    measures = List.copyOf(b.measures);
    contributors = Collections.unmodifiableMap(new EnumMap<>(b.contributors));
    mostWithheld = b.mostWithheld;
    rollUps = List.copyOf(b.rollUps);
  }

  private ProofSpec(ProofSpec<R> finer) {
    title = finer.title;
    period = finer.period;
    asOf = finer.asOf;
    source = finer.source;
    method = finer.method;
    rows = finer.rollUps.get(0);
    columns = finer.columns;
    measures = finer.measures;
    contributors = finer.contributors;
    mostWithheld = finer.mostWithheld;
    rollUps = finer.rollUps.subList(1, finer.rollUps.size());
  }

  /**
   * Starts a spec.
   *
   * @param title the heading of the page: 1 to 120 characters
   * @param period the days that the figures cover; the host gives rows of these days only
   * @param asOf the day on which the rows were read from their source, not before the period's end
   * @param source where the rows come from, as the notice names it, such as the name of the MLS: 1
   *     to 160 characters
   * @param rows what divides the table from top to bottom
   */
  public static <R> Builder<R> builder(
      String title, Period period, LocalDate asOf, String source, Dimension<R> rows) {
    return new Builder<>(title, period, asOf, source, rows);
  }

  /** The heading of the page; never null. */
  public String title() {
    return title;
  }

  /** The days that the figures cover; never null. */
  public Period period() {
    return period;
  }

  /** The day on which the rows were read; never null. */
  public LocalDate asOf() {
    return asOf;
  }

  /** Where the rows come from; never null. */
  public String source() {
    return source;
  }

  /** How the figures are defined, in one paragraph; empty if their labels say it all. */
  public String method() {
    return method;
  }

  /** What divides the table from top to bottom; never null. */
  public Dimension<R> rows() {
    return rows;
  }

  /** What divides it from left to right; empty for a list with a total. */
  public Optional<Dimension<R>> columns() {
    return Optional.ofNullable(columns);
  }

  /** The figures of each cell in printing order; never null, not empty. */
  public List<Measure<R>> measures() {
    return measures;
  }

  /** Who stands behind a row, per unit; never null, holds {@code DEAL} and {@code BROKER}. */
  public Map<Unit, Function<R, String>> contributors() {
    return contributors;
  }

  /** Which percentage of the places may be withheld before the rows are rolled up. */
  public int mostWithheld() {
    return mostWithheld;
  }

  /** The same spec with the next coarser rows; empty if there are none. */
  public Optional<ProofSpec<R>> coarser() {
    return rollUps.isEmpty() ? Optional.empty() : Optional.of(new ProofSpec<>(this));
  }

  /** Collects a spec; not thread-safe. */
  public static final class Builder<R> {

    private static final int MOST_CELLS = 20_000;

    private final String title;
    private final Period period;
    private final LocalDate asOf;
    private final String source;
    private final Dimension<R> rows;
    private final List<Measure<R>> measures = new ArrayList<>();
    private final Map<Unit, Function<R, String>> contributors = new EnumMap<>(Unit.class);
    private final List<Dimension<R>> rollUps = new ArrayList<>();
    private int mostWithheld = 100;
    private @Nullable Dimension<R> columns;
    private String method = "";

    private Builder(String title, Period period, LocalDate asOf, String source, Dimension<R> rows) {
      this.title = Objects.requireNonNull(title, "title");
      this.period = Objects.requireNonNull(period, "period");
      this.asOf = Objects.requireNonNull(asOf, "asOf");
      this.source = Objects.requireNonNull(source, "source");
      this.rows = Objects.requireNonNull(rows, "rows");
    }

    /** What divides the table from left to right. */
    public Builder<R> columns(Dimension<R> value) {
      columns = Objects.requireNonNull(value, "columns");
      return this;
    }

    /**
     * Coarser rows to fall back on if the table is too fine: first the one given first. A table of
     * which most is withheld tells less than a coarse one, and a coarse one needs less withholding.
     *
     * @param mostWithheldPercent which percentage of the places may be withheld before, 1 to 99;
     *     the last call counts
     * @param coarser what divides the table from top to bottom then
     */
    public Builder<R> rollUp(int mostWithheldPercent, Dimension<R> coarser) {
      mostWithheld = mostWithheldPercent;
      rollUps.add(Objects.requireNonNull(coarser, "coarser"));
      return this;
    }

    /** How the figures are defined, in one paragraph of at most 1000 characters. */
    public Builder<R> method(String value) {
      method = Objects.requireNonNull(value, "method");
      return this;
    }

    /** One more figure for each cell. */
    public Builder<R> measure(Measure<R> value) {
      measures.add(Objects.requireNonNull(value, "measure"));
      return this;
    }

    /**
     * Who stands behind a row. {@code DEAL} and {@code BROKER} are needed; the keys never leave the
     * process.
     */
    public Builder<R> contributor(Unit unit, Function<R, String> key) {
      contributors.put(unit, Objects.requireNonNull(key, "key"));
      return this;
    }

    /**
     * The spec.
     *
     * @throws VestaException with code {@code VESTA-PROOF-001} and every fault at once
     */
    public ProofSpec<R> build() {
      List<String> faults = new ArrayList<>();
      Wording.checkText("title", title, 120, faults);
      Wording.checkText("source", source, 160, faults);
      if (!method.isEmpty()) {
        Wording.checkText("method", method, 1_000, faults);
      }
      if (asOf.isBefore(period.to())) {
        faults.add("asOf is before the end of the period");
      }
      rows.check("rows", faults);
      long cells = rows.codes().size() + 1L;
      if (columns != null) {
        columns.check("columns", faults);
        cells *= columns.codes().size() + 1L;
      }
      if (cells > MOST_CELLS) {
        faults.add("the table has " + cells + " cells; use coarser codes, at most " + MOST_CELLS);
      }
      for (int i = 0; i < rollUps.size(); i++) {
        rollUps.get(i).check("roll-up " + (i + 1), faults);
      }
      if (!rollUps.isEmpty() && (mostWithheld < 1 || mostWithheld > 99)) {
        faults.add("roll-up is above " + mostWithheld + " percent withheld; use 1 to 99");
      }
      if (measures.isEmpty() || measures.size() > 12) {
        faults.add("there are " + measures.size() + " measures; declare 1 to 12");
      }
      Set<String> keys = new HashSet<>();
      for (int i = 0; i < measures.size(); i++) {
        String field = "measure " + (i + 1);
        Measure<R> measure = measures.get(i);
        Wording.checkKey(field, measure.key(), faults);
        Wording.checkText(field + " label", measure.label(), 80, faults);
        if (!measure.suffix().isEmpty()) {
          Wording.checkText(field + " suffix", measure.suffix(), 12, faults);
        }
        if (measure.decimals() < 0 || measure.decimals() > 6) {
          faults.add(field + " has " + measure.decimals() + " decimals; use 0 to 6");
        }
        if (measure instanceof Measure.Quantile<R> quantile) {
          if (quantile.percent() < 1 || quantile.percent() > 99) {
            faults.add(field + " is of " + quantile.percent() + " percent; use 1 to 99");
          }
          if (quantile.step().signum() <= 0 || quantile.step().scale() > measure.decimals()) {
            faults.add(field + " has a step that is not above zero or finer than its decimals");
          }
        }
        if (!keys.add(measure.key())) {
          faults.add(field + " repeats an earlier key");
        }
      }
      for (Unit needed : List.of(Unit.DEAL, Unit.BROKER)) {
        if (!contributors.containsKey(needed)) {
          faults.add("contributor " + needed + " is missing");
        }
      }
      if (!faults.isEmpty()) {
        throw new VestaException(ProofError.SPEC_INVALID, String.join("; ", faults));
      }
      return new ProofSpec<>(this);
    }
  }
}
