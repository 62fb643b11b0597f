package io.vesta.proof.publish.internal;

import io.vesta.core.id.BrokerageId;
import io.vesta.core.storage.UnitOfWork;
import io.vesta.proof.protect.History;
import io.vesta.proof.protect.History.Entry;
import io.vesta.proof.protect.History.Figure;
import io.vesta.proof.protect.Range;
import io.vesta.proof.protect.ReleasedTable;
import io.vesta.proof.protect.Renewal;
import io.vesta.proof.protect.RowVersion;
import io.vesta.proof.spec.Period;
import io.vesta.proof.spec.Unit;
import java.math.BigDecimal;
import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.time.Instant;
import java.time.LocalDate;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.HexFormat;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.TreeMap;
import java.util.UUID;
import java.util.function.BinaryOperator;
import javax.crypto.Mac;
import javax.crypto.spec.SecretKeySpec;
import org.jdbi.v3.core.statement.PreparedBatch;

/**
 * The release ledger: what was ever shown of each claim, and of which rows it was made. A release
 * in which nothing has changed adds one row. Deals, clients and brokers stand in it as commitments
 * under the brokerage's salt.
 */
final class Releases {

  private static final String MAC = "HmacSHA256";

  private final Random random;

  /**
   * @param random makes salts
   */
  Releases(Random random) {
    this.random = random;
  }

  /** Makes what stands for a brokerage's deals, clients and brokers. */
  BinaryOperator<String> commitments(UnitOfWork work, BrokerageId brokerage) {
    byte[] fresh = new byte[32];
    random.nextBytes(fresh);
    work.handle()
        .createUpdate(
            "insert into vesta_proof_salt (brokerage, salt) values (:brokerage, :salt)"
                + " on conflict do nothing")
        .bind("brokerage", brokerage.key())
        .bind("salt", fresh)
        .execute();
    byte[] salt =
        work.handle()
            .createQuery("select salt from vesta_proof_salt where brokerage = :brokerage")
            .bind("brokerage", brokerage.key())
            .mapTo(byte[].class)
            .one();
    try {
      Mac mac = Mac.getInstance(MAC);
      mac.init(new SecretKeySpec(salt, MAC));
      return (unit, key) ->
          HexFormat.of()
              .formatHex(mac.doFinal((unit + ":" + key).getBytes(StandardCharsets.UTF_8)));
    } catch (GeneralSecurityException e) {
      throw new IllegalStateException("every Java platform has HMAC-SHA-256", e);
    }
  }

  /** All that was ever published of a claim. */
  History history(UnitOfWork work, BrokerageId brokerage, String claim) {
    int releases =
        work.handle()
            .createQuery(
                "select coalesce(max(number), 0) from vesta_proof_release"
                    + " where brokerage = :brokerage and claim = :claim")
            .bind("brokerage", brokerage.key())
            .bind("claim", claim)
            .mapTo(Integer.class)
            .one();
    List<Entry> entries =
        work.handle()
            .createQuery(
                "select first_number, ordinal, last_number, deal, client, broker, row_keys,"
                    + " column_keys, amounts from vesta_proof_entry"
                    + " where brokerage = :brokerage and claim = :claim"
                    + " order by first_number, ordinal")
            .bind("brokerage", brokerage.key())
            .bind("claim", claim)
            .map(
                (row, context) -> {
                  Map<Unit, String> contributors = new EnumMap<>(Unit.class);
                  for (Unit unit : Unit.values()) {
                    String commitment = row.getString(column(unit));
                    if (commitment != null) {
                      contributors.put(unit, commitment);
                    }
                  }
                  return new Entry(
                      row.getInt("first_number"),
                      row.getInt("ordinal"),
                      row.getInt("last_number"),
                      new RowVersion(
                          contributors,
                          amounts(row.getString("amounts")),
                          keys(row.getString("row_keys")),
                          keys(row.getString("column_keys"))));
                })
            .list();
    return new History(releases, entries, figures(work, brokerage, claim));
  }

  private static List<Figure> figures(UnitOfWork work, BrokerageId brokerage, String claim) {
    Map<List<String>, Figure> figures = new LinkedHashMap<>();
    work.handle()
        .createQuery(
            "select basis, row_key, column_key, measure, figure, after_day, last_day"
                + " from vesta_proof_figure where brokerage = :brokerage and claim = :claim"
                + " order by basis, row_key, column_key, measure")
        .bind("brokerage", brokerage.key())
        .bind("claim", claim)
        .map(
            (row, context) -> {
              Map<String, Range> value =
                  row.getString("measure").isEmpty()
                      ? Map.of()
                      : Map.of(row.getString("measure"), range(row.getString("figure")));
              return new Figure(
                  row.getString("row_key"),
                  row.getString("column_key"),
                  row.getInt("basis"),
                  new Period(
                      LocalDate.parse(row.getString("after_day")),
                      LocalDate.parse(row.getString("last_day"))),
                  value);
            })
        .forEach(
            one ->
                figures.merge(
                    List.of(one.basis() + "", one.row(), one.column()),
                    one,
                    (some, more) -> {
                      Map<String, Range> values = new TreeMap<>(some.values());
                      values.putAll(more.values());
                      return new Figure(
                          some.row(), some.column(), some.basis(), some.period(), values);
                    }));
    return new ArrayList<>(figures.values());
  }

