package io.vesta.audit.export;

import static io.vesta.audit.testkit.TestLog.ACME;
import static io.vesta.audit.testkit.TestLog.BROKER;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.vesta.audit.testkit.TestLog;
import io.vesta.testkit.Engine;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.List;
import java.util.Objects;
import java.util.Random;
import java.util.stream.IntStream;
import java.util.stream.LongStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.EnabledIfSystemProperty;
import org.junit.jupiter.api.io.TempDir;

/**
 * What others wrote accepts our exports and proofs and refuses what was changed. Needs other
 * people's tools, so it runs where they are named:
 *
 * <ul>
 *   <li>{@code -Dvesta.go=/usr/share/gocode}: a GOPATH with golang.org/x/mod (Debian: {@code apt
 *       install golang golang-golang-x-mod-dev})
 *   <li>{@code -Dvesta.sigstore=DIR/node_modules}: after {@code npm install --prefix DIR
 *       &#64;sigstore/verify@3.1.1}
 * </ul>
 */
class ForeignVerifiersTest {

  private static final List<Integer> SIZES = List.of(1, 2, 255, 256, 257, 65_536, 70_000);

  @TempDir Path directory;
  private TestLog log;

  @BeforeEach
  void open() {
    log = TestLog.over(Engine.SQLITE.fresh(directory));
  }

  private void grow(int from, int to) {
    for (int at = from; at < to; at += 10_000) {
      log.append(at, Math.min(to, at + 10_000));
      log.sequencer().sequence();
    }
  }

  @Test
  @EnabledIfSystemProperty(named = "vesta.go", matches = ".+")
  void go_s_sumdb_accepts_exports_of_every_size_and_refuses_mutants_of_each() throws Exception {
    Path checker = directory.resolve("check");
    Path source = resource("check.go");
    run(directory, List.of("go", "build", "-o", checker.toString(), source.toString()));
    int before = 0;
    for (int size : SIZES) {
      grow(before, size);
      before = size;
      Path export = directory.resolve("export-" + size);
      log.export().write(ACME, export);
      assertEquals("ACCEPTED " + size, ran(checker.toString(), export.toString()));
      List<Path> files = regular(export);
      Random random = new Random(size);
      for (Path file : sample(files, random)) {
        for (Mutation mutation : Mutation.values()) {
          byte[] good = Files.readAllBytes(file);
          mutation.apply(file, random);
          String said = ran(checker.toString(), export.toString());
          assertTrue(said.startsWith("REFUSED:"), size + " " + file + " " + mutation + ": " + said);
          Files.write(file, good);
        }
      }
    }
  }

  /** Checkpoint and key always, and some of the tiles and bundles. */
  private static List<Path> sample(List<Path> files, Random random) {
    List<Path> chosen = new ArrayList<>(files);
    Collections.shuffle(chosen, random);
    return Stream.concat(
            files.stream().filter(file -> !file.toString().contains("tile")),
            chosen.stream().filter(file -> file.toString().contains("tile")).limit(8))
        .toList();
  }

  @Test
  @EnabledIfSystemProperty(named = "vesta.sigstore", matches = ".+")
  void sigstore_accepts_proofs_in_logs_of_every_size_and_refuses_mutants_of_each()
      throws Exception {
    Path vkey = Files.writeString(directory.resolve("vkey"), TestLog.vkey(ACME) + "\n");
    Path script = resource("check.mjs");
    int before = 0;
    for (int size : SIZES) {
      grow(before, size);
      before = size;
      List<String> arguments =
          new ArrayList<>(
              List.of(
                  "node",
                  script.toString(),
                  System.getProperty("vesta.sigstore"),
                  vkey.toString()));
      List<String> expected = new ArrayList<>();
      for (long index : LongStream.of(0, size / 3, size / 2, size - 1).distinct().toArray()) {
        String proof = log.query().prove(BROKER, index).orElseThrow().toString();
        arguments.add(proofFile(proof));
        expected.add("ACCEPTED");
        for (String mutant : mutants(proof, index)) {
          arguments.add(proofFile(mutant));
          expected.add("REFUSED");
        }
      }
      List<String> said =
          run(directory, arguments).lines().map(line -> line.replaceFirst(":.*", "")).toList();
      assertEquals(expected, said, "size " + size);
    }
  }

  private String proofFile(String proof) throws IOException {
    return Files.writeString(Files.createTempFile(directory, "", ".tlog-proof"), proof).toString();
  }

  /** One letter of the entry, of each hash, of the root and of the signature, and the index. */
  private static List<String> mutants(String proof, long index) {
    List<String> mutants = new ArrayList<>();
    mutants.add(proof.replace("index " + index + "\n", "index " + (index + 1) + "\n"));
    String[] lines = proof.split("\n", -1);
    IntStream.range(1, lines.length)
        .filter(at -> lines[at].length() > 12 && !lines[at].startsWith(TestLog.PREFIX))
        .forEach(
            at -> {
              String line = lines[at];
              // Not the last letters: what they say beyond the bytes is nothing.
              int letter = line.length() - 12;
              char other = line.charAt(letter) == 'A' ? 'B' : 'A';
              List<String> bent = new ArrayList<>(List.of(lines));
              bent.set(at, line.substring(0, letter) + other + line.substring(letter + 1));
              mutants.add(String.join("\n", bent));
            });
    return mutants;
  }

  private enum Mutation {
    BIT {
      @Override
      void apply(Path file, Random random) throws IOException {
        byte[] bytes = Files.readAllBytes(file);
        // Not the line's end, which a key may have or not.
        bytes[random.nextInt(bytes.length - 1)] ^= (byte) (1 << random.nextInt(7));
        Files.write(file, bytes);
      }
    },
    CUT {
      @Override
      void apply(Path file, Random random) throws IOException {
        byte[] bytes = Files.readAllBytes(file);
        Files.write(file, Arrays.copyOf(bytes, random.nextInt(bytes.length - 1)));
      }
    },
    GONE {
      @Override
      void apply(Path file, Random random) throws IOException {
        Files.delete(file);
      }
    };

    abstract void apply(Path file, Random random) throws IOException;
  }

  private Path resource(String name) throws IOException {
    Path file = directory.resolve(name);
    try (InputStream in = ForeignVerifiersTest.class.getResourceAsStream("foreign/" + name)) {
      Files.copy(Objects.requireNonNull(in, name), file);
    }
    return file;
  }

  private String ran(String... command) throws Exception {
    return run(directory, List.of(command)).strip();
  }

  private static String run(Path in, List<String> command) throws Exception {
    ProcessBuilder builder =
        new ProcessBuilder(command).directory(in.toFile()).redirectErrorStream(true);
    builder.environment().put("GO111MODULE", "off");
    builder.environment().put("GOPATH", System.getProperty("vesta.go", ""));
    builder.environment().put("GOCACHE", in.resolve("go-cache").toString());
    Process process = builder.start();
    String said = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
    process.waitFor();
    return said;
  }

  private static List<Path> regular(Path root) {
    try (Stream<Path> walk = Files.walk(root)) {
      return walk.filter(Files::isRegularFile).sorted().toList();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
