package io.vesta.examples.quickstart.reso;

import io.vesta.core.error.VestaException;
import java.io.IOException;
import java.io.Reader;
import java.io.UncheckedIOException;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.function.Function;
import org.apache.commons.csv.CSVFormat;
import org.apache.commons.csv.CSVParser;
import org.apache.commons.csv.CSVRecord;
import org.jspecify.annotations.Nullable;

/** A CSV file (RFC 4180) with a header. */
public final class CsvTable {

  private static final CSVFormat FORMAT =
      CSVFormat.RFC4180.builder().setHeader().setSkipHeaderRecord(true).get();

  private CsvTable() {}

  /**
   * Reads every row.
   *
   * @param file the file's name, for reports
   * @param in its text; closed here
   * @param keyColumn the column whose value no two rows share; null if rows have no key
   * @param columns the columns that must be there; others are ignored
   * @param mapper makes a thing of a row, asking the row for each value
   * @throws VestaException if a column is missing: then no row can be read
   */
  public static <R> Imported<R> read(
      String file,
      Reader in,
      @Nullable String keyColumn,
      List<String> columns,
      Function<Row, R> mapper) {
    List<R> rows = new ArrayList<>();
    List<RowFault> faults = new ArrayList<>();
    Set<String> keys = new HashSet<>();
    int read = 0;
    try (CSVParser parser = FORMAT.parse(in)) {
      Set<String> missing = new TreeSet<>(columns);
      missing.removeAll(parser.getHeaderMap().keySet());
      if (!missing.isEmpty()) {
        throw VestaException.invalid(
            file, "without the columns " + missing, "export it with a header that has them");
      }
      long line = parser.getCurrentLineNumber() + 1;
      for (CSVRecord record : parser) {
        read++;
        Row row = new Row(file, line, record);
        line = parser.getCurrentLineNumber() + 1;
        if (!record.isConsistent()) {
          row.fault(
              columns.get(0),
              "begins a row of "
                  + record.size()
                  + " values; the header has "
                  + parser.getHeaderMap().size());
        } else {
          R thing = mapper.apply(row);
          if (keyColumn != null && !keys.add(record.get(keyColumn))) {
            row.fault(keyColumn, "is used by an earlier row");
          }
          if (row.faults().isEmpty()) {
            rows.add(thing);
          }
        }
        faults.addAll(row.faults());
      }
    } catch (IOException e) {
      throw new UncheckedIOException(file + " cannot be read", e);
    }
    return new Imported<>(file, read, rows, faults);
  }
}
