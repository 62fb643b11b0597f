package io.vesta.proof.ledger.internal;

import io.vesta.core.error.CoreError;
import io.vesta.core.error.VestaException;
import io.vesta.core.id.BrokerageId;
import io.vesta.core.storage.Dialect;
import io.vesta.core.storage.UnitOfWork;
import io.vesta.proof.ledger.Release;
import io.vesta.proof.ledger.ReleaseLedger;
import io.vesta.proof.protect.History;
import io.vesta.proof.protect.History.Entry;
import io.vesta.proof.protect.History.Figure;
import io.vesta.proof.protect.Range;
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
import java.util.Optional;
import java.util.Random;
import java.util.TreeMap;
import java.util.UUID;
import java.util.function.BinaryOperator;
import javax.crypto.Mac;
import javax.crypto.spec.SecretKeySpec;
import org.jdbi.v3.core.statement.PreparedBatch;

/**
 * The release ledger on SQLite and PostgreSQL. A release in which nothing has changed adds one row.
 * Deals, clients and brokers stand in it as commitments under the brokerage's salt. Thread-safe.
 */
public final class JdbcReleaseLedger implements ReleaseLedger {

  private static final String MAC = "HmacSHA256";

  private final Random random;

  /**
   * @param random makes salts
   */
  public JdbcReleaseLedger(Random random) {
    this.random = random;
  }

  @Override
  public BinaryOperator<String> commitments(UnitOfWork work, BrokerageId brokerage) {
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

  @Override
  public History take(UnitOfWork work, BrokerageId brokerage, String claim) {
    if (work.dialect() == Dialect.POSTGRESQL) {
      // SQLite has a single writer anyway.
      work.handle()
          .createQuery(
              "select pg_advisory_xact_lock(hashtextextended(:brokerage || ' ' || :claim, 7))")
          .bind("brokerage", brokerage.key())
          .bind("claim", claim)
          .mapToMap()
          .list();
    }
    int releases =
        work.handle()
            .createQuery(
                "select coalesce(max(number), 0) from vesta_proof_release"
                    + " where brokerage = :brokerage and claim = :claim")
            .bind("brokerage", brokerage.key())
            .bind("claim", claim)
            .mapTo(Integer.class)
            .one();
    return before(work, brokerage, claim, releases + 1);
  }

  @Override
  public History before(UnitOfWork work, BrokerageId brokerage, String claim, int number) {
    List<Entry> entries =
        work.handle()
            .createQuery(
                "select first_number, ordinal, last_number, deal, client, broker, row_keys,"
                    + " column_keys, amounts from vesta_proof_entry"
                    + " where brokerage = :brokerage and claim = :claim"
                    + " and first_number < :number order by first_number, ordinal")
            .bind("brokerage", brokerage.key())
            .bind("claim", claim)
            .bind("number", number)
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
                      // What a later release closed was open then.
                      row.getInt("last_number") >= number - 1
                          ? History.OPEN
                          : row.getInt("last_number"),
                      new RowVersion(
                          contributors,
                          amounts(row.getString("amounts")),
                          keys(row.getString("row_keys")),
                          keys(row.getString("column_keys"))));
                })
            .list();
    return new History(number - 1, entries, figures(work, brokerage, claim, number));
  }

  private static List<Figure> figures(
      UnitOfWork work, BrokerageId brokerage, String claim, int number) {
    Map<List<String>, Figure> figures = new LinkedHashMap<>();
    work.handle()
        .createQuery(
            "select basis, row_key, column_key, measure, figure, after_day, last_day"
                + " from vesta_proof_figure where brokerage = :brokerage and claim = :claim"
                + " and basis < :number order by basis, row_key, column_key, measure")
        .bind("brokerage", brokerage.key())
        .bind("claim", claim)
        .bind("number", number)
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

  @Override
  public void append(
      UnitOfWork work, BrokerageId brokerage, String claim, Release release, Renewal renewal) {
    int added =
        work.handle()
            .createUpdate(
                "insert into vesta_proof_release"
                    + " (brokerage, claim, number, id, first_day, last_day, as_of, page_sha256,"
                    + " shown, withheld, released_at, expires_at, manifest_sha256, head)"
                    + " select :brokerage, :claim, :number, :id, :first, :last, :asOf, :digest,"
                    + " :shown, :withheld, :at, :expires, :manifest, :head"
                    + " where :before = (select coalesce(max(number), 0) from vesta_proof_release"
                    + " where brokerage = :brokerage and claim = :claim)")
            .bind("brokerage", brokerage.key())
            .bind("claim", claim)
            .bind("number", release.number())
            .bind("before", release.number() - 1)
            .bind("id", release.id().toString())
            .bind("first", release.period().first().toString())
            .bind("last", release.period().to().toString())
            .bind("asOf", release.asOf().toString())
            .bind("digest", HexFormat.of().parseHex(release.page()))
            .bind("shown", release.shown())
            .bind("withheld", release.withheld())
            .bind("at", release.at().toEpochMilli())
            .bind("expires", release.expires().toEpochMilli())
            .bind("manifest", release.manifest())
            .bind("head", release.head())
            .execute();
    if (added != 1) {
      throw new VestaException(
          CoreError.STORAGE_FAILED,
          "release " + release.number() + " does not follow the last one; take the claim again");
    }
    close(work, brokerage, claim, renewal.closed());
    open(work, brokerage, claim, renewal.opened());
    add(work, brokerage, claim, renewal.figures());
  }

  @Override
  public Optional<Release> release(
      UnitOfWork work, BrokerageId brokerage, String claim, int number) {
    return work.handle()
        .createQuery(
            "select id, first_day, last_day, as_of, page_sha256, shown, withheld, released_at,"
                + " expires_at, manifest_sha256, head from vesta_proof_release"
                + " where brokerage = :brokerage and claim = :claim and number = :number")
        .bind("brokerage", brokerage.key())
        .bind("claim", claim)
        .bind("number", number)
        .map(
            (row, context) ->
                new Release(
                    UUID.fromString(row.getString("id")),
                    number,
                    Instant.ofEpochMilli(row.getLong("released_at")),
                    Instant.ofEpochMilli(row.getLong("expires_at")),
                    new Period(
                        LocalDate.parse(row.getString("first_day")).minusDays(1),
                        LocalDate.parse(row.getString("last_day"))),
                    LocalDate.parse(row.getString("as_of")),
                    HexFormat.of().formatHex(row.getBytes("page_sha256")),
                    row.getInt("shown"),
                    row.getInt("withheld"),
                    row.getString("manifest_sha256"),
                    row.getString("head")))
        .findOne();
  }

  @Override
  public void retract(
      UnitOfWork work, BrokerageId brokerage, String claim, int number, Instant at) {
    work.handle()
        .createUpdate(
            "insert into vesta_proof_retraction (brokerage, claim, number, retracted_at)"
                + " values (:brokerage, :claim, :number, :at) on conflict do nothing")
        .bind("brokerage", brokerage.key())
        .bind("claim", claim)
        .bind("number", number)
        .bind("at", at.toEpochMilli())
        .execute();
  }

  @Override
  public Optional<Instant> retracted(
      UnitOfWork work, BrokerageId brokerage, String claim, int number) {
    return work.handle()
        .createQuery(
            "select retracted_at from vesta_proof_retraction"
                + " where brokerage = :brokerage and claim = :claim and number = :number")
        .bind("brokerage", brokerage.key())
        .bind("claim", claim)
        .bind("number", number)
        .mapTo(Long.class)
        .findOne()
        .map(Instant::ofEpochMilli);
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
