package io.vesta.approval.outbox;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotNull;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.vesta.approval.draft.Draft;
import io.vesta.approval.state.DraftState;
import io.vesta.approval.store.DraftQuery;
import io.vesta.approval.testkit.RecordingChannel;
import io.vesta.approval.testkit.TestHouse;
import io.vesta.core.storage.Database;
import io.vesta.testkit.Engine;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.Set;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.postgresql.ds.PGSimpleDataSource;

/**
 * Kills nodes with SIGKILL wherever they are: {@code -Dvesta.kills=10000} for a long run of each
 * engine and provider, a few in every build.
 */
class KillTest {

  private static final int KILLS = Integer.getInteger("vesta.kills", 4);
  private static final int MOST_LINES = 30;

  @TempDir Path directory;

  @ParameterizedTest
  @CsvSource({"SQLITE,NONE", "SQLITE,KEYED", "POSTGRESQL,NONE", "POSTGRESQL,KEYED"})
  void a_node_that_is_killed_anywhere_sends_nothing_twice_and_hides_nothing(
      Engine engine, String provider) throws IOException, InterruptedException {
    Path effects = directory.resolve("effects");
    String name;
    Engine.Fresh fresh;
    if (engine == Engine.SQLITE) {
      Path file = directory.resolve("kill.db");
      name = file.toString();
      fresh = new Engine.Fresh(Database.sqlite(file), new PGSimpleDataSource());
    } else {
      fresh = engine.fresh(directory);
      PGSimpleDataSource host = (PGSimpleDataSource) fresh.host();
      name =
          "jdbc:postgresql://localhost:"
              + host.getPortNumbers()[0]
              + "/"
              + host.getDatabaseName()
              + "?user=postgres";
    }
    Random random = new Random(20260304);
    for (int round = 0; round < KILLS; round++) {
      run(round, effects, provider, name, 1 + random.nextInt(MOST_LINES));
    }
    boolean keyed = provider.equals("KEYED");
    Dedupe dedupe = keyed ? new Dedupe.Keyed(Duration.ofHours(24)) : new Dedupe.None();
    KillVictim.FileProvider file = new KillVictim.FileProvider(effects, dedupe);
    try (TestHouse house =
        TestHouse.with(
            fresh, new RecordingChannel(dedupe), module -> module.channel(KillVictim.FILE, file))) {
      // The host's own clock, an hour on: every lease is over.
      house.clock().advance(Duration.between(house.clock().instant(), Instant.now()).plusHours(1));
      for (int i = 0; i < 3; i++) {
        house.dispatcher().dispatch();
        house.clock().advance(Duration.ofMinutes(10));
      }
      check(drafts(house), Files.readAllLines(effects, StandardCharsets.US_ASCII), keyed);
    }
  }

  /** What stands in the end, against what reached the provider. */
  private static void check(List<Draft> drafts, List<String> lines, boolean keyed) {
    Map<String, Integer> messages = new HashMap<>();
    Map<String, Set<String>> keys = new HashMap<>();
    Map<String, String> digests = new HashMap<>();
    for (String line : lines) {
      String[] parts = line.split(" ", -1);
      messages.merge(parts[1], 1, Integer::sum);
      keys.computeIfAbsent(parts[1], none -> new HashSet<>()).add(parts[0]);
      digests.put(parts[1], parts[2]);
    }
    assertTrue(drafts.size() >= KILLS / 2, () -> drafts.size() + " drafts");
    for (Draft draft : drafts) {
      String key = draft.id().key();
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
        assertEquals(approved, digests.get(key), what);
      }
    }
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

  /** Starts a node and kills it when it has told so many lines. */
  private static void run(int round, Path effects, String provider, String database, int lines)
      throws IOException, InterruptedException {
    Path java = Path.of(System.getProperty("java.home"), "bin", "java");
    Process node =
        new ProcessBuilder(
                java.toString(),
                "-XX:TieredStopAtLevel=1",
                "-cp",
                System.getProperty("java.class.path"),
                KillVictim.class.getName(),
                Integer.toString(round),
                effects.toString(),
                provider,
                database)
            .redirectErrorStream(true)
            .start();
    List<String> told = new ArrayList<>();
    try (BufferedReader out =
        new BufferedReader(new InputStreamReader(node.getInputStream(), StandardCharsets.UTF_8))) {
      for (int i = 0; i < lines; i++) {
        String line = out.readLine();
        told.add(line);
        assertNotNull(line, () -> "the node ended by itself: " + told);
      }
    } finally {
      node.destroyForcibly();
    }
    assertEquals(137, node.waitFor(), "killed");
  }
}
