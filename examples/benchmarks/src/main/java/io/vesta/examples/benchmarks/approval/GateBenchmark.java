package io.vesta.examples.benchmarks.approval;

import com.zaxxer.hikari.HikariDataSource;
import io.vesta.approval.draft.Approval;
import io.vesta.approval.draft.Draft;
import io.vesta.approval.gate.internal.Seals;
import io.vesta.approval.state.DraftEvent;
import io.vesta.approval.state.Guard;
import io.vesta.approval.state.Transitions;
import io.vesta.approval.store.internal.JdbcDraftStore;
import io.vesta.core.secret.Secret;
import io.vesta.core.storage.Database;
import io.vesta.examples.benchmarks.Table;
import java.util.ArrayList;
import java.util.Base64;
import java.util.EnumSet;
import java.util.List;
import java.util.Map;
import java.util.Set;

/**
 * What the gate costs of an approval: the checks that a plain {@code update} would not make, timed
 * alone over the same draft, beside whole approvals by one thread. And what an approval sends to
 * the database.
 */
public final class GateBenchmark {

  private static final Set<Guard> ALL = EnumSet.allOf(Guard.class);

  private GateBenchmark() {}

  /**
   * Runs all.
   *
   * @param args approvals timed (4000), and whether commits reach the disk: {@code durable}, or
   *     {@code fast} (the default)
   */
  public static void main(String[] args) throws Exception {
    int count = args.length > 0 ? Integer.parseInt(args[0]) : 4_000;
    boolean durable = args.length > 1 && args[1].equals("durable");
    String body = "x".repeat(4096 - Desks.BODY.length()) + Desks.BODY;
    try (Server server = Server.start(durable);
        HikariDataSource pool = server.fresh(2);
        Desks desks = Desks.over(pool, new ApproveBenchmark.NoChannel(), Runnable::run, 1)) {
      List<Double> whole = new ArrayList<>();
      List<Double> gate = new ArrayList<>();
      Seals seals =
          new Seals(
              Map.of(
                  "vesta.approval.sealing-key",
                  Secret.of(Base64.getEncoder().encodeToString(new byte[32]))));
      Database database = Database.of(pool);
      JdbcDraftStore store = new JdbcDraftStore();
      for (int i = -count; i < count; i++) {
        Draft before = desks.propose("d" + (i + count), body);
        long begin = System.nanoTime();
        Draft after = desks.approve(before);
        long took = System.nanoTime() - begin;
        Approval approval = database.read(work -> store.approvals(work, after.id())).get(0);
        begin = System.nanoTime();
        boolean held = checks(seals, before, after, approval);
        long checked = System.nanoTime() - begin;
        if (!held) {
          throw new IllegalStateException("the gate refuses what it sealed itself");
        }
        if (i >= 0) {
          whole.add(took / 1e3);
          gate.add(checked / 1e3);
        }
      }
      new Table(
              "one approval of a text of 4 KB; one thread, "
                  + (durable ? "fsync on, " : "fsync off, ")
                  + count
                  + " of them",
              "part",
              "p50 us",
              "p99 us",
              "% of p50")
          .row("approve", Table.median(whole), Table.quantile(whole, 0.99), 100.0)
          .row(
              "gate checks",
              Table.median(gate),
              Table.quantile(gate, 0.99),
              100 * Table.median(gate) / Table.median(whole))
          .print();
      roundTrips(server);
    }
  }

  /** All that the gate does to one approval beside reading and writing rows. */
  private static boolean checks(Seals seals, Draft before, Draft after, Approval approval) {
    boolean intact = seals.intact(before);
    boolean current =
        before.context().digest().equals(approval.contextDigest())
            && before.written().orElseThrow().envelope().digest().equals(approval.envelopeDigest())
            && before.written().orElseThrow().lint().digest().equals(approval.lintDigest());
    boolean moves =
        Transitions.next(before.state(), DraftEvent.APPROVE, ALL).toString().contains("APPROVED");
    String key = seals.dedupeKey(approval);
    return intact
        && current
        && moves
        && key.equals(after.dispatch().key())
        && seals.sealed(approval).seal().equals(approval.seal())
        && seals.sealed(after).seal().equals(after.seal());
  }

  private static void roundTrips(Server server) throws Exception {
    RoundTrips trips = new RoundTrips();
    try (HikariDataSource pool = server.fresh(2);
        Desks desks =
            Desks.over(trips.around(pool), new ApproveBenchmark.NoChannel(), Runnable::run, 1)) {
      desks.approve(desks.propose("first", Desks.BODY));
      Draft draft = desks.propose("second", Desks.BODY);
      trips.take();
      desks.approve(draft);
      List<String> sent = trips.take();
      System.out.println("\nround trips of one approval: " + sent.size());
      sent.forEach(
          sql -> System.out.println("  " + (sql.length() > 120 ? sql.substring(0, 120) : sql)));
    }
  }
}
