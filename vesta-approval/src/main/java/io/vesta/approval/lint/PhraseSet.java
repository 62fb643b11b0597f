package io.vesta.approval.lint;

import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * Phrases that a rule looks for together, told apart from others by identity. They are written in
 * lower case without accents: {@code a|b} stands for either word and {@code (a b|c)} for either
 * phrase, {@code word?} may be left out, {@code word*} begins a word, {@code word~} stands for its
 * regular English endings too. Immutable.
 */
final class PhraseSet {

  /** More phrases than this from one line is a mistake. */
  private static final int MOST = 2_000;

  private static final int MOST_WORDS = 12;
  private static final Pattern PLACE = Pattern.compile("\\([^()]*\\)\\??|[^ ()]+");
  private static final Pattern BAR = Pattern.compile("\\|");
  private static final Pattern BETWEEN_WORDS = Pattern.compile("[^\\p{L}\\p{Nd}*]+");

  static final PhraseSet NONE = new PhraseSet(List.of());

  private final List<List<String>> phrases;

  /**
   * @param lines phrases in the language above
   * @throws IllegalArgumentException if a line stands for too many or none, or has upper-case
   *     letters or accents
   */
  PhraseSet(List<String> lines) {
    Set<List<String>> all = new LinkedHashSet<>();
    for (String line : lines) {
      String folded = new NormalText(line).folded();
      if (!folded.equals(line)) {
        throw new IllegalArgumentException("must be in lower case without accents");
      }
      all.addAll(expand(line));
    }
    phrases = List.copyOf(all);
  }

  /** Every phrase by its words, some of which end in a star. */
  List<List<String>> phrases() {
    return phrases;
  }

  private static List<List<String>> expand(String line) {
    List<List<String>> made = variants(line);
    for (List<String> phrase : made) {
      if (phrase.isEmpty() || phrase.size() > MOST_WORDS || phrase.contains("*")) {
        throw new IllegalArgumentException("must stand for 1 to " + MOST_WORDS + " words");
      }
    }
    return made;
  }

  private static List<List<String>> variants(String line) {
    List<List<String>> made = List.of(List.of());
    Matcher places = PLACE.matcher(line);
    while (places.find()) {
      List<List<String>> here = place(places.group());
      List<List<String>> longer = new ArrayList<>();
      for (List<String> begun : made) {
        for (List<String> words : here) {
          List<String> next = new ArrayList<>(begun);
          next.addAll(words);
          longer.add(next);
        }
      }
      made = longer;
      if (made.size() > MOST) {
        throw new IllegalArgumentException("stands for more than " + MOST + " phrases");
      }
    }
    return made;
  }

  /** What may stand in one place: several words only within parentheses. */
  private static List<List<String>> place(String place) {
    boolean optional = place.endsWith("?");
    String plain = optional ? place.substring(0, place.length() - 1) : place;
    List<List<String>> here = new ArrayList<>();
    if (plain.startsWith("(")) {
      for (String part : BAR.split(plain.substring(1, plain.length() - 1), -1)) {
        here.addAll(variants(part));
      }
    } else {
      for (String word : BAR.split(plain, -1)) {
        List<String> spelled = new ArrayList<>();
        if (word.endsWith("~")) {
          inflect(word.substring(0, word.length() - 1), spelled);
        } else {
          spelled.add(word);
        }
        spelled.forEach(one -> here.add(split(one)));
      }
    }
    if (optional) {
      here.add(List.of());
    }
    return here;
  }

  /** Dashes and apostrophes split words in texts, so they do in phrases. */
  private static List<String> split(String word) {
    return BETWEEN_WORDS.splitAsStream(spread(word)).filter(part -> !part.isEmpty()).toList();
  }

  private static void inflect(String word, List<String> into) {
    String stem = word.substring(0, Math.max(0, word.length() - 1));
    into.add(word);
    if (word.endsWith("y") && !word.matches(".*[aeo]y")) {
      into.addAll(List.of(stem + "ies", stem + "ied", word + "ing"));
    } else if (word.endsWith("e")) {
      into.addAll(List.of(word + "s", word + "d", stem + "ing"));
    } else if (word.matches(".*(s|x|z|ch|sh)")) {
      into.addAll(List.of(word + "es", word + "ed", word + "ing"));
    } else {
      into.addAll(List.of(word + "s", word + "ed", word + "ing"));
    }
  }

  /** Ideographs are words each, as in texts. */
  private static String spread(String word) {
    StringBuilder out = new StringBuilder();
    word.codePoints()
        .forEach(
            c -> {
              out.appendCodePoint(c);
              if (Character.isIdeographic(c)) {
                out.append(' ');
              }
            });
    return out.toString();
  }
}
