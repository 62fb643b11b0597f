package io.vesta.examples.quickstart.reso;

import java.math.BigDecimal;
import java.time.Instant;
import java.time.LocalDate;
import java.time.ZoneOffset;
import java.time.format.DateTimeParseException;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Optional;
import java.util.regex.Pattern;
import org.apache.commons.csv.CSVRecord;

/**
 * One row while it is read. Each question that the row cannot answer is noted as a fault, and a
 * harmless value stands in until the row is skipped; so one pass tells everything that is wrong
 * with it.
 */
public final class Row {

  private static final Pattern KEY = Pattern.compile("[A-Za-z0-9][A-Za-z0-9._:-]{0,127}");

  private final String file;
  private final long line;
  private final CSVRecord record;
  private final List<RowFault> faults = new ArrayList<>();

  Row(String file, long line, CSVRecord record) {
    this.file = file;
    this.line = line;
    this.record = record;
  }

  List<RowFault> faults() {
    return faults;
  }

  /** Notes that a column cannot be used. */
  public void fault(String column, String problem) {
    faults.add(new RowFault(file, line, column, problem));
  }

  /** The text of a column, trimmed; empty if there is none. */
  public Optional<String> text(String column) {
    String value = record.get(column).trim();
    return value.isEmpty() ? Optional.empty() : Optional.of(value);
  }

  /** The text of a column that must have one. */
  public String required(String column) {
    return text(column)
        .orElseGet(
            () -> {
              fault(column, "is empty; give a value");
              return "missing";
            });
  }

  /** The key in a column that must have one. */
  public String key(String column) {
    String value = required(column);
    if (!KEY.matcher(value).matches()) {
      fault(column, "is no key; use letters, digits and . _ : -");
      return "missing";
    }
    return value;
  }

  /** The key in a column that must be one of those known. */
  public String key(String column, Collection<String> known) {
    String value = key(column);
    if (!known.contains(value) && !"missing".equals(value)) {
      fault(column, "refers to nothing that was imported");
    }
    return value;
  }

  /** The date (ISO 8601) in a column; empty if there is none. */
  public Optional<LocalDate> date(String column) {
    return text(column)
        .flatMap(
            value -> {
              try {
                return Optional.of(LocalDate.parse(value));
              } catch (DateTimeParseException e) {
                fault(column, "is no date; write it as 2026-06-30");
                return Optional.empty();
              }
            });
  }

  /** The start (UTC) of the date in a column that must have one. */
  public Instant day(String column) {
    Optional<LocalDate> date = date(column);
    if (date.isEmpty() && text(column).isEmpty()) {
      fault(column, "is empty; give a date");
    }
    return date.orElse(LocalDate.EPOCH).atStartOfDay(ZoneOffset.UTC).toInstant();
  }

  /** The amount in a column, 0 or more; empty if there is none. */
  public Optional<BigDecimal> amount(String column) {
    return text(column)
        .flatMap(
            value -> {
              try {
                BigDecimal amount = new BigDecimal(value);
                if (amount.signum() >= 0 && amount.scale() <= 2 && amount.precision() <= 14) {
                  return Optional.of(amount);
                }
              } catch (NumberFormatException e) {
                // Told below, as every other amount that cannot be one.
              }
              fault(column, "is no amount; write it as 450000 or 450000.00, not negative");
              return Optional.empty();
            });
  }

  /** The whole number in a column, between bounds. */
  public int number(String column, int least, int most) {
    try {
      int value = Integer.parseInt(required(column));
      if (value >= least && value <= most) {
        return value;
      }
    } catch (NumberFormatException e) {
      // Told below.
    }
    if (text(column).isPresent()) {
      fault(column, "is no whole number from " + least + " to " + most);
    }
    return least;
  }

  /** The word in a column that must be one of those allowed. */
  public <E extends Enum<E>> E word(String column, Class<E> type) {
    String value = required(column);
    for (E constant : type.getEnumConstants()) {
      if (constant.name().equals(value)) {
        return constant;
      }
    }
    if (text(column).isPresent()) {
      fault(column, "is none of " + List.of(type.getEnumConstants()));
    }
    return type.getEnumConstants()[0];
  }
}
