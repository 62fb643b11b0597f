package io.vesta.proof.spec;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.vesta.core.error.VestaException;
import io.vesta.proof.ProofError;
import java.time.LocalDate;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class ProofSpecTest {

  private static final LocalDate DAY = LocalDate.of(2026, 6, 30);

  private static Dimension<String> rows(Code... codes) {
    return Dimension.of("Area", "All areas", List.of(codes), row -> row);
  }

  private static ProofSpec.Builder<String> spec(String title, Dimension<String> rows) {
    return ProofSpec.builder(title, Period.twelveMonthsTo(DAY), DAY, "Example MLS", rows);
  }

  private static ProofSpec.Builder<String> whole(Dimension<String> rows) {
    return spec("Sales", rows)
        .contributor(Unit.DEAL, row -> row)
        .contributor(Unit.BROKER, row -> row)
        .measure(Measure.count("n", "Sales", row -> true));
  }

  private static String refusal(ProofSpec.Builder<String> builder) {
    VestaException refused = assertThrows(VestaException.class, builder::build);
    assertEquals(ProofError.SPEC_INVALID, refused.code());
    return String.valueOf(refused.getMessage());
  }

  @Test
  void every_fault_is_told_at_once() {
    String faults =
        refusal(
            spec(
                    "<b>",
                    rows(
                        new Code("a", "Centre"), new Code("a", "Centre"), new Code("b c", "North")))
                .measure(Measure.count("", "Sales", row -> true)));
    for (String fault :
        List.of(
            "title",
            "code 2 repeats an earlier key",
            "code 2 repeats another label",
            "code 3",
            "measure 1",
            "contributor DEAL is missing",
            "contributor BROKER is missing")) {
      assertTrue(faults.contains(fault), () -> fault + " in " + faults);
    }
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "ann@example.com",
        "call 5550142345",
        "<script>",
        "line\nbreak",
        "",
        "zero\u200bwidth",
        "12 Elm Street #4"
      })
  void a_label_that_could_hold_an_address_or_number_is_refused_without_being_repeated(
      String label) {
    String faults = refusal(whole(rows(new Code("a", label))));
    assertTrue(faults.contains("rows code 1 label"), faults);
    assertTrue(label.isEmpty() || !faults.contains(label), faults);
  }

  @Test
  void a_table_that_is_too_large_is_refused() {
    List<Code> many =
        IntStream.range(0, 999).mapToObj(i -> new Code("k" + i, "Label " + i)).toList();
    Dimension<String> rows = Dimension.of("Area", "All areas", many, row -> row);
    Dimension<String> columns = Dimension.of("Kind", "All kinds", many.subList(0, 20), row -> row);
    assertTrue(refusal(whole(rows).columns(columns)).contains("coarser"));
    assertEquals(999, whole(rows).build().rows().codes().size());
  }

  @Test
  void data_read_before_the_end_of_the_period_is_refused() {
    ProofSpec.Builder<String> early =
        ProofSpec.builder(
                "Sales",
                Period.twelveMonthsTo(DAY),
                DAY.minusDays(1),
                "Example MLS",
                rows(new Code("a", "Centre")))
            .contributor(Unit.DEAL, row -> row)
            .contributor(Unit.BROKER, row -> row)
            .measure(Measure.count("n", "Sales", row -> true));
    assertTrue(refusal(early).contains("asOf is before the end of the period"));
  }

  @Test
  void a_value_outside_the_list_has_no_place() {
    Dimension<String> rows = rows(new Code("a", "Centre"), new Code("b", "North"));
    assertEquals(1, rows.places("b").orElseThrow()[0]);
    assertFalse(rows.places("c").isPresent());
  }

  @Test
  void a_spec_does_not_change_with_the_lists_it_was_made_from() {
    List<Code> codes = new ArrayList<>(List.of(new Code("a", "Centre")));
    Dimension<String> rows = Dimension.of("Area", "All areas", codes, row -> row);
    codes.add(new Code("b", "North"));
    assertEquals(1, rows.codes().size());
  }
}
