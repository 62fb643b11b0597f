package io.vesta.proof.protect;

import io.vesta.proof.check.Certificate;
import io.vesta.proof.protect.History.Entry;
import io.vesta.proof.protect.History.Figure;
import io.vesta.proof.protect.ReleasedTable.Heading;
import io.vesta.proof.protect.ReleasedTable.Kind;
import io.vesta.proof.spec.Unit;
import java.math.BigDecimal;
import java.math.BigInteger;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.TreeMap;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * A table beside everything of its claim that was published before. Immutable.
 *
 * <p>All figures of all releases are one system of linear equations over atoms: groups of row
 * versions that no figure tells apart. A new figure is shown if (1) its difference to every figure
 * of the same cell that was ever shown is nothing, or satisfies every rule of the policy by itself,
 * and (2) no atom and no cell that is unsafe, now or at the time of an earlier release, follows
 * from it together with all others. Otherwise the figure of the last release stays, if it covers
 * the same period, or the cell is withheld. Larger cells are decided first.
 *
 * <p><b>Not guaranteed.</b> Sums of atoms other than those are not tested, since to test all is as
 * hard as decoding; so the few deals that make up a cell later may follow from what was published
 * before they did. That a figure cannot be placed closely is shown within a release, not over
 * several. A row is known by its deal and amount: a host that changes its keys starts anew.
 */
public final class Renewal {

  private final ReleasedTable table;
  private final List<Entry> opened;
  private final List<Entry> closed;
  private final List<Figure> figures;
  private final List<Refusal> refusals;

  private Renewal(
      ReleasedTable table,
      List<Entry> opened,
      List<Entry> closed,
      List<Figure> figures,
      List<Refusal> refusals) {
    this.table = table;
    this.opened = List.copyOf(opened);
    this.closed = List.copyOf(closed);
    this.figures = List.copyOf(figures);
    this.refusals = List.copyOf(refusals);
  }

  /**
   * Decides what may be shown.
   *
   * @param protection the table, protected by itself
   * @param population its rows as the history knows rows
   * @param history what was published before
   */
  public static Renewal of(Protection protection, List<RowVersion> population, History history) {
    return new Run(protection.table(), population, history).decide();
  }

  /** What may be shown; never null. */
  public ReleasedTable table() {
    return table;
  }

  /** The rows that are new; never null. */
  public List<Entry> opened() {
    return opened;
  }

  /** The rows that are no longer part of the population; never null. */
  public List<Entry> closed() {
    return closed;
  }

  /** The cells that were not shown, or not unsafe, in this form before; never null. */
  public List<Figure> figures() {
    return figures;
  }

  /** The cells that could not be renewed; never null. */
  public List<Refusal> refusals() {
    return refusals;
  }

  /** A cell's place. */
  private record Place(String row, String column) {}

  /** A cell at the time of a release. */
  private record Key(Place place, int basis) {}

  /** One decision in the making. */
  private static final class Run {

    private final ReleasedTable table;
    private final History history;
    private final int now;
    private final List<Entry> opened = new ArrayList<>();
    private final List<Entry> closed = new ArrayList<>();
    private final List<Entry> entries = new ArrayList<>();
    private final Map<Place, Integer> changed = new HashMap<>();
    private final List<Unit> units;
    private final PrimaryRules rules;

    Run(ReleasedTable table, List<RowVersion> population, History history) {
      this.table = table;
      this.history = history;
      now = history.releases() + 1;
      units =
          population.isEmpty()
              ? List.of()
              : population.get(0).contributors().keySet().stream().sorted().toList();
      rules =
          new PrimaryRules(
              table.policy(), units, table.measures().stream().map(Heading::kind).toList());
      compare(population);
      for (Entry entry : entries) {
        int last = entry.last() == History.OPEN ? 0 : entry.last() + 1;
        places(entry.version())
            .forEach(place -> changed.merge(place, Math.max(entry.first(), last), Math::max));
      }
    }

