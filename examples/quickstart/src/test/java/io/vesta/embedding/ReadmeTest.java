package io.vesta.embedding;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotNull;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import javax.tools.JavaCompiler;
import javax.tools.ToolProvider;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What the README prints is true. */
class ReadmeTest {

  private static final Path README = Path.of("..", "..", "README.md");

  @TempDir Path directory;

  @Test
  void the_first_program_compiles_as_printed_and_sends_one_message() throws Exception {
    String classPath = compiled(README, "FirstProgram");
    assertEquals("Saturday\n\nShall we say ten?\n", run(classPath));
    assertEquals("", run(classPath).strip(), "what is sent is not sent again");
  }

  @Test
  void the_recipe_of_identity_compiles_as_printed_and_has_at_most_fifteen_lines()
      throws IOException {
    Path readme = Path.of("..", "..", "vesta-core", "identity", "README.md");
    compiled(readme, "Identity");
    List<String> lines = Files.readAllLines(readme);
    int core = lines.indexOf("```") - lines.indexOf("public class Identity {") - 2;
    assertTrue(core <= 15, () -> core + " lines");
  }

  /** Compiles the first program of a page; the class path it was compiled with. */
  private String compiled(Path page, String name) throws IOException {
    Matcher program = Pattern.compile("(?s)```java\n(.*?)```").matcher(Files.readString(page));
    assertTrue(program.find());
    Path source = directory.resolve(name + ".java");
    Files.writeString(source, program.group(1));
    JavaCompiler compiler = ToolProvider.getSystemJavaCompiler();
    assertNotNull(compiler);
    String classPath = System.getProperty("java.class.path");
    String[] options = {
      "--release", "17", "-proc:none", "-cp", classPath, "-d", directory.toString()
    };
    List<String> arguments = new ArrayList<>(List.of(options));
    arguments.add(source.toString());
    assertEquals(0, compiler.run(null, null, null, arguments.toArray(String[]::new)));
    return classPath;
  }

  private String run(String classPath) throws IOException, InterruptedException {
    Process process =
        new ProcessBuilder(
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "-Dorg.jboss.logging.provider=slf4j",
                "-cp",
                directory + java.io.File.pathSeparator + classPath,
                "FirstProgram")
            .directory(directory.toFile())
            .redirectError(directory.resolve("errors").toFile())
            .start();
    String out = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
    process.waitFor();
    return out;
  }

  @Test
  void the_programs_core_is_at_most_fifteen_lines() throws IOException {
    List<String> lines = Files.readAllLines(README);
    int first =
        lines.indexOf(
            lines.stream().filter(l -> l.contains("Actor me =")).findFirst().orElseThrow());
    int last =
        lines.indexOf(
            lines.stream().filter(l -> l.contains(".dispatch();")).findFirst().orElseThrow());
    assertTrue(last - first + 1 <= 15, () -> (last - first + 1) + " lines");
  }

  @Test
  void its_length_is_within_its_budget() throws IOException {
    assertTrue(Files.readAllLines(README).size() <= 150);
  }
}
