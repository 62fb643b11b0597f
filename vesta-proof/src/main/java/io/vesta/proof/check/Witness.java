package io.vesta.proof.check;

import java.math.BigDecimal;
import java.util.Map;
import java.util.Objects;

/**
 * Why a withheld cell cannot be placed too closely: another table that looks the same to the
 * public, told by how it differs from the true one.
 *
 * @param cell the withheld cell
 * @param quantity which of the grid's quantities
 * @param level by how much at least the cell is further from zero in the other table; above zero
 * @param changes per cell that differs, other value less true value
 */
public record Witness(int cell, int quantity, BigDecimal level, Map<Integer, BigDecimal> changes) {

  /** Copies the changes. */
  public Witness {
    Objects.requireNonNull(level, "level");
    changes = Map.copyOf(changes);
  }

  /** The place only: the changes are confidential. */
  @Override
  public String toString() {
    return "Witness[cell " + cell + ", quantity " + quantity + "]";
  }
}