    /** Finds which rows are new and which are gone. */
    private void compare(List<RowVersion> population) {
      Map<RowVersion, Integer> present = new LinkedHashMap<>();
      population.forEach(version -> present.merge(version, 1, Integer::sum));
      for (Entry entry : history.entries()) {
        if (entry.last() != History.OPEN) {
          entries.add(entry);
        } else if (present.getOrDefault(entry.version(), 0) > 0) {
          present.merge(entry.version(), -1, Integer::sum);
          entries.add(entry);
        } else {
          closed.add(entry.closed(now - 1));
          entries.add(entry.closed(now - 1));
        }
      }
      present.forEach(
          (version, times) -> {
            for (int i = 0; i < times; i++) {
              opened.add(new Entry(now, opened.size(), History.OPEN, version));
            }
          });
      entries.addAll(opened);
    }

    private static Stream<Place> places(RowVersion version) {
      return with(version.rows())
          .flatMap(row -> with(version.columns()).map(column -> new Place(row, column)));
    }

    private static Stream<String> with(List<String> keys) {
      return Stream.concat(keys.stream(), Stream.of("*"));
    }

    private Place place(int row, int column) {
      return new Place(
          table.rows().key(row), table.columns().map(axis -> axis.key(column)).orElse("*"));
    }

    Renewal decide() {
      List<Figure> known = new ArrayList<>(history.figures());
      Map<Place, Figure> latest = new HashMap<>();
      known.stream()
          .filter(Figure::shown)
          .forEach(
              figure ->
                  latest.merge(spot(figure), figure, (a, b) -> a.basis() > b.basis() ? a : b));
      List<Figure> unsafe = unsafeNow();
      List<Figure> candidates = candidates(latest);
      List<Atoms> measures = new ArrayList<>();
      List<Figure> all = new ArrayList<>(known);
      all.addAll(unsafe);
      all.addAll(candidates);
      for (int m = 0; m < table.measures().size(); m++) {
        measures.add(new Atoms(m, all));
      }
      List<Figure> added = new ArrayList<>(unsafe);
      List<Refusal> refusals = new ArrayList<>();
      Map<Place, Map<String, Range>> instead = new HashMap<>();
      for (int c = 0; c < candidates.size(); c++) {
        Figure candidate = candidates.get(c);
        int number = known.size() + unsafe.size() + c;
        Refusal refusal = null;
        for (int m = 0; m < measures.size() && refusal == null; m++) {
          refusal = measures.get(m).refusal(number);
        }
        if (refusal == null) {
          measures.forEach(atoms -> atoms.learn(number));
          added.add(candidate);
        } else {
          Figure before = latest.get(spot(candidate));
          boolean held = before != null && stands(before);
          refusals.add(
              new Refusal(
                  refusal.row(),
                  refusal.column(),
                  refusal.measure(),
                  held,
                  refusal.target(),
                  refusal.figures(),
                  refusal.certificate()));
          instead.put(spot(candidate), before != null && held ? before.values() : Map.of());
        }
      }
      return new Renewal(
          table.with((row, column) -> instead.get(place(row, column))),
          opened,
          closed,
          added,
          refusals);
    }

    private static Place spot(Figure figure) {
      return new Place(figure.row(), figure.column());
    }

    /** Whether an earlier figure may stand on the new page. */
    private boolean stands(Figure before) {
      return before.period().equals(table.period())
          && table.measures().stream()
              .filter(heading -> heading.kind() != Kind.QUANTILE)
              .allMatch(heading -> before.values().containsKey(heading.key()));
    }

    /** The unsafe cells that were not noted in this form before. */
    private List<Figure> unsafeNow() {
      Map<Place, Tally> tallies = new HashMap<>();
      for (Entry entry : entries) {
        if (entry.during(now)) {
          places(entry.version())
              .forEach(
                  place ->
                      add(
                          tallies.computeIfAbsent(
                              place, key -> new Tally(table.measures().size(), units.size())),
                          1,
                          entry.version()));
        }
      }
      Map<Place, Integer> noted = new HashMap<>();
      history.figures().stream()
          .filter(figure -> !figure.shown())
          .forEach(figure -> noted.merge(spot(figure), figure.basis(), Math::max));
      List<Figure> unsafe = new ArrayList<>();
      tallies.forEach(
          (place, tally) -> {
            if (rules.unsafe(tally)
                && noted.getOrDefault(place, 0) < changed.getOrDefault(place, now)) {
              unsafe.add(new Figure(place.row(), place.column(), now, table.period(), Map.of()));
            }
          });
      unsafe.sort(Comparator.comparing(Figure::row).thenComparing(Figure::column));
      return unsafe;
    }

