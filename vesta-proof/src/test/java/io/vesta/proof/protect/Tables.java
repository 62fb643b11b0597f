package io.vesta.proof.protect;

import io.vesta.proof.spec.Code;
import io.vesta.proof.spec.Dimension;
import io.vesta.proof.spec.Measure;
import io.vesta.proof.spec.Period;
import io.vesta.proof.spec.ProofSpec;
import io.vesta.proof.spec.Unit;
import java.time.LocalDate;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.stream.IntStream;

/** Small worlds for tests: rows with given places, a deal and a broker each. */
public final class Tables {

  /** The weakest policy that there is: three of each. */
  public static final DisclosurePolicy THREE = new DisclosurePolicy(3, 3, 3, 1, List.of());

  private static final LocalDate DAY = LocalDate.of(2026, 6, 30);

  /** A row of a small world. */
  public record Sale(Set<String> rows, String column, String deal, String broker, long cents) {}

  private Tables() {}

  /** Codes with labels of their own. */
  public static List<Code> codes(String prefix, int count) {
    return IntStream.range(0, count)
        .mapToObj(i -> new Code(prefix + i, "Label " + prefix + i))
        .toList();
  }

  /** Counts by row. */
  public static ProofSpec.Builder<Sale> spec(int rows) {
    return spec(
        Dimension.of("Row", "All rows", codes("r", rows), sale -> sale.rows().iterator().next()));
  }

  /** Counts by row, where a sale may belong to several. */
  public static ProofSpec.Builder<Sale> overlappingSpec(int rows) {
    return spec(Dimension.overlapping("Row", "All rows", codes("r", rows), Sale::rows));
  }

  /** Counts by a dimension of one's own. */
  public static ProofSpec.Builder<Sale> spec(Dimension<Sale> rows) {
    return ProofSpec.builder(
            "A small world", Period.twelveMonthsTo(DAY), DAY, "Synthetic MLS", rows)
        .contributor(Unit.DEAL, Sale::deal)
        .contributor(Unit.BROKER, Sale::broker)
        .measure(Measure.count("sales", "Sales", sale -> true));
  }

  /** A second direction. */
  public static Dimension<Sale> columns(int count) {
    return Dimension.of("Column", "All columns", codes("c", count), Sale::column);
  }

  /** As many rows per cell as the counts say, each with its own deal and broker. */
  public static List<Sale> sales(int[][] counts) {
    List<Sale> sales = new ArrayList<>();
    for (int i = 0; i < counts.length; i++) {
      for (int j = 0; j < counts[i].length; j++) {
        for (int n = 0; n < counts[i][j]; n++) {
          String id = i + "-" + j + "-" + n;
          sales.add(new Sale(Set.of("r" + i), "c" + j, "d" + id, "b" + id, 100_000_00L));
        }
      }
    }
    return sales;
  }

  /** A table of counts, protected. */
  public static Protection protect(int[][] counts, DisclosurePolicy policy) {
    ProofSpec<Sale> spec = spec(counts.length).columns(columns(counts[0].length)).build();
    return new Protector(policy).protect(spec, sales(counts));
  }

  /** A list with its total instead of a table. */
  public static Protection protectList(DisclosurePolicy policy, int... counts) {
    int[][] column = new int[counts.length][];
    for (int i = 0; i < counts.length; i++) {
      column[i] = new int[] {counts[i]};
    }
    return new Protector(policy).protect(spec(counts.length).build(), sales(column));
  }
}
