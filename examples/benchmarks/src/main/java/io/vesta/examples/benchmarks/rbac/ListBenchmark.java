package io.vesta.examples.benchmarks.rbac;

import com.zaxxer.hikari.HikariDataSource;
import io.vesta.core.access.Action;
import io.vesta.core.access.Actor;
import io.vesta.core.access.Capacity;
import io.vesta.core.access.ResourceType;
import io.vesta.core.access.RowFilter;
import io.vesta.core.storage.Database;
import io.vesta.examples.benchmarks.Postgres;
import io.vesta.examples.benchmarks.Table;
import io.vesta.rbac.decide.Guard;
import io.vesta.rbac.decide.RowSecurity;
import io.vesta.rbac.policy.Policy;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Clock;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.Set;
import java.util.function.IntFunction;

/**
 * A page of 50 out of a million rows in PostgreSQL, newest first from some time on, under the
 * shipped default policy: as its author would write the SQL by hand, through {@link Guard#filter},
 * the same under row-level security, row-level security alone, and by fetching and checking. Each
 * sample is one transaction of one actor; all ways give the same page.
 */
public final class ListBenchmark {

  private static final int PAGE = 50;
  private static final int FETCH = 500;
  private static final int ACTORS = 32;
  private static final ResourceType CONTACT = ResourceType.CONTACT;
  private static final ResourceType DEAL = ResourceType.TRANSACTION;

  private static final String HOST =
      "select id, title, created from record where status = ? and created < ? and ";
  private static final String NEWEST = " order by created desc, id desc limit ?";

  /** A condition and its binds. */
  private record Where(String sql, List<Object> binds) {}

  /** A kind of reader, and what a person would write for them. */
  private record Reader(
      String name, ResourceType type, IntFunction<Actor> actor, IntFunction<Where> byHand) {}

  /** One way to a page. */
  private interface Way {
    List<Long> page(ListBenchmark benchmark, Reader reader, int number) throws SQLException;
  }

  private static final List<Reader> READERS =
      List.of(
          new Reader(
              "agent: own contacts",
              CONTACT,
              i -> actor(i * 2, Capacity.AGENT),
              i ->
                  new Where(
                      "brokerage = ? and owner = ? and (ownership <> 'TEAM' or team = ?)",
                      List.of("acme", "m" + i * 2, "t" + i * 2 % Records.TEAMS))),
          new Reader(
              "agent: own and one covered",
              CONTACT,
              i -> actor(i * 2 + 1, Capacity.AGENT),
              i ->
                  new Where(
                      "brokerage = ? and ((owner = ? and (ownership <> 'TEAM' or team = ?))"
                          + " or (owner = ? and (ownership <> 'TEAM' or team = ?)))",
                      List.of(
                          "acme",
                          "m" + (i * 2 + 1),
                          "t" + (i * 2 + 1) % Records.TEAMS,
                          "m" + i * 2,
                          "t" + i * 2 % Records.TEAMS))),
          new Reader(
              "lead: team's contacts",
              CONTACT,
              i -> actor(i * 2 % Records.TEAMS, Capacity.TEAM_LEAD),
              i ->
                  new Where(
                      "brokerage = ? and team = ? and ownership = 'TEAM'",
                      List.of("acme", "t" + i * 2 % Records.TEAMS))),
          new Reader(
              "broker: firm's contacts",
              CONTACT,
              i -> actor(i % 2, Capacity.BROKER),
              i ->
                  new Where(
                      "brokerage = ? and (ownership in ('BROKERAGE', 'TEAM') or linked = 1)",
                      List.of("acme"))),
          new Reader(
              "agent: deals taking part",
              DEAL,
              i -> actor(i * 2, Capacity.AGENT),
              i ->
                  new Where(
                      "brokerage = ? and (buying = ? or selling = ?)",
                      List.of("acme", "m" + i * 2, "m" + i * 2))),
          new Reader(
              "broker: all deals",
              DEAL,
              i -> actor(i % 2, Capacity.BROKER),
              i -> new Where("brokerage = ?", List.of("acme"))));

  private static final Map<String, Way> WAYS = new LinkedHashMap<>();

  /** These take few samples. */
  private static final Set<String> SLOW = Set.of("RLS alone", "fetch + check");

