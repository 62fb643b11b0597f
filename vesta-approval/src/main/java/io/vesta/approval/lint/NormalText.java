package io.vesta.approval.lint;

import java.text.Normalizer;
import java.util.Arrays;
import java.util.Locale;
import java.util.Map;
import java.util.Set;

/**
 * A text as detectors see it, with the way back to the text as it was given: compatibility forms,
 * accents, case, invisible characters, look-alike letters, HTML entities and inline tags are
 * folded, so that spelling tricks do not hide a word. Its time and memory grow with the text's
 * length alone. Immutable once made.
 */
final class NormalText {

  private static final Set<String> ABBREVIATIONS =
      Set.of("st", "mr", "mrs", "ms", "dr", "ave", "blvd", "apt", "no", "approx", "sq", "ft");

  /** Letters that look like nothing: they are no format characters, yet nobody sees them. */
  private static final String FILLERS = "\u115f\u1160\u3164\uffa0\u2800";

  private static final int LONGEST_ENTITY = 10;
  private static final int LONGEST_TAG = 200;
  private static final Map<String, Integer> ENTITIES =
      Map.ofEntries(
          Map.entry("nbsp", 0xA0),
          Map.entry("amp", (int) '&'),
          Map.entry("lt", (int) '<'),
          Map.entry("gt", (int) '>'),
          Map.entry("quot", (int) '"'),
          Map.entry("apos", (int) '\''),
          Map.entry("shy", 0xAD),
          Map.entry("zwnj", 0x200C),
          Map.entry("zwj", 0x200D),
          Map.entry("ensp", 0x2002),
          Map.entry("emsp", 0x2003),
          Map.entry("thinsp", 0x2009),
          Map.entry("ndash", 0x2013),
          Map.entry("mdash", 0x2014),
          Map.entry("lsquo", 0x2018),
          Map.entry("rsquo", 0x2019),
          Map.entry("ldquo", 0x201C),
          Map.entry("rdquo", 0x201D),
          Map.entry("ntilde", 0xF1),
          Map.entry("aacute", 0xE1),
          Map.entry("eacute", 0xE9),
          Map.entry("iacute", 0xED),
          Map.entry("oacute", 0xF3),
          Map.entry("uacute", 0xFA));

  /** Tags inside of words that browsers do not show. */
  private static final Set<String> INLINE =
      Set.of(
          "b", "i", "u", "em", "strong", "span", "font", "small", "big", "sub", "sup", "mark",
          "wbr", "s", "ins");

  private char[] folded;
  private int[] origin;
  private int size;
  private final int length;
  private String whole = "";

  private int[] wordStart = new int[32];
  private int[] wordEnd = new int[32];
  private int[] sentence = new int[32];
  private boolean[] spoken = new boolean[32];
  private boolean[] replied = new boolean[32];
  private int words;

  private int[] runStart = new int[8];
  private int[] runEnd = new int[8];
  private int[] runDigits = new int[8];
  private int runs;

  NormalText(String text) {
    folded = new char[text.length() + 16];
    origin = new int[text.length() + 17];
    length = text.length();
    int at = 0;
    while (at < length) {
      char c = text.charAt(at);
      int read = 1;
      if (c == '&') {
        int end = find(text, ";", at, LONGEST_ENTITY);
        int code = end < 0 ? -1 : entity(text.substring(at + 1, end));
        if (code < 0) {
          put(c, at);
        } else {
          fold(code, at);
          read = end + 1 - at;
        }
      } else if (c == '<') {
        read = inlineTag(text, at);
        if (read == 0) {
          put(c, at);
          read = 1;
        }
      } else if (c < 0x80) {
        put(c >= 'A' && c <= 'Z' ? (char) (c + 32) : c, at);
      } else {
        int code = text.codePointAt(at);
        fold(code, at);
        read = Character.charCount(code);
      }
      at += read;
    }
    split();
    count();
  }

  /** Looks no further than asked, so that a text of openings alone takes no quadratic time. */
  private static int find(String text, String sought, int from, int reach) {
    for (int i = from; i <= from + reach && i < text.length(); i++) {
      if (text.startsWith(sought, i)) {
        return i;
      }
    }
    return -1;
  }

