package io.vesta.proof.brokerage;

import java.util.Objects;

/**
 * A sale in a market.
 *
 * @param key the host's key; never leaves the process
 * @param area the key of its neighbourhood
 * @param year the year in which it was sold
 * @param cents what was paid, in cents
 * @param broker the key of the seller's agent; never leaves the process
 */
public record MarketSale(String key, String area, int year, long cents, String broker) {

  /** Checks presence. */
  public MarketSale {
    Objects.requireNonNull(key, "key");
    Objects.requireNonNull(area, "area");
    Objects.requireNonNull(broker, "broker");
  }

  /** Nothing: price and parties of one sale are confidential. */
  @Override
  public String toString() {
    return "MarketSale";
  }
}
