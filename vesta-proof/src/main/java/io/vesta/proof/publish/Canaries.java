package io.vesta.proof.publish;

import java.util.Collection;
import java.util.List;
import java.util.Locale;

/**
 * Texts of the source that must never leave: names, e-mail addresses, telephone numbers, street
 * addresses, remarks. Shorter ones than four characters are left out, since they occur by chance.
 * Immutable; prints only how many there are.
 */
public final class Canaries {

  private static final int SHORTEST = 4;

  private final List<String> texts;

  private Canaries(List<String> texts) {
    this.texts = texts;
  }

  /** Canaries from texts of the source; blank and repeated ones are left out. */
  public static Canaries of(Collection<String> texts) {
    return new Canaries(
        texts.stream()
            .map(String::strip)
            .filter(text -> text.length() >= SHORTEST)
            .map(Canaries::folded)
            .distinct()
            .toList());
  }

  List<String> texts() {
    return texts;
  }

  /** One spelling per text: lower case, runs of white space as one space. */
  static String folded(String text) {
    return text.toLowerCase(Locale.ROOT).replaceAll("\\s+", " ");
  }

  @Override
  public String toString() {
    return "Canaries[" + texts.size() + "]";
  }
}
