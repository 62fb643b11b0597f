package io.vesta.approval.lint;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * What a letter of another script looks like, from {@code lookalikes.txt}, and typographic marks
 * that patterns spell in ASCII. Only the table is taken from ICU4J, whose jar is larger than this
 * whole library.
 */
final class Lookalikes {

  private static final String MARKS =
      "\u2018'\u2019'\u02bc'\u00b4'\u2032'\u201c\"\u201d\"\u201e\"\u00ab\"\u00bb\"\u2013-\u2014-"
          + "\u2010-\u2011-\u2012-\u2212-\u00a0 ";

  private static final Map<Integer, String> TABLE = read();

  private Lookalikes() {}

  /** The lower-case Latin spelling of a code point, or null if it looks like nothing Latin. */
  static @Nullable String of(int codePoint) {
    return TABLE.get(codePoint);
  }

  private static Map<Integer, String> read() {
    List<String> lines;
    try (InputStream in = Lookalikes.class.getResourceAsStream("lookalikes.txt")) {
      byte[] bytes = Objects.requireNonNull(in, "lookalikes.txt").readAllBytes();
      lines = new String(bytes, StandardCharsets.UTF_8).lines().toList();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    Map<Integer, String> table = new HashMap<>();
    for (String line : lines) {
      if (!line.startsWith("#")) {
        line.substring(2).codePoints().forEach(c -> table.put(c, line.substring(0, 1)));
      }
    }
    for (int i = 0; i < MARKS.length(); i += 2) {
      table.put((int) MARKS.charAt(i), MARKS.substring(i + 1, i + 2));
    }
    table.put((int) '\u00df', "ss");
    table.put((int) '\u00e6', "ae");
    table.put((int) '\u0153', "oe");
    return Map.copyOf(table);
  }
}
