package io.vesta.approval.lint;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.json.JsonMapper;
import com.google.re2j.Matcher;
import com.google.re2j.Pattern;
import java.math.BigDecimal;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;

/**
 * Compares what a text says of a home with its record: the fact {@code listing}, a JSON object with
 * the RESO Data Dictionary's names. Numbers with the unit or the word that makes them a claim are
 * compared exactly: prices, counts of rooms, areas, years, fees, dates and the street address.
 * Clock times, telephone numbers and dates of appointments are no claims. Says nothing without a
 * record; a record that cannot be read counts as one that differs.
 *
 * @param about which outcomes are told
 */
record FactCheck(Set<Outcome> about) implements Detector {

  /** What the comparison may give. */
  enum Outcome {
    /** The record says otherwise, and there is only one way to count it. */
    CONTRADICTED,
    /** The record says otherwise, and who measured, or when, may be why. */
    DIFFERS,
    /** The record says nothing of it. */
    UNSOURCED
  }

  private record Claim(Outcome ifOther, Pattern pattern, List<String> fields) {}

  private static final JsonMapper MAPPER = new JsonMapper();
  private static final Map<String, Integer> WORDS =
      Map.ofEntries(
          Map.entry("one", 1),
          Map.entry("two", 2),
          Map.entry("three", 3),
          Map.entry("four", 4),
          Map.entry("five", 5),
          Map.entry("six", 6),
          Map.entry("seven", 7),
          Map.entry("eight", 8),
          Map.entry("nine", 9),
          Map.entry("ten", 10),
          Map.entry("single", 1));

  private static final String COUNT =
      "\\b(\\d{1,2}(?:\\.\\d{1,2})?|one|two|three|four|five|six|seven|eight|nine|ten)";
  private static final String AMOUNT =
      "\\$ ?(\\d{1,3}(?:,\\d{3}){1,3}|\\d{1,9})((?:\\.\\d{1,3})?(?: ?k\\b| ?m\\b| million)?)";
  private static final String NEAR = "[^.!?\\n$]{0,24}?";

  private static final List<Claim> CLAIMS =
      List.of(
          claim(
              Outcome.CONTRADICTED,
              COUNT + "[ -]?(?:bed|beds|bedroom|bedrooms|br|bd|bdrm)\\b",
              "BedroomsTotal",
              "BedroomsPossible"),
          claim(
              Outcome.CONTRADICTED,
              COUNT + "[ -]?(?:full )?(?:bath|baths|bathroom|bathrooms|ba)\\b",
              "BathroomsTotalInteger",
              "BathroomsFull",
              "BathroomsTotalDecimal",
              "BathroomsHalf"),
          claim(
              Outcome.DIFFERS,
              "\\b(\\d{1,3}(?:,\\d{3}){1,2}|\\d{2,7})[ -]?(?:sq\\.? ?ft|square[ -]f(?:ee|oo)t|sqft|sf\\b)",
              "LivingArea",
              "AboveGradeFinishedArea",
              "BelowGradeFinishedArea",
              "BuildingAreaTotal",
              "LotSizeSquareFeet"),
          claim(Outcome.DIFFERS, "\\b(\\d{0,5}\\.\\d{1,4}|\\d{1,5})[ -]?acres?\\b", "LotSizeAcres"),
          claim(
              Outcome.DIFFERS,
              COUNT + "[ -]car (?:attached |detached )?(?:garage|carport)",
              "GarageSpaces",
              "CarportSpaces"),
          claim(Outcome.DIFFERS, COUNT + "[ -](?:story|stories)\\b", "StoriesTotal", "Stories"),
          claim(Outcome.DIFFERS, COUNT + "[ -]fireplaces?\\b", "FireplacesTotal"),
          claim(
              Outcome.DIFFERS,
              "\\b(\\d{1,4}) days on (?:the )?market",
              "DaysOnMarket",
              "CumulativeDaysOnMarket"),
          claim(
              Outcome.DIFFERS,
              "\\b(?:tax|taxes)\\b" + NEAR + AMOUNT,
              "TaxAnnualAmount",
              "TaxAssessedValue"),
          claim(
              Outcome.DIFFERS,
              "\\b(?:hoa|association|dues)\\b" + NEAR + AMOUNT,
              "AssociationFee",
              "AssociationFee2"),
          claim(
              Outcome.CONTRADICTED,
              "\\b(?:asking(?: price)?|list price|listed|listing price|offered|priced)\\b"
                  + NEAR
                  + AMOUNT,
              "ListPrice",
              "PreviousListPrice",
              "OriginalListPrice"),
          claim(
              Outcome.CONTRADICTED,
              "\\b(?:sold|closed|sale price)\\b" + NEAR + AMOUNT,
              "ClosePrice"),
          claim(
              Outcome.DIFFERS,
              "\\b(?:built|constructed|year built)(?: in| was|:)? ?((?:1[6-9]|20)\\d\\d)\\b",
              "YearBuilt",
              "YearBuiltEffective"));

