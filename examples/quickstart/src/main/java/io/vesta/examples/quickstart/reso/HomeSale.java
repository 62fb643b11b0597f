package io.vesta.examples.quickstart.reso;

import java.io.InputStreamReader;
import java.math.BigDecimal;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Objects;
import java.util.concurrent.atomic.AtomicInteger;

/**
 * A real sale under RESO names. The source names no agent: {@code listAgentKey} is synthetic, one
 * of twelve dealt out in the order of the rows, and must be labelled so wherever it matters.
 *
 * @param listingKey the row's number in the source, from 1
 * @param subdivisionName the neighbourhood
 * @param closeYear the year of sale
 * @param closePrice the price in US dollars
 * @param listAgentKey the synthetic agent
 */
public record HomeSale(
    String listingKey,
    String subdivisionName,
    int closeYear,
    BigDecimal closePrice,
    String listAgentKey) {

  private static final int AGENTS = 12;

  /** Reads the Ames sales beside a class. */
  public static Imported<HomeSale> read(Class<?> anchor, String path) {
    AtomicInteger rows = new AtomicInteger();
    return CsvTable.read(
        path.substring(path.lastIndexOf('/') + 1),
        new InputStreamReader(
            Objects.requireNonNull(anchor.getResourceAsStream(path), path), StandardCharsets.UTF_8),
        null,
        List.of("Neighborhood", "Year_Sold", "Sale_Price"),
        row -> {
          int number = rows.incrementAndGet();
          BigDecimal price = row.amount("Sale_Price").orElse(BigDecimal.ZERO);
          if (price.signum() == 0) {
            row.fault("Sale_Price", "is missing or zero; a sale has a price");
          }
          return new HomeSale(
              Integer.toString(number),
              row.required("Neighborhood"),
              row.number("Year_Sold", 1900, 2100),
              price,
              "SYNTHETIC-" + (number % AGENTS + 1));
        });
  }
}