    private void add(Tally tally, int weight, RowVersion version) {
      List<String> contributors = contributors(version);
      for (int m = 0; m < table.measures().size(); m++) {
        BigDecimal amount = version.amounts().get(table.measures().get(m).key());
        if (amount != null) {
          tally.add(m, weight, amount, contributors);
        }
      }
    }

    private List<String> contributors(RowVersion version) {
      return units.stream().map(unit -> version.contributors().getOrDefault(unit, "")).toList();
    }

    /** What the table shows that was not shown in this form before, the largest first. */
    private List<Figure> candidates(Map<Place, Figure> latest) {
      Map<Figure, Long> sizes = new LinkedHashMap<>();
      for (int row = 0; row < table.rows().lines(); row++) {
        for (int column = 0; column < table.columnCount(); column++) {
          Place place = place(row, column);
          Map<String, Range> values = new TreeMap<>();
          for (int m = 0; m < table.measures().size(); m++) {
            String key = table.measures().get(m).key();
            table.cell(m, row, column).range().ifPresent(range -> values.put(key, range));
          }
          Figure before = latest.get(place);
          boolean same =
              before != null && changed.getOrDefault(place, 0) <= before.basis() && stands(before);
          if (!values.isEmpty() && !same) {
            long size =
                entries.stream()
                    .filter(e -> e.during(now) && e.version().in(place.row(), place.column()))
                    .count();
            sizes.put(new Figure(place.row(), place.column(), now, table.period(), values), size);
          }
        }
      }
      return sizes.entrySet().stream()
          .sorted(Map.Entry.<Figure, Long>comparingByValue().reversed())
          .map(Map.Entry::getKey)
          .toList();
    }

    /** A row version in one measure: the same deal with the same amount, whatever its place. */
    private record Identity(String deal, BigDecimal amount, int ordinal) {}

    /** One measure's system of equations. */
    private final class Atoms {

      private final int measure;
      private final String key;
      private final List<Figure> figures;
      private final List<Map<Integer, Integer>> rows = new ArrayList<>();
      private final List<Map<Integer, Integer>> targets = new ArrayList<>();
      private final List<List<Entry>> members = new ArrayList<>();
      private final Span span = new Span();
      private final List<Integer> shown = new ArrayList<>();

      Atoms(int measure, List<Figure> figures) {
        this.measure = measure;
        this.figures = figures;
        key = table.measures().get(measure).key();
        Map<Key, Integer> numbers = new HashMap<>();
        for (int i = 0; i < figures.size(); i++) {
          rows.add(new TreeMap<>());
          numbers.put(new Key(spot(figures.get(i)), figures.get(i).basis()), i);
        }
        List<Integer> bases = figures.stream().map(Figure::basis).distinct().toList();
        identities().values().stream()
            .map(life -> Map.entry(signature(life), life))
            .collect(Collectors.groupingBy(Map.Entry::getKey, TreeMap::new, Collectors.toList()))
            .values()
            .forEach(
                alike -> {
                  int atom = members.size();
                  List<Entry> last = new ArrayList<>();
                  alike.forEach(one -> last.add(one.getValue().get(one.getValue().size() - 1)));
                  members.add(last);
                  for (Entry entry : alike.get(0).getValue()) {
                    for (int basis : bases) {
                      if (entry.during(basis)) {
                        places(entry.version())
                            .map(place -> numbers.get(new Key(place, basis)))
                            .filter(Objects::nonNull)
                            .forEach(number -> rows.get(number).put(atom, 1));
                      }
                    }
                  }
                });
        for (int i = 0; i < figures.size(); i++) {
          if (figures.get(i).values().containsKey(key) && figures.get(i).basis() < now) {
            learn(i);
          }
        }
        for (int atom = 0; atom < members.size(); atom++) {
          if (tooFew(Map.of(atom, 1))) {
            protect(Map.of(atom, 1));
          }
        }
        for (int i = 0; i < figures.size(); i++) {
          if (!figures.get(i).shown()) {
            protect(rows.get(i));
          }
        }
      }

