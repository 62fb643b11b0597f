package io.vesta.proof.publish;

import java.net.URLDecoder;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Base64;
import java.util.BitSet;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.regex.MatchResult;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * Looks for canaries and for anything shaped like an e-mail address, a telephone or a social
 * security number in finished bytes: as they are, and after undoing HTML entities, {@code \}{@code
 * u} escapes, percent signs and base64. It is the second line: what it finds has already got past
 * the types. Thread-safe.
 */
public final class LeakScan {

  /**
   * Something that must not leave.
   *
   * @param part which file
   * @param form how it is written there
   * @param position where, counted in characters of that form
   */
  public record Leak(String part, String form, int position) {}

  /**
   * Hexadecimal, decimal, letter and accent, or name. Browsers read a number without its semicolon
   * too, and with any number of zeros.
   */
  private static final Pattern ENTITY =
      Pattern.compile(
          "&(?:#x0*([0-9a-f]{1,6});?|#0*([0-9]{1,7});?"
              + "|([a-z])(acute|cedil|circ|grave|ring|tilde|uml);"
              + "|([a-z]{2,6});)");

  private static final Map<String, String> NAMED =
      Map.of(
          "amp", "&", "lt", "<", "gt", ">", "quot", "\"", "apos", "'", "nbsp", " ", "szlig",
          "\u00df", "aelig", "\u00e6", "oslash", "\u00f8");
  private static final Map<String, String> ACCENTS =
      Map.of(
          "acute", "\u0301", "cedil", "\u0327", "circ", "\u0302", "grave", "\u0300", "ring",
          "\u030a", "tilde", "\u0303", "uml", "\u0308");
  private static final Pattern ESCAPE = Pattern.compile("\\\\u([0-9a-f]{4})");
  private static final Pattern PERCENT = Pattern.compile("%(?![0-9a-fA-F]{2})");
  private static final Pattern BASE64 = Pattern.compile("[A-Za-z0-9+/_-]{8,}={0,2}");

  private static final List<Pattern> PERSONAL =
      List.of(
          Pattern.compile("[a-z0-9._%+-]{1,64}@[a-z0-9-]{1,63}\\.[a-z]{2,}"),
          Pattern.compile(
              "(?<![0-9.,])\\+?1?[ .-]?\\(?[2-9][0-9]{2}\\)?[ .-][0-9]{3}[ .-][0-9]{4}(?![0-9])"),
          Pattern.compile("(?<![0-9-])[0-9]{3}-[0-9]{2}-[0-9]{4}(?![0-9-])"));

  /** How many characters of a canary its bucket is named after; none is shorter. */
  private static final int HEAD = 4;

  /** Canaries by their first characters and their length: many may begin alike. */
  private final Map<Long, Map<Integer, Set<String>>> canaries = new HashMap<>();

  /** Which hashes of first characters occur, so that most places need no look-up. */
  private final BitSet heads = new BitSet(1 << 16);

  /**
   * @param canaries what must not leave
   * @param declared the texts that the page may hold; a canary inside one of them is no leak
   */
  public LeakScan(Canaries canaries, List<String> declared) {
    List<String> allowed = declared.stream().map(Canaries::folded).toList();
    for (String canary : canaries.texts()) {
      if (allowed.stream().noneMatch(text -> text.contains(canary))) {
        long head = head(canary, 0);
        this.canaries
            .computeIfAbsent(head, key -> new HashMap<>())
            .computeIfAbsent(canary.length(), key -> new HashSet<>())
            .add(canary);
        heads.set(hash(head));
      }
    }
  }

  private static long head(String text, int at) {
    long head = 0;
    for (int i = 0; i < HEAD; i++) {
      head = (head << 16) | text.charAt(at + i);
    }
    return head;
  }

  private static int hash(long head) {
    return (int) ((head * 0x9E3779B97F4A7C15L) >>> 48);
  }

  /**
   * Every leak in a file.
   *
   * @param part its name, for the report
   * @param bytes UTF-8 text
   * @return the places, never the values; never null
   */
  public List<Leak> scan(String part, byte[] bytes) {
    String raw = new String(bytes, StandardCharsets.UTF_8);
    Map<String, String> forms = new TreeMap<>();
    forms.put("plain", raw);
    forms.put("entities", entities(raw));
    forms.put("escapes", ESCAPE.matcher(lower(raw)).replaceAll(LeakScan::escaped));
    forms.put(
        "percent",
        URLDecoder.decode(PERCENT.matcher(raw).replaceAll("%25"), StandardCharsets.UTF_8));
    forms.put("base64", base64(raw));
    List<Leak> leaks = new ArrayList<>();
    forms.forEach((form, text) -> scan(part, form, Canaries.folded(text), leaks));
    return leaks;
  }

  private void scan(String part, String form, String text, List<Leak> leaks) {
    Set<String> found = new HashSet<>();
    for (int at = 0; at + HEAD <= text.length(); at++) {
      long head = head(text, at);
      if (heads.get(hash(head))) {
        for (var alike : canaries.getOrDefault(head, Map.of()).entrySet()) {
          int end = at + alike.getKey();
          if (end <= text.length()
              && standsAlone(text, at, end)
              && alike.getValue().contains(text.substring(at, end))
              && found.add(text.substring(at, end))) {
            leaks.add(new Leak(part, form, at));
          }
        }
      }
    }
    for (Pattern shape : PERSONAL) {
      shape.matcher(text).results().forEach(hit -> leaks.add(new Leak(part, form, hit.start())));
    }
  }

  /** Not inside a longer word: "Mark" is no leak in "Market". */
  private static boolean standsAlone(String text, int from, int to) {
    boolean before =
        from == 0
            || !Character.isLetterOrDigit(text.charAt(from))
            || !Character.isLetterOrDigit(text.charAt(from - 1));
    boolean after =
        to == text.length()
            || !Character.isLetterOrDigit(text.charAt(to - 1))
            || !Character.isLetterOrDigit(text.charAt(to));
    return before && after;
  }

  private static String lower(String text) {
    return text.toLowerCase(Locale.ROOT);
  }

  private static String entities(String text) {
    return ENTITY.matcher(lower(text)).replaceAll(hit -> Matcher.quoteReplacement(entity(hit)));
  }

  private static String entity(MatchResult hit) {
    if (hit.group(5) != null) {
      return NAMED.getOrDefault(hit.group(5), hit.group());
    }
    if (hit.group(4) != null) {
      return hit.group(3) + ACCENTS.get(hit.group(4));
    }
    int point =
        hit.group(1) == null ? Integer.parseInt(hit.group(2)) : Integer.parseInt(hit.group(1), 16);
    return Character.isValidCodePoint(point) ? Character.toString(point) : "";
  }

  private static String escaped(MatchResult hit) {
    return Matcher.quoteReplacement(Character.toString(Integer.parseInt(hit.group(1), 16)));
  }

  /** Whatever could be base64, decoded from each of four beginnings, one piece a line. */
  private static String base64(String text) {
    StringBuilder decoded = new StringBuilder();
    BASE64
        .matcher(text)
        .results()
        .forEach(
            hit -> {
              String piece = hit.group().replace('-', '+').replace('_', '/').replace("=", "");
              for (int skip = 0; skip < 4; skip++) {
                // A lone last character carries no whole byte.
                int end = piece.length() - ((piece.length() - skip) % 4 == 1 ? 1 : 0);
                decoded
                    .append(
                        new String(
                            Base64.getDecoder().decode(piece.substring(skip, end)),
                            StandardCharsets.UTF_8))
                    .append('\n');
              }
            });
    return decoded.toString();
  }
}
