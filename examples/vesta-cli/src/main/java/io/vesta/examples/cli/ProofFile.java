package io.vesta.examples.cli;

import com.fasterxml.jackson.core.StreamReadFeature;
import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.MapperFeature;
import com.fasterxml.jackson.databind.json.JsonMapper;
import io.vesta.proof.brokerage.ClosedListing;
import io.vesta.proof.brokerage.ProductionProof;
import io.vesta.proof.brokerage.Sides;
import io.vesta.proof.protect.Protection;
import io.vesta.proof.protect.Protector;
import io.vesta.proof.publish.Canaries;
import io.vesta.proof.spec.Code;
import io.vesta.proof.spec.Dimension;
import io.vesta.proof.spec.Measure;
import io.vesta.proof.spec.Period;
import io.vesta.proof.spec.ProofSpec;
import io.vesta.proof.spec.Unit;
import java.io.IOException;
import java.io.Reader;
import java.math.BigDecimal;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.DateTimeException;
import java.time.LocalDate;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Function;
import org.apache.commons.csv.CSVFormat;
import org.apache.commons.csv.CSVRecord;
import org.jspecify.annotations.Nullable;

/**
 * A spec as a JSON file. With {@code offices}, the data is listings with RESO names and the page is
 * what the brokerage has closed ({@link ProductionProof}); with {@code rows}, {@code measures},
 * {@code deal} and {@code agent}, it is any table of one or two directions over the columns of the
 * data.
 *
 * @param brokerage the key of the brokerage
 * @param claim the key of the page
 * @param broker the key of the member who has looked at the figures and approves them
 * @param title the heading
 * @param from the first day that the figures cover
 * @param through the last one
 * @param asOf the day on which the data was read; {@code through} if left out
 * @param source whose information it is
 * @param method how the figures are defined
 * @param offices labels by the keys of the brokerage's offices
 * @param rows from top to bottom
 * @param columns from left to right
 * @param measures the figures of each cell
 * @param deal the column that names the deal
 * @param agent the column that names the agent
 * @param client the column that names the client
 * @param canaries the columns of which nothing may leave
 */
