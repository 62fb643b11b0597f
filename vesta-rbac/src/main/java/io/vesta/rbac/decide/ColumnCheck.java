package io.vesta.rbac.decide;

import io.vesta.core.access.ResourceColumns;
import io.vesta.core.error.CoreError;
import io.vesta.core.error.VestaException;
import io.vesta.core.storage.Dialect;
import io.vesta.core.storage.UnitOfWork;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.regex.Pattern;

/**
 * Whether a table's columns compare as a decision compares: keys and words byte for byte, flags and
 * times as whole numbers. A column that ignores case lets case twins through every filter, so a
 * host asks once at start.
 */
public final class ColumnCheck {

  private static final Pattern TABLE = Pattern.compile("[A-Za-z_][A-Za-z0-9_]{0,62}");
  private static final Pattern OTHER_COLLATION =
      Pattern.compile("collate\\s+(?!\"?binary\\b)", Pattern.CASE_INSENSITIVE);
  private static final Set<String> TEXTS = Set.of("text", "varchar");
  private static final Set<String> NUMBERS = Set.of("int2", "int4", "int8");

  private record Column(String type, boolean exact) {}

  private ColumnCheck() {}

  /**
   * Looks at a table.
   *
   * @param work an open unit of work that sees the table
   * @param table its name, a plain identifier
   * @param columns which of its columns hold the facts
   * @return a sentence for each column that would compare otherwise or is missing; empty if none
   * @throws VestaException if the database cannot be asked
   */
  public static List<String> faults(UnitOfWork work, String table, ResourceColumns columns) {
    if (!TABLE.matcher(table).matches()) {
      throw VestaException.invalid(
          "table name",
          "a text of " + table.length() + " characters that is no plain identifier",
          "use letters, digits and underscores");
    }
    try {
      Map<String, Column> found =
          work.dialect() == Dialect.POSTGRESQL ? postgresql(work, table) : sqlite(work, table);
      List<String> faults = new ArrayList<>();
      check(Optional.of(columns.brokerage()), true, found, faults);
      check(columns.owner(), true, found, faults);
      check(columns.team(), true, found, faults);
      check(columns.office(), true, found, faults);
      columns.participants().forEach(name -> check(Optional.of(name), true, found, faults));
      check(columns.ownership(), true, found, faults);
      check(columns.status(), true, found, faults);
      check(columns.linkedToTransaction(), false, found, faults);
      check(columns.routedToReview(), false, found, faults);
      check(columns.behindBarrier(), false, found, faults);
      check(columns.createdAt(), false, found, faults);
      return faults;
    } catch (SQLException e) {
      throw new VestaException(
          CoreError.STORAGE_FAILED, "the columns of " + table + " cannot be read", e);
    }
  }

  private static void check(
      Optional<String> named, boolean text, Map<String, Column> found, List<String> faults) {
    if (named.isEmpty()) {
      return;
    }
    String full = named.get();
    String name = full.substring(full.indexOf('.') + 1).toLowerCase(Locale.ROOT);
    Column column = found.get(name);
    if (column == null) {
      faults.add("column " + name + " does not exist");
    } else if (!(text ? TEXTS : NUMBERS).contains(column.type())) {
      faults.add(
          "column "
              + name
              + " is of type "
              + column.type()
              + "; make it "
              + (text ? "text" : "bigint"));
    } else if (text && !column.exact()) {
      faults.add("column " + name + " takes different keys for equal; give it an exact collation");
    }
  }

  private static Map<String, Column> postgresql(UnitOfWork work, String table) throws SQLException {
    String sql =
        "select lower(a.attname), t.typname, coalesce(c.collisdeterministic, true)"
            + " from pg_attribute a join pg_type t on t.oid = a.atttypid"
            + " left join pg_collation c on c.oid = a.attcollation"
            + " where a.attrelid = to_regclass(?) and a.attnum > 0 and not a.attisdropped";
    Map<String, Column> columns = new LinkedHashMap<>();
    try (PreparedStatement query = work.connection().prepareStatement(sql)) {
      query.setString(1, table);
      try (ResultSet rows = query.executeQuery()) {
        while (rows.next()) {
          columns.put(rows.getString(1), new Column(rows.getString(2), rows.getBoolean(3)));
        }
      }
    }
    return columns;
  }

  /** SQLite tells a column's collation nowhere but in the statement that made the table. */
  private static Map<String, Column> sqlite(UnitOfWork work, String table) throws SQLException {
    String sql =
        "select lower(i.name), lower(i.type), m.sql from sqlite_master m"
            + " join pragma_table_info(m.name) i where m.name = ?";
    Map<String, Column> columns = new LinkedHashMap<>();
    try (PreparedStatement query = work.connection().prepareStatement(sql)) {
      query.setString(1, table);
      try (ResultSet rows = query.executeQuery()) {
        while (rows.next()) {
          String made = Optional.ofNullable(rows.getString(3)).orElse("");
          boolean exact = !OTHER_COLLATION.matcher(made).find();
          columns.put(rows.getString(1), new Column(affinity(rows.getString(2)), exact));
        }
      }
    }
    return columns;
  }

  /** The affinity that SQLite gives to a declared type, as far as it matters here. */
  private static String affinity(String declared) {
    if (declared.contains("int")) {
      return "int8";
    }
    return declared.contains("char") || declared.contains("clob") || declared.contains("text")
        ? "text"
        : declared.isEmpty() ? "untyped" : declared;
  }
}
