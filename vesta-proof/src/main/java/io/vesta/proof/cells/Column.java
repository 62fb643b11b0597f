package io.vesta.proof.cells;

import io.vesta.core.error.VestaException;
import java.math.BigDecimal;
import java.util.Optional;
import java.util.function.Function;
import java.util.function.Predicate;
import java.util.function.ToLongFunction;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * What a spec takes from a row, said so that an engine can take it too: a spec that is made of
 * columns alone means the same for rows in memory and for a table. Numbers are whole, of a declared
 * unit, because not every engine has exact decimals.
 */
public final class Column {

  private static final Pattern NAME = Pattern.compile("[a-z][a-z0-9_]{0,62}");

  private Column() {}

  /**
   * The text of a column, never empty: a code, or who stands behind a row.
   *
   * @param name 1 to 63 of a-z 0-9 _, a letter first
   */
  public record Text(String name) implements Function<SourceRow, String> {

    /** Checks the name. */
    public Text {
      requireName(name);
    }

    @Override
    public String apply(SourceRow row) {
      return require(name, row.text(name));
    }
  }

  /**
   * A column of whole cents, never empty.
   *
   * @param name as of {@link Text}
   */
  public record Cents(String name) implements ToLongFunction<SourceRow> {

    /** Checks the name. */
    public Cents {
      requireName(name);
    }

    @Override
    public long applyAsLong(SourceRow row) {
      return require(name, row.whole(name));
    }
  }

  /**
   * A column of whole numbers; a row without one does not take part.
   *
   * @param name as of {@link Text}
   * @param decimals how many of its digits stand after the point, 0 to 6
   */
  public record Whole(String name, int decimals)
      implements Function<SourceRow, Optional<BigDecimal>> {

    /** Checks the name and the range. */
    public Whole {
      requireName(name);
      if (decimals < 0 || decimals > 6) {
        throw VestaException.invalid("decimals of column " + name, "of " + decimals, "use 0 to 6");
      }
    }

    @Override
    public Optional<BigDecimal> apply(SourceRow row) {
      return Optional.ofNullable(row.whole(name)).map(n -> BigDecimal.valueOf(n, decimals));
    }
  }

  /** Every row. */
  public record Every() implements Predicate<SourceRow> {

    @Override
    public boolean test(SourceRow row) {
      return true;
    }
  }

  /** Whether a text can name a table or a column. */
  public static void requireName(String name) {
    if (!NAME.matcher(name).matches()) {
      throw VestaException.invalid(
          "name of a table or column",
          "a text of " + name.length() + " characters",
          "use 1 to 63 of a-z 0-9 _, a letter first");
    }
  }

  private static <T> T require(String name, @Nullable T value) {
    if (value == null) {
      throw VestaException.invalid("column " + name, "empty in a row", "leave such rows out");
    }
    return value;
  }
}