record ProofFile(
    String brokerage,
    String claim,
    String broker,
    String title,
    String from,
    String through,
    @Nullable String asOf,
    String source,
    @Nullable String method,
    @Nullable LinkedHashMap<String, String> offices,
    @Nullable Axis rows,
    @Nullable Axis columns,
    @Nullable List<Figure> measures,
    @Nullable String deal,
    @Nullable String agent,
    @Nullable String client,
    @Nullable List<String> canaries) {

  /** A direction: a column and the labels of its values. */
  record Axis(String title, String total, String column, LinkedHashMap<String, String> codes) {

    Dimension<CSVRecord> dimension() {
      return Dimension.of(title, total, list(codes), row -> row.get(column));
    }
  }

  /** What a figure is. */
  enum Kind {
    COUNT,
    SUM,
    MEAN,
    MEDIAN
  }

  /** A figure over a column of money or numbers; a count has none. */
  record Figure(
      Kind kind,
      String key,
      String label,
      @Nullable String suffix,
      @Nullable String column,
      @Nullable Integer decimals,
      @Nullable BigDecimal step) {

    Measure<CSVRecord> measure() {
      String unit = suffix == null ? "" : suffix;
      Function<CSVRecord, Optional<BigDecimal>> value =
          row -> number(row, required(column, key + " column"));
      return switch (kind) {
        case COUNT -> Measure.count(key, label, row -> true);
        case SUM ->
            Measure.sumOfCents(
                key,
                label,
                unit,
                row -> value.apply(row).orElseThrow().movePointRight(2).longValueExact());
        case MEAN -> Measure.mean(key, label, unit, decimals == null ? 2 : decimals, value);
        case MEDIAN -> Measure.median(key, label, unit, required(step, key + " step"), value);
      };
    }
  }

  private static final JsonMapper MAPPER =
      JsonMapper.builder()
          .enable(MapperFeature.ACCEPT_CASE_INSENSITIVE_ENUMS)
          .enable(StreamReadFeature.STRICT_DUPLICATE_DETECTION)
          .enable(DeserializationFeature.FAIL_ON_TRAILING_TOKENS)
          .build();

  static ProofFile read(Path file) throws IOException {
    return MAPPER.readValue(Files.readAllBytes(file), ProofFile.class);
  }

  static List<CSVRecord> records(Path data) throws IOException {
    CSVFormat format = CSVFormat.RFC4180.builder().setHeader().setSkipHeaderRecord(true).get();
    try (Reader reader = Files.newBufferedReader(data)) {
      return format.parse(reader).getRecords();
    }
  }

  private static <T> T required(@Nullable T value, String field) {
    if (value == null) {
      throw new IllegalArgumentException("the spec lacks " + field);
    }
    return value;
  }

  private static List<Code> list(Map<String, String> codes) {
    List<Code> list = new ArrayList<>();
    codes.forEach((key, label) -> list.add(new Code(key, label)));
    return list;
  }

  private static Optional<String> text(CSVRecord row, String column) {
    return Optional.of(row.get(column)).filter(text -> !text.isEmpty());
  }

  private static Optional<BigDecimal> number(CSVRecord row, String column) {
    return parsed(row, column, "a number such as 12.50", BigDecimal::new);
  }

  /** Of what is no such value, its place is told and never what it is. */
  private static <T> Optional<T> parsed(
      CSVRecord row, String column, String form, Function<String, T> parse) {
    try {
      return text(row, column).map(parse);
    } catch (DateTimeException | NumberFormatException e) {
      throw new IllegalArgumentException(
          "row " + row.getRecordNumber() + " of the data has a " + column + " that is not " + form);
    }
  }

  Protection protect(Protector protector, List<CSVRecord> data) {
    LocalDate end = LocalDate.parse(through);
    Period period = new Period(LocalDate.parse(from).minusDays(1), end);
    if (offices != null) {
      Sides sides = Sides.of(data.stream().map(ProofFile::listing).toList(), offices.keySet(), end);
      return protector.protect(
          ProductionProof.spec(title, list(offices), period, source), sides.sides());
    }
    ProofSpec.Builder<CSVRecord> spec =
        ProofSpec.builder(
            title,
            period,
            asOf == null ? end : LocalDate.parse(asOf),
            source,
            required(rows, "offices or rows").dimension());
    if (columns != null) {
      spec.columns(columns.dimension());
    }
    if (method != null) {
      spec.method(method);
    }
    required(measures, "measures").forEach(figure -> spec.measure(figure.measure()));
    contributor(spec, Unit.DEAL, required(deal, "deal"));
    contributor(spec, Unit.BROKER, required(agent, "agent"));
    if (client != null) {
      contributor(spec, Unit.CLIENT, client);
    }
    return protector.protect(spec.build(), data);
  }

  private static void contributor(ProofSpec.Builder<CSVRecord> spec, Unit unit, String column) {
    spec.contributor(unit, row -> row.get(column));
  }

  private static ClosedListing listing(CSVRecord row) {
    return new ClosedListing(
        row.get("ListingKey"),
        row.get("StandardStatus"),
        row.get("PropertyType"),
        number(row, "ListPrice"),
        number(row, "ClosePrice"),
        parsed(row, "CloseDate", "a day such as 2026-06-30", LocalDate::parse),
        parsed(row, "DaysOnMarket", "a whole number", Integer::parseInt).orElse(0),
        text(row, "ListAgentKey"),
        text(row, "ListOfficeKey"),
        text(row, "BuyerAgentKey"),
        text(row, "BuyerOfficeKey"));
  }

  Canaries canaries(List<CSVRecord> data) {
    List<String> texts = new ArrayList<>();
    for (String column : canaries == null ? List.<String>of() : canaries) {
      data.forEach(row -> texts.add(row.get(column)));
    }
    return Canaries.of(texts);
  }
}
