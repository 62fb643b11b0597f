package io.vesta.proof.protect;

import io.vesta.core.error.VestaException;
import io.vesta.proof.ProofError;
import io.vesta.proof.cells.CellSource;
import io.vesta.proof.cells.SourceRow;
import io.vesta.proof.check.Grid;
import io.vesta.proof.check.ProofChecker;
import io.vesta.proof.check.Witness;
import io.vesta.proof.protect.QuantileWindow.Sample;
import io.vesta.proof.protect.ReleasedTable.Kind;
import io.vesta.proof.spec.Dimension;
import io.vesta.proof.spec.Measure;
import io.vesta.proof.spec.ProofSpec;
import io.vesta.proof.spec.Unit;
import jakarta.inject.Inject;
import java.math.BigDecimal;
import java.math.RoundingMode;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.BitSet;
import java.util.EnumMap;
import java.util.HashMap;
import java.util.HashSet;
import java.util.Iterator;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/**
 * Turns rows into a table of which no withheld figure can be computed back. Thread-safe; the result
 * does not depend on the order of the rows.
 *
 * <p><b>Guarantees.</b> A shown figure satisfies every rule of the policy; no figure that does not
 * satisfy them follows by addition, subtraction or the sign of amounts from all that is shown,
 * totals and overlaps included; it could also be greater by the level that the policy asks for, and
 * a {@link io.vesta.proof.check.Witness} says how. Nor does the sum of the withheld cells of a line
 * follow, unless that sum satisfies the rules too.
 *
 * <p><b>Not guaranteed.</b> That sums over withheld cells of several lines are safe, or that other
 * tables about the same rows do not tell more: publish one table per population, through the
 * publisher, which keeps the ledger. Nor that the choice of cells tells nothing: in every twentieth
 * case of the smallest tables (2 by 2, counts up to 5) no other table would have led this method to
 * the same page.
 */
public final class Protector {

  private final DisclosurePolicy policy;
  private final Function<Suppression.Network, Suppression.Verdict> withholding;

  /**
   * @param policy when a figure says too much
   */
  @Inject
  public Protector(DisclosurePolicy policy) {
    this(policy, Suppression::withhold);
  }

  /**
   * @param withholding what decides which cells are withheld; tests hand in weaker methods, to show
   *     that the attacks that fail against this one are real
   */
  Protector(
      DisclosurePolicy policy, Function<Suppression.Network, Suppression.Verdict> withholding) {
    this.policy = Objects.requireNonNull(policy, "policy");
    this.withholding = withholding;
  }

  /** When a figure says too much; never null. */
  public DisclosurePolicy policy() {
    return policy;
  }

  /**
   * Tallies and protects; rolls the rows up if too much would have to be withheld and the spec says
   * to what. Everything is withheld, and so rolled up where that is declared, if more than 5,000
   * unsafe cells hang together by common lines.
   *
   * @param spec what to show
   * @param rows the rows of the spec's period, which may be gone through several times
   */
  public <R> Protection protect(ProofSpec<R> spec, Iterable<R> rows) {
    return coarsened(spec, chosen -> new Run<>(chosen, policy, withholding).of(rows));
  }

  /**
   * The same for rows that their source groups: to the byte what would come out of the rows in
   * memory, of which the source refuses what {@link Protection#rejected} would hold.
   *
   * @param spec what to show, of {@link io.vesta.proof.cells.Column}s alone, without overlaps and
   *     quantiles, and with at most one count
   * @throws VestaException with code {@code VESTA-PROOF-008} if spec or rows do not fit, {@code
   *     VESTA-PROOF-009} if what the source tells does not add up
   */
  public Protection protect(ProofSpec<SourceRow> spec, CellSource source) {
    return coarsened(spec, chosen -> gathered(new Run<>(chosen, policy, withholding), source));
  }

  private static Protection gathered(Run<SourceRow> run, CellSource source) {
    boolean quantile = run.measures.stream().anyMatch(m -> m instanceof Measure.Quantile);
    long counts = run.measures.stream().filter(m -> m instanceof Measure.Count).count();
    if (run.down.overlaps() || run.across.overlaps() || quantile || counts > 1) {
      throw new VestaException(
          ProofError.SOURCE_UNFIT,
          "a source does not group overlapping codes, quantiles or several counts; take the rows"
              + " into memory");
    }
    // Every row is counted once more: what is published must be what its rows add up to.
    Tally[] seen = run.empty(0);
    Gathering gathering =
        new Gathering(
            run.down.lines(),
            run.across.lines(),
            run.across.size(),
            run.tallies,
            run.units,
            row -> {
              String fault = run.tally(row, seen);
              if (fault != null) {
                throw new VestaException(ProofError.SOURCE_UNFIT, fault + "; leave such rows out");
              }
            });
    source.read(run.spec, gathering);
    gathering.requireSense(seen);
    return run.protection();
  }

