package io.vesta.proof.cells.internal;

import io.vesta.core.error.VestaException;
import io.vesta.core.storage.Database;
import io.vesta.core.storage.Dialect;
import io.vesta.core.storage.UnitOfWork;
import io.vesta.proof.ProofError;
import io.vesta.proof.cells.CellSource;
import io.vesta.proof.cells.Cells;
import io.vesta.proof.cells.Cells.Crowd;
import io.vesta.proof.cells.Cells.Part;
import io.vesta.proof.cells.Column;
import io.vesta.proof.cells.SourceRow;
import io.vesta.proof.spec.Dimension;
import io.vesta.proof.spec.Measure;
import io.vesta.proof.spec.ProofSpec;
import io.vesta.proof.spec.Unit;
import java.math.BigDecimal;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.function.Function;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * A table grouped in two steps, first by place and contributor, then by place. Of a unit of which
 * nobody stands in two places, as of deals, only numbers and the largest shares leave the engine.
 * The statements are made of declared names alone, which are checked and quoted. Thread-safe.
 */
public final class TableCells implements CellSource {

  private static final int AT_ONCE = 1_000;

  private final Database database;
  private final String table;

  /** See {@link CellSource#table}. */
  public TableCells(Database database, String table) {
    Column.requireName(table);
    this.database = database;
    this.table = table;
  }

  @Override
  public void read(ProofSpec<SourceRow> spec, Cells cells) {
    Plan plan = new Plan(spec, table, database.dialect());
    database.read(
        work -> {
          if (work.dialect() == Dialect.POSTGRESQL) {
            // One state for all statements; SQLite's transactions have it anyway.
            work.handle().execute("set transaction isolation level repeatable read, read only");
          }
          return new Reading(work, plan, cells).all();
        });
  }

  /** What is asked of the table: texts {@code r, c, u0, u1, ..}, numbers {@code m0, m1, ..}. */
  private static final class Plan {

    private final List<Unit> units;
    private final Map<String, String> texts = new TreeMap<>();
    private final Map<String, String> numbers = new TreeMap<>();
    private final List<Integer> scales = new ArrayList<>();
    private final List<String> needed = new ArrayList<>();
    private final String rows;

    Plan(ProofSpec<SourceRow> spec, String table, Dialect dialect) {
      units = List.copyOf(spec.contributors().keySet());
      texts.put("r", code("rows", spec.rows()));
      spec.columns().ifPresent(columns -> texts.put("c", code("columns", columns)));
      for (int u = 0; u < units.size(); u++) {
        texts.put(
            "u" + u, text("contributor " + units.get(u), spec.contributors().get(units.get(u))));
      }
      for (int m = 0; m < spec.measures().size(); m++) {
        scales.add(number("m" + m, spec.measures().get(m)));
      }
      needed.addAll(texts.keySet());
      rows =
          Stream.of(
                  texts.entrySet().stream()
                      .map(each -> text(each.getValue(), each.getKey(), dialect)),
                  numbers.entrySet().stream()
                      .map(each -> column(each.getValue()) + " as " + each.getKey()),
                  Stream.of("'*' as c").filter(star -> !texts.containsKey("c")))
              .flatMap(Function.identity())
              .collect(Collectors.joining(", ", "(select ", " from \"" + table + "\" as s) as t"));
    }

    /**
     * Without its column's or the database's collation, which may take different texts for equal.
     */
    private static String text(String column, String as, Dialect dialect) {
      return "cast("
          + column(column)
          + " as text) collate "
          + (dialect == Dialect.POSTGRESQL ? "\"C\"" : "binary")
          + " as "
          + as;
    }

    /** SQLite takes a quoted name alone for a text, if no column has it. */
    private static String column(String name) {
      return "s.\"" + name + '"';
    }

    private static String code(String field, Dimension<SourceRow> dimension) {
      return text(field, dimension.value().orElse(null));
    }

