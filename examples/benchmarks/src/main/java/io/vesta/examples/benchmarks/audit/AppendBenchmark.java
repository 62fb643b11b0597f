package io.vesta.examples.benchmarks.audit;

import com.zaxxer.hikari.HikariDataSource;
import io.vesta.audit.log.Sequencer;
import io.vesta.core.storage.Database;
import io.vesta.examples.benchmarks.Postgres;
import io.vesta.examples.benchmarks.Table;
import java.io.IOException;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.locks.LockSupport;
import java.util.function.ToLongFunction;

/**
 * Acts of a host on PostgreSQL, each recorded in its own transaction: one row of the host's and
 * about 512 bytes of record. All trails in turn on one server, writers and server on the same
 * cores, and with Vesta its sequencer too, whose rest of work after the last act counts.
 */
public final class AppendBenchmark {

  private static final int[] WRITERS = {1, 16, 64};
  private static final int[] RATES = {10_000, 8_000, 6_000, 5_000, 4_000, 3_000, 2_000, 1_000, 500};

  /** A sequencer that rests less makes smaller batches, which cost more for each entry. */
  private static final long REST_NANOS = TimeUnit.MILLISECONDS.toNanos(50);

  private final HikariDataSource pool;
  private final Trail vesta;
  private final Trail unsequenced;
  private final Sequencer sequencer;
  private final List<Trail> trails = new ArrayList<>();
  private final Map<Trail, Long> acts = new LinkedHashMap<>();
  private final AtomicLong numbers = new AtomicLong();

  private AppendBenchmark(HikariDataSource pool) throws Exception {
    this.pool = pool;
    Database database = Database.of(pool);
    BenchLog log = BenchLog.over(database);
    sequencer = log.sequencer();
    vesta = SqlTrails.vesta("vesta", pool, log, database);
    unsequenced = SqlTrails.vesta("vesta unsequenced", pool, log, database);
    trails.add(SqlTrails.plain(pool));
    trails.add(vesta);
    trails.add(SqlTrails.advisoryChain(pool));
    trails.add(SqlTrails.lockedChain(pool));
    trails.add(OrmTrails.javers(pool));
    trails.add(OrmTrails.envers(pool));
    trails.add(unsequenced);
  }

  /**
   * Runs all.
   *
   * @param args rounds (3) and seconds of each turn (3)
   */
  public static void main(String[] args) throws Exception {
    int rounds = args.length > 0 ? Integer.parseInt(args[0]) : 3;
    double seconds = args.length > 1 ? Double.parseDouble(args[1]) : 3;
    try (Postgres postgres = Postgres.start();
        HikariDataSource pool = postgres.fresh(72)) {
      AppendBenchmark benchmark = new AppendBenchmark(pool);
      System.out.println("warming up");
      for (Trail trail : benchmark.trails) {
        benchmark.turn(trail, 16, seconds, 0);
      }
      double most = benchmark.saturated(rounds, seconds);
      benchmark.offered(seconds * 4, most);
      benchmark.count();
    }
  }

  /** What one turn of a trail gave. */
  private record Turn(
      double perSecond, List<Double> millis, double behind, List<Covered> covered, Cost cost) {

    double each(ToLongFunction<Cost> part) {
      return (double) part.applyAsLong(cost) / millis.size();
    }
  }

  /** When how many entries were under a signed checkpoint. */
  private record Covered(long entries, long atMillis) {}

