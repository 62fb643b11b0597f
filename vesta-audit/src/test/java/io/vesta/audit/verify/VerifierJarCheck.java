package io.vesta.audit.verify;

import static io.vesta.audit.testkit.TestLog.ACME;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.vesta.audit.testkit.TestLog;
import io.vesta.testkit.Engine;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.EnabledIfSystemProperty;
import org.junit.jupiter.api.io.TempDir;

/** The verifier as an auditor gets it: the jar alone, by the build's last step. */
@EnabledIfSystemProperty(named = "vesta.verifier", matches = ".+")
class VerifierJarCheck {

  private final Path jar = Path.of(System.getProperty("vesta.verifier", ""));

  @TempDir Path directory;

  @Test
  void the_jar_is_small() throws IOException {
    assertTrue(Files.size(jar) < 100_000, () -> "the jar has " + jar.toFile().length() + " bytes");
  }

  @Test
  void the_jar_alone_verifies_and_ends_with_the_right_status() throws Exception {
    TestLog log = TestLog.over(Engine.SQLITE.fresh(directory));
    log.append(0, 300);
    log.sequencer().sequence();
    Path export = directory.resolve("export");
    log.export().write(ACME, export);
    assertEquals(0, run("VERIFIED\norigin ", export));
    Files.delete(export.resolve("tile/0/000"));
    assertEquals(1, run("NOT VERIFIED\norigin ", export));
  }

  private int run(String beginning, Path export) throws Exception {
    Path out = directory.resolve("out");
    Process process =
        new ProcessBuilder(
                List.of(
                    Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                    "-jar",
                    jar.toString(),
                    export.toString(),
                    TestLog.vkey(ACME).toString()))
            .redirectErrorStream(true)
            .redirectOutput(out.toFile())
            .start();
    int status = process.waitFor();
    String said = Files.readString(out, StandardCharsets.UTF_8);
    assertTrue(said.startsWith(beginning), said);
    assertTrue(!said.contains("Exception"), said);
    return status;
  }
}
