package io.vesta.examples.benchmarks.approval;

import com.github.kagkarlsson.scheduler.Scheduler;
import com.github.kagkarlsson.scheduler.SchedulerBuilder;
import com.github.kagkarlsson.scheduler.task.SchedulableInstance;
import com.github.kagkarlsson.scheduler.task.helper.OneTimeTask;
import com.github.kagkarlsson.scheduler.task.helper.Tasks;
import com.zaxxer.hikari.HikariDataSource;
import io.vesta.approval.outbox.Dedupe;
import io.vesta.approval.outbox.Delivery;
import io.vesta.approval.outbox.DeliveryChannel;
import io.vesta.approval.outbox.SendPermit;
import io.vesta.examples.benchmarks.Table;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.UnaryOperator;
import java.util.stream.IntStream;

/**
 * From due to done: so many items are due at once, and each has one effect that does nothing. Timed
 * until the last outcome is recorded. With Vesta the draft, its approvals and its permit are
 * checked before each, and two transactions are audited.
 */
public final class EffectBenchmark {

  private static final int THREADS = 20;

  private final Server server;
  private final int items;

  private EffectBenchmark(Server server, int items) {
    this.server = server;
    this.items = items;
  }

  /**
   * Runs all.
   *
   * @param args items of a turn (5000), rounds (3), of which one more comes before as warm-up, and
   *     whether commits reach the disk: {@code durable}, or {@code fast} (the default)
   */
  public static void main(String[] args) throws Exception {
    int items = args.length > 0 ? Integer.parseInt(args[0]) : 5_000;
    int rounds = args.length > 1 ? Integer.parseInt(args[1]) : 3;
    boolean durable = args.length > 2 && args[2].equals("durable");
    Map<String, List<Double>> found = new LinkedHashMap<>();
    try (Server server = Server.start(durable)) {
      EffectBenchmark benchmark = new EffectBenchmark(server, items);
      for (int round = -1; round < rounds; round++) {
        boolean counts = round >= 0;
        note(found, counts, "Vesta", benchmark.vesta());
        note(
            found,
            counts,
            "db-scheduler 16.12.0, as it comes",
            benchmark.scheduler(builder -> builder));
        note(
            found,
            counts,
            "db-scheduler 16.12.0, lock and fetch 4 to 40",
            benchmark.scheduler(
                builder -> builder.threads(THREADS).pollUsingLockAndFetch(4.0, 40.0)));
      }
    }
    double vesta = Table.median(found.get("Vesta"));
    Table table =
        new Table(
            items
                + " items from due to done, "
                + (durable ? "fsync on" : "fsync off")
                + ", median of "
                + rounds,
            "subject",
            "items/s",
            "min",
            "max",
            "Vesta is x");
    found.forEach(
        (name, rates) ->
            table.row(
                name,
                Table.median(rates),
                Table.quantile(rates, 0),
                Table.quantile(rates, 1),
                vesta / Table.median(rates)));
    table.print();
  }

  private static void note(
      Map<String, List<Double>> found, boolean counts, String name, double rate) {
    if (counts) {
      found.computeIfAbsent(name, none -> new ArrayList<>()).add(rate);
    }
  }

  /** A provider that takes everything at once. */
  private record Counter(AtomicLong effects) implements DeliveryChannel {
    @Override
    public Dedupe dedupe() {
      return new Dedupe.Keyed(Duration.ofHours(24));
    }

    @Override
    public Delivery send(SendPermit permit) {
      permit.open();
      effects.incrementAndGet();
      return new Delivery.Accepted("id");
    }
  }

  private double vesta() throws Exception {
    ExecutorService executor = Executors.newFixedThreadPool(THREADS);
    AtomicLong effects = new AtomicLong();
    try (HikariDataSource pool = server.fresh(THREADS + 2);
        Desks desks = Desks.over(pool, new Counter(effects), executor, THREADS)) {
      List<Future<?>> all = new ArrayList<>();
      for (int i = 0; i < items; i++) {
        String key = "d" + i;
        all.add(executor.submit(() -> desks.approve(desks.propose(key, Desks.BODY))));
      }
      for (Future<?> one : all) {
        one.get();
      }
      Server.run(pool, "analyze");
      long begin = System.nanoTime();
      desks.dispatcher().dispatch();
      double rate = items / ((System.nanoTime() - begin) / 1e9);
      Server.require("Vesta", items, effects.get());
      Server.require(
          "Vesta",
          items,
          Server.count(pool, "select count(*) from vesta_draft where state = 'SENT'"));
      return rate;
    } finally {
      executor.shutdown();
    }
  }

  private double scheduler(UnaryOperator<SchedulerBuilder> settings) throws Exception {
    try (HikariDataSource pool = server.fresh(THREADS + 2)) {
      Server.run(
          pool,
          "create table scheduled_tasks (task_name text not null, task_instance text not null,"
              + " task_data bytea, execution_time timestamp with time zone not null,"
              + " picked boolean not null, picked_by text,"
              + " last_success timestamp with time zone, last_failure timestamp with time zone,"
              + " consecutive_failures int, last_heartbeat timestamp with time zone,"
              + " version bigint not null, priority smallint,"
              + " primary key (task_name, task_instance))",
          "create index execution_time_idx on scheduled_tasks (execution_time)",
          "create index last_heartbeat_idx on scheduled_tasks (last_heartbeat)",
          "create index priority_execution_time_idx on scheduled_tasks"
              + " (priority desc, execution_time asc)");
      AtomicLong effects = new AtomicLong();
      CountDownLatch last = new CountDownLatch(items);
      OneTimeTask<Void> task =
          Tasks.oneTime("effect")
              .execute(
                  (instance, context) -> {
                    effects.incrementAndGet();
                    last.countDown();
                  });
      Scheduler scheduler =
          settings
              .apply(Scheduler.create(pool, List.of(task)))
              .pollingInterval(Duration.ofMillis(100))
              .build();
      List<SchedulableInstance<?>> due = new ArrayList<>();
      Instant now = Instant.now();
      IntStream.range(0, items)
          .forEach(i -> due.add(SchedulableInstance.of(task.instance("t" + i), now)));
      scheduler.scheduleBatch(due);
      Server.run(pool, "analyze");
      long begin = System.nanoTime();
      scheduler.start();
      if (!last.await(2, TimeUnit.MINUTES)) {
        throw new IllegalStateException("db-scheduler did not finish");
      }
      // The last rows are deleted after their effects, as outcomes are recorded.
      while (Server.count(pool, "select count(*) from scheduled_tasks") > 0) {
        Thread.onSpinWait();
      }
      double rate = items / ((System.nanoTime() - begin) / 1e9);
      scheduler.stop();
      Server.require("db-scheduler", items, effects.get());
      return rate;
    }
  }
}
