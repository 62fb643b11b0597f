package io.vesta.examples.benchmarks.approval;

import com.zaxxer.hikari.HikariDataSource;
import io.vesta.approval.draft.Draft;
import io.vesta.approval.outbox.Dedupe;
import io.vesta.approval.outbox.Delivery;
import io.vesta.approval.outbox.DeliveryChannel;
import io.vesta.approval.outbox.SendPermit;
import io.vesta.examples.benchmarks.Table;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.locks.LockSupport;

/**
 * Items that are created, looked at and approved, durable, by eight threads. With Vesta each is
 * linted, sealed and audited, and the audit log's sequencer works beside and counts until the last
 * entry is under a signed checkpoint.
 */
public final class ApproveBenchmark {

  private static final int THREADS = 8;
  private static final long SEQUENCER_RESTS = TimeUnit.MILLISECONDS.toNanos(50);

  private ApproveBenchmark() {}

  /** Whose channel is never used. */
  static final class NoChannel implements DeliveryChannel {
    @Override
    public Dedupe dedupe() {
      return new Dedupe.None();
    }

    @Override
    public Delivery send(SendPermit permit) {
      return new Delivery.NotSent("NOTHING_TO_SEND");
    }
  }

  /** Vesta as one of them. */
  private record VestaSubject(
      HikariDataSource pool, Desks desks, AtomicBoolean working, Thread sequencer)
      implements Subject {

    static VestaSubject over(HikariDataSource pool) {
      Desks desks = Desks.over(pool, new NoChannel(), Runnable::run, 1);
      AtomicBoolean working = new AtomicBoolean();
      Thread sequencer =
          new Thread(
              () -> {
                while (!Thread.currentThread().isInterrupted()) {
                  // In the others' turns it takes nothing from them.
                  if (working.get()) {
                    desks.sequence();
                  }
                  LockSupport.parkNanos(SEQUENCER_RESTS);
                }
              });
      sequencer.setDaemon(true);
      sequencer.start();
      return new VestaSubject(pool, desks, working, sequencer);
    }

    @Override
    public String name() {
      return "Vesta, audit and seals";
    }

    @Override
    public void begin() {
      working.set(true);
    }

    @Override
    public void item(long number) {
      Draft draft = desks.propose("d" + number, Desks.BODY);
      desks.approve(draft.id());
    }

    @Override
    public void rest() {
      working.set(false);
      desks.sequence();
    }

    @Override
    public void require(long items) throws SQLException {
      Server.require(
          name(),
          items,
          Server.count(pool, "select count(*) from vesta_draft where state = 'APPROVED'"));
      Server.require(
          name(),
          items,
          Server.count(pool, "select count(*) from vesta_approval where revoked = 0"));
      // Each was created, completed and approved.
      Server.require(name(), 3 * items, desks.sequence());
    }

    @Override
    public void close() {
      sequencer.interrupt();
      try {
        sequencer.join();
      } catch (InterruptedException e) {
        Thread.currentThread().interrupt();
      }
      desks.close();
    }
  }

  /**
   * Runs all.
   *
   * @param args seconds of warm-up for each (20), rounds (3), seconds of each turn (10), and
   *     whether commits reach the disk: {@code durable}, or {@code fast} (the default)
   */
  public static void main(String[] args) throws Exception {
    double warmUp = args.length > 0 ? Double.parseDouble(args[0]) : 20;
    int rounds = args.length > 1 ? Integer.parseInt(args[1]) : 3;
    double seconds = args.length > 2 ? Double.parseDouble(args[2]) : 10;
    boolean durable = args.length > 3 && args[3].equals("durable");
    Map<Subject, List<Double>> found = new LinkedHashMap<>();
    Map<Subject, Long> items = new LinkedHashMap<>();
    AtomicLong numbers = new AtomicLong();
    try (Server server = Server.start(durable)) {
      List<Subject> subjects =
          List.of(
              VestaSubject.over(server.fresh(THREADS + 2)),
              FlowableSubject.over(server.fresh(THREADS + 2)),
              CamundaSubject.over(server.fresh(THREADS + 2), "audit"),
              CamundaSubject.over(server.fresh(THREADS + 2), "none"));
      for (Subject subject : subjects) {
        found.put(subject, new ArrayList<>());
        turn(subject, warmUp, numbers, items);
      }
      for (int round = 0; round < rounds; round++) {
        for (Subject subject : subjects) {
          found.get(subject).add(turn(subject, seconds, numbers, items));
        }
      }
      for (Subject subject : subjects) {
        subject.require(items.get(subject));
      }
      print(found, durable, warmUp, rounds, seconds);
      subjects.forEach(Subject::close);
    }
  }

  private static void print(
      Map<Subject, List<Double>> found,
      boolean durable,
      double warmUp,
      int rounds,
      double seconds) {
    double vesta = Table.median(found.values().iterator().next());
    Table table =
        new Table(
            "create, look, approve; "
                + THREADS
                + " threads, "
                + (durable ? "fsync on" : "fsync off")
                + ", "
                + warmUp
                + " s of warm-up, median of "
                + rounds
                + " turns of "
                + seconds
                + " s",
            "subject",
            "items/s",
            "min",
            "max",
            "Vesta is x");
    found.forEach(
        (subject, rates) ->
            table.row(
                subject.name(),
                Table.median(rates),
                Table.quantile(rates, 0),
                Table.quantile(rates, 1),
                vesta / Table.median(rates)));
    table.print();
  }

  /** Items a second, until the last is as it should be. */
  private static double turn(
      Subject subject, double seconds, AtomicLong numbers, Map<Subject, Long> items)
      throws Exception {
    ExecutorService executor = Executors.newFixedThreadPool(THREADS);
    try {
      subject.begin();
      long begin = System.nanoTime();
      long end = begin + (long) (seconds * 1e9);
      List<Future<Long>> all = new ArrayList<>();
      for (int i = 0; i < THREADS; i++) {
        all.add(
            executor.submit(
                () -> {
                  long mine = 0;
                  for (; System.nanoTime() < end; mine++) {
                    subject.item(numbers.incrementAndGet());
                  }
                  return mine;
                }));
      }
      long sum = 0;
      for (Future<Long> one : all) {
        sum += one.get();
      }
      subject.rest();
      items.merge(subject, sum, Long::sum);
      return sum / ((System.nanoTime() - begin) / 1e9);
    } finally {
      executor.shutdown();
    }
  }
}
