package io.vesta.proof.brokerage;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.vesta.proof.spec.Code;
import io.vesta.proof.spec.Period;
import io.vesta.proof.spec.ProofSpec;
import java.io.IOException;
import java.io.InputStream;
import java.io.InputStreamReader;
import java.io.UncheckedIOException;
import java.math.BigDecimal;
import java.nio.charset.StandardCharsets;
import java.time.LocalDate;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.Random;
import java.util.Set;
import org.apache.commons.csv.CSVFormat;
import org.apache.commons.csv.CSVRecord;

/** The tests' data files as rows; see the README beside them. */
public final class SampleData {

  /** The day on which the brokerage's data was read. */
  public static final LocalDate AS_OF = LocalDate.of(2026, 6, 30);

  private static final int AGENTS = 60;

  private SampleData() {}

  /** The records of a file. */
  public static List<CSVRecord> records(String file) {
    CSVFormat format = CSVFormat.DEFAULT.builder().setHeader().setSkipHeaderRecord(true).get();
    try (InputStreamReader reader = new InputStreamReader(open(file), StandardCharsets.UTF_8)) {
      return format.parse(reader).getRecords();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** The figures of the brokerage as another program has them. */
  static JsonNode expectedMetrics() {
    try (InputStream in = open("expected_metrics.json")) {
      return new ObjectMapper().readTree(in);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private static InputStream open(String file) {
    return Objects.requireNonNull(SampleData.class.getResourceAsStream(file), file);
  }

  /** The brokerage's listings, the wrong ones among them. */
  static List<ClosedListing> listings() {
    return records("property.csv").stream()
        .map(
            row ->
                new ClosedListing(
                    row.get("ListingKey"),
                    row.get("StandardStatus"),
                    row.get("PropertyType"),
                    text(row, "ListPrice").map(BigDecimal::new),
                    text(row, "ClosePrice").map(BigDecimal::new),
                    text(row, "CloseDate").map(LocalDate::parse),
                    text(row, "DaysOnMarket").map(Integer::parseInt).orElse(0),
                    text(row, "ListAgentKey"),
                    text(row, "ListOfficeKey"),
                    text(row, "BuyerAgentKey"),
                    text(row, "BuyerOfficeKey")))
        .toList();
  }

  private static Optional<String> text(CSVRecord row, String column) {
    return Optional.of(row.get(column)).filter(text -> !text.isEmpty());
  }

  /** The brokerage's offices. */
  static List<Code> offices() {
    return List.of(
        new Code("O1", "Main office"),
        new Code("O2", "North office"),
        new Code("O3", "Coast office"));
  }

  /** The brokerage's closed sides. */
  public static Sides sides() {
    return Sides.of(listings(), Set.of("O1", "O2", "O3"), AS_OF);
  }

  /** The brokerage's own page. */
  public static ProofSpec<Side> production() {
    return ProductionProof.spec(
        "Hearthline Realty production",
        offices(),
        new Period(LocalDate.of(2020, 12, 31), AS_OF),
        "Synthetic MLS");
  }

  /** Every text of the brokerage's persons. */
  public static List<String> persons() {
    List<String> texts = new ArrayList<>();
    for (CSVRecord row : records("contacts.csv")) {
      texts.add(row.get("FirstName") + " " + row.get("LastName"));
      texts.add(row.get("Email"));
      texts.add(row.get("MobilePhone"));
    }
    for (CSVRecord row : records("members.csv")) {
      texts.add(row.get("MemberFullName"));
      texts.add(row.get("MemberEmail"));
    }
    for (CSVRecord row : records("property.csv")) {
      texts.add(row.get("OwnerName"));
      texts.add(row.get("PrivateRemarks"));
      texts.add(row.get("ListingKey"));
    }
    return texts;
  }

  /** The sales in Ames, each with a made-up agent; few agents have most of them. */
  public static List<MarketSale> sales() {
    Random random = new Random(2011);
    List<MarketSale> sales = new ArrayList<>();
    for (CSVRecord row : records("ames.csv")) {
      int agent = (int) Math.floor(Math.pow(AGENTS, random.nextDouble()));
      sales.add(
          new MarketSale(
              "S" + row.getRecordNumber(),
              row.get("Neighborhood"),
              Integer.parseInt(row.get("Year_Sold")),
              new BigDecimal(row.get("Sale_Price")).movePointRight(2).longValueExact(),
              "A" + agent));
    }
    return sales;
  }

  /** The neighbourhoods of Ames. */
  public static List<Code> areas() {
    return sales().stream()
        .map(MarketSale::area)
        .distinct()
        .sorted()
        .map(area -> new Code(area, area.replace('_', ' ')))
        .toList();
  }

  /** The page of that market. */
  public static ProofSpec<MarketSale> market() {
    return MarketProof.spec(
        "Home sales in Ames, Iowa",
        areas(),
        2006,
        2010,
        LocalDate.of(2011, 1, 31),
        "Ames City Assessor by way of De Cock 2011",
        "Agents are synthetic.");
  }
}
