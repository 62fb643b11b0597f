package io.vesta.audit.witness;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertThrows;

import io.vesta.audit.note.Checkpoint;
import io.vesta.audit.note.CheckpointSigner;
import io.vesta.audit.note.SignedNote;
import io.vesta.audit.note.Vkey;
import io.vesta.audit.testkit.TestLog;
import io.vesta.audit.testkit.WitnessServer;
import io.vesta.audit.tree.CompactRange;
import io.vesta.audit.tree.Hash;
import io.vesta.audit.tree.Proofs;
import io.vesta.core.error.VestaException;
import io.vesta.core.storage.SchemaInstaller;
import io.vesta.testkit.Engine;
import io.vesta.testkit.MutableClock;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.function.Function;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** What the SPI demands, of each of the three, the HTTP one against a running server. */
class WitnessTest {

  private static final String ORIGIN = "log.example.com/acme";
  private static final String NAME = "witness.example.com/w1";
  private static final CheckpointSigner LOG = TestLog.signer(1);
  private static final CheckpointSigner WITNESS = TestLog.signer(7);
  private static final Vkey KEY = WITNESS.vkey(NAME).ofWitness();
  private static final Function<String, List<Vkey>> LOGS =
      origin -> origin.startsWith("log.example.com/") ? List.of(LOG.vkey(origin)) : List.of();

  @TempDir Path directory;
  private final List<WitnessServer> servers = new ArrayList<>();
  private final MutableClock clock = new MutableClock(Instant.parse("2026-03-04T05:06:07Z"));
  private final List<Hash> leaves = new ArrayList<>();

  enum Kind {
    FILE,
    SQLITE,
    POSTGRESQL,
    HTTP
  }

  @AfterEach
  void stop() {
    servers.forEach(WitnessServer::close);
  }

  /** A witness with a memory of its own. */
  private Witness witness(Kind kind) throws IOException {
    return switch (kind) {
      case FILE ->
          new FileWitness(NAME, Files.createTempDirectory(directory, "w"), LOGS, WITNESS, clock);
      case SQLITE, POSTGRESQL -> {
        var database = Engine.valueOf(kind.name()).fresh(directory).database();
        new SchemaInstaller(database, List.of(DatabaseWitness.schema())).install();
        yield new DatabaseWitness(NAME, database, LOGS, WITNESS, clock);
      }
      case HTTP -> {
        WitnessServer server = new WitnessServer(witness(Kind.FILE), LOGS, 0);
        servers.add(server);
        yield http(server.submission(), KEY);
      }
    };
  }

  private static HttpWitness http(URI submission, Vkey key) {
    return new HttpWitness(submission, key, HttpClient.newHttpClient(), Duration.ofSeconds(10));
  }

  private SignedNote checkpoint(int size) {
    return checkpoint(size, leaves);
  }

  private static SignedNote checkpoint(int size, List<Hash> leaves) {
    while (leaves.size() < size) {
      leaves.add(Hash.leaf(("entry " + leaves.size()).getBytes(StandardCharsets.UTF_8)));
    }
    Hash root = CompactRange.rootOf(leaves.subList(0, size));
    return SignedNote.sign(new Checkpoint(ORIGIN, size, root).text(), ORIGIN, List.of(LOG));
  }

  private List<Hash> proof(int from, int to) {
    return Proofs.consistency(
        from,
        to,
        (level, index) -> {
          int first = (int) (index << level);
          return CompactRange.rootOf(leaves.subList(first, first + (1 << level)));
        });
  }

  private static SignedNote remembered(Witness.Answer answer) {
    return assertInstanceOf(Witness.Remembered.class, answer).note();
  }

  @ParameterizedTest
  @EnumSource
  void what_continues_is_remembered_and_cosigned(Kind kind) throws IOException {
    Witness witness = witness(kind);
    SignedNote first = checkpoint(5);
    SignedNote cosigned = remembered(witness.add(0, List.of(), first));
    assertEquals(first.text(), cosigned.text());
    assertEquals(List.of(LOG.vkey(ORIGIN), KEY), cosigned.open(List.of(LOG.vkey(ORIGIN), KEY)));
    clock.advance(Duration.ofMinutes(5));
    SignedNote second = checkpoint(12);
    remembered(witness.add(5, proof(5, 12), second)).open(List.of(KEY));
    remembered(witness.add(12, List.of(), second)).open(List.of(KEY));
  }

  @ParameterizedTest
  @EnumSource
  void the_empty_log_is_remembered_too(Kind kind) throws IOException {
    Witness witness = witness(kind);
    remembered(witness.add(0, List.of(), checkpoint(0)));
    remembered(witness.add(0, List.of(), checkpoint(0)));
    remembered(witness.add(0, List.of(), checkpoint(3)));
  }