  private static <R> Protection coarsened(
      ProofSpec<R> spec, Function<ProofSpec<R>, Protection> run) {
    ProofSpec<R> chosen = spec;
    Protection protection = run.apply(chosen);
    while (chosen.coarser().isPresent() && tooFine(protection, chosen.mostWithheld())) {
      chosen = chosen.coarser().get();
      protection = run.apply(chosen);
    }
    return protection;
  }

  private static boolean tooFine(Protection protection, int mostWithheld) {
    ReleasedTable table = protection.table();
    int places = table.rows().lines() * table.columnCount();
    return 100L * (protection.unsafe() + protection.secondary()) > (long) mostWithheld * places;
  }

  /**
   * One direction while tallying: its codes, then its overlap if it has one, then its total. The
   * overlap holds, with a minus, what the codes add up to beyond the total.
   */
  private record Line<R>(@Nullable Dimension<R> dimension) {

    int codes() {
      return dimension == null ? 0 : dimension.codes().size();
    }

    boolean overlaps() {
      return dimension != null && dimension.overlapping();
    }

    int size() {
      return codes() + (overlaps() ? 2 : 1);
    }

    boolean overlap(int line) {
      return overlaps() && line == codes();
    }

    /** The line of each key. */
    Map<String, Integer> lines() {
      Map<String, Integer> lines = new HashMap<>();
      for (int line = 0; line < codes(); line++) {
        lines.put(Objects.requireNonNull(dimension).codes().get(line).key(), line);
      }
      return lines;
    }

    /** The keys of the codes among some lines. */
    List<String> keys(Map<Integer, Integer> weights) {
      return dimension == null
          ? List.of()
          : weights.keySet().stream()
              .filter(line -> line < codes())
              .map(line -> dimension.codes().get(line).key())
              .toList();
    }

    /** How often a row counts in each line in which it counts; null if the row has no place. */
    @Nullable Map<Integer, Integer> weights(R row) {
      Map<Integer, Integer> weights = new TreeMap<>();
      weights.put(size() - 1, 1);
      if (dimension != null) {
        Optional<int[]> places = dimension.places(row);
        if (places.isEmpty()) {
          return null;
        }
        for (int place : places.get()) {
          weights.put(place, 1);
        }
        if (overlaps() && places.get().length > 1) {
          weights.put(codes(), 1 - places.get().length);
        }
      }
      return weights;
    }
  }

  /** What somebody could compute of a measure: how many rows take part, or what they add up to. */
  private record Quantity(int measure, boolean amounts) {

    BigDecimal of(Tally tally) {
      return amounts ? tally.amount(measure) : BigDecimal.valueOf(tally.rows(measure));
    }
  }

  /** One table in the making. */
  private static final class Run<R> {

    private final ProofSpec<R> spec;
    private final DisclosurePolicy policy;
    private final Function<Suppression.Network, Suppression.Verdict> withholding;
    private final List<Measure<R>> measures;
    private final List<Unit> units;
    private final Line<R> down;
    private final Line<R> across;
    private final Tally[] tallies;
    private final PrimaryRules rules;
    private final List<Quantity> quantities = new ArrayList<>();
    private final List<RowVersion> population = new ArrayList<>();

    /** Per measure that is a quantile, the values of each cell. */
    private final List<Map<Integer, List<Sample>>> samples;

    private final List<Protection.Rejected> rejected = new ArrayList<>();

    /** The units of which nobody stands behind two rows. */
    private final BitSet lone = new BitSet();

    Run(
        ProofSpec<R> spec,
        DisclosurePolicy policy,
        Function<Suppression.Network, Suppression.Verdict> withholding) {
      this.spec = spec;
      this.policy = policy;
      this.withholding = withholding;
      measures = spec.measures();
      units = List.copyOf(spec.contributors().keySet());
      down = new Line<>(spec.rows());
      across = new Line<>(spec.columns().orElse(null));
      tallies = empty(units.size());
      samples = new ArrayList<>();
      List<Kind> kinds = measures.stream().<Kind>map(Kind::of).toList();
      for (int m = 0; m < kinds.size(); m++) {
        // A mean beside its count tells the sum, so it stands for both.
        if (kinds.get(m) == Kind.SUM || kinds.get(m) == Kind.MEAN) {
          quantities.add(new Quantity(m, true));
        }
        if (kinds.get(m) == Kind.COUNT || kinds.get(m) == Kind.MEAN) {
          quantities.add(new Quantity(m, false));
        }
        samples.add(new HashMap<>());
      }
      rules = new PrimaryRules(policy, units, kinds);
    }

