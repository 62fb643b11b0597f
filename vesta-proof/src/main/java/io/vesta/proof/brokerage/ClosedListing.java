package io.vesta.proof.brokerage;

import java.math.BigDecimal;
import java.time.LocalDate;
import java.util.Objects;
import java.util.Optional;

/**
 * A listing as far as production figures need it, in the names of the RESO Data Dictionary. Money
 * is in dollars with at most two decimals.
 *
 * @param listingKey the host's key; never leaves the process
 * @param standardStatus such as {@code Closed}
 * @param propertyType such as {@code Residential} or {@code Residential Lease}
 * @param listPrice the list price at the time of contract
 * @param closePrice what was paid
 * @param closeDate when it closed
 * @param daysOnMarket as the MLS gives it, not negative
 * @param listAgentKey the seller's agent
 * @param listOfficeKey that agent's office at the time
 * @param buyerAgentKey the buyer's agent
 * @param buyerOfficeKey that agent's office at the time
 */
public record ClosedListing(
    String listingKey,
    String standardStatus,
    String propertyType,
    Optional<BigDecimal> listPrice,
    Optional<BigDecimal> closePrice,
    Optional<LocalDate> closeDate,
    int daysOnMarket,
    Optional<String> listAgentKey,
    Optional<String> listOfficeKey,
    Optional<String> buyerAgentKey,
    Optional<String> buyerOfficeKey) {

  /** Checks presence. */
  public ClosedListing {
    Objects.requireNonNull(listingKey, "listingKey");
    Objects.requireNonNull(standardStatus, "standardStatus");
    Objects.requireNonNull(propertyType, "propertyType");
  }

  /** Nothing: prices and parties of one deal are confidential. */
  @Override
  public String toString() {
    return "ClosedListing";
  }
}
