package io.vesta.proof.brokerage;

import java.math.BigDecimal;
import java.math.RoundingMode;
import java.time.LocalDate;
import java.util.ArrayList;
import java.util.Collections;
import java.util.EnumMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/**
 * The closed sides of a brokerage, and how many closed listings had to be left out because their
 * data cannot be right. The numbers left out are for the broker, not for the public.
 *
 * @param sides the sides in the order of the listings, the seller's before the buyer's
 * @param excluded how many listings were left out, by kind
 */
public record Sides(List<Side> sides, Map<Exclusion, Integer> excluded) {

  /** Why a closed listing is in no figure. */
  public enum Exclusion {
    /** It has no close price. */
    MISSING_PRICE,
    /** Its close price is zero or less. */
    ZERO_PRICE,
    /** It has no close date. */
    MISSING_DATE,
    /** It closes after the day on which the data was read. */
    FUTURE_DATE,
    /** An office of the brokerage is named without an agent. */
    MISSING_AGENT
  }

  /** Copies both. */
  public Sides {
    sides = List.copyOf(sides);
    excluded = Collections.unmodifiableMap(new EnumMap<>(excluded));
  }

  /**
   * The sides that a brokerage held: listings with status {@code Closed} that are no leases, each
   * side of which the office is one of the brokerage's.
   *
   * @param listings all listings, whatever their status
   * @param offices the keys of the brokerage's offices; any other office is another firm's
   * @param asOf the day on which the data was read
   */
  public static Sides of(Iterable<ClosedListing> listings, Set<String> offices, LocalDate asOf) {
    List<Side> sides = new ArrayList<>();
    Map<Exclusion, Integer> excluded = new EnumMap<>(Exclusion.class);
    for (ClosedListing listing : listings) {
      if (listing.standardStatus().equals("Closed") && !listing.propertyType().endsWith("Lease")) {
        Optional<Exclusion> fault = fault(listing, offices, asOf);
        if (fault.isPresent()) {
          excluded.merge(fault.get(), 1, Integer::sum);
        } else {
          add(listing, offices, sides);
        }
      }
    }
    return new Sides(sides, excluded);
  }

  private static Optional<Exclusion> fault(
      ClosedListing listing, Set<String> offices, LocalDate asOf) {
    if (listing.closePrice().isEmpty()) {
      return Optional.of(Exclusion.MISSING_PRICE);
    }
    if (listing.closePrice().get().signum() <= 0) {
      return Optional.of(Exclusion.ZERO_PRICE);
    }
    if (listing.closeDate().isEmpty()) {
      return Optional.of(Exclusion.MISSING_DATE);
    }
    if (listing.closeDate().get().isAfter(asOf)) {
      return Optional.of(Exclusion.FUTURE_DATE);
    }
    boolean nameless =
        (ours(listing.listOfficeKey(), offices) && listing.listAgentKey().isEmpty())
            || (ours(listing.buyerOfficeKey(), offices) && listing.buyerAgentKey().isEmpty());
    return nameless ? Optional.of(Exclusion.MISSING_AGENT) : Optional.empty();
  }

  private static void add(ClosedListing listing, Set<String> offices, List<Side> sides) {
    boolean seller = ours(listing.listOfficeKey(), offices);
    boolean buyer = ours(listing.buyerOfficeKey(), offices);
    Set<String> involved = new HashSet<>();
    if (seller) {
      involved.add(listing.listOfficeKey().orElseThrow());
    }
    if (buyer) {
      involved.add(listing.buyerOfficeKey().orElseThrow());
    }
    BigDecimal price = listing.closePrice().orElseThrow();
    LocalDate closed = listing.closeDate().orElseThrow();
    long cents = price.movePointRight(2).longValueExact();
    if (seller) {
      sides.add(
          new Side(
              listing.listingKey(),
              true,
              listing.listAgentKey().orElseThrow(),
              involved,
              closed,
              cents,
              listing
                  .listPrice()
                  .filter(asked -> asked.signum() > 0)
                  .map(asked -> price.divide(asked, 12, RoundingMode.HALF_EVEN)),
              Optional.of(BigDecimal.valueOf(listing.daysOnMarket()))));
    }
    if (buyer) {
      sides.add(
          new Side(
              listing.listingKey(),
              false,
              listing.buyerAgentKey().orElseThrow(),
              involved,
              closed,
              cents,
              Optional.empty(),
              Optional.empty()));
    }
  }

  private static boolean ours(Optional<String> office, Set<String> offices) {
    return office.isPresent() && offices.contains(office.get());
  }

  /** How many sides, not which. */
  @Override
  public String toString() {
    return "Sides[" + sides.size() + ", excluded " + excluded + "]";
  }
}