      /** The lives of each identity, in order. */
      private Map<Identity, List<Entry>> identities() {
        List<Entry> inOrder = new ArrayList<>(entries);
        inOrder.sort(Comparator.comparingInt(Entry::first).thenComparingInt(Entry::ordinal));
        Map<Identity, List<Entry>> lives = new LinkedHashMap<>();
        for (Entry entry : inOrder) {
          BigDecimal amount = entry.version().amounts().get(key);
          if (amount != null) {
            String deal = entry.version().contributors().getOrDefault(Unit.DEAL, "");
            int ordinal = 0;
            List<Entry> life = lives.get(new Identity(deal, amount, ordinal));
            while (life != null && life.get(life.size() - 1).last() >= entry.first()) {
              ordinal++;
              life = lives.get(new Identity(deal, amount, ordinal));
            }
            lives
                .computeIfAbsent(new Identity(deal, amount, ordinal), id -> new ArrayList<>())
                .add(entry);
          }
        }
        return lives;
      }

      private static String signature(List<Entry> life) {
        StringBuilder signature = new StringBuilder();
        for (Entry entry : life) {
          signature
              .append(entry.first())
              .append('-')
              .append(entry.last())
              .append(entry.version().rows())
              .append(entry.version().columns());
        }
        return signature.toString();
      }

      private void protect(Map<Integer, Integer> target) {
        span.protect(targets.size(), target);
        targets.add(target);
      }

      void learn(int number) {
        span.learn(number, rows.get(number));
        shown.add(number);
      }

      /** Whether a combination of atoms says too much about few. */
      private boolean tooFew(Map<Integer, Integer> atoms) {
        Tally tally = new Tally(table.measures().size(), units.size());
        atoms.forEach(
            (atom, weight) ->
                members
                    .get(atom)
                    .forEach(
                        entry ->
                            tally.add(
                                measure,
                                weight,
                                Objects.requireNonNull(entry.version().amounts().get(key)),
                                contributors(entry.version()))));
        return rules.unsafe(tally, measure);
      }

      /** Why a figure must not be shown; null if it may be. */
      @Nullable Refusal refusal(int number) {
        Figure figure = figures.get(number);
        for (int earlier : shown) {
          if (spot(figures.get(earlier)).equals(spot(figure))) {
            Map<Integer, Integer> difference = new TreeMap<>(rows.get(number));
            rows.get(earlier).forEach((atom, c) -> difference.merge(atom, -c, Integer::sum));
            difference.values().removeIf(c -> c == 0);
            if (!difference.isEmpty() && tooFew(difference)) {
              return refusal(
                  figure,
                  difference,
                  List.of(
                      Map.entry(number, BigInteger.ONE),
                      Map.entry(earlier, BigInteger.ONE.negate())),
                  BigInteger.ONE);
            }
          }
        }
        Span.Exposure exposure = span.exposes(number, rows.get(number));
        return exposure == null
            ? null
            : refusal(figure, targets.get(exposure.target()), exposure.terms(), exposure.factor());
      }

      private Refusal refusal(
          Figure figure,
          Map<Integer, Integer> target,
          List<Map.Entry<Integer, BigInteger>> terms,
          BigInteger factor) {
        List<Map<Integer, BigInteger>> used = new ArrayList<>();
        List<Certificate.Term> numbered = new ArrayList<>();
        for (Map.Entry<Integer, BigInteger> term : terms) {
          numbered.add(new Certificate.Term(used.size(), term.getValue()));
          used.add(whole(rows.get(term.getKey())));
        }
        return new Refusal(
            figure.row(),
            figure.column(),
            key,
            false,
            whole(target),
            used,
            new Certificate(factor, numbered));
      }

      private static Map<Integer, BigInteger> whole(Map<Integer, Integer> row) {
        Map<Integer, BigInteger> whole = new TreeMap<>();
        row.forEach((atom, c) -> whole.put(atom, BigInteger.valueOf(c)));
        return whole;
      }
    }
  }
}
