package io.vesta.approval.changes;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.List;
import java.util.stream.Collectors;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.Example;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;

class ChangesProperties {

  @Provide
  Arbitrary<String> texts() {
    Arbitrary<String> words =
        Arbitraries.of("Saturday", "ten", " ", "  ", "\n", ".", "caf\u00e9", "\ud83d\ude00", "no");
    return Arbitraries.oneOf(
        words.list().ofMaxSize(30).map(list -> String.join("", list)),
        Arbitraries.strings().ofMaxLength(40));
  }

  private static String without(Changes changes, Changes.Kind kind) {
    return changes.parts().stream()
        .filter(part -> part.kind() != kind)
        .map(Changes.Part::text)
        .collect(Collectors.joining());
  }

  @Property
  void the_parts_make_both_texts_byte_for_byte(
      @ForAll("texts") String before, @ForAll("texts") String after) {
    Changes changes = Changes.between(before, after);
    assertEquals(before, without(changes, Changes.Kind.ADDED));
    assertEquals(after, without(changes, Changes.Kind.REMOVED));
    for (int i = 0; i < changes.parts().size(); i++) {
      assertTrue(!changes.parts().get(i).text().isEmpty());
      assertTrue(i == 0 || changes.parts().get(i).kind() != changes.parts().get(i - 1).kind());
    }
    double distance = changes.distance();
    assertTrue(distance >= 0 && distance <= 1);
    assertEquals(before.equals(after), distance == 0);
  }

  @Example
  void a_word_that_was_changed_is_told_as_a_word() {
    assertEquals(
        List.of(
            new Changes.Part(Changes.Kind.KEPT, "Saturday at "),
            new Changes.Part(Changes.Kind.REMOVED, "ten"),
            new Changes.Part(Changes.Kind.ADDED, "eleven"),
            new Changes.Part(Changes.Kind.KEPT, "?")),
        Changes.between("Saturday at ten?", "Saturday at eleven?").parts());
  }

  @Example
  void the_longest_texts_that_share_nothing_differ_as_one_piece_at_once() {
    String before = "a\n".repeat(50_000);
    String after = "b ".repeat(50_000);
    Changes changes = Changes.between(before, after);
    assertEquals(2, changes.parts().size());
    assertEquals(1.0, changes.distance());
    assertTrue(!changes.toString().contains("a\na"), "sizes only");
  }
}
