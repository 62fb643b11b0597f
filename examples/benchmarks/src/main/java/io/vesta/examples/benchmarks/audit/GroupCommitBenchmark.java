package io.vesta.examples.benchmarks.audit;

import com.zaxxer.hikari.HikariDataSource;
import io.vesta.audit.log.AuditLog;
import io.vesta.core.storage.Database;
import io.vesta.examples.benchmarks.Table;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.Statement;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import javax.sql.DataSource;

/**
 * Durable entries in an SQLite file by 64 threads that each wait until their own is durable, at the
 * disk's own sync and at slower ones, beside one row a transaction; then the sequencer over all of
 * them, and proofs out of the tables.
 */
public final class GroupCommitBenchmark {

  private static final int WRITERS = 64;

  private final Path directory;
  private final double seconds;
  private final AtomicLong numbers = new AtomicLong();
  private final Table appends =
      new Table(
          "SQLite, " + WRITERS + " waiting writers, entries of about " + BenchLog.BYTES + " bytes",
          "who",
          "sync",
          "durable/s",
          "p50 ms",
          "p99 ms",
          "x plain");
  private final Table after =
      new Table(
          "What comes after: sequencing, verifying the tables, proving one entry out of them",
          "log",
          "entries",
          "sequenced/s",
          "verified/s",
          "proof p50 ms",
          "p99 ms");

  private GroupCommitBenchmark(Path directory, double seconds) {
    this.directory = directory;
    this.seconds = seconds;
  }

  /** One append that returns when it is durable. */
  private interface Append {
    void run(long number) throws Exception;
  }

  /**
   * Runs all.
   *
   * @param args seconds of each turn (5)
   */
  public static void main(String[] args) throws Exception {
    Path directory = Files.createTempDirectory("vesta-group");
    try {
      GroupCommitBenchmark benchmark =
          new GroupCommitBenchmark(directory, args.length > 0 ? Double.parseDouble(args[0]) : 5);
      for (int millis : new int[] {0, 1, 5}) {
        double plain = benchmark.plain(millis);
        if (millis == 0) {
          benchmark.vesta("vesta, own file", "the disk's", Database::sqlite, plain);
        }
        benchmark.vesta(
            "vesta, host's pool",
            millis == 0 ? "the disk's" : "+" + millis + " ms",
            file -> Database.of(SlowDisk.over(SlowDisk.pool(file), millis * 1_000_000L)),
            plain);
      }
      benchmark.appends.print();
      benchmark.after.print();
    } finally {
      VerifyBenchmark.delete(directory);
    }
  }

  /** How to open a file. */
  private interface Opener {
    Database open(Path file);
  }

  /** What people write: one connection, one writer at a time, one row a transaction. */
  private double plain(int millis) throws Exception {
    try (HikariDataSource pool = SlowDisk.pool(directory.resolve("plain-" + millis + ".db"))) {
      DataSource source = SlowDisk.over(pool, millis * 1_000_000L);
      Object turn = new Object();
      try (Connection connection = source.getConnection()) {
        try (Statement statement = connection.createStatement()) {
          statement.execute(
              "create table plain (id integer primary key autoincrement,"
                  + " brokerage text not null, bytes blob not null)");
        }
        connection.setAutoCommit(false);
        try (PreparedStatement insert =
            connection.prepareStatement("insert into plain (brokerage, bytes) values (?, ?)")) {
          return measure(
              "plain, one row each",
              millis == 0 ? "the disk's" : "+" + millis + " ms",
              Double.NaN,
              number -> {
                byte[] bytes = Trail.bytes(number);
                synchronized (turn) {
                  insert.setString(1, "acme");
                  insert.setBytes(2, bytes);
                  insert.executeUpdate();
                  connection.commit();
                }
              });
        }
      }
    }
  }

  private void vesta(String name, String sync, Opener opener, double plain) throws Exception {
    Path file = directory.resolve("vesta-" + numbers.get() + ".db");
    BenchLog bench = BenchLog.over(opener.open(file));
    AuditLog log = bench.log();
    long before = numbers.get();
    measure(name, sync, plain, number -> log.append(BenchLog.event(number)));
    if (!sync.startsWith("+")) {
      sequence(name, bench, numbers.get() - before);
    } else {
      bench.requireWhole(numbers.get() - before);
    }
  }

  private void sequence(String name, BenchLog bench, long entries) {
    long begin = System.nanoTime();
    bench.sequencer().sequence();
    double sequencing = (System.nanoTime() - begin) / 1e9;
    begin = System.nanoTime();
    bench.requireWhole(entries);
    double verifying = (System.nanoTime() - begin) / 1e9;
    List<Double> proofs = bench.proofs(entries, 2_000);
    after.row(
        name,
        (double) entries,
        entries / sequencing,
        entries / verifying,
        Table.quantile(proofs, 0.5),
        Table.quantile(proofs, 0.99));
  }

  private double measure(String name, String sync, double plain, Append append) throws Exception {
    long warm = System.nanoTime() + TimeUnit.SECONDS.toNanos(2);
    run(append, warm);
    long begin = System.nanoTime();
    List<Double> millis = run(append, begin + (long) (seconds * 1e9));
    double perSecond = millis.size() / ((System.nanoTime() - begin) / 1e9);
    appends.row(
        name,
        sync,
        perSecond,
        Table.quantile(millis, 0.5),
        Table.quantile(millis, 0.99),
        perSecond / plain);
    System.out.println("measured " + name + ", sync " + sync);
    return perSecond;
  }

  private List<Double> run(Append append, long until) throws Exception {
    ExecutorService threads = Executors.newFixedThreadPool(WRITERS);
    try {
      List<Future<List<Double>>> writing = new ArrayList<>();
      for (int i = 0; i < WRITERS; i++) {
        writing.add(
            threads.submit(
                () -> {
                  List<Double> millis = new ArrayList<>();
                  for (long now = System.nanoTime(); now < until; ) {
                    append.run(numbers.incrementAndGet());
                    long then = System.nanoTime();
                    millis.add((then - now) / 1e6);
                    now = then;
                  }
                  return millis;
                }));
      }
      List<Double> millis = new ArrayList<>();
      for (Future<List<Double>> one : writing) {
        millis.addAll(one.get());
      }
      return millis;
    } finally {
      threads.shutdownNow();
    }
  }
}
