package io.vesta.proof.protect;

import java.math.BigDecimal;
import java.util.Optional;

/**
 * A cell that disclosure control has decided on; the only thing that renderers print. Nobody but
 * the {@link Protector} can make one, and it holds no way back to the rows. Immutable.
 */
public abstract sealed class ReleasedCell {

  private static final Withheld WITHHELD = new Withheld();

  private ReleasedCell() {}

  static ReleasedCell shown(BigDecimal value) {
    return new Shown(value);
  }

  /** Always the same object, so that nothing tells one withheld cell from another. */
  static ReleasedCell withheld() {
    return WITHHELD;
  }

  static ReleasedCell of(Range range) {
    return range.exact() ? new Shown(range.low()) : new Between(range);
  }

  /** The figure; empty if it is withheld or only its range may be seen. */
  public abstract Optional<BigDecimal> value();

  /** Where the figure lies; empty if it is withheld. */
  public abstract Optional<Range> range();

  /** A figure that may be seen. */
  public static final class Shown extends ReleasedCell {

    private final BigDecimal value;

    private Shown(BigDecimal value) {
      this.value = value;
    }

    @Override
    public Optional<BigDecimal> value() {
      return Optional.of(value);
    }

    @Override
    public Optional<Range> range() {
      return Optional.of(Range.exactly(value));
    }

    @Override
    public String toString() {
      return value.toPlainString();
    }
  }

  /** A figure of which only the range may be seen. */
  public static final class Between extends ReleasedCell {

    private final Range range;

    private Between(Range range) {
      this.range = range;
    }

    @Override
    public Optional<BigDecimal> value() {
      return Optional.empty();
    }

    @Override
    public Optional<Range> range() {
      return Optional.of(range);
    }

    @Override
    public String toString() {
      return range.low().toPlainString() + " to " + range.high().toPlainString();
    }
  }

  /**
   * A figure that may not be seen, for whichever reason: small, dominated, or it gives another
   * away.
   */
  public static final class Withheld extends ReleasedCell {

    private Withheld() {}

    @Override
    public Optional<BigDecimal> value() {
      return Optional.empty();
    }

    @Override
    public Optional<Range> range() {
      return Optional.empty();
    }

    @Override
    public String toString() {
      return "withheld";
    }
  }
}
