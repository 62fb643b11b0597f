package io.vesta.proof.render;

import com.fasterxml.jackson.core.JsonGenerator;
import io.vesta.proof.protect.Range;
import io.vesta.proof.protect.ReleasedTable;
import io.vesta.proof.protect.ReleasedTable.Axis;
import io.vesta.proof.protect.ReleasedTable.Heading;
import io.vesta.proof.protect.ReleasedTable.Kind;
import java.io.IOException;
import java.math.BigDecimal;
import java.util.Objects;
import java.util.Optional;

/**
 * The figures of a page for machines, {@code proof.json} version 1: UTF-8 JSON with the declared
 * words and, per measure, one object per cell in printing order, with its {@code value} or, of a
 * quantile, {@code low} and {@code high}; they are null where it is withheld. The key {@code *} is
 * a total. Equal tables give equal bytes.
 */
public final class ProofData {

  private ProofData() {}

  /**
   * The data of a table.
   *
   * @return UTF-8 bytes; never null
   */
  public static byte[] render(ReleasedTable table) {
    Objects.requireNonNull(table, "table");
    return JsonFile.of(json -> write(json, table));
  }

  private static void write(JsonGenerator json, ReleasedTable table) throws IOException {
    json.writeNumberField("v", 1);
    json.writeStringField("title", table.title());
    json.writeStringField("source", table.source());
    json.writeStringField("from", table.period().first().toString());
    json.writeStringField("through", table.period().to().toString());
    json.writeStringField("asOf", table.asOf().toString());
    json.writeStringField("method", table.method());
    axis(json, "rows", table.rows());
    if (table.columns().isPresent()) {
      axis(json, "columns", table.columns().get());
    }
    json.writeNumberField("shown", table.shown());
    json.writeNumberField("withheld", table.withheld());
    json.writeArrayFieldStart("measures");
    for (int measure = 0; measure < table.measures().size(); measure++) {
      measure(json, table, measure);
    }
    json.writeEndArray();
  }

  private static void axis(JsonGenerator json, String field, Axis axis) throws IOException {
    json.writeObjectFieldStart(field);
    json.writeStringField("title", axis.title());
    json.writeBooleanField("overlapping", axis.overlapping());
    json.writeObjectFieldStart("labels");
    for (int line = 0; line < axis.lines(); line++) {
      json.writeStringField(axis.key(line), axis.label(line));
    }
    json.writeEndObject();
    json.writeEndObject();
  }

  private static void measure(JsonGenerator json, ReleasedTable table, int measure)
      throws IOException {
    Heading heading = table.measures().get(measure);
    json.writeStartObject();
    json.writeStringField("key", heading.key());
    json.writeStringField("kind", heading.kind().name());
    json.writeStringField("label", heading.label());
    json.writeStringField("suffix", heading.suffix());
    json.writeArrayFieldStart("cells");
    for (int row = 0; row < table.rows().lines(); row++) {
      for (int column = 0; column < table.columnCount(); column++) {
        int at = column;
        json.writeStartObject();
        json.writeStringField("row", table.rows().key(row));
        json.writeStringField("column", table.columns().map(axis -> axis.key(at)).orElse("*"));
        Optional<Range> range = table.cell(measure, row, column).range();
        if (heading.kind() == Kind.QUANTILE) {
          number(json, "low", range.map(Range::low));
          number(json, "high", range.map(Range::high));
        } else {
          number(json, "value", range.map(Range::low));
        }
        json.writeEndObject();
      }
    }
    json.writeEndArray();
    json.writeEndObject();
  }

  private static void number(JsonGenerator json, String field, Optional<BigDecimal> value)
      throws IOException {
    if (value.isPresent()) {
      json.writeNumberField(field, value.get());
    } else {
      json.writeNullField(field);
    }
  }
}
