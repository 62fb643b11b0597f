package io.vesta.proof.claims;

import io.vesta.core.error.VestaException;
import io.vesta.proof.claims.SignedFigures.Figure;
import java.math.BigDecimal;
import java.math.MathContext;
import java.math.RoundingMode;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * Holds every figure and every superlative of a marketing text against signed figures. A figure is
 * supported if, in the same sentence, stand words of the measure and, unless it is a total, the
 * names of its row and column; and if it is the value, a correctly rounded form of it, or a bound
 * on the true side of it ("over", "at least", "under"). A superlative compares with others, whose
 * figures no package of this brokerage holds: it is never supported. Thread-safe.
 *
 * <p><b>Not guaranteed.</b> It reads English figures, no spelled-out numbers, and does not
 * understand sentences: "supported" is for a person to confirm. Years, dates and what is in an
 * address ({@code https://...}) are not figures.
 */
public final class ClaimChecker {

  /** How a claim stands. */
  public enum Status {
    /** A package that holds says so. */
    SUPPORTED,
    /** Only a package that has expired or was retracted says so. */
    STALE,
    /** No package says so. */
    UNSUPPORTED
  }

  /**
   * A figure or superlative of the text.
   *
   * @param status how it stands
   * @param from where it begins, in characters
   * @param to where it ends
   * @param support the figures behind it; empty if unsupported
   */
  public record Finding(Status status, int from, int to, Optional<SignedFigures> support) {}

  private static final int LONGEST = 100_000;

  private static final Pattern SENTENCE = Pattern.compile("(?s).+?(?:[.!?](?=\\s|$)|\\n\\s*\\n|$)");
  private static final Pattern ADDRESS = Pattern.compile("https?://\\S+");
  private static final Pattern DATE =
      Pattern.compile(
          "(?i)\\b\\d{4}-\\d{2}-\\d{2}\\b"
              + "|\\b\\d{1,2} (?:january|february|march|april|may|june|july|august|september|october"
              + "|november|december)(?: \\d{4})?\\b"
              + "|\\b(?:january|february|march|april|may|june|july|august|september|october|november"
              + "|december) \\d{1,2}(?:, \\d{4})?\\b"
              + "|\\b(?:in|since|of|from|through|during|until|for|and|to) (?:19|20)\\d{2}\\b");
  private static final Pattern NUMBER =
      Pattern.compile(
          "(?i)(?<![\\w.])(\\$ ?)?(\\d{1,3}(?:,\\d{3})+|\\d+)(\\.\\d+)?"
              + " ?(thousand|million|billion|k|m|bn|b|%|percent)?(?![\\w])");
  private static final Pattern AT_LEAST =
      Pattern.compile(
          "(?i)(?:at least|over|more than|above|exceeding|upwards of)(?: \\$| usd)? ?$");
  private static final Pattern AT_MOST =
      Pattern.compile("(?i)(?:at most|under|less than|below|fewer than|up to)(?: \\$| usd)? ?$");
  private static final Pattern SUPERLATIVE =
      Pattern.compile(
          "(?i)\\b(?:best|top|leading|premier|number one|no\\. ?1|most|fastest|highest|lowest"
              + "|largest|biggest|greatest|finest|unrivall?ed|unmatched|unbeaten|award-winning)\\b"
              + "|#1\\b");

  private final List<SignedFigures> packages;

  /**
   * @param packages what was signed, stale packages too
   */
  public ClaimChecker(List<SignedFigures> packages) {
    this.packages = List.copyOf(packages);
  }

  /**
   * Every figure and superlative of a text.
   *
   * @param text at most 100,000 characters
   * @return in the order of the text; never null
   */
  public List<Finding> check(String text) {
    if (text.length() > LONGEST) {
      throw VestaException.invalid(
          "marketing text", "of " + text.length() + " characters", "use at most " + LONGEST);
    }
    List<Finding> findings = new ArrayList<>();
    String open = blanked(DATE, blanked(ADDRESS, text));
    Matcher sentences = SENTENCE.matcher(open);
    while (sentences.find()) {
      String sentence = sentences.group();
      int at = sentences.start();
      Matcher superlative = SUPERLATIVE.matcher(sentence);
      while (superlative.find()) {
        findings.add(
            new Finding(
                Status.UNSUPPORTED,
                at + superlative.start(),
                at + superlative.end(),
                Optional.empty()));
      }
      Matcher number = NUMBER.matcher(blanked(Pattern.compile("#1\\b|(?i)no\\. ?1\\b"), sentence));
      while (number.find()) {
        findings.add(judged(sentence, number, at));
      }
    }
    findings.sort(Comparator.comparingInt(Finding::from));
    return findings;
  }

  private static String blanked(Pattern pattern, String text) {
    return pattern.matcher(text).replaceAll(hit -> " ".repeat(hit.group().length()));
  }

  private Finding judged(String sentence, Matcher number, int at) {
    BigDecimal digits =
        new BigDecimal(
            number.group(2).replace(",", "") + (number.group(3) == null ? "" : number.group(3)));
    BigDecimal value = digits.movePointRight(power(number.group(4)));
    String before = sentence.substring(0, number.start());
    boolean percent =
        number.group(4) != null && number.group(4).toLowerCase(Locale.ROOT).matches("%|percent");
    boolean money = number.group(1) != null;
    Optional<SignedFigures> stale = Optional.empty();
    for (SignedFigures one : packages) {
      boolean says =
          one.figures().stream()
              .filter(figure -> !money || figure.suffix().equals("USD"))
              .filter(figure -> speaksOf(sentence, figure, one.lines()))
              .anyMatch(figure -> holds(figure, percent, value, precision(number), before));
      if (says && !one.stale()) {
        return new Finding(
            Status.SUPPORTED, at + number.start(), at + number.end(), Optional.of(one));
      }
      if (says) {
        stale = Optional.of(one);
      }
    }
    return new Finding(
        stale.isPresent() ? Status.STALE : Status.UNSUPPORTED,
        at + number.start(),
        at + number.end(),
        stale);
  }

  private static int power(String unit) {
    if (unit == null) {
      return 0;
    }
    return switch (unit.toLowerCase(Locale.ROOT)) {
      case "thousand", "k" -> 3;
      case "million", "m" -> 6;
      case "billion", "bn", "b" -> 9;
      default -> 0;
    };
  }

  /** How many digits are told: all that are written, with trailing zeros of a whole number. */
  private static int precision(Matcher number) {
    String whole = number.group(2).replace(",", "");
    return whole.length() + (number.group(3) == null ? 0 : number.group(3).length() - 1);
  }

  private static boolean holds(
      Figure figure, boolean percent, BigDecimal value, int precision, String before) {
    BigDecimal low = percent ? figure.low().movePointRight(2) : figure.low();
    BigDecimal high = percent ? figure.high().movePointRight(2) : figure.high();
    if (AT_LEAST.matcher(before).find()) {
      return value.compareTo(low) <= 0;
    }
    if (AT_MOST.matcher(before).find()) {
      return value.compareTo(high) >= 0;
    }
    if (!figure.exact()) {
      // An end of the range, told as such.
      return value.compareTo(low) == 0 || value.compareTo(high) == 0;
    }
    return low.compareTo(value) == 0
        || low.round(new MathContext(Math.max(1, precision), RoundingMode.HALF_UP)).compareTo(value)
            == 0;
  }

  /** Words of the measure, and exactly the lines that the figure is of. */
  private static boolean speaksOf(String sentence, Figure figure, List<String> lines) {
    String folded = sentence.toLowerCase(Locale.ROOT);
    boolean measured =
        Arrays.stream(figure.measure().toLowerCase(Locale.ROOT).split("[^\\p{L}\\p{N}]+"))
            .filter(word -> word.length() > 2)
            .map(word -> word.endsWith("s") ? word.substring(0, word.length() - 1) : word)
            .allMatch(folded::contains);
    return measured
        && lines.stream()
            .allMatch(
                line ->
                    folded.contains(line.toLowerCase(Locale.ROOT))
                        == (figure.row().filter(line::equals).isPresent()
                            || figure.column().filter(line::equals).isPresent()));
  }
}
