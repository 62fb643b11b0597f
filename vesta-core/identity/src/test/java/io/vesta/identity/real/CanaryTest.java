package io.vesta.identity.real;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.vesta.identity.testkit.LoopbackProvider;
import io.vesta.testkit.MutableClock;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Attack 36: a token that anybody would know again is looked for wherever it must not be. */
class CanaryTest {

  /** No token of a provider that has this prefix is without it. */
  private static final String CANARY = "canary7f3a91c4";

  @TempDir Path directory;

  @Test
  void after_a_full_flow_no_token_is_in_log_text_database_or_heap() throws Exception {
    Instant now = Instant.parse("2026-06-30T12:00:00Z");
    Path output = directory.resolve("output");
    Path heap = directory.resolve("heap.hprof");
    try (LoopbackProvider provider = new LoopbackProvider(new MutableClock(now))) {
      provider.prefix = CANARY;
      // The platform's client keeps what it read last as long as the connection lasts.
      provider.hangsUp = true;
      Process node =
          new ProcessBuilder(
                  Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                  "-Xmx256m",
                  "-Dorg.slf4j.simpleLogger.defaultLogLevel=trace",
                  "-cp",
                  System.getProperty("java.class.path"),
                  CanaryNode.class.getName(),
                  provider.issuer(),
                  directory.resolve("vesta.db").toString(),
                  heap.toString(),
                  now.toString())
              .redirectErrorStream(true)
              .redirectOutput(output.toFile())
              .start();
      assertEquals(0, node.waitFor(), () -> text(output));
      assertTrue(text(provider).contains(CANARY), "the canary sings where it may");
    }
    String said = text(output);
    assertTrue(said.contains("TRACE"), "the log is at its loudest");
    assertTrue(said.contains("AccessToken[hidden]"), "tokens were printed");
    assertTrue(said.contains("Taken[links=1, sessions=1, accounts=1, toldProviders=1]"), said);
    List<String> found = new ArrayList<>();
    try (Stream<Path> files = Files.list(directory)) {
      for (Path file : files.toList()) {
        found.addAll(songs(file));
      }
    }
    assertEquals(List.of(), found);
    assertTrue(Files.size(heap) > 1_000_000, "there is a heap dump");
  }

  private static String text(LoopbackProvider provider) {
    return provider.forms.toString();
  }

  private static String text(Path file) {
    try {
      return Files.readString(file);
    } catch (IOException e) {
      throw new AssertionError(e);
    }
  }

  /** Where the canary is, in the text of one byte or two for a character. */
  private static List<String> songs(Path file) throws IOException {
    String bytes = Files.readString(file, StandardCharsets.ISO_8859_1);
    List<String> found = new ArrayList<>();
    for (var charset : List.of(StandardCharsets.ISO_8859_1, StandardCharsets.UTF_16LE)) {
      String song = new String(CANARY.getBytes(charset), StandardCharsets.ISO_8859_1);
      for (int at = bytes.indexOf(song); at >= 0; at = bytes.indexOf(song, at + 1)) {
        found.add(
            file.getFileName()
                + ": "
                + bytes.substring(Math.max(0, at - 60), Math.min(bytes.length(), at + 60)));
      }
    }
    return found;
  }
}