  private static final Pattern MONEY = Pattern.compile(AMOUNT);
  private static final Pattern YEAR = Pattern.compile("\\b((?:19|20)\\d\\d)\\b");
  private static final String MONTHS = "(jan|feb|mar|apr|may|jun|jul|aug|sep|oct|nov|dec)";
  private static final Pattern DATED =
      Pattern.compile(
          "\\b(?:listed|on the market|hit the market|went active|sold|closed|under contract|price"
              + " changed|reduced)\\b[^.!?\\n]{0,24}?\\b(?:(\\d{4}-\\d\\d-\\d\\d)|"
              + MONTHS
              + "[a-z]{0,6}\\.? (\\d{1,2})(?:st|nd|rd|th)?\\b)");
  private static final Pattern APPOINTMENT =
      Pattern.compile(
          "\\b(?:tour|showing|show|meet|call|visit|inspection|closing|close|appointment|scheduled|"
              + "deadline|due|by|expires?|until|open house|walk-through|appraisal)\\b");
  private static final Pattern STREET =
      Pattern.compile(
          "\\b(\\d{1,6}) ((?:[a-z0-9'.-]{1,20} ){1,4}?)(?:street|st|avenue|ave|road|rd|lane|ln|drive|dr"
              + "|court|ct|boulevard|blvd|place|pl|way|circle|cir|terrace|ter|trail|trl|parkway|pkwy"
              + ")\\b");

  private static Claim claim(Outcome ifOther, String pattern, String... fields) {
    return new Claim(ifOther, Pattern.compile(pattern), List.of(fields));
  }

  @Override
  public List<Span> find(Reading reading) {
    String record = reading.input().context().get("listing");
    if (record == null) {
      return List.of();
    }
    JsonNode listing;
    try {
      listing = MAPPER.readTree(record);
    } catch (JsonProcessingException e) {
      listing = MAPPER.missingNode();
    }
    if (!listing.isObject()) {
      return about.contains(Outcome.DIFFERS)
          ? List.of(new Span(0, 0, "The record cannot be read."))
          : List.of();
    }
    return new Comparison(reading, listing).run();
  }

  /** One comparison; used once. */
  private final class Comparison {

    private final Reading reading;
    private final String text;
    private final JsonNode listing;
    private final List<Span> found = new ArrayList<>();

    /** Where claims end, by where they begin: a number is judged once. */
    private final TreeMap<Integer, Integer> judged = new TreeMap<>();

    Comparison(Reading reading, JsonNode listing) {
      this.reading = reading;
      this.text = reading.text().folded();
      this.listing = listing;
    }

    List<Span> run() {
      for (Claim claim : CLAIMS) {
        Matcher matcher = claim.pattern().matcher(text);
        while (matcher.find()) {
          if (fresh(matcher.start(1), matcher.end(1))) {
            judge(claim, matcher);
          }
        }
      }
      address();
      dates();
      rest();
      return found.size() > MOST ? found.subList(0, MOST) : found;
    }

    private void judge(Claim claim, Matcher matcher) {
      BigDecimal said = number(matcher.group(1), matcher.groupCount() > 1 ? matcher.group(2) : "");
      List<String> known =
          claim.fields().stream().filter(field -> listing.path(field).isNumber()).toList();
      if (known.isEmpty()) {
        tell(Outcome.UNSOURCED, matcher.start(), matcher.end(), "");
      } else if (known.stream().noneMatch(field -> same(said, listing.path(field).decimalValue()))
          && !halves(claim, said)) {
        tell(
            claim.ifOther(),
            matcher.start(),
            matcher.end(),
            "It is not the record's " + known.get(0) + ".");
      }
    }

    /** Two full and one half bath are spoken of as 2.5. */
    private boolean halves(Claim claim, BigDecimal said) {
      return claim.fields().contains("BathroomsHalf")
          && same(
              said,
              listing
                  .path("BathroomsFull")
                  .decimalValue()
                  .add(
                      listing
                          .path("BathroomsHalf")
                          .decimalValue()
                          .multiply(new BigDecimal("0.5"))));
    }

