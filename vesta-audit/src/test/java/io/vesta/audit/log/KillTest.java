package io.vesta.audit.log;

import static io.vesta.audit.testkit.TestLog.ACME;
import static io.vesta.audit.testkit.TestLog.BROKER;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.vesta.audit.testkit.TestLog;
import io.vesta.audit.testkit.Victim;
import io.vesta.testkit.Engine;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Random;
import java.util.Set;
import java.util.UUID;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.postgresql.ds.PGSimpleDataSource;
import org.sqlite.SQLiteDataSource;

/**
 * kill -9 of a host at every point around commits, signatures and witnesses: {@code -Dvesta.kills}
 * says how often, half of it on each engine; 6 times if it is not given.
 */
class KillTest {

  @TempDir Path directory;

  @ParameterizedTest
  @EnumSource(Engine.class)
  void whoever_is_killed_has_lost_nothing_durable_and_doubled_nothing(Engine engine)
      throws Exception {
    Engine.Fresh fresh = engine.fresh(directory);
    Path memory = Files.createDirectory(directory.resolve("witness"));
    Random random = new Random(20261124);
    Set<UUID> durable = new HashSet<>();
    int kills = Integer.getInteger("vesta.kills", 6) / 2;
    for (int i = 0; i < kills; i++) {
      int point = 1 + (i < 12 ? i * 5 % 12 : random.nextInt(40));
      durable.addAll(kill(address(fresh), memory, i, point));
      TestLog after =
          Victim.node(fresh.database(), memory, 10_000 + i, TestLog.signer(1), () -> {});
      after.sequencer().sequence(ACME);
      after.witnessing().cosign(ACME);
      List<UUID> logged = new ArrayList<>();
      long start = 0;
      Page page;
      do {
        page =
            after
                .query()
                .find(BROKER, EntryFilter.builder().limit(1_000).startingAt(start).build());
        page.entries().forEach(found -> logged.add(found.entry().id()));
        start = page.next().orElse(0);
      } while (page.next().isPresent());
      assertEquals(logged.size(), new HashSet<>(logged).size(), "nothing is doubled");
      assertTrue(logged.containsAll(durable), "nothing durable is lost, killed at " + point);
      assertTrue(after.check().check(ACME).ok(), () -> after.check().check(ACME).toString());
    }
    assertTrue(durable.size() >= kills / 2, "the victims did something");
  }

  /** How another process gets to the database. */
  private static String address(Engine.Fresh fresh) {
    if (fresh.host() instanceof SQLiteDataSource file) {
      return file.getUrl().substring("jdbc:sqlite:".length());
    }
    PGSimpleDataSource server = (PGSimpleDataSource) fresh.host();
    return "jdbc:postgresql://localhost:%d/%s?user=postgres"
        .formatted(server.getPortNumbers()[0], server.getDatabaseName());
  }

  private Set<UUID> kill(String database, Path memory, long seed, int point) throws IOException {
    Process victim =
        new ProcessBuilder(
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "-XX:TieredStopAtLevel=1",
                "-cp",
                System.getProperty(
                    "surefire.test.class.path", System.getProperty("java.class.path")),
                Victim.class.getName(),
                database,
                memory.toString(),
                String.valueOf(seed),
                String.valueOf(point))
            .redirectError(directory.resolve("err").toFile())
            .start();
    Set<UUID> told = new HashSet<>();
    try (BufferedReader out =
        new BufferedReader(
            new InputStreamReader(victim.getInputStream(), StandardCharsets.UTF_8))) {
      String line = out.readLine();
      while (line != null && !line.equals("HERE")) {
        told.add(UUID.fromString(line));
        line = out.readLine();
      }
      assertEquals("HERE", line, () -> error());
    } finally {
      victim.destroyForcibly();
      victim.onExit().join();
    }
    return told;
  }

  private String error() {
    try {
      return Files.readString(directory.resolve("err"));
    } catch (IOException e) {
      return e.toString();
    }
  }
}