    private Tally[] empty(int unitCount) {
      Tally[] empty = new Tally[down.size() * across.size()];
      Arrays.setAll(empty, cell -> new Tally(measures.size(), unitCount));
      return empty;
    }

    Protection of(Iterable<R> rows) {
      findLone(rows);
      int position = 0;
      for (R row : rows) {
        position++;
        String fault = tally(row, tallies);
        if (fault != null) {
          rejected.add(new Protection.Rejected(position, fault));
        }
      }
      return protection();
    }

    /**
     * Finds the units of which nobody stands behind two rows, as of deals: of those, numbers and
     * the largest shares are enough. Overlaps have to be taken off by name, and so does what one
     * count leaves out of another.
     */
    private void findLone(Iterable<R> rows) {
      boolean named =
          down.overlaps()
              || across.overlaps()
              || measures.stream().filter(m -> m instanceof Measure.Count).count() > 1;
      for (int unit = 0; unit < units.size() && !named; unit++) {
        Function<R, String> key = Objects.requireNonNull(spec.contributors().get(units.get(unit)));
        Set<String> seen = new HashSet<>();
        boolean alone = true;
        for (Iterator<R> each = rows.iterator(); alone && each.hasNext(); ) {
          alone = seen.add(key.apply(each.next()));
        }
        lone.set(unit, alone);
      }
    }

    private Protection protection() {
      Suppression.Network network = network();
      Suppression.Verdict verdict = withholding.apply(network);
      BitSet withheld = verdict.withheld();
      int places = 0;
      int unsafe = 0;
      ReleasedCell[][][] cells =
          new ReleasedCell[measures.size()][spec.rows().codes().size() + 1][];
      int printedRow = 0;
      for (int i = 0; i < down.size(); i++) {
        if (down.overlap(i)) {
          continue;
        }
        for (ReleasedCell[][] measure : cells) {
          measure[printedRow] = new ReleasedCell[across.codes() + 1];
        }
        int printedColumn = 0;
        for (int j = 0; j < across.size(); j++) {
          if (across.overlap(j)) {
            continue;
          }
          int cell = i * across.size() + j;
          for (int m = 0; m < cells.length; m++) {
            cells[m][printedRow][printedColumn] =
                withheld.get(cell) ? ReleasedCell.withheld() : released(measures.get(m), m, cell);
          }
          places += withheld.get(cell) ? 1 : 0;
          unsafe += rules.unsafe(tallies[cell]) ? 1 : 0;
          printedColumn++;
        }
        printedRow++;
      }
      return new Protection(
          new ReleasedTable(spec, policy, cells),
          population.size(),
          rejected,
          unsafe,
          places - unsafe,
          evidence(network, verdict),
          population);
    }

    private Evidence evidence(Suppression.Network network, Suppression.Verdict verdict) {
      BitSet shown = new BitSet();
      shown.set(0, network.size());
      shown.andNot(verdict.withheld());
      List<ProofChecker.Demand> demands = new ArrayList<>();
      List<Witness> witnesses = new ArrayList<>();
      for (int cell : verdict.targets().stream().toArray()) {
        List<BigDecimal> levels = network.levels().apply(cell);
        for (int q = 0; q < levels.size(); q++) {
          BigDecimal level = levels.get(q);
          demands.add(new ProofChecker.Demand(cell, q, level));
          boolean growing = !network.negative().get(cell);
          Flow flow = Flow.of(network, verdict.withheld(), cell, q, growing, level);
          witnesses.add(new Witness(cell, q, level, flow.changes()));
        }
      }
      Grid grid =
          new Grid(
              network.rows(),
              network.columns(),
              shown,
              network.negative(),
              network.values().stream().map(List::of).toList());
      List<String> faults = ProofChecker.faults(grid, demands, witnesses);
      if (!faults.isEmpty()) {
        throw new IllegalStateException("the protection does not hold: " + faults.get(0));
      }
      return new Evidence(grid, demands, witnesses);
    }