    private void address() {
      String number = listing.path("StreetNumber").asText("");
      String name = listing.path("StreetName").asText("");
      Matcher matcher = STREET.matcher(text);
      while (!number.isEmpty() && !name.isEmpty() && matcher.find()) {
        boolean street = matcher.group(2).contains(new NormalText(name).folded());
        boolean fresh = fresh(matcher.start(1), matcher.end(1));
        if (fresh && street && !matcher.group(1).equals(number)) {
          tell(
              Outcome.CONTRADICTED,
              matcher.start(),
              matcher.end(),
              "It is not the record's StreetNumber.");
        } else if (fresh && !street && !senders(matcher.group())) {
          tell(Outcome.UNSOURCED, matcher.start(), matcher.end(), "");
        }
      }
    }

    private boolean senders(String address) {
      return new NormalText(reading.input().context().getOrDefault("postalAddress", ""))
          .folded()
          .contains(address);
    }

    private void dates() {
      Matcher matcher = DATED.matcher(text);
      Set<String> known = dayNames();
      while (matcher.find()) {
        String said =
            matcher.group(1) != null ? matcher.group(1) : matcher.group(2) + " " + matcher.group(3);
        int from = matcher.group(1) != null ? matcher.start(1) : matcher.start(3);
        if (fresh(from, matcher.end()) && !known.contains(said)) {
          tell(
              known.isEmpty() ? Outcome.UNSOURCED : Outcome.DIFFERS,
              matcher.start(),
              matcher.end(),
              "");
        }
      }
    }

    /** The record's days in both spellings. */
    private Set<String> dayNames() {
      Set<String> days = new HashSet<>();
      listing.forEach(
          value -> {
            String text = value.asText();
            if (text.matches("\\d{4}-\\d\\d-\\d\\d.*")) {
              int month = Integer.parseInt(text.substring(5, 7));
              if (month >= 1 && month <= 12) {
                days.add(text.substring(0, 10));
                days.add(
                    MONTHS.substring(4 * month - 3, 4 * month)
                        + " "
                        + Integer.parseInt(text.substring(8, 10)));
              }
            }
          });
      return days;
    }

    /** Amounts and years that no claim took need a source too. */
    private void rest() {
      Matcher money = MONEY.matcher(text);
      while (money.find()) {
        BigDecimal said = number(money.group(1), money.group(2));
        boolean known = false;
        for (JsonNode value : listing) {
          known |= value.isNumber() && same(said, value.decimalValue());
        }
        if (fresh(money.start(1), money.end(1)) && !known) {
          tell(Outcome.UNSOURCED, money.start(), money.end(), "");
        }
      }
      Matcher year = YEAR.matcher(text);
      String record = listing.toString();
      while (year.find()) {
        if (fresh(year.start(), year.end())
            && !record.contains(year.group())
            && !APPOINTMENT.matcher(sentence(year.start())).find()) {
          tell(Outcome.UNSOURCED, year.start(), year.end(), "");
        }
      }
    }

    private String sentence(int place) {
      int from = Math.max(0, place - 120);
      int to = Math.min(text.length(), place + 60);
      for (int i = place; i > from; i--) {
        if (".!?\n".indexOf(text.charAt(i - 1)) >= 0) {
          from = i;
        }
      }
      return text.substring(from, to);
    }

    private boolean fresh(int from, int to) {
      Map.Entry<Integer, Integer> before = judged.floorEntry(from);
      if (before != null && before.getValue() > from) {
        return false;
      }
      judged.put(from, to);
      return true;
    }

    private void tell(Outcome outcome, int from, int to, String note) {
      if (about.contains(outcome)) {
        Span span = reading.folded(from, to);
        found.add(new Span(span.start(), span.end(), note));
      }
    }
  }

  private static boolean same(BigDecimal one, BigDecimal other) {
    return one.compareTo(other) == 0;
  }

  private static BigDecimal number(String digits, String scale) {
    Integer word = WORDS.get(digits);
    if (word != null) {
      return BigDecimal.valueOf(word);
    }
    String unit = Optional.ofNullable(scale).orElse("").strip();
    String fraction = unit.startsWith(".") ? unit.replaceAll("[^.0-9]", "") : "";
    BigDecimal plain = new BigDecimal(digits.replace(",", "") + fraction);
    if (unit.endsWith("k")) {
      return plain.movePointRight(3);
    }
    return unit.endsWith("m") || unit.endsWith("million") ? plain.movePointRight(6) : plain;
  }
}
