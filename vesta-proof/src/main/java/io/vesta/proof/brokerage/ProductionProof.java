package io.vesta.proof.brokerage;

import io.vesta.proof.spec.Code;
import io.vesta.proof.spec.Dimension;
import io.vesta.proof.spec.Measure;
import io.vesta.proof.spec.Period;
import io.vesta.proof.spec.ProofSpec;
import io.vesta.proof.spec.Unit;
import java.math.BigDecimal;
import java.util.List;

/**
 * What a brokerage has closed, by office and for the last twelve months beside all before.
 *
 * <ul>
 *   <li><b>Closed sides</b>: seller's and buyer's sides held by the brokerage's offices on listings
 *       with status Closed that are no leases, close price above zero, close date within the period
 *       (after its start, up to its last day). A deal of which the brokerage held both sides counts
 *       two; co-agents share one side.
 *   <li><b>Side volume</b>: the close price of each such side, added up; a deal of which it held
 *       both sides adds its price twice. It is not the number or price of homes.
 *   <li><b>Listing sides</b>: the seller's sides among them.
 *   <li><b>List-to-sale ratio</b>: close price by list price at contract, mean over listing sides,
 *       six decimals; each ratio is taken to twelve decimals first.
 *   <li><b>Days on market</b>: as the MLS gives it, mean over listing sides, four decimals.
 * </ul>
 *
 * <p><b>By office</b>: all sides of the brokerage in deals in which the office took part on either
 * side. A deal between two offices of the brokerage is in the figures of both, so the offices add
 * up to more than the total, and what they add up to beyond it belongs to those deals alone. Often
 * they are few; then disclosure control withholds an office so that nobody can subtract.
 *
 * <p>The medians of ratio and days on market are told as ranges, to steps of 0.005 and of one day,
 * because an exact median is one or two deals.
 */
public final class ProductionProof {

  /** The key of the column of the last twelve months. */
  public static final String TRAILING = "trailing_12m";

  /** The key of the column of all before. */
  public static final String EARLIER = "earlier";

  private ProductionProof() {}

  /**
   * The spec.
   *
   * @param title the heading of the page
   * @param offices the brokerage's offices, with the names under which they are printed
   * @param period all days that the sides may cover; its last day ends the last twelve months and
   *     is the day on which the data was read
   * @param source where the listings come from, such as the name of the MLS
   */
  public static ProofSpec<Side> spec(
      String title, List<Code> offices, Period period, String source) {
    Period trailing = Period.twelveMonthsTo(period.to());
    Dimension<Side> byOffice =
        Dimension.overlapping("Office", "All offices", offices, Side::offices);
    Dimension<Side> byPeriod =
        Dimension.of(
            "Period",
            "Whole period",
            List.of(new Code(EARLIER, "Earlier"), new Code(TRAILING, "Last 12 months")),
            side ->
                trailing.holds(side.closeDate())
                    ? TRAILING
                    : period.holds(side.closeDate()) ? EARLIER : "");
    return ProofSpec.builder(title, period, period.to(), source, byOffice)
        .columns(byPeriod)
        .contributor(Unit.DEAL, Side::deal)
        .contributor(Unit.BROKER, Side::broker)
        .measure(Measure.count("closed_sides", "Closed sides", side -> true))
        .measure(Measure.sumOfCents("side_volume", "Side volume", "USD", Side::cents))
        .measure(Measure.count("listing_side_count", "Listing sides", Side::listing))
        .measure(
            Measure.mean(
                "list_to_sale_ratio_mean", "Mean list-to-sale ratio", "", 6, Side::listToSale))
        .measure(
            Measure.mean("days_on_market_mean", "Mean days on market", "", 4, Side::daysOnMarket))
        .measure(
            Measure.median(
                "list_to_sale_ratio_median",
                "Median list-to-sale ratio",
                "",
                new BigDecimal("0.005"),
                Side::listToSale))
        .measure(
            Measure.median(
                "days_on_market_median",
                "Median days on market",
                "",
                BigDecimal.ONE,
                Side::daysOnMarket))
        .method(
            "Closed sides are seller's and buyer's sides held by this brokerage on closed sales,"
                + " leases left out; a deal of which it held both sides counts two. Side volume is"
                + " the close price of each side added up. Listing sides are the seller's sides."
                + " The list-to-sale ratio is the close price divided by the list price at contract,"
                + " days on market are as the MLS gives them, both averaged over listing sides."
                + " An office's figures cover every deal in which it took part.")
        .build();
  }
}