  /** Gives how many acts a second Vesta does with most writers. */
  private double saturated(int rounds, double seconds) throws Exception {
    double most = 0;
    for (int writers : WRITERS) {
      Map<Trail, List<Turn>> turns = new LinkedHashMap<>();
      for (int round = 0; round < rounds; round++) {
        for (Trail trail : trails) {
          if (trail == unsequenced && writers < WRITERS[WRITERS.length - 1]) {
            continue;
          }
          turns
              .computeIfAbsent(trail, key -> new ArrayList<>())
              .add(turn(trail, writers, seconds, 0));
        }
      }
      Table table =
          new Table(
              "PostgreSQL, "
                  + writers
                  + " writers as fast as they can, median of "
                  + rounds
                  + " turns of "
                  + seconds
                  + " s",
              "trail",
              "acts/s",
              "x plain",
              "x locked",
              "min..max",
              "p50 ms",
              "p99 ms",
              "p99 x plain",
              "rest s",
              "JVM us",
              "server us",
              "WAL B");
      double plain = perSecond(turns.get(trails.get(0)));
      double plainP99 = millis(turns.get(trails.get(0)), 0.99);
      double locked = perSecond(turns.get(trails.get(3)));
      turns.forEach(
          (trail, of) ->
              table.row(
                  trail.name(),
                  perSecond(of),
                  perSecond(of) / plain,
                  perSecond(of) / locked,
                  String.format(
                      "%.0f..%.0f",
                      of.stream().mapToDouble(Turn::perSecond).min().orElse(0),
                      of.stream().mapToDouble(Turn::perSecond).max().orElse(0)),
                  millis(of, 0.5),
                  millis(of, 0.99),
                  millis(of, 0.99) / plainP99,
                  Table.median(of.stream().map(Turn::behind).toList()),
                  each(of, Cost::jvm) / 1e3,
                  each(of, Cost::server) / 1e3,
                  each(of, Cost::wal)));
      table.print();
      most = perSecond(turns.get(vesta));
    }
    return most;
  }

  private static double each(List<Turn> turns, ToLongFunction<Cost> part) {
    return Table.median(turns.stream().map(turn -> turn.each(part)).toList());
  }

  private static double perSecond(List<Turn> turns) {
    return Table.median(turns.stream().map(Turn::perSecond).toList());
  }

  private static double millis(List<Turn> turns, double share) {
    return Table.median(turns.stream().map(turn -> Table.quantile(turn.millis, share)).toList());
  }

  /** At the highest rate that Vesta carries with its sequencer. */
  private void offered(double seconds, double most) throws Exception {
    Table table =
        new Table(
            "PostgreSQL, 64 writers at an offered rate for "
                + seconds
                + " s; from the act's due time to its commit, and from the entry's time to the"
                + " signed checkpoint that covers it",
            "trail",
            "offered/s",
            "done/s",
            "act p50 ms",
            "p99",
            "checkpoint p50 ms",
            "p99",
            "rest s");
    for (int rate : Arrays.stream(RATES).filter(one -> one < 0.95 * most).toArray()) {
      Turn turn = turn(vesta, 64, seconds, rate);
      boolean carried = turn.perSecond > 0.95 * rate;
      List<Double> waits = waits(turn);
      table.row(
          carried ? "vesta" : "vesta (too much)",
          (double) rate,
          turn.perSecond,
          Table.quantile(turn.millis, 0.5),
          Table.quantile(turn.millis, 0.99),
          Table.quantile(waits, 0.5),
          Table.quantile(waits, 0.99),
          turn.behind);
      if (carried) {
        Turn plain = turn(trails.get(0), 64, seconds, rate);
        table.row(
            "plain insert",
            (double) rate,
            plain.perSecond,
            Table.quantile(plain.millis, 0.5),
            Table.quantile(plain.millis, 0.99),
            Double.NaN,
            Double.NaN,
            Double.NaN);
        break;
      }
    }
    table.print();
  }

  /** Reads each entry's own time from the index, behind the log's back. */
  private List<Double> waits(Turn turn) throws SQLException {
    List<Double> waits = new ArrayList<>();
    try (Connection connection = pool.getConnection();
        PreparedStatement query =
            connection.prepareStatement(
                "select at_ms from vesta_audit_index where idx >= ? and idx < ?")) {
      for (int i = 1; i < turn.covered.size(); i++) {
        Covered now = turn.covered.get(i);
        query.setLong(1, turn.covered.get(i - 1).entries);
        query.setLong(2, now.entries);
        try (ResultSet rows = query.executeQuery()) {
          while (rows.next()) {
            waits.add((double) now.atMillis - rows.getLong(1));
          }
        }
      }
    }
    return waits;
  }

