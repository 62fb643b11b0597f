package io.vesta.proof.publish.internal;

import io.vesta.core.error.VestaException;
import io.vesta.core.id.BrokerageId;
import io.vesta.core.storage.UnitOfWork;
import io.vesta.proof.ProofError;
import io.vesta.proof.protect.ReleasedTable;
import io.vesta.proof.protect.ReleasedTable.Heading;
import io.vesta.proof.protect.ReleasedTable.Kind;
import java.math.BigDecimal;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;
import org.jdbi.v3.core.statement.PreparedBatch;

/**
 * The release ledger: what was shown, cell by cell. It holds released figures only, nothing of the
 * rows behind them.
 */
final class Releases {

  /** A cell's place on the page of a claim. */
  private record Place(String row, String column) {}

  /**
   * Writes a release, unless an earlier one forbids it. Two nodes that release one claim at once
   * meet at the primary key, and one of them fails.
   *
   * @throws VestaException with code {@code VESTA-PROOF-003} if the difference to an earlier
   *     release would tell about few
   */
  void add(
      UnitOfWork work,
      UUID release,
      BrokerageId brokerage,
      String claim,
      ReleasedTable table,
      byte[] digest,
      Instant at) {
    List<Integer> numbers =
        work.handle()
            .createQuery(
                "select number from vesta_proof_release"
                    + " where brokerage = :brokerage and claim = :claim order by number")
            .bind("brokerage", brokerage.key())
            .bind("claim", claim)
            .mapTo(Integer.class)
            .list();
    Map<Place, Map<String, BigDecimal>> figures = figures(table);
    for (int number : numbers) {
      compare(table, figures, before(work, brokerage, claim, number));
    }
    int number = numbers.isEmpty() ? 1 : numbers.get(numbers.size() - 1) + 1;
    work.handle()
        .createUpdate(
            "insert into vesta_proof_release"
                + " (brokerage, claim, number, id, first_day, last_day, as_of, page_sha256,"
                + " shown, withheld, released_at)"
                + " values (:brokerage, :claim, :number, :id, :first, :last, :asOf, :digest,"
                + " :shown, :withheld, :at)")
        .bind("brokerage", brokerage.key())
        .bind("claim", claim)
        .bind("number", number)
        .bind("id", release.toString())
        .bind("first", table.period().first().toString())
        .bind("last", table.period().to().toString())
        .bind("asOf", table.asOf().toString())
        .bind("digest", digest)
        .bind("shown", table.shown())
        .bind("withheld", table.withheld())
        .bind("at", at.toEpochMilli())
        .execute();
    PreparedBatch batch =
        work.handle()
            .prepareBatch(
                "insert into vesta_proof_cell"
                    + " (brokerage, claim, number, row_key, column_key, measure, figure)"
                    + " values (:brokerage, :claim, :number, :row, :column, :measure, :figure)");
    figures.forEach(
        (place, cell) ->
            cell.forEach(
                (measure, figure) ->
                    batch
                        .bind("brokerage", brokerage.key())
                        .bind("claim", claim)
                        .bind("number", number)
                        .bind("row", place.row())
                        .bind("column", place.column())
                        .bind("measure", measure)
                        .bind("figure", figure.toPlainString())
                        .add()));
    if (batch.size() > 0) {
      batch.execute();
    }
  }

  private static Map<Place, Map<String, BigDecimal>> before(
      UnitOfWork work, BrokerageId brokerage, String claim, int number) {
    Map<Place, Map<String, BigDecimal>> figures = new HashMap<>();
    work.handle()
        .createQuery(
            "select row_key, column_key, measure, figure from vesta_proof_cell"
                + " where brokerage = :brokerage and claim = :claim and number = :number")
        .bind("brokerage", brokerage.key())
        .bind("claim", claim)
        .bind("number", number)
        .map(
            (row, context) ->
                figures
                    .computeIfAbsent(
                        new Place(row.getString("row_key"), row.getString("column_key")),
                        place -> new HashMap<>())
                    .put(row.getString("measure"), new BigDecimal(row.getString("figure"))))
        .list();
    return figures;
  }

  private static Map<Place, Map<String, BigDecimal>> figures(ReleasedTable table) {
    Map<Place, Map<String, BigDecimal>> figures = new HashMap<>();
    for (int row = 0; row < table.rows().lines(); row++) {
      for (int column = 0; column < table.columnCount(); column++) {
        int at = column;
        Place place =
            new Place(table.rows().key(row), table.columns().map(axis -> axis.key(at)).orElse("*"));
        for (int m = 0; m < table.measures().size(); m++) {
          Heading heading = table.measures().get(m);
          Optional<BigDecimal> value = table.cell(m, row, column).value();
          value.ifPresent(
              figure ->
                  figures
                      .computeIfAbsent(place, key -> new HashMap<>())
                      .put(heading.key(), figure));
        }
      }
    }
    return figures;
  }

  /** Every place that both show must be equal in all measures, or differ by enough deals. */
  private static void compare(
      ReleasedTable table,
      Map<Place, Map<String, BigDecimal>> now,
      Map<Place, Map<String, BigDecimal>> before) {
    BigDecimal fewest = BigDecimal.valueOf(table.policy().deals());
    List<String> counts = new ArrayList<>();
    for (Heading heading : table.measures()) {
      if (heading.kind() == Kind.COUNT) {
        counts.add(heading.key());
      }
    }
    int refused = 0;
    for (Map.Entry<Place, Map<String, BigDecimal>> cell : now.entrySet()) {
      Map<String, BigDecimal> earlier = before.get(cell.getKey());
      if (earlier == null || same(cell.getValue(), earlier)) {
        continue;
      }
      boolean far =
          !counts.isEmpty()
              && counts.stream()
                  .allMatch(
                      count -> distance(cell.getValue(), earlier, count).compareTo(fewest) >= 0);
      refused += far ? 0 : 1;
    }
    if (refused > 0) {
      throw new VestaException(
          ProofError.RELEASE_DIFFERS,
          refused
              + " places differ from an earlier release by fewer than "
              + table.policy().deals()
              + " records, or in amounts alone; wait for more records, or keep the earlier page");
    }
  }

  private static boolean same(Map<String, BigDecimal> now, Map<String, BigDecimal> before) {
    return now.keySet().stream().allMatch(measure -> distance(now, before, measure).signum() == 0);
  }

  /** How far a figure has moved; a measure that is new says nothing about a change. */
  private static BigDecimal distance(
      Map<String, BigDecimal> now, Map<String, BigDecimal> before, String measure) {
    BigDecimal earlier = before.get(measure);
    BigDecimal later = now.get(measure);
    return earlier == null || later == null ? BigDecimal.ZERO : later.subtract(earlier).abs();
  }
}
