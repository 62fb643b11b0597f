package io.vesta.proof.publish;

import java.text.Normalizer;
import java.util.Collection;
import java.util.List;
import java.util.Locale;
import java.util.regex.Pattern;

/**
 * Texts of the source that must never leave: names, e-mail addresses, telephone numbers, street
 * addresses, remarks. Shorter ones than four characters are left out, since they occur by chance.
 * Immutable; prints only how many there are.
 */
public final class Canaries {

  private static final int SHORTEST = 4;
  private static final Pattern INVISIBLE =
      Pattern.compile("[\\u00ad\\u200b-\\u200f\\u2060\\ufeff]");
  private static final Pattern SPACE = Pattern.compile("\\s+");

  private final List<String> texts;

  private Canaries(List<String> texts) {
    this.texts = texts;
  }

  /** Canaries from texts of the source; blank and repeated ones are left out. */
  public static Canaries of(Collection<String> texts) {
    return new Canaries(
        texts.stream()
            .map(text -> folded(text).strip())
            .filter(text -> text.length() >= SHORTEST)
            .distinct()
            .toList());
  }

  List<String> texts() {
    return texts;
  }

  /**
   * One spelling per text: compatibility characters by their plain ones, nothing invisible, lower
   * case, runs of white space as one space.
   */
  static String folded(String text) {
    String visible =
        INVISIBLE.matcher(Normalizer.normalize(text, Normalizer.Form.NFKC)).replaceAll("");
    return SPACE.matcher(visible.toLowerCase(Locale.ROOT)).replaceAll(" ");
  }

  @Override
  public String toString() {
    return "Canaries[" + texts.size() + "]";
  }
}
