package io.vesta.examples.benchmarks.audit;

import com.zaxxer.hikari.HikariDataSource;
import io.vesta.audit.log.AuditLog;
import io.vesta.audit.retention.Erasure.Basis;
import io.vesta.audit.verify.TlogProof;
import io.vesta.core.audit.AuditAction;
import io.vesta.core.audit.AuditEvent;
import io.vesta.core.audit.Erasable;
import io.vesta.core.id.Ref;
import io.vesta.core.storage.Database;
import io.vesta.core.storage.UnitOfWork;
import io.vesta.examples.benchmarks.Postgres;
import io.vesta.examples.benchmarks.Table;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;

/**
 * Erasing a subject of many details, on both engines, in a log that has some of others too. A proof
 * given before still verifies after, and neither value nor key is left to open a detail with.
 */
public final class EraseBenchmark {

  private static final int DETAILS = 25;
  private static final int EVENTS = 400;

  /** For so many events of the subject there is one of somebody else. */
  private static final int OTHERS = 10;

  private static final Ref SUBJECT = new Ref("Contact", "c-erased");

  private EraseBenchmark() {}

  /**
   * Runs both engines.
   *
   * @param args details of the subject (1,000,000)
   */
  public static void main(String[] args) throws Exception {
    int details = args.length > 0 ? Integer.parseInt(args[0]) : 1_000_000;
    Table table =
        new Table(
            String.format(
                "Erasing a subject of %,d details; as long as nobody else writes", details),
            "engine",
            "details",
            "erase ms",
            "details/s written before");
    Path directory = Files.createTempDirectory("vesta-erase");
    try {
      erase(table, "sqlite", Database.sqlite(directory.resolve("erase.db")), details);
      try (Postgres postgres = Postgres.start();
          HikariDataSource pool = postgres.fresh(4)) {
        erase(table, "postgresql", Database.of(pool), details);
      }
    } finally {
      VerifyBenchmark.delete(directory);
    }
    table.print();
  }

  private static void erase(Table table, String engine, Database database, int details) {
    BenchLog bench = BenchLog.over(database);
    System.out.println("writing to " + engine);
    long begin = System.nanoTime();
    int events = details / DETAILS;
    for (int first = 0; first < events; first += EVENTS) {
      int from = first;
      int to = Math.min(events, first + EVENTS);
      database.write(
          work -> {
            for (int i = from; i < to; i++) {
              append(bench.log(), work, i, SUBJECT);
              if (i % OTHERS == 0) {
                append(bench.log(), work, i, new Ref("Contact", "c-" + i % 1_000));
              }
            }
            return null;
          });
    }
    int all = events + (events + OTHERS - 1) / OTHERS;
    double written = (double) all * DETAILS / ((System.nanoTime() - begin) / 1e9);
    bench.sequencer().sequence(BenchLog.FIRM);
    TlogProof before = bench.query().prove(BenchLog.BROKER, 0).orElseThrow();
    require(bench.query().reveal(BenchLog.BROKER, 0).size() == DETAILS, "details are missing");
    begin = System.nanoTime();
    int values = bench.erasure().erase(BenchLog.BROKER, SUBJECT, Basis.REQUEST);
    double millis = (System.nanoTime() - begin) / 1e6;
    require(values == events * DETAILS, values + " values were said to be erased");
    require(bench.query().reveal(BenchLog.BROKER, 0).isEmpty(), "a detail is still there");
    require(bench.query().reveal(BenchLog.BROKER, 1).size() == DETAILS, "another's is gone");
    bench.requireWhole(all + 1L);
    byte[] entry = before.extra().orElseThrow();
    before.verify(entry, BenchLog.vkey(), List.of());
    TlogProof now = bench.query().prove(BenchLog.BROKER, 0).orElseThrow();
    require(Arrays.equals(entry, now.extra().orElseThrow()), "the entry changed");
    table.row(engine, (double) values, millis, written);
  }

  private static void append(AuditLog log, UnitOfWork work, int number, Ref subject) {
    AuditEvent.Builder event =
        AuditEvent.builder(
            new AuditAction("vesta.approval.draft.edited"),
            BenchLog.BROKER,
            new Ref("Draft", "d" + number));
    for (int i = 0; i < DETAILS; i++) {
      event.with("d" + i, Erasable.text(subject, "something about them, " + number + "/" + i));
    }
    log.append(work, event.build());
  }

  private static void require(boolean holds, String otherwise) {
    if (!holds) {
      throw new IllegalStateException(otherwise);
    }
  }
}
