package io.vesta.identity;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.net.URISyntaxException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/**
 * A password cannot be said here: in all that ships, names of types, members, parameters and
 * variables, texts, classes of others and columns of tables, the word does not occur.
 */
class NoPasswordTest {

  private static final Pattern WORD =
      Pattern.compile("(?i)passw|passphrase|resource_?owner|grant_type=pass");

  private static List<Path> saying(Path folder) throws IOException {
    List<Path> found = new ArrayList<>();
    try (Stream<Path> files = Files.walk(folder)) {
      for (Path file : files.filter(Files::isRegularFile).toList()) {
        if (WORD.matcher(Files.readString(file, StandardCharsets.ISO_8859_1)).find()) {
          found.add(file);
        }
      }
    }
    return found;
  }

  private static Path home(Class<?> type) throws URISyntaxException {
    return Path.of(type.getProtectionDomain().getCodeSource().getLocation().toURI());
  }

  @Test
  void the_word_does_not_occur_in_what_ships_and_would_be_found() throws Exception {
    Path ships = home(IdentityTables.class);
    try (Stream<Path> files = Files.walk(ships)) {
      assertTrue(files.filter(file -> file.toString().endsWith(".class")).count() > 50);
    }
    assertEquals(List.of(), saying(ships));
    assertTrue(
        saying(home(NoPasswordTest.class)).stream()
            .anyMatch(file -> file.endsWith("NoPasswordTest.class")),
        "this test's own class says it");
  }
}