  @ParameterizedTest
  @EnumSource
  void another_size_than_the_one_remembered_is_told_and_changes_nothing(Kind kind)
      throws IOException {
    Witness witness = witness(kind);
    assertEquals(new Witness.Knows(0), witness.add(4, List.of(), checkpoint(4)));
    remembered(witness.add(0, List.of(), checkpoint(8)));
    assertEquals(new Witness.Knows(8), witness.add(0, List.of(), checkpoint(9)));
    assertEquals(new Witness.Knows(8), witness.add(3, List.of(), checkpoint(3)), "a rollback");
    checkpoint(11);
    assertEquals(new Witness.Knows(8), witness.add(10, proof(10, 11), checkpoint(11)));
    remembered(witness.add(8, proof(8, 11), checkpoint(11)));
  }

  @ParameterizedTest
  @EnumSource
  void a_fork_is_contradicted_and_changes_nothing(Kind kind) throws IOException {
    Witness witness = witness(kind);
    remembered(witness.add(0, List.of(), checkpoint(6)));
    List<Hash> other = new ArrayList<>(leaves);
    other.set(2, Hash.leaf(new byte[] {1}));
    assertEquals(
        new Witness.Contradicted(), witness.add(6, List.of(), checkpoint(6, other)), "same size");
    checkpoint(9);
    SignedNote grown = checkpoint(9, other);
    assertEquals(new Witness.Contradicted(), witness.add(6, proof(6, 9), grown), "longer");
    remembered(witness.add(6, proof(6, 9), checkpoint(9)));
  }

  @ParameterizedTest
  @EnumSource
  void a_checkpoint_of_a_stranger_is_not_remembered(Kind kind) throws IOException {
    Witness witness = witness(kind);
    String text = checkpoint(3).text();
    SignedNote stranger = SignedNote.sign(text, ORIGIN, List.of(TestLog.signer(9)));
    String elsewhere = text.replace(ORIGIN, "elsewhere.example.com/log");
    SignedNote unknown =
        SignedNote.sign(elsewhere, "elsewhere.example.com/log", List.of(TestLog.signer(1)));
    for (SignedNote note : List.of(stranger, unknown)) {
      VestaException refused =
          assertThrows(VestaException.class, () -> witness.add(0, List.of(), note));
      assertEquals("VESTA-AUDIT-011", refused.code().code());
    }
    assertEquals(new Witness.Knows(0), witness.add(3, List.of(), checkpoint(3)));
  }

  @ParameterizedTest
  @EnumSource
  void of_many_that_race_exactly_one_continues(Kind kind) throws Exception {
    Witness witness = witness(kind);
    remembered(witness.add(0, List.of(), checkpoint(4)));
    checkpoint(40);
    ExecutorService threads = Executors.newFixedThreadPool(8);
    Set<SignedNote> winners = new HashSet<>();
    try {
      List<Future<Witness.Answer>> answers = new ArrayList<>();
      for (int i = 0; i < 8; i++) {
        int size = 10 + i;
        SignedNote note = checkpoint(size);
        List<Hash> proof = proof(4, size);
        answers.add(threads.submit(() -> witness.add(4, proof, note)));
      }
      for (Future<Witness.Answer> answer : answers) {
        if (answer.get() instanceof Witness.Remembered won) {
          winners.add(won.note());
        }
      }
    } finally {
      threads.shutdown();
    }
    assertEquals(1, winners.size());
    long size = Checkpoint.parse(winners.iterator().next().text()).size();
    assertEquals(new Witness.Knows(size), witness.add(4, proof(4, 30), checkpoint(30)));
  }

  @Test
  void a_lost_mount_is_no_empty_memory() throws IOException {
    Path mount = Files.createDirectory(directory.resolve("mount"));
    FileWitness witness = new FileWitness(NAME, mount, LOGS, null, clock);
    assertEquals(
        checkpoint(3).toString(),
        remembered(witness.add(0, List.of(), checkpoint(3))).toString(),
        "without a key it only remembers");
    Files.move(mount, directory.resolve("gone"));
    VestaException refused =
        assertThrows(VestaException.class, () -> witness.add(0, List.of(), checkpoint(3)));
    assertEquals("VESTA-AUDIT-011", refused.code().code());
  }

  @Test
  void two_processes_share_a_directory() throws IOException {
    Path mount = Files.createDirectory(directory.resolve("mount"));
    remembered(new FileWitness(NAME, mount, LOGS, null, clock).add(0, List.of(), checkpoint(3)));
    assertEquals(
        new Witness.Knows(3),
        new FileWitness(NAME, mount, LOGS, null, clock).add(0, List.of(), checkpoint(4)));
  }

  @Test
  void a_server_that_lies_is_not_believed() throws IOException {
    WitnessServer server = new WitnessServer(witness(Kind.FILE), LOGS, 0);
    servers.add(server);
    Vkey other = TestLog.signer(8).vkey(NAME).ofWitness();
    List<HttpWitness> lied =
        List.of(
            http(server.submission(), other),
            http(URI.create(server.submission() + "/nowhere"), KEY),
            http(URI.create("http://127.0.0.1:1"), KEY));
    for (HttpWitness witness : lied) {
      VestaException refused =
          assertThrows(VestaException.class, () -> witness.add(0, List.of(), checkpoint(3)));
      assertEquals("VESTA-AUDIT-011", refused.code().code());
    }
    assertThrows(VestaException.class, () -> http(server.submission(), LOG.vkey(ORIGIN)));
  }
}