  static {
    WAYS.put("by hand", ListBenchmark::byHand);
    WAYS.put("filter", ListBenchmark::filtered);
    WAYS.put("filter + RLS", ListBenchmark::underSecurity);
    WAYS.put("RLS alone", ListBenchmark::securityAlone);
    WAYS.put("fetch + check", ListBenchmark::fetchAndCheck);
  }

  private final Guard guard;
  private final RowSecurity contacts;
  private final RowSecurity deals;
  private final Database database;
  private final Connection owner;
  private final Connection secured;

  /** How many nanoseconds of the last page its settings took. */
  private long entered;

  private ListBenchmark(HikariDataSource pool) throws SQLException {
    Policy policy = Policy.defaults();
    guard = new Guard(policy, Records.organisation(), Clock.systemUTC());
    contacts = RowSecurity.of(policy).protect("record", Records.columns(CONTACT));
    deals = RowSecurity.of(policy).protect("record", Records.columns(DEAL));
    database = Database.of(pool);
    owner = pool.getConnection();
    secured = pool.getConnection();
    try (Statement statement = secured.createStatement()) {
      // The owner here is a superuser, whom row-level security does not hold back.
      statement.execute("set role app");
    }
    secured.setAutoCommit(false);
    owner.setAutoCommit(false);
  }

  /**
   * Runs all.
   *
   * @param args {@code explain} prints the plans of the first actor of each kind instead; a number
   *     is that of the rounds (12)
   */
  public static void main(String[] args) throws Exception {
    boolean explain = Arrays.asList(args).contains("explain");
    int rounds =
        Arrays.stream(args)
            .filter(arg -> !arg.equals("explain"))
            .mapToInt(Integer::parseInt)
            .findFirst()
            .orElse(12);
    try (Postgres postgres = Postgres.start();
        HikariDataSource pool = postgres.fresh(3)) {
      System.out.println("making 1,000,000 rows");
      try (Connection connection = pool.getConnection()) {
        Records.make(connection, 1_000_000);
      }
      ListBenchmark benchmark = new ListBenchmark(pool);
      if (explain) {
        benchmark.explain();
      } else {
        benchmark.measure(rounds);
      }
    }
  }

  private void measure(int rounds) throws SQLException {
    Table table =
        new Table(
            "A page of 50 of 1,000,000 rows, ms: median (p99); x is the ratio of medians to SQL by"
                + " hand; entering is what the settings of RLS cost once a transaction",
            "reader",
            "by hand",
            "filter",
            "x",
            "filter + RLS",
            "x",
            "RLS alone",
            "x",
            "fetch + check",
            "x",
            "entering");
    for (Reader reader : READERS) {
      install(reader);
      Map<String, List<Double>> samples = new LinkedHashMap<>();
      WAYS.keySet().forEach(way -> samples.put(way, new ArrayList<>()));
      List<Double> entering = new ArrayList<>();
      Random random = new Random(20260101);
      List<String> order = new ArrayList<>(WAYS.keySet());
      for (int round = -2; round < rounds; round++) {
        for (int number = 0; number < ACTORS; number++) {
          List<Long> expected = byHand(reader, number);
          // Whoever comes first finds colder caches.
          Collections.shuffle(order, random);
          for (String way : order) {
            if (SLOW.contains(way) && (round > 0 || number % 4 != 0)) {
              continue;
            }
            entered = 0;
            long begin = System.nanoTime();
            List<Long> page = WAYS.get(way).page(this, reader, number);
            double millis = (System.nanoTime() - begin - entered) / 1e6;
            if (!page.equals(expected)) {
              throw new IllegalStateException(
                  way + " gives another page for " + reader.name + ", actor " + number);
            }
            if (round >= 0) {
              samples.get(way).add(millis);
            }
            if (round >= 0 && entered > 0) {
              entering.add(entered / 1e6);
            }
          }
        }
      }
      List<Object> row = new ArrayList<>(List.of(reader.name));
      double base = Table.median(samples.get("by hand"));
      samples.forEach(
          (way, values) -> {
            row.add(
                String.format("%.3f (%.2f)", Table.median(values), Table.quantile(values, 0.99)));
            if (!way.equals("by hand")) {
              row.add(Table.median(values) / base);
            }
          });
      row.add(Table.median(entering));
      table.row(row.toArray());
      System.out.println("measured " + reader.name);
    }
    table.print();
  }