    private static String text(String field, @Nullable Function<SourceRow, String> function) {
      if (function instanceof Column.Text column) {
        return column.name();
      }
      throw unfit(field + " is no single column of text; use Column.Text");
    }

    private int number(String as, Measure<SourceRow> measure) {
      if (measure instanceof Measure.Count<SourceRow> count
          && count.selects() instanceof Column.Every) {
        return 0;
      }
      if (measure instanceof Measure.Sum<SourceRow> sum
          && sum.cents() instanceof Column.Cents column) {
        numbers.put(as, column.name());
        needed.add(as);
        return 2;
      }
      if (measure instanceof Measure.Mean<SourceRow> mean
          && mean.of() instanceof Column.Whole column) {
        numbers.put(as, column.name());
        return column.decimals();
      }
      throw unfit(
          "measure "
              + measure.key()
              + " is no count of every row, sum of a column or mean of one; take the rows into"
              + " memory");
    }

    /** The same for each measure, with its number for every sharp. */
    private String each(String counted, String added) {
      return IntStream.range(0, scales.size())
          .mapToObj(m -> (numbers.containsKey("m" + m) ? added : counted).replace("#", "" + m))
          .collect(Collectors.joining(", "));
    }

    /** How many rows take part in each measure, and what they add up to. */
    private String parts() {
      return each("count(*) as n#, count(*) as a#", "count(m#) as n#, coalesce(sum(m#), 0) as a#");
    }

    String places() {
      return "select r, c, " + parts() + " from " + rows + " group by r, c";
    }

    String contributors(int unit) {
      return "select u, r, c, " + parts() + " from " + rows(unit) + " group by u, r, c";
    }

    /** Counts contributors that stand in two places. */
    String scattered(int unit) {
      return "select count(*) from (select u from "
          + rows(unit)
          + " group by u having min(r) < max(r) or min(c) < max(c)) as x";
    }

    String crowds(int unit) {
      String crowd = "sum(case when n# > 0 then 1 else 0 end) as k#, sum(n#) as n#, sum(a#) as a#";
      return "select r, c, "
          + each(crowd, crowd)
          + " from ("
          + contributors(unit)
          + ") as x group by r, c";
    }

    String largest(int unit, int measure) {
      String ranked =
          "select r, c, a# as a, row_number() over (partition by r, c order by a# desc) as k from ("
              + contributors(unit)
              + ") as x where n# > 0";
      return "select r, c, a from ("
          + ranked.replace("#", "" + measure)
          + ") as y where k <= "
          + Cells.LARGEST
          + " order by r, c, a desc";
    }

    private String rows(int unit) {
      return "(select u" + unit + " as u, t.* from " + rows + ") as t";
    }

    /** Finds rows that a table in memory would reject or stumble over. */
    String unfitRows() {
      return Stream.concat(
              needed.stream().map(name -> name + " is null"),
              numbers.keySet().stream().map(name -> name + " < 0"))
          .collect(Collectors.joining(" or ", "select count(*) from " + rows + " where ", ""));
    }

    String rows() {
      return "select * from " + rows;
    }
  }

  /** One reading. */
  private static final class Reading {

    private final UnitOfWork work;
    private final Plan plan;
    private final Cells cells;

    Reading(UnitOfWork work, Plan plan, Cells cells) {
      this.work = work;
      this.plan = plan;
      this.cells = cells;
    }

    /** What is done with a line of a result. */
    private interface Line {
      void read(ResultSet result) throws SQLException;
    }

    private void each(String sql, Line line) {
      work.handle()
          .createQuery(sql)
          .setFetchSize(AT_ONCE)
          .map(
              (result, context) -> {
                line.read(result);
                return true;
              })
          .forEach(read -> {});
    }

    private long number(String sql) {
      return work.handle().createQuery(sql).mapTo(Long.class).one();
    }

