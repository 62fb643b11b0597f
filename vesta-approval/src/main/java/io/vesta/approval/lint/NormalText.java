package io.vesta.approval.lint;

import java.text.Normalizer;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Set;

/**
 * A text as detectors see it, with the way back to the text as it was given: compatibility forms,
 * accents, case, invisible characters and look-alike letters are folded, so that spelling tricks do
 * not hide a word.
 */
final class NormalText {

  /** Cyrillic and Greek letters that look like Latin ones, each followed by what it looks like. */
  private static final String LOOKALIKES =
      "\u0430a\u0435e\u043eo\u0440p\u0441c\u0443y\u0445x\u0456i\u0455s\u0458j\u04bbh\u0501d\u051bq\u051dw\u03bfo\u03b1a\u03b9i\u03bdv\u0131i";

  private static final Set<String> ABBREVIATIONS =
      Set.of("st", "mr", "mrs", "ms", "dr", "ave", "blvd", "apt", "no", "approx");

  /**
   * A word.
   *
   * @param word its folded letters and digits
   * @param start where it begins in the given text
   * @param end where it ends in the given text, exclusive
   * @param sentence the number of the sentence that it stands in
   */
  record Word(String word, int start, int end, int sentence) {}

  private final String folded;
  private final int[] origin;
  private final int length;
  private final List<Word> words = new ArrayList<>();

  NormalText(String text) {
    StringBuilder out = new StringBuilder(text.length());
    int[] from = new int[text.length() + 16];
    int at = 0;
    while (at < text.length()) {
      int codePoint = text.codePointAt(at);
      String piece = fold(codePoint);
      for (int i = 0; i < piece.length(); i++) {
        if (out.length() == from.length) {
          from = Arrays.copyOf(from, from.length * 2);
        }
        from[out.length()] = at;
        out.append(piece.charAt(i));
      }
      at += Character.charCount(codePoint);
    }
    folded = out.toString();
    origin = from;
    length = text.length();
    split();
  }

  private static String fold(int codePoint) {
    if (codePoint < 0x80) {
      return Character.toString(Character.toLowerCase(codePoint));
    }
    if (Character.getType(codePoint) == Character.FORMAT || codePoint == 0xAD) {
      return "";
    }
    String plain =
        Normalizer.normalize(Character.toString(codePoint), Normalizer.Form.NFKD)
            .toLowerCase(Locale.ROOT);
    StringBuilder out = new StringBuilder();
    plain
        .codePoints()
        .filter(c -> Character.getType(c) != Character.NON_SPACING_MARK)
        .forEach(
            c -> {
              int i = LOOKALIKES.indexOf(c);
              out.appendCodePoint(i >= 0 && i % 2 == 0 ? LOOKALIKES.charAt(i + 1) : c);
            });
    // Typographic marks that patterns and words spell in ASCII.
    return out.toString().replace('\u2019', '\'').replace('\u2013', '-').replace('\u2011', '-');
  }

  private void split() {
    int sentence = 0;
    int begin = -1;
    for (int i = 0; i <= folded.length(); i++) {
      char c = i < folded.length() ? folded.charAt(i) : ' ';
      if (Character.isLetterOrDigit(c)) {
        if (begin < 0) {
          begin = i;
        }
        continue;
      }
      if (begin >= 0) {
        words.add(new Word(folded.substring(begin, i), start(begin), end(i), sentence));
        begin = -1;
      }
      boolean stop = c == '!' || c == '?' || c == ';' || c == '\n';
      boolean dot =
          c == '.'
              && (i + 1 >= folded.length() || Character.isWhitespace(folded.charAt(i + 1)))
              && !(!words.isEmpty() && ABBREVIATIONS.contains(words.get(words.size() - 1).word()));
      if (stop || dot) {
        sentence++;
      }
    }
  }

  /** The folded text, for patterns. */
  String folded() {
    return folded;
  }

  /** The words in order. */
  List<Word> words() {
    return words;
  }

  /** Where a place of the folded text lies in the given one. */
  int start(int place) {
    return place < folded.length() ? origin[place] : length;
  }

  /** Where a span that ends before a place of the folded text ends in the given one. */
  int end(int place) {
    return place < folded.length() ? origin[place] : length;
  }
}