  private static int entity(String name) {
    if (!name.startsWith("#")) {
      return ENTITIES.getOrDefault(name, -1);
    }
    try {
      int code =
          name.startsWith("#x") || name.startsWith("#X")
              ? Integer.parseInt(name.substring(2), 16)
              : Integer.parseInt(name.substring(1));
      return Character.isValidCodePoint(code) ? code : -1;
    } catch (NumberFormatException e) {
      return -1;
    }
  }

  /** How long the inline tag or comment that begins here is; 0 if there is none. */
  private static int inlineTag(String text, int at) {
    int end = Math.min(text.length(), at + LONGEST_TAG);
    if (text.startsWith("<!--", at)) {
      int close = find(text, "-->", at, LONGEST_TAG);
      return close < 0 ? 0 : close + 3 - at;
    }
    int i = at + 1;
    if (i < end && text.charAt(i) == '/') {
      i++;
    }
    int name = i;
    while (i < end && Character.isLetter(text.charAt(i))) {
      i++;
    }
    if (i == name || !INLINE.contains(text.substring(name, i).toLowerCase(Locale.ROOT))) {
      return 0;
    }
    while (i < end && text.charAt(i) != '>' && text.charAt(i) != '<') {
      i++;
    }
    return i < end && text.charAt(i) == '>' ? i + 1 - at : 0;
  }

  private void fold(int codePoint, int at) {
    if (codePoint < 0x80) {
      put((char) Character.toLowerCase(codePoint), at);
      return;
    }
    int type = Character.getType(codePoint);
    if (type == Character.FORMAT
        || type == Character.NON_SPACING_MARK
        || type == Character.ENCLOSING_MARK
        || codePoint == 0xAD
        || FILLERS.indexOf(codePoint) >= 0) {
      return;
    }
    String plain = Lookalikes.of(codePoint);
    if (plain == null) {
      plain =
          Normalizer.normalize(Character.toString(codePoint), Normalizer.Form.NFKD)
              .toLowerCase(Locale.ROOT);
    }
    for (int i = 0; i < plain.length(); ) {
      int c = plain.codePointAt(i);
      i += Character.charCount(c);
      if (Character.getType(c) == Character.NON_SPACING_MARK) {
        continue;
      }
      String like = c < 0x80 ? null : Lookalikes.of(c);
      if (like != null) {
        for (int k = 0; k < like.length(); k++) {
          put(like.charAt(k), at);
        }
      } else if (Character.isBmpCodePoint(c)) {
        put(c == 0xA0 || Character.getType(c) == Character.SPACE_SEPARATOR ? ' ' : (char) c, at);
      } else {
        put(Character.highSurrogate(c), at);
        put(Character.lowSurrogate(c), at);
      }
    }
  }

  private void put(char c, int at) {
    if (size + 1 >= origin.length || size == folded.length) {
      folded = Arrays.copyOf(folded, folded.length * 2);
      origin = Arrays.copyOf(origin, folded.length + 1);
    }
    folded[size] = c;
    origin[size++] = at;
  }

  private void split() {
    origin[size] = length;
    int number = 0;
    int begin = -1;
    boolean quotes = false;
    boolean reply = false;
    boolean lineBegins = true;
    for (int i = 0; i <= size; i++) {
      char c = i < size ? folded[i] : ' ';
      boolean letter = inWord(i, begin);
      if (letter && begin >= 0 && (ideograph(c) || ideograph(folded[i - 1]))) {
        add(begin, i, number, quotes, reply);
        begin = i;
        continue;
      }
      if (letter) {
        begin = begin < 0 ? i : begin;
        lineBegins = false;
        continue;
      }
      if (begin >= 0) {
        add(begin, i, number, quotes, reply);
        begin = -1;
      }
      if (c == '"') {
        quotes = !quotes;
      } else if (c == '\n') {
        quotes = false;
        reply = false;
      } else if (c == '>' && lineBegins) {
        reply = true;
      }
      lineBegins = c == '\n' || (lineBegins && c == ' ');
      boolean stop = c == '!' || c == '?' || c == ';' || (c == '\n' && lineEnds(i));
      boolean dot =
          c == '.' && (i + 1 >= size || Character.isWhitespace(folded[i + 1])) && !abbreviation();
      if (stop || dot) {
        number++;
      }
    }
  }

  /** A line that was only wrapped goes on with a small letter in what was given. */
  private boolean lineEnds(int at) {
    return at + 1 >= size || !Character.isLetter(folded[at + 1]) || !wrapped(at);
  }

  private boolean wrapped(int at) {
    int back = at;
    while (back > 0 && folded[back - 1] != '\n') {
      back--;
    }
    return at - back > 60;
  }