  /** The table holds records of the reader's type, then. */
  private void install(Reader reader) throws SQLException {
    try (Statement statement = owner.createStatement()) {
      for (String sql : security(reader).install()) {
        statement.execute(sql);
      }
    }
    owner.commit();
  }

  private RowSecurity security(Reader reader) {
    return reader.type.equals(CONTACT) ? contacts : deals;
  }

  private List<Long> byHand(Reader reader, int number) throws SQLException {
    return page(owner, reader.byHand.apply(number), number);
  }

  private List<Long> filtered(Reader reader, int number) throws SQLException {
    return page(owner, filter(reader, number), number);
  }

  private List<Long> underSecurity(Reader reader, int number) throws SQLException {
    enter(reader, number);
    return page(secured, filter(reader, number), number);
  }

  private List<Long> securityAlone(Reader reader, int number) throws SQLException {
    enter(reader, number);
    return page(secured, new Where("brokerage = ?", List.of("acme")), number);
  }

  private void enter(Reader reader, int number) {
    long begin = System.nanoTime();
    guard.enter(database.join(secured), reader.actor.apply(number), security(reader));
    entered = System.nanoTime() - begin;
  }

  private Where filter(Reader reader, int number) {
    RowFilter filter =
        guard.filter(reader.actor.apply(number), Action.READ, Records.columns(reader.type));
    return new Where(filter.sql(), filter.binds());
  }

  private static List<Long> page(Connection connection, Where where, int number)
      throws SQLException {
    List<Long> ids = new ArrayList<>();
    try (PreparedStatement query = connection.prepareStatement(HOST + where.sql + NEWEST)) {
      bind(query, where, number, PAGE);
      try (ResultSet rows = query.executeQuery()) {
        while (rows.next()) {
          ids.add(rows.getLong(1));
        }
      }
    }
    connection.commit();
    return ids;
  }

  private static void bind(PreparedStatement query, Where where, int number, int limit)
      throws SQLException {
    int bind = 1;
    query.setString(bind++, "Active");
    query.setLong(bind++, from(number));
    for (Object value : where.binds) {
      query.setObject(bind++, value);
    }
    query.setInt(bind, limit);
  }

  /** Pages begin at different times, all with enough before them. */
  private static long from(int number) {
    return Records.time(0.5 + number / (2.0 * ACTORS));
  }

  private List<Long> fetchAndCheck(Reader reader, int number) throws SQLException {
    Actor actor = reader.actor.apply(number);
    List<Long> ids = new ArrayList<>();
    long created = from(number);
    long id = 0;
    String sql =
        "select * from record where status = ? and brokerage = ?"
            + " and (created, id) < (?, ?) order by created desc, id desc limit ?";
    for (boolean more = true; more && ids.size() < PAGE; ) {
      try (PreparedStatement query = owner.prepareStatement(sql)) {
        query.setString(1, "Active");
        query.setString(2, "acme");
        query.setLong(3, created);
        query.setLong(4, id);
        query.setInt(5, FETCH);
        int read = 0;
        try (ResultSet rows = query.executeQuery()) {
          while (rows.next() && ids.size() < PAGE) {
            read++;
            created = rows.getLong("created");
            id = rows.getLong("id");
            if (guard.allows(actor, Action.READ, Records.resource(reader.type, rows))) {
              ids.add(id);
            }
          }
        }
        more = read == FETCH;
      }
    }
    owner.commit();
    return ids;
  }

  private void explain() throws SQLException {
    for (Reader reader : READERS) {
      install(reader);
      explain(owner, reader.name + ", by hand", reader.byHand.apply(1));
      explain(owner, reader.name + ", filter", filter(reader, 1));
      guard.enter(database.join(secured), reader.actor.apply(1), security(reader));
      explain(secured, reader.name + ", filter + RLS", filter(reader, 1));
      secured.commit();
    }
  }

  private static void explain(Connection connection, String title, Where where)
      throws SQLException {
    System.out.println("\n" + title + ": " + where.sql);
    try (PreparedStatement query =
        connection.prepareStatement(
            "explain (analyze, buffers, costs) " + HOST + where.sql + NEWEST)) {
      bind(query, where, 1, PAGE);
      try (ResultSet rows = query.executeQuery()) {
        while (rows.next()) {
          System.out.println("  " + rows.getString(1));
        }
      }
    }
  }

  private static Actor actor(int number, Capacity capacity) {
    return Actor.member(Records.member(number), capacity);
  }
}
