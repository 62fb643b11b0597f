package io.vesta.proof.brokerage;

import java.math.BigDecimal;
import java.time.LocalDate;
import java.util.Optional;
import java.util.Set;

/**
 * One closed side that the brokerage held: the seller's or the buyer's. A deal of which it held
 * both is two sides. Made by {@link Sides}.
 *
 * @param deal the listing's key
 * @param listing whether it is the seller's side
 * @param broker the agent's key; co-agents share the side and are not counted
 * @param offices every office of the brokerage that took part in the deal, on either side
 * @param closeDate when it closed
 * @param cents what was paid, in cents
 * @param listToSale close price by list price at contract, to twelve decimals; the seller's side
 *     only
 * @param daysOnMarket as the MLS gives it; the seller's side only
 */
public record Side(
    String deal,
    boolean listing,
    String broker,
    Set<String> offices,
    LocalDate closeDate,
    long cents,
    Optional<BigDecimal> listToSale,
    Optional<BigDecimal> daysOnMarket) {

  /** Copies the offices. */
  public Side {
    offices = Set.copyOf(offices);
  }

  /** Nothing: prices and parties of one deal are confidential. */
  @Override
  public String toString() {
    return "Side";
  }
}
