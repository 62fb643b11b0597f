package io.vesta.approval.outbox;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotNull;

import java.io.BufferedReader;
import java.io.File;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.concurrent.locks.LockSupport;
import java.util.jar.JarEntry;
import java.util.jar.JarOutputStream;
import java.util.stream.Stream;
import org.sqlite.util.LibraryLoaderUtil;

/**
 * Starts nodes as JVMs of their own and kills them. Thousands of starts are affordable because the
 * JVM loads its classes from an archive that a rehearsal leaves. Thread-safe after the rehearsals.
 */
final class Nodes {

  private final Path directory;
  private final Class<?> main;
  private final String classPath;

  /**
   * Packs the class path.
   *
   * @param directory where jars and archives are kept
   * @param main what a node runs
   */
  Nodes(Path directory, Class<?> main) throws IOException {
    this.directory = directory;
    this.main = main;
    List<String> jars = new ArrayList<>();
    for (String entry : System.getProperty("java.class.path").split(File.pathSeparator, -1)) {
      Path path = Path.of(entry);
      // The JVM archives no classes of directories.
      if (Files.isDirectory(path)) {
        jars.add(pack(path, directory.resolve(jars.size() + ".jar")).toString());
      } else if (Files.exists(path)) {
        jars.add(entry);
      }
    }
    classPath = String.join(File.pathSeparator, jars);
    String library = LibraryLoaderUtil.getNativeLibName();
    String resource = LibraryLoaderUtil.getNativeLibResourcePath() + "/" + library;
    try (InputStream in =
        Objects.requireNonNull(LibraryLoaderUtil.class.getResourceAsStream(resource))) {
      Files.copy(in, directory.resolve(library));
    }
  }

  private static Path pack(Path classes, Path jar) throws IOException {
    try (OutputStream out = Files.newOutputStream(jar);
        JarOutputStream packed = new JarOutputStream(out);
        Stream<Path> files = Files.walk(classes)) {
      for (Path file : files.filter(Files::isRegularFile).toList()) {
        packed.putNextEntry(new JarEntry(classes.relativize(file).toString()));
        Files.copy(file, packed);
      }
    }
    return jar;
  }

  /** Runs a node that ends by itself, for the archive; once by name. */
  void rehearse(String name, String... arguments) throws IOException, InterruptedException {
    Path archive = archive(name);
    if (!Files.exists(archive)) {
      Process node = start(List.of("-XX:ArchiveClassesAtExit=" + archive), arguments);
      String told = new String(node.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
      assertEquals(0, node.waitFor(), told);
    }
  }

  /**
   * Starts a node and kills it when it has told its first line, or some time after.
   *
   * @param name of the rehearsal
   */
  void kill(String name, Duration after, String... arguments)
      throws IOException, InterruptedException {
    Path archive = archive(name);
    Process node = start(List.of("-XX:SharedArchiveFile=" + archive), arguments);
    try (BufferedReader out = node.inputReader(StandardCharsets.UTF_8)) {
      List<String> told = new ArrayList<>();
      String line;
      do {
        line = out.readLine();
        told.add(line);
        assertNotNull(line, () -> "the node ended by itself: " + told);
      } while (!line.startsWith(CrashPoints.SIGN));
      for (long until = System.nanoTime() + after.toNanos(), left = after.toNanos(); left > 0; ) {
        LockSupport.parkNanos(left);
        left = until - System.nanoTime();
      }
    } finally {
      node.destroyForcibly();
    }
    assertEquals(137, node.waitFor(), "killed");
  }

  private Process start(List<String> flags, String... arguments) throws IOException {
    List<String> command = new ArrayList<>();
    command.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
    // What else a start costs: compiling twice, threads of a collector, generated classes, counters
    // in a file.
    command.addAll(
        List.of(
            "-XX:TieredStopAtLevel=1",
            "-XX:+UseSerialGC",
            "-XX:-UsePerfData",
            "-Xmx128m",
            "-Dguice_bytecode_gen_option=DISABLED",
            "-Dorg.jboss.logging.provider=slf4j"));
    // SQLite's library would be unpacked anew for each node, and left there when it is killed.
    command.add("-Dorg.sqlite.lib.path=" + directory);
    command.addAll(flags);
    command.addAll(List.of("-cp", classPath, main.getName()));
    command.addAll(List.of(arguments));
    return new ProcessBuilder(command).redirectErrorStream(true).start();
  }

  private Path archive(String name) {
    return directory.resolve(name + ".jsa");
  }
}
