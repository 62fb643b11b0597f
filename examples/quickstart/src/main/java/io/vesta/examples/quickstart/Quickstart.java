package io.vesta.examples.quickstart;

import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.SerializationFeature;
import io.vesta.core.storage.Database;
import java.io.IOException;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Comparator;
import java.util.List;
import java.util.stream.Stream;

/**
 * The main job of the README: imports a brokerage, has drafts written, reviewed and delivered,
 * tries what must not succeed, verifies the audit log and publishes two proof pages.
 *
 * <pre>{@code
 * Quickstart <folder>
 * }</pre>
 *
 * <p>The folder then holds {@code summary.json}, {@code mailbox/*.eml}, {@code audit/} (a C2SP
 * tlog-tiles log with its {@code log.vkey}), {@code proof/index.html} with {@code proof.json} (the
 * market, on real sales) and {@code proof/brokerage.html} with {@code brokerage.json}, and {@code
 * vesta.db}. What an earlier run left there is replaced.
 */
public final class Quickstart {

  private static final List<String> OURS =
      List.of(
          "summary.json", "mailbox", "audit", "proof", "vesta.db", "vesta.db-wal", "vesta.db-shm");

  private Quickstart() {}

  /**
   * Runs it.
   *
   * @param arguments the folder
   */
  public static void main(String[] arguments) throws IOException {
    if (arguments.length != 1) {
      throw new IllegalArgumentException("usage: Quickstart <folder>");
    }
    Path folder = Path.of(arguments[0]);
    Files.createDirectories(folder);
    for (String name : OURS) {
      delete(folder.resolve(name));
    }
    PrintStream out = new PrintStream(System.out, true, StandardCharsets.UTF_8);
    try (Database database = Database.sqlite(folder.resolve("vesta.db"))) {
      run(database, folder, out);
    }
  }

  /**
   * Tells the story on any database.
   *
   * @param database an empty one
   * @param folder where the files go
   * @param out where the story is printed
   * @return what is written to {@code summary.json}
   */
  public static Summary run(Database database, Path folder, PrintStream out) throws IOException {
    Summary summary = new Summary();
    try (House house = new House(database, folder.resolve("mailbox"))) {
      new Story(house, summary, out).tell(folder);
    }
    ObjectMapper json = new ObjectMapper().enable(SerializationFeature.INDENT_OUTPUT);
    Files.write(folder.resolve("summary.json"), json.writeValueAsBytes(summary.json()));
    return summary;
  }

  private static void delete(Path path) throws IOException {
    if (Files.isDirectory(path)) {
      try (Stream<Path> inside = Files.walk(path)) {
        for (Path one : inside.sorted(Comparator.reverseOrder()).toList()) {
          Files.delete(one);
        }
      }
    } else {
      Files.deleteIfExists(path);
    }
  }
}