  private void count() throws Exception {
    Table table =
        new Table("What is recorded at the end, all of it verified", "trail", "acts", "recorded");
    for (Trail trail : acts.keySet()) {
      long recorded = trail.recorded();
      table.row(trail.name(), acts.get(trail), recorded);
      if (recorded != acts.get(trail)) {
        throw new IllegalStateException(
            trail.name() + " recorded " + recorded + " of " + acts.get(trail));
      }
    }
    table.print();
  }

  /**
   * One turn.
   *
   * @param rate acts a second over all writers; 0 for as many as they can
   */
  private Turn turn(Trail trail, int writers, double seconds, int rate) throws Exception {
    ExecutorService threads = Executors.newFixedThreadPool(writers + 1);
    try {
      CountDownLatch go = new CountDownLatch(1);
      CountDownLatch stop = new CountDownLatch(1);
      long nanos = (long) (seconds * 1e9);
      List<Future<List<Double>>> writing = new ArrayList<>();
      for (int i = 0; i < writers; i++) {
        int writer = i;
        writing.add(
            threads.submit(
                () -> {
                  go.await();
                  return write(trail, writer, writers, nanos, rate);
                }));
      }
      long first = trail == vesta ? size() : 0;
      Cost before = cost();
      Future<List<Covered>> sequencing =
          threads.submit(() -> trail == vesta ? sequence(first, stop) : List.of());
      long begin = System.nanoTime();
      go.countDown();
      List<Double> millis = new ArrayList<>();
      for (Future<List<Double>> one : writing) {
        millis.addAll(one.get());
      }
      double written = (System.nanoTime() - begin) / 1e9;
      stop.countDown();
      List<Covered> covered = sequencing.get();
      double all = (System.nanoTime() - begin) / 1e9;
      Cost cost = cost().since(before);
      if (trail == unsequenced) {
        sequencer.sequence();
      }
      // What is recorded is in one log, sequenced late or not.
      acts.merge(trail == unsequenced ? vesta : trail, (long) millis.size(), Long::sum);
      double perSecond = millis.size() / (rate > 0 ? written : all);
      return new Turn(perSecond, millis, all - written, covered, cost);
    } finally {
      threads.shutdownNow();
    }
  }

  /** How long each act took, from when it was due. */
  private List<Double> write(Trail trail, int writer, int writers, long nanos, int rate)
      throws Exception {
    List<Double> millis = new ArrayList<>();
    long begin = System.nanoTime();
    long gap = rate == 0 ? 0 : (long) (1e9 * writers / rate);
    long due = begin + gap * writer / writers;
    // Past its time, an overload is evident.
    while (due - begin < nanos && System.nanoTime() - begin < nanos * 1.2) {
      if (rate == 0) {
        due = System.nanoTime();
      } else {
        for (long early = due - System.nanoTime(); early > 0; early = due - System.nanoTime()) {
          LockSupport.parkNanos(early);
        }
      }
      trail.act(numbers.incrementAndGet());
      millis.add((System.nanoTime() - due) / 1e6);
      due += gap;
      if (rate == 0) {
        due = System.nanoTime();
      }
    }
    return millis;
  }

  /** As a host's scheduler would, until told to stop; then until nothing is left. */
  private List<Covered> sequence(long first, CountDownLatch stop) throws InterruptedException {
    List<Covered> covered = new ArrayList<>();
    covered.add(new Covered(first, System.currentTimeMillis()));
    long entries = first;
    boolean last = false;
    while (!last) {
      last = stop.await(REST_NANOS, TimeUnit.NANOSECONDS);
      entries += sequencer.sequence().entries();
      covered.add(new Covered(entries, System.currentTimeMillis()));
    }
    return covered;
  }

  private Cost cost() throws SQLException, IOException {
    try (Connection connection = pool.getConnection()) {
      return Cost.now(connection);
    }
  }

  private long size() throws SQLException {
    sequencer.sequence(BenchLog.FIRM);
    try (Connection connection = pool.getConnection();
        PreparedStatement query =
            connection.prepareStatement("select count(*) from vesta_audit_index");
        ResultSet row = query.executeQuery()) {
      row.next();
      return row.getLong(1);
    }
  }
}