    boolean all() {
      long unfit = number(plan.unfitRows());
      if (unfit > 0) {
        throw unfit(
            unfit
                + " rows lack a code, a contributor or the amount of a sum, or have a negative"
                + " amount; leave them out by a view");
      }
      each(
          plan.places(),
          line -> cells.place(line.getString("r"), line.getString("c"), parts(line)));
      for (int u = 0; u < plan.units.size(); u++) {
        Unit unit = plan.units.get(u);
        if (number(plan.scattered(u)) == 0) {
          crowds(u, unit);
        } else {
          each(
              plan.contributors(u),
              line ->
                  cells.contributor(
                      unit,
                      line.getString("u"),
                      line.getString("r"),
                      line.getString("c"),
                      parts(line)));
        }
      }
      each(plan.rows(), line -> cells.row(row(line)));
      return true;
    }

    private void crowds(int u, Unit unit) {
      List<Map<List<String>, List<BigDecimal>>> largest = new ArrayList<>();
      for (int m = 0; m < plan.scales.size(); m++) {
        Map<List<String>, List<BigDecimal>> shares = new HashMap<>();
        int scale = plan.scales.get(m);
        if (plan.numbers.containsKey("m" + m)) {
          each(
              plan.largest(u, m),
              line ->
                  shares
                      .computeIfAbsent(
                          List.of(line.getString("r"), line.getString("c")),
                          place -> new ArrayList<>())
                      .add(exact(line, "a", scale)));
        }
        largest.add(shares);
      }
      each(
          plan.crowds(u),
          line -> {
            List<String> place = List.of(line.getString("r"), line.getString("c"));
            List<Part> parts = parts(line);
            List<Crowd> crowds = new ArrayList<>();
            for (int m = 0; m < parts.size(); m++) {
              crowds.add(
                  new Crowd(
                      line.getLong("k" + m),
                      parts.get(m),
                      largest.get(m).getOrDefault(place, List.of())));
            }
            cells.crowd(unit, place.get(0), place.get(1), crowds);
          });
    }

    private List<Part> parts(ResultSet line) throws SQLException {
      List<Part> parts = new ArrayList<>();
      for (int m = 0; m < plan.scales.size(); m++) {
        parts.add(new Part(line.getLong("n" + m), exact(line, "a" + m, plan.scales.get(m))));
      }
      return parts;
    }

    /** Sums may be longer than a long, and SQLite's driver would hand decimals out as doubles. */
    private static BigDecimal exact(ResultSet line, String column, int scale) throws SQLException {
      return new BigDecimal(line.getString(column)).movePointLeft(scale);
    }

    private SourceRow row(ResultSet line) throws SQLException {
      Map<String, String> texts = new HashMap<>();
      for (Map.Entry<String, String> each : plan.texts.entrySet()) {
        texts.put(each.getValue(), line.getString(each.getKey()));
      }
      Map<String, Long> wholes = new HashMap<>();
      for (Map.Entry<String, String> each : plan.numbers.entrySet()) {
        String digits = line.getString(each.getKey());
        if (digits != null) {
          wholes.put(each.getValue(), whole(digits));
        }
      }
      return new TableRow(texts, wholes);
    }

    private static long whole(String digits) {
      try {
        return new BigDecimal(digits).longValueExact();
      } catch (ArithmeticException | NumberFormatException e) {
        // Without its cause, which may quote the value.
        throw unfit("a column of numbers holds something else than whole numbers; cast it");
      }
    }
  }

  private record TableRow(Map<String, String> texts, Map<String, Long> wholes)
      implements SourceRow {

    @Override
    public @Nullable String text(String column) {
      return texts.get(column);
    }

    @Override
    public @Nullable Long whole(String column) {
      return wholes.get(column);
    }

    /** Nothing: it tells about one deal. */
    @Override
    public String toString() {
      return "TableRow";
    }
  }

  private static VestaException unfit(String why) {
    return new VestaException(ProofError.SOURCE_UNFIT, why);
  }
}