  /**
   * Writes a release. Two nodes that release one claim at once meet at the primary key, and one of
   * them fails.
   */
  void add(
      UnitOfWork work,
      UUID release,
      BrokerageId brokerage,
      String claim,
      int number,
      Renewal renewal,
      byte[] digest,
      Instant at) {
    ReleasedTable table = renewal.table();
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
    close(work, brokerage, claim, renewal.closed());
    open(work, brokerage, claim, renewal.opened());
    add(work, brokerage, claim, renewal.figures());
  }

  private static void close(
      UnitOfWork work, BrokerageId brokerage, String claim, List<Entry> entries) {
    PreparedBatch batch =
        work.handle()
            .prepareBatch(
                "update vesta_proof_entry set last_number = :last"
                    + " where brokerage = :brokerage and claim = :claim"
                    + " and first_number = :first and ordinal = :ordinal");
    for (Entry entry : entries) {
      batch
          .bind("brokerage", brokerage.key())
          .bind("claim", claim)
          .bind("first", entry.first())
          .bind("ordinal", entry.ordinal())
          .bind("last", entry.last())
          .add();
    }
    execute(batch);
  }

  private static void open(
      UnitOfWork work, BrokerageId brokerage, String claim, List<Entry> entries) {
    PreparedBatch batch =
        work.handle()
            .prepareBatch(
                "insert into vesta_proof_entry (brokerage, claim, first_number, ordinal,"
                    + " last_number, deal, client, broker, row_keys, column_keys, amounts)"
                    + " values (:brokerage, :claim, :first, :ordinal, :last, :deal, :client,"
                    + " :broker, :rows, :columns, :amounts)");
    for (Entry entry : entries) {
      RowVersion version = entry.version();
      for (Unit unit : Unit.values()) {
        batch.bind(column(unit), version.contributors().get(unit));
      }
      batch
          .bind("brokerage", brokerage.key())
          .bind("claim", claim)
          .bind("first", entry.first())
          .bind("ordinal", entry.ordinal())
          .bind("last", entry.last())
          .bind("rows", String.join(",", version.rows()))
          .bind("columns", String.join(",", version.columns()))
          .bind("amounts", text(version.amounts()))
          .add();
    }
    execute(batch);
  }

  private static void add(
      UnitOfWork work, BrokerageId brokerage, String claim, List<Figure> figures) {
    PreparedBatch batch =
        work.handle()
            .prepareBatch(
                "insert into vesta_proof_figure (brokerage, claim, basis, row_key, column_key,"
                    + " measure, figure, after_day, last_day) values (:brokerage, :claim, :basis,"
                    + " :row, :column, :measure, :figure, :after, :last)");
    for (Figure figure : figures) {
      Map<String, String> values = new TreeMap<>();
      figure.values().forEach((measure, value) -> values.put(measure, text(value)));
      if (values.isEmpty()) {
        values.put("", "");
      }
      values.forEach(
          (measure, value) ->
              batch
                  .bind("brokerage", brokerage.key())
                  .bind("claim", claim)
                  .bind("basis", figure.basis())
                  .bind("row", figure.row())
                  .bind("column", figure.column())
                  .bind("measure", measure)
                  .bind("figure", value)
                  .bind("after", figure.period().after().toString())
                  .bind("last", figure.period().to().toString())
                  .add());
    }
    execute(batch);
  }

  private static void execute(PreparedBatch batch) {
    if (batch.size() > 0) {
      batch.execute();
    }
  }

  private static String column(Unit unit) {
    return switch (unit) {
      case DEAL -> "deal";
      case CLIENT -> "client";
      case BROKER -> "broker";
    };
  }

  private static String text(Range range) {
    String low = range.low().toPlainString();
    return range.exact() ? low : low + ".." + range.high().toPlainString();
  }

  private static Range range(String text) {
    int at = text.indexOf("..");
    BigDecimal low = new BigDecimal(at < 0 ? text : text.substring(0, at));
    return new Range(low, at < 0 ? low : new BigDecimal(text.substring(at + 2)));
  }

  private static List<String> keys(String joined) {
    return joined.isEmpty() ? List.of() : List.of(joined.split(","));
  }

  private static String text(Map<String, BigDecimal> amounts) {
    List<String> pairs = new ArrayList<>();
    new TreeMap<>(amounts).forEach((key, amount) -> pairs.add(key + "=" + amount.toPlainString()));
    return String.join(";", pairs);
  }

  private static Map<String, BigDecimal> amounts(String text) {
    Map<String, BigDecimal> amounts = new TreeMap<>();
    for (String pair : text.isEmpty() ? new String[0] : text.split(";")) {
      int at = pair.indexOf('=');
      amounts.put(pair.substring(0, at), new BigDecimal(pair.substring(at + 1)));
    }
    return amounts;
  }
}
