package io.vesta.proof.spec;

import java.math.BigDecimal;
import java.util.Objects;
import java.util.Optional;
import java.util.function.Function;
import java.util.function.Predicate;
import java.util.function.ToLongFunction;

/**
 * A figure that may be asked of a cell: a count, a sum, a mean, or the range in which a quantile
 * lies. There is no minimum, maximum or exact median, because those are single rows. All arithmetic
 * is decimal and exact; only the mean is rounded, once, at the end.
 *
 * @param <R> the row
 */
public sealed interface Measure<R> {

  /** The name in data files; unique in its spec. */
  String key();

  /** What is printed; never null. */
  String label();

  /** What is printed after a figure, such as {@code USD}; empty for none. */
  String suffix();

  /** Digits after the decimal point of a published figure. */
  int decimals();

  /**
   * What a row adds; empty if the row does not take part. Never negative, or the row is rejected.
   */
  Optional<BigDecimal> amount(R row);

  /**
   * The number of rows that a condition selects.
   *
   * @param key the name in data files
   * @param label what is printed
   * @param selects the condition
   */
  record Count<R>(String key, String label, Predicate<R> selects) implements Measure<R> {

    @Override
    public Optional<BigDecimal> amount(R row) {
      return selects.test(row) ? Optional.of(BigDecimal.ONE) : Optional.empty();
    }

    @Override
    public String suffix() {
      return "";
    }

    @Override
    public int decimals() {
      return 0;
    }
  }

  /**
   * The sum of money over all rows.
   *
   * @param key the name in data files
   * @param label what is printed
   * @param suffix the currency
   * @param cents a row's money in hundredths
   */
  record Sum<R>(String key, String label, String suffix, ToLongFunction<R> cents)
      implements Measure<R> {

    @Override
    public Optional<BigDecimal> amount(R row) {
      return Optional.of(BigDecimal.valueOf(cents.applyAsLong(row), 2));
    }

    @Override
    public int decimals() {
      return 2;
    }
  }

  /**
   * The mean of what the rows that take part add. Whoever reads a mean beside its count knows the
   * sum, so disclosure control treats it as that sum and that count.
   *
   * @param key the name in data files
   * @param label what is printed
   * @param suffix what is printed after it; may be empty
   * @param decimals digits after the point, 0 to 6, rounded half to even
   * @param of what a row adds; empty if it does not take part
   */
  record Mean<R>(
      String key, String label, String suffix, int decimals, Function<R, Optional<BigDecimal>> of)
      implements Measure<R> {

    @Override
    public Optional<BigDecimal> amount(R row) {
      return of.apply(row);
    }
  }

  /**
   * The range in which a quantile of what the rows add lies. Its ends are multiples of a step that
   * is declared before any row is seen.
   *
   * @param key the name in data files
   * @param label what is printed
   * @param suffix what is printed after it; may be empty
   * @param decimals digits after the point, 0 to 6
   * @param percent which quantile, 1 to 99; 50 is the median
   * @param step the step, above zero, of no more decimals
   * @param of what a row adds; empty if it does not take part
   */
  record Quantile<R>(
      String key,
      String label,
      String suffix,
      int decimals,
      int percent,
      BigDecimal step,
      Function<R, Optional<BigDecimal>> of)
      implements Measure<R> {

    @Override
    public Optional<BigDecimal> amount(R row) {
      return of.apply(row);
    }
  }

  /** Counts the rows that a condition selects. */
  static <R> Measure<R> count(String key, String label, Predicate<R> selects) {
    return new Count<>(key, label, Objects.requireNonNull(selects, "selects"));
  }

  /** Sums money given in cents. */
  static <R> Measure<R> sumOfCents(
      String key, String label, String currency, ToLongFunction<R> cents) {
    return new Sum<>(key, label, currency, Objects.requireNonNull(cents, "cents"));
  }

  /** Averages over the rows that take part. */
  static <R> Measure<R> mean(
      String key, String label, String suffix, int decimals, Function<R, Optional<BigDecimal>> of) {
    return new Mean<>(key, label, suffix, decimals, Objects.requireNonNull(of, "of"));
  }

  /** The range of the median of the rows that take part. */
  static <R> Measure<R> median(
      String key,
      String label,
      String suffix,
      BigDecimal step,
      Function<R, Optional<BigDecimal>> of) {
    return new Quantile<>(
        key,
        label,
        suffix,
        Math.max(0, step.stripTrailingZeros().scale()),
        50,
        step,
        Objects.requireNonNull(of, "of"));
  }
}
