package io.vesta.proof.brokerage;

import io.vesta.proof.spec.Code;
import io.vesta.proof.spec.Dimension;
import io.vesta.proof.spec.Measure;
import io.vesta.proof.spec.Period;
import io.vesta.proof.spec.ProofSpec;
import io.vesta.proof.spec.Unit;
import java.math.BigDecimal;
import java.time.LocalDate;
import java.util.List;
import java.util.Optional;
import java.util.stream.IntStream;

/**
 * A market by neighbourhood and year of sale: how many sales, their total price, and their mean
 * price to two decimals. A row is one sale and belongs to exactly one neighbourhood and year.
 */
public final class MarketProof {

  private MarketProof() {}

  /**
   * The spec.
   *
   * @param title the heading of the page
   * @param areas the neighbourhoods with the names under which they are printed
   * @param firstYear the first year of sale
   * @param lastYear the last one, not before the first
   * @param asOf the day on which the sales were read, not before the last year's end
   * @param source where the sales come from
   * @param method what a reader must know of them, such as that agents are synthetic; may be empty
   */
  public static ProofSpec<MarketSale> spec(
      String title,
      List<Code> areas,
      int firstYear,
      int lastYear,
      LocalDate asOf,
      String source,
      String method) {
    Dimension<MarketSale> byArea =
        Dimension.of("Neighborhood", "All neighborhoods", areas, MarketSale::area);
    Dimension<MarketSale> byYear =
        Dimension.of(
            "Year of sale",
            "All years",
            IntStream.rangeClosed(firstYear, lastYear)
                .mapToObj(Integer::toString)
                .map(year -> new Code(year, year))
                .toList(),
            sale -> Integer.toString(sale.year()));
    Period period = new Period(LocalDate.of(firstYear - 1, 12, 31), LocalDate.of(lastYear, 12, 31));
    return ProofSpec.builder(title, period, asOf, source, byArea)
        .columns(byYear)
        .contributor(Unit.DEAL, MarketSale::key)
        .contributor(Unit.BROKER, MarketSale::broker)
        .measure(Measure.count("sales", "Sales", sale -> true))
        .measure(Measure.sumOfCents("volume", "Total price", "USD", MarketSale::cents))
        .measure(
            Measure.mean(
                "mean_price",
                "Mean price",
                "USD",
                2,
                sale -> Optional.of(BigDecimal.valueOf(sale.cents(), 2))))
        .method(method)
        .build();
  }
}