  private boolean inWord(int i, int begin) {
    if (i >= size) {
      return false;
    }
    char c = folded[i];
    if (c < 0x80
        ? (c >= 'a' && c <= 'z') || (c >= '0' && c <= '9')
        : Character.isLetterOrDigit(c) || Character.isSurrogate(c)) {
      return true;
    }
    // Signs that stand for letters of a word.
    return (c == '@' || c == '$' || (c == '!' && begin >= 0))
        && i + 1 < size
        && Character.isLetter(folded[i + 1]);
  }

  private static boolean ideograph(char c) {
    return c >= 0x2E80 && Character.isIdeographic(c);
  }

  private boolean abbreviation() {
    int last = words - 1;
    return last >= 0
        && (wordEnd[last] - wordStart[last] == 1
            || (wordEnd[last] - wordStart[last] < 7 && ABBREVIATIONS.contains(word(last))));
  }

  private void add(int begin, int end, int number, boolean quotes, boolean reply) {
    if (words == wordStart.length) {
      wordStart = Arrays.copyOf(wordStart, words * 2);
      wordEnd = Arrays.copyOf(wordEnd, words * 2);
      sentence = Arrays.copyOf(sentence, words * 2);
      spoken = Arrays.copyOf(spoken, words * 2);
      replied = Arrays.copyOf(replied, words * 2);
    }
    wordStart[words] = begin;
    wordEnd[words] = end;
    sentence[words] = number;
    spoken[words] = quotes;
    replied[words++] = reply;
  }

  /** The folded text, for patterns. */
  String folded() {
    if (whole.isEmpty()) {
      whole = new String(folded, 0, size);
    }
    return whole;
  }

  /** How long the folded text is. */
  int length() {
    return size;
  }

  /** The folded text's character at a place. */
  char at(int place) {
    return folded[place];
  }

  /** How many words there are. */
  int words() {
    return words;
  }

  /** Finds numbers: digits with at most one space, dash, dot or comma between two of them. */
  private void count() {
    for (int i = 0; i < size; i++) {
      if (!digit(i)) {
        continue;
      }
      int from = i;
      int found = 0;
      int end = i;
      while (digit(i) || (i + 1 < size && " -.,".indexOf(folded[i]) >= 0 && digit(i + 1))) {
        if (digit(i)) {
          found++;
          end = i + 1;
        }
        i++;
      }
      if (runs == runStart.length) {
        runStart = Arrays.copyOf(runStart, runs * 2);
        runEnd = Arrays.copyOf(runEnd, runs * 2);
        runDigits = Arrays.copyOf(runDigits, runs * 2);
      }
      runStart[runs] = from;
      runEnd[runs] = end;
      runDigits[runs++] = found;
    }
  }

  private boolean digit(int i) {
    return i < size && folded[i] >= '0' && folded[i] <= '9';
  }

  /** How many numbers there are: digits that at most one sign each holds apart. */
  int runs() {
    return runs;
  }

  /** Where a number begins in the folded text. */
  int runStart(int run) {
    return runStart[run];
  }

  /** Where a number ends in the folded text, exclusive. */
  int runEnd(int run) {
    return runEnd[run];
  }

  /** How many digits a number has. */
  int runDigits(int run) {
    return runDigits[run];
  }

  /** A word's folded letters and digits. */
  String word(int word) {
    return new String(folded, wordStart[word], wordEnd[word] - wordStart[word]);
  }

  /** Where a word begins in the folded text. */
  int wordStart(int word) {
    return wordStart[word];
  }

  /** Where a word ends in the folded text, exclusive. */
  int wordEnd(int word) {
    return wordEnd[word];
  }

  /** The number of the sentence that a word stands in. */
  int sentence(int word) {
    return sentence[word];
  }

  /** Whether a word stands within quotation marks. */
  boolean quoted(int word) {
    return spoken[word];
  }

  /** Whether a word stands in a line of the message that is answered. */
  boolean replied(int word) {
    return replied[word];
  }

  /** The first word that ends after a place of the folded text; {@link #words} if none does. */
  int wordAt(int place) {
    int found = Arrays.binarySearch(wordEnd, 0, words, place + 1);
    return found < 0 ? -found - 1 : found;
  }

  /** Where a place of the folded text lies in the given one; its length for the end. */
  int origin(int place) {
    return origin[Math.min(place, size)];
  }
}
