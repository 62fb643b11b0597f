package io.vesta.proof.testkit;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.vesta.core.id.BrokerageId;
import io.vesta.core.storage.UnitOfWork;
import io.vesta.proof.ledger.Release;
import io.vesta.proof.ledger.ReleaseLedger;
import io.vesta.proof.protect.History;
import io.vesta.proof.protect.Protection;
import io.vesta.proof.protect.ReleasedTable;
import io.vesta.proof.protect.Renewal;
import io.vesta.proof.protect.Tables;
import io.vesta.testkit.Engine;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.HexFormat;
import java.util.List;
import java.util.Optional;
import java.util.UUID;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.Phaser;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** What every {@link ReleaseLedger} must do; extend it and give yours. */
public abstract class ReleaseLedgerContract {

  static final BrokerageId FIRM = new BrokerageId("firm");
  private static final BrokerageId RIVAL = new BrokerageId("rival");
  private static final String CLAIM = "production";
  private static final Instant NOW = Instant.parse("2026-07-01T08:00:00Z");
  private static final List<int[][]> STORY =
      List.of(
          new int[][] {{9, 2}, {7, 12}},
          new int[][] {{9, 2}, {7, 16}},
          new int[][] {{5, 2}, {7, 16}},
          new int[][] {{9, 8}, {4, 16}});

  @TempDir Path directory;

  /** The ledger over a fresh database, its tables installed. */
  protected abstract ReleaseLedger ledger(Engine.Fresh fresh);

  /** The engines that it runs on. */
  static List<Engine> engines() {
    return List.of(Engine.values());
  }

  /** Appends the next release of a claim and gives it, with what was known before. */
  private static Appended next(
      ReleaseLedger ledger, UnitOfWork work, BrokerageId firm, String claim, int[][] counts) {
    History before = ledger.take(work, firm, claim);
    Protection protection = Tables.protect(counts, Tables.THREE);
    var commitments = ledger.commitments(work, firm);
    Renewal renewal =
        Renewal.of(
            protection,
            protection.population().stream().map(row -> row.committed(commitments)).toList(),
            before);
    Release release = release(renewal.table(), before.releases() + 1);
    ledger.append(work, firm, claim, release, renewal);
    return new Appended(release, before, renewal);
  }

  /** What an append was made of. */
  private record Appended(Release release, History before, Renewal renewal) {}

  private static Release release(ReleasedTable table, int number) {
    return new Release(
        UUID.randomUUID(),
        number,
        NOW,
        NOW.plusSeconds(1),
        table.period(),
        table.asOf(),
        "a".repeat(64),
        table.shown(),
        table.withheld(),
        "b".repeat(64),
        "c".repeat(64));
  }

  private static void same(History expected, History actual) {
    assertEquals(expected.releases(), actual.releases());
    assertEquals(new HashSet<>(expected.entries()), new HashSet<>(actual.entries()));
    assertEquals(expected.entries().size(), actual.entries().size());
    assertEquals(new HashSet<>(expected.figures()), new HashSet<>(actual.figures()));
    assertEquals(expected.figures().size(), actual.figures().size());
  }

  @ParameterizedTest
  @MethodSource("engines")
  void a_claim_that_was_never_published_has_no_history(Engine engine) {
    Engine.Fresh fresh = engine.fresh(directory);
    ReleaseLedger ledger = ledger(fresh);
    fresh
        .database()
        .write(
            work -> {
              same(History.NONE, ledger.take(work, FIRM, CLAIM));
              assertEquals(Optional.empty(), ledger.release(work, FIRM, CLAIM, 1));
              return "";
            });
  }

  @ParameterizedTest
  @MethodSource("engines")
  void every_release_is_remembered_and_every_earlier_state_can_be_asked(Engine engine) {
    Engine.Fresh fresh = engine.fresh(directory);
    ReleaseLedger ledger = ledger(fresh);
    List<Appended> story = new ArrayList<>();
    for (int[][] counts : STORY) {
      story.add(fresh.database().write(work -> next(ledger, work, FIRM, CLAIM, counts)));
    }
    for (int n = 1; n <= story.size(); n++) {
      int number = n;
      Appended then = story.get(n - 1);
      assertEquals(n - 1, then.before().releases());
      fresh
          .database()
          .read(
              work -> {
                same(then.before(), ledger.before(work, FIRM, CLAIM, number));
                assertEquals(
                    Optional.of(then.release()), ledger.release(work, FIRM, CLAIM, number));
                return "";
              });
    }
    History all = fresh.database().write(work -> ledger.take(work, FIRM, CLAIM));
    assertEquals(
        story.stream().mapToInt(one -> one.renewal().opened().size()).sum(), all.entries().size());
    assertEquals(
        story.stream().mapToInt(one -> one.renewal().figures().size()).sum(), all.figures().size());
    assertEquals(
        story.stream().mapToInt(one -> one.renewal().closed().size()).sum(),
        (int) all.entries().stream().filter(entry -> entry.last() != History.OPEN).count());
  }

  @ParameterizedTest
  @MethodSource("engines")
  void what_is_rolled_back_never_was(Engine engine) {
    Engine.Fresh fresh = engine.fresh(directory);
    ReleaseLedger ledger = ledger(fresh);
    fresh.database().write(work -> ledger.commitments(work, FIRM));
    fresh.database().read(work -> appendOnly(ledger, work));
    same(History.NONE, fresh.database().write(work -> ledger.take(work, FIRM, CLAIM)));
  }

  /** In a unit of work that is rolled back. */
  private static String appendOnly(ReleaseLedger ledger, UnitOfWork work) {
    Protection protection = Tables.protect(STORY.get(0), Tables.THREE);
    Renewal renewal = Renewal.of(protection, protection.population(), History.NONE);
    ledger.append(work, FIRM, CLAIM, release(renewal.table(), 1), renewal);
    return "";
  }