    /**
     * Adds a row to every cell it belongs to; tells what is wrong with it if it belongs nowhere.
     */
    private @Nullable String tally(R row, Tally[] into) {
      Map<Integer, Integer> inRows = down.weights(row);
      Map<Integer, Integer> inColumns = across.weights(row);
      if (inRows == null || inColumns == null) {
        return (inRows == null ? "rows" : "columns") + " value is outside the declared codes";
      }
      List<String> contributors = new ArrayList<>();
      for (Unit unit : units) {
        Function<R, String> key = Objects.requireNonNull(spec.contributors().get(unit));
        contributors.add(key.apply(row));
      }
      List<Optional<BigDecimal>> amounts = new ArrayList<>();
      for (Measure<R> measure : measures) {
        Optional<BigDecimal> amount = measure.amount(row);
        if (amount.isPresent() && amount.get().signum() < 0) {
          return measure.key() + " is negative";
        }
        amounts.add(amount);
      }
      Map<Unit, String> behind = new EnumMap<>(Unit.class);
      for (int unit = 0; unit < contributors.size(); unit++) {
        behind.put(units.get(unit), contributors.get(unit));
      }
      Map<String, BigDecimal> added = new HashMap<>();
      for (int m = 0; m < amounts.size(); m++) {
        String key = measures.get(m).key();
        amounts.get(m).ifPresent(amount -> added.put(key, amount));
      }
      population.add(new RowVersion(behind, added, down.keys(inRows), across.keys(inColumns)));
      List<@Nullable String> names = new ArrayList<>(contributors);
      lone.stream().forEach(unit -> names.set(unit, null));
      inRows.forEach(
          (i, often) ->
              inColumns.forEach(
                  (j, times) ->
                      add(
                          into,
                          i * across.size() + j,
                          often * times,
                          amounts,
                          names,
                          contributors)));
      return null;
    }

    private void add(
        Tally[] into,
        int cell,
        int weight,
        List<Optional<BigDecimal>> amounts,
        List<@Nullable String> names,
        List<String> contributors) {
      for (int m = 0; m < amounts.size(); m++) {
        if (amounts.get(m).isPresent()) {
          BigDecimal amount = amounts.get(m).get();
          into[cell].add(m, weight, amount, names);
          if (measures.get(m) instanceof Measure.Quantile) {
            samples
                .get(m)
                .computeIfAbsent(cell, key -> new ArrayList<>())
                .add(new Sample(amount, contributors));
          }
        }
      }
    }

    private Suppression.Network network() {
      BitSet never = new BitSet();
      BitSet negative = new BitSet();
      for (int cell = 0; cell < tallies.length; cell++) {
        boolean overlapDown = down.overlap(cell / across.size());
        boolean overlapAcross = across.overlap(cell % across.size());
        never.set(cell, overlapDown || overlapAcross);
        // An overlap counts with a minus, the overlap of two overlaps with a plus again.
        negative.set(cell, overlapDown != overlapAcross);
      }
      return new Suppression.Network(
          down.size(),
          across.size(),
          never,
          negative,
          quantities.stream()
              .map(q -> Arrays.stream(tallies).map(q::of).toArray(BigDecimal[]::new))
              .toList(),
          cell -> 1 + Math.abs(tallies[cell].rows(0)),
          this::unsafe,
          cell -> quantities.stream().map(q -> level(q, tallies[cell])).toList());
    }

    private BigDecimal level(Quantity quantity, Tally tally) {
      int m = quantity.measure();
      return quantity.amounts()
          ? rules.amountLevel(tally, m, BigDecimal.ONE.movePointLeft(measures.get(m).decimals()))
          : rules.rowsLevel(tally, m);
    }

    private boolean unsafe(int[] cells) {
      return rules.unsafe(
          cells.length == 1
              ? tallies[cells[0]]
              : Tally.sum(
                  Arrays.stream(cells).mapToObj(c -> tallies[c]).toList(),
                  measures.size(),
                  units.size()));
    }

    private ReleasedCell released(Measure<R> measure, int m, int cell) {
      if (measure instanceof Measure.Quantile<R> quantile) {
        return QuantileWindow.of(
                samples.get(m).getOrDefault(cell, List.of()),
                quantile.percent(),
                quantile.step(),
                units.indexOf(Unit.BROKER),
                policy)
            .map(ReleasedCell::of)
            .orElse(ReleasedCell.withheld());
      }
      return ReleasedCell.shown(figure(measure, m, tallies[cell]));
    }

    private static BigDecimal figure(Measure<?> measure, int m, Tally tally) {
      return measure instanceof Measure.Mean
          ? tally
              .amount(m)
              .divide(BigDecimal.valueOf(tally.rows(m)), measure.decimals(), RoundingMode.HALF_EVEN)
          : tally.amount(m).setScale(measure.decimals(), RoundingMode.UNNECESSARY);
    }
  }
}
