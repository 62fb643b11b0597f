package io.vesta.approval.outbox;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.vesta.approval.draft.Draft;
import io.vesta.approval.state.DraftState;
import io.vesta.approval.store.DraftQuery;
import io.vesta.approval.testkit.RecordingChannel;
import io.vesta.approval.testkit.TestHouse;
import io.vesta.testkit.Engine;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.SplittableRandom;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.postgresql.ds.PGSimpleDataSource;
import org.sqlite.SQLiteDataSource;

/**
 * Kills nodes with SIGKILL wherever they are, two at work on one database at a time: {@code
 * -Dvesta.kills} says how often in all, over both engines and both kinds of provider.
 */
class KillTest {

  private static final int KILLS = Integer.getInteger("vesta.kills", 16);
  private static final int EACH = Math.max(1, KILLS / 4);
  private static final int NODES = 2;
  private static final long SEED = 20260304;

  /** A node proposes, approves and sends about two drafts within either. */
  private static final int MOST_POINTS = 80;

  private static final int MOST_MICROS = 60_000;

  private static Nodes nodes;

  @TempDir Path directory;

  @BeforeAll
  static void pack(@TempDir Path packed) throws IOException {
    nodes = new Nodes(packed, KillVictim.class);
  }

  @ParameterizedTest
  @CsvSource({"SQLITE,NONE", "SQLITE,KEYED", "POSTGRESQL,NONE", "POSTGRESQL,KEYED"})
  void a_node_that_is_killed_anywhere_sends_nothing_twice_and_hides_nothing(
      Engine engine, String provider) throws Exception {
    Path effects = Files.createFile(directory.resolve("effects"));
    Engine.Fresh fresh = engine.fresh(directory);
    String database = url(engine, fresh);
    boolean keyed = provider.equals("KEYED");
    nodes.rehearse(engine.name(), arguments(KillVictim.REHEARSAL, effects, provider, database, 0));

    Instant began = Instant.now();
    AtomicInteger rounds = new AtomicInteger();
    inParallel(
        () -> {
          for (int round = rounds.getAndIncrement(); round < EACH; ) {
            SplittableRandom random = new SplittableRandom(SEED + round);
            // Half of them at a point exactly, the others at any microsecond of their lives.
            int point = random.nextBoolean() ? 1 + random.nextInt(MOST_POINTS) : 0;
            int micros = point > 0 ? 0 : random.nextInt(MOST_MICROS);
            nodes.kill(
                engine.name(),
                Duration.of(micros, ChronoUnit.MICROS),
                arguments(Integer.toString(round), effects, provider, database, point));
            round = rounds.getAndIncrement();
          }
          return null;
        });
    Duration took = Duration.between(began, Instant.now());

    Dedupe dedupe = KillVictim.dedupe(keyed);
    var file = new KillVictim.FileProvider(effects, dedupe, CrashPoints.none());
    try (TestHouse house =
        TestHouse.with(
            fresh, new RecordingChannel(dedupe), module -> module.channel(KillVictim.FILE, file))) {
      // The host's own clock, an hour on: every lease is over.
      house.clock().advance(Duration.between(house.clock().instant(), Instant.now()).plusHours(1));
      while (!house.dispatcher().dispatch().moved().isEmpty()) {
        house.clock().advance(Duration.ofMinutes(10));
      }
      List<String> lines = Files.readAllLines(effects, StandardCharsets.US_ASCII);
      check(drafts(house), lines, keyed);
      System.out.printf(
          "%s %s: %d kills in %d s, %d messages%n",
          engine, provider, EACH, took.toSeconds(), lines.size());
    }
  }

  private static String[] arguments(
      String round, Path effects, String provider, String database, int point) {
    return new String[] {round, effects.toString(), provider, database, Integer.toString(point)};
  }

  private static String url(Engine engine, Engine.Fresh fresh) {
    if (engine == Engine.SQLITE) {
      return ((SQLiteDataSource) fresh.host()).getUrl();
    }
    PGSimpleDataSource host = (PGSimpleDataSource) fresh.host();
    return "jdbc:postgresql://localhost:"
        + host.getPortNumbers()[0]
        + "/"
        + host.getDatabaseName()
        + "?user=postgres";
  }

  private static void inParallel(Callable<Void> work) throws Exception {
    ExecutorService executor = Executors.newFixedThreadPool(NODES);
    try {
      List<Future<Void>> all = new ArrayList<>();
      for (int i = 0; i < NODES; i++) {
        all.add(executor.submit(work));
      }
      for (Future<Void> one : all) {
        one.get();
      }
    } catch (ExecutionException e) {
      throw new AssertionError(e.getCause());
    } finally {
      executor.shutdownNow();
    }
  }

  /** What stands in the end, against what reached the provider. */
  private static void check(List<Draft> drafts, List<String> lines, boolean keyed) {
    Map<String, Integer> messages = new HashMap<>();
    Map<String, Set<String>> keys = new HashMap<>();
    Map<String, Set<String>> digests = new HashMap<>();
    for (String line : lines) {
      String[] parts = line.split(" ", -1);
      messages.merge(parts[1], 1, Integer::sum);
      keys.computeIfAbsent(parts[1], none -> new HashSet<>()).add(parts[0]);
      digests.computeIfAbsent(parts[1], none -> new HashSet<>()).add(parts[2]);
    }
    assertTrue(drafts.size() >= EACH / 4, () -> drafts.size() + " drafts");
    Set<String> known = new HashSet<>();
    for (Draft draft : drafts) {
      String key = draft.id().key();
      known.add(key);
      int sent = messages.getOrDefault(key, 0);
      String what = draft + " reached the provider " + sent + " times";
      switch (draft.state()) {
        case SENT -> assertTrue(sent > 0, what);
        case PENDING, FAILED -> assertEquals(0, sent, what);
        case UNKNOWN -> assertTrue(!keyed, what);
        default -> throw new AssertionError("not settled: " + what);
      }
      assertTrue(keyed || sent <= 1, what);
      assertTrue(keys.getOrDefault(key, Set.of()).size() <= 1, what);
      if (sent > 0) {
        String approved = draft.written().orElseThrow().envelope().digest();
        assertEquals(Set.of(approved), digests.get(key), what);
      }
    }
    assertTrue(known.containsAll(messages.keySet()), "a message of no draft");
  }

  private static List<Draft> drafts(TestHouse house) {
    List<Draft> all = new ArrayList<>();
    DraftQuery query = new DraftQuery(Set.of(DraftState.values()), null, 500);
    List<Draft> page = house.desk().queue(TestHouse.BROKER, query);
    while (!page.isEmpty()) {
      all.addAll(page);
      query = new DraftQuery(query.states(), page.get(page.size() - 1).id(), 500);
      page = house.desk().queue(TestHouse.BROKER, query);
    }
    return all;
  }
}
