package io.vesta.proof.render;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.vesta.proof.brokerage.SampleData;
import io.vesta.proof.protect.DisclosurePolicy;
import io.vesta.proof.protect.Protector;
import io.vesta.proof.protect.ReleasedTable;
import java.io.StringReader;
import java.math.BigDecimal;
import java.nio.charset.StandardCharsets;
import java.util.List;
import org.apache.commons.csv.CSVFormat;
import org.apache.commons.csv.CSVRecord;
import org.junit.jupiter.api.Test;

class ProofTableTest {

  private static final ReleasedTable PRODUCTION =
      new Protector(DisclosurePolicy.STANDARD)
          .protect(SampleData.production(), SampleData.sides().sides())
          .table();

  private static List<CSVRecord> parsed() throws Exception {
    String text = new String(ProofTable.render(PRODUCTION), StandardCharsets.UTF_8);
    CSVFormat format = CSVFormat.RFC4180.builder().setHeader().setSkipHeaderRecord(true).get();
    return format.parse(new StringReader(text)).getRecords();
  }

  @Test
  void a_spreadsheet_reads_exactly_what_was_released() throws Exception {
    List<CSVRecord> lines = parsed();
    int at = 0;
    int withheld = 0;
    for (int m = 0; m < PRODUCTION.measures().size(); m++) {
      for (int row = 0; row < PRODUCTION.rows().lines(); row++) {
        for (int column = 0; column < PRODUCTION.columnCount(); column++) {
          CSVRecord line = lines.get(at++);
          assertEquals(PRODUCTION.rows().key(row), line.get("row_key"));
          assertEquals(PRODUCTION.columns().orElseThrow().key(column), line.get("column_key"));
          assertEquals(PRODUCTION.measures().get(m).key(), line.get("measure_key"));
          var range = PRODUCTION.cell(m, row, column).range();
          if (range.isEmpty()) {
            assertEquals("\u2014\u2014", line.get("low") + line.get("high"), "one glyph for all");
            withheld++;
          } else {
            assertEquals(0, range.get().low().compareTo(new BigDecimal(line.get("low"))));
            assertEquals(0, range.get().high().compareTo(new BigDecimal(line.get("high"))));
          }
        }
      }
    }
    assertEquals(lines.size(), at);
    assertEquals(PRODUCTION.withheld(), withheld);
    assertTrue(withheld > 0);
  }

  @Test
  void no_field_is_a_formula_to_a_spreadsheet() throws Exception {
    for (CSVRecord line : parsed()) {
      for (String field : line) {
        assertFalse(field.matches("^[=+@\\t\\r-].*"), field);
      }
    }
  }

  @Test
  void the_dataset_names_measures_and_files_and_holds_no_figure() throws Exception {
    JsonNode dataset = new ObjectMapper().readTree(ProofDataset.render(PRODUCTION));
    assertEquals("https://schema.org/", dataset.get("@context").asText());
    assertEquals("Dataset", dataset.get("@type").asText());
    assertEquals(PRODUCTION.title(), dataset.get("name").asText());
    assertEquals(PRODUCTION.notice(), dataset.get("description").asText());
    assertEquals("2021-01-01/2026-06-30", dataset.get("temporalCoverage").asText());
    assertEquals(PRODUCTION.measures().size(), dataset.get("variableMeasured").size());
    for (JsonNode variable : dataset.get("variableMeasured")) {
      assertEquals("PropertyValue", variable.get("@type").asText());
      assertFalse(variable.has("value"));
    }
    assertFalse(dataset.toString().contains("Rating"), "deals are no reviews");
  }
}
