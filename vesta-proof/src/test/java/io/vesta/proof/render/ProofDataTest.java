package io.vesta.proof.render;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.json.JsonMapper;
import io.vesta.proof.brokerage.SampleData;
import io.vesta.proof.protect.DisclosurePolicy;
import io.vesta.proof.protect.Protector;
import io.vesta.proof.protect.ReleasedTable;
import io.vesta.proof.protect.ReleasedTable.Kind;
import io.vesta.proof.protect.Tables;
import java.util.Locale;
import org.junit.jupiter.api.Test;

class ProofDataTest {

  private static final JsonMapper MAPPER =
      JsonMapper.builder().enable(DeserializationFeature.USE_BIG_DECIMAL_FOR_FLOATS).build();

  @Test
  void the_data_holds_exactly_what_was_released() throws Exception {
    ReleasedTable table =
        new Protector(DisclosurePolicy.STANDARD)
            .protect(SampleData.production(), SampleData.sides().sides())
            .table();
    JsonNode data = MAPPER.readTree(ProofData.render(table));
    assertEquals(1, data.get("v").asInt());
    assertEquals("2026-06-30", data.get("asOf").asText());
    assertEquals("2021-01-01", data.get("from").asText());
    assertEquals(table.shown(), data.get("shown").asInt());
    assertEquals(table.withheld(), data.get("withheld").asInt());
    assertEquals("All offices", data.get("rows").get("labels").get("*").asText());
    int shown = 0;
    for (int m = 0; m < table.measures().size(); m++) {
      JsonNode measure = data.get("measures").get(m);
      assertEquals(table.measures().get(m).key(), measure.get("key").asText());
      int at = 0;
      for (int row = 0; row < table.rows().lines(); row++) {
        for (int column = 0; column < table.columnCount(); column++) {
          JsonNode cell = measure.get("cells").get(at++);
          assertEquals(table.rows().key(row), cell.get("row").asText());
          boolean quantile = table.measures().get(m).kind() == Kind.QUANTILE;
          JsonNode low = cell.get(quantile ? "low" : "value");
          JsonNode high = cell.get(quantile ? "high" : "value");
          var range = table.cell(m, row, column).range();
          if (range.isPresent()) {
            assertEquals(0, range.get().low().compareTo(low.decimalValue()));
            assertEquals(0, range.get().high().compareTo(high.decimalValue()));
            shown++;
          } else {
            assertTrue(low.isNull() && high.isNull(), "the keys are always there");
          }
        }
      }
      assertEquals(at, measure.get("cells").size());
    }
    assertEquals(table.shown(), shown);
  }

  @Test
  void equal_tables_give_equal_bytes_in_every_locale() {
    int[][] counts = {{5, 1, 8}, {9, 4, 2}, {7, 7, 7}};
    byte[] expected = ProofData.render(Tables.protect(counts, Tables.THREE).table());
    Locale locale = Locale.getDefault();
    try {
      Locale.setDefault(Locale.forLanguageTag("ar-EG"));
      assertArrayEquals(expected, ProofData.render(Tables.protect(counts, Tables.THREE).table()));
    } finally {
      Locale.setDefault(locale);
    }
  }
}