  @ParameterizedTest
  @MethodSource("engines")
  void a_retracted_release_stays_in_the_history(Engine engine) {
    Engine.Fresh fresh = engine.fresh(directory);
    ReleaseLedger ledger = ledger(fresh);
    fresh.database().write(work -> next(ledger, work, FIRM, CLAIM, STORY.get(0)));
    History before = fresh.database().write(work -> ledger.take(work, FIRM, CLAIM));
    for (int again = 0; again < 2; again++) {
      Instant at = NOW.plusSeconds(again);
      fresh
          .database()
          .write(
              work -> {
                ledger.retract(work, FIRM, CLAIM, 1, at);
                return "";
              });
    }
    fresh
        .database()
        .write(
            work -> {
              assertEquals(Optional.of(NOW), ledger.retracted(work, FIRM, CLAIM, 1));
              assertEquals(Optional.empty(), ledger.retracted(work, FIRM, CLAIM, 2));
              same(before, ledger.take(work, FIRM, CLAIM));
              return "";
            });
  }

  @ParameterizedTest
  @MethodSource("engines")
  void claims_and_brokerages_have_histories_of_their_own(Engine engine) {
    Engine.Fresh fresh = engine.fresh(directory);
    ReleaseLedger ledger = ledger(fresh);
    fresh.database().write(work -> next(ledger, work, FIRM, CLAIM, STORY.get(0)));
    same(History.NONE, fresh.database().write(work -> ledger.take(work, FIRM, "other")));
    same(History.NONE, fresh.database().write(work -> ledger.take(work, RIVAL, CLAIM)));
  }

  @ParameterizedTest
  @MethodSource("engines")
  void a_number_that_does_not_follow_is_refused(Engine engine) {
    Engine.Fresh fresh = engine.fresh(directory);
    ReleaseLedger ledger = ledger(fresh);
    Appended first = fresh.database().write(work -> next(ledger, work, FIRM, CLAIM, STORY.get(0)));
    for (int number : new int[] {1, 3}) {
      Protection protection = Tables.protect(STORY.get(0), Tables.THREE);
      Renewal renewal =
          Renewal.of(
              protection, protection.population(), new History(number - 1, List.of(), List.of()));
      assertThrows(
          RuntimeException.class,
          () ->
              fresh
                  .database()
                  .write(
                      work -> {
                        ledger.append(
                            work, FIRM, CLAIM, release(first.renewal().table(), number), renewal);
                        return "";
                      }),
          "number " + number);
    }
  }

  @ParameterizedTest
  @MethodSource("engines")
  void commitments_are_stable_and_tell_nothing_without_the_secret(Engine engine) throws Exception {
    Engine.Fresh fresh = engine.fresh(directory);
    ReleaseLedger ledger = ledger(fresh);
    List<String> seen = new ArrayList<>();
    for (BrokerageId firm : List.of(FIRM, FIRM, RIVAL)) {
      seen.add(fresh.database().write(work -> ledger.commitments(work, firm).apply("DEAL", "d1")));
    }
    assertEquals(seen.get(0), seen.get(1));
    assertNotEquals(seen.get(0), seen.get(2));
    String kind =
        fresh.database().write(work -> ledger.commitments(work, FIRM).apply("BROKER", "d1"));
    assertNotEquals(seen.get(0), kind);
    MessageDigest sha256 = MessageDigest.getInstance("SHA-256");
    for (String guess : List.of("d1", "DEALd1", "DEAL:d1", "firm:DEAL:d1")) {
      assertNotEquals(
          HexFormat.of().formatHex(sha256.digest(guess.getBytes(StandardCharsets.UTF_8))),
          seen.get(0));
    }
  }

  @ParameterizedTest
  @MethodSource("engines")
  void nodes_that_race_see_each_others_releases(Engine engine) throws Exception {
    Engine.Fresh fresh = engine.fresh(directory);
    ReleaseLedger one = ledger(fresh);
    ReleaseLedger other = ledger(fresh);
    int rounds = 4;
    // A node that fails leaves the rounds to the other one, or that would wait for ever.
    Phaser start = new Phaser(2);
    ExecutorService nodes = Executors.newFixedThreadPool(2);
    List<Appended> won = new ArrayList<>();
    try {
      List<Future<List<Appended>>> running = new ArrayList<>();
      for (ReleaseLedger ledger : List.of(one, other)) {
        running.add(
            nodes.submit(
                () -> {
                  try {
                    List<Appended> mine = new ArrayList<>();
                    for (int round = 0; round < rounds; round++) {
                      start.arriveAndAwaitAdvance();
                      int[][] counts = STORY.get(round);
                      mine.add(
                          fresh.database().write(work -> next(ledger, work, FIRM, CLAIM, counts)));
                    }
                    return mine;
                  } finally {
                    start.arriveAndDeregister();
                  }
                }));
      }
      for (Future<List<Appended>> node : running) {
        won.addAll(node.get());
      }
    } catch (ExecutionException e) {
      throw new AssertionError("a node failed where it should have waited", e.getCause());
    } finally {
      nodes.shutdownNow();
    }
    assertEquals(
        2 * rounds, won.stream().map(a -> a.release().number()).distinct().count(), "each its own");
    // Linearizable: each saw exactly what all before it had written.
    for (Appended append : won) {
      fresh
          .database()
          .read(
              work -> {
                same(append.before(), one.before(work, FIRM, CLAIM, append.release().number()));
                return "";
              });
    }
    assertTrue(won.stream().anyMatch(append -> append.before().releases() == 2 * rounds - 1));
  }
}
