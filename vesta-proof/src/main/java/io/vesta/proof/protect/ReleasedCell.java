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

  /** The figure; empty if it is withheld. */
  public abstract Optional<BigDecimal> value();

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
    public String toString() {
      return value.toPlainString();
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
    public String toString() {
      return "withheld";
    }
  }
}
