package io.vesta.approval.drafting;

import com.google.re2j.Matcher;
import com.google.re2j.Pattern;
import io.vesta.approval.envelope.Envelope;
import io.vesta.approval.gate.internal.Review;
import io.vesta.approval.lint.Finding;
import io.vesta.approval.lint.Verdict;
import io.vesta.core.llm.Prompt;
import java.text.Normalizer;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;

/**
 * What a model may take a link, an address, a number or an amount from: its instruction and the
 * trusted turns. Whatever else of that kind stands in its text becomes a finding that a person must
 * take note of, because it is where an injected instruction or an invention shows. It tells what it
 * found by place, not by words. Immutable.
 */
final class Sources {

  private static final Pattern PHONE = Pattern.compile("\\+?\\(?[0-9](?:[ ().-]{0,3}[0-9]){6,17}");

  private static final Map<String, Pattern> KINDS = new LinkedHashMap<>();

  static {
    KINDS.put("MAIL", Pattern.compile("[^\\s@<>()\"',;:]+@[^\\s@<>()\"',;:]+"));
    KINDS.put(
        "LINK",
        Pattern.compile(
            "(?i)[a-z][a-z0-9+.-]{1,9}://[^\\s<>\"]+"
                + "|\\b(?:[a-z0-9-]+\\.)+[a-z]{2,24}\\b(?:/[^\\s<>\"]*)?"));
    KINDS.put(
        "MONEY",
        Pattern.compile(
            "(?i)(?:[$\u20ac\u00a3]|\\busd) ?[0-9][0-9,.]*"
                + "|\\b[0-9][0-9,.]* ?(?:dollars?|usd|euros?)\\b"));
    KINDS.put("PHONE", PHONE);
  }

  private final String words;
  private final Set<String> numbers;
  private final Set<String> telephones = new HashSet<>();

  private Sources(String text) {
    words = plain(text);
    numbers = Set.copyOf(Arrays.asList(numbers(words).split(" ", -1)));
    Matcher matcher = PHONE.matcher(words);
    while (matcher.find()) {
      telephones.add(digits(matcher.group()));
    }
  }

  /** What stands in the trusted parts of a prompt, and in what the host itself put on a message. */
  static Sources of(Prompt prompt, Envelope head) {
    StringBuilder text = new StringBuilder(prompt.system());
    for (Prompt.Turn turn : prompt.turns()) {
      if (turn.trust() == Prompt.Trust.TRUSTED) {
        text.append('\n').append(turn.text());
      }
    }
    text.append('\n').append(head.subject());
    text.append('\n').append(head.sender().address().value());
    head.recipients().forEach(one -> text.append('\n').append(one.address().value()));
    return new Sources(text.toString());
  }

  /**
   * What a text holds that these sources do not.
   *
   * @param text as it would be shown
   */
  List<Finding> missing(String text) {
    String plain = plain(text);
    boolean same = plain.length() == text.length();
    List<Finding> findings = new ArrayList<>();
    StringBuilder left = new StringBuilder(plain);
    KINDS.forEach(
        (kind, pattern) -> {
          Matcher matcher = pattern.matcher(left.toString());
          while (matcher.find()) {
            String found = matcher.group();
            if (!known(kind, found)) {
              findings.add(finding(kind, same ? matcher.start() : 0, same ? matcher.end() : 0));
            }
            // What was one thing is not found as another one, such as a mailbox as a link.
            for (int i = matcher.start(); i < matcher.end(); i++) {
              left.setCharAt(i, ' ');
            }
          }
        });
    return findings;
  }

  private boolean known(String kind, String found) {
    String wanted = digits(found);
    if (kind.equals("MONEY")) {
      return numbers.contains(wanted);
    }
    if (kind.equals("PHONE")) {
      // With or without a country's code.
      return telephones.stream().anyMatch(one -> one.endsWith(wanted) || wanted.endsWith(one));
    }
    String trimmed = found.replaceAll("[.,;:!?)]+$", "");
    int at = words.indexOf(trimmed);
    while (at >= 0) {
      boolean begins = at == 0 || !part(words.charAt(at - 1)) || words.startsWith("://", at - 3);
      int end = at + trimmed.length();
      boolean ends = end == words.length() || !part(words.charAt(end)) || last(end);
      if (begins && ends) {
        return true;
      }
      at = words.indexOf(trimmed, at + 1);
    }
    return false;
  }

  /** Whether a character goes on with a link or an address. */
  private static boolean part(char c) {
    return Character.isLetterOrDigit(c) || "@.-_/%+?=&#".indexOf(c) >= 0;
  }

  /** Whether the character is a full stop or question mark that ends a sentence. */
  private boolean last(int at) {
    char c = words.charAt(at);
    boolean stop = c == '.' || c == '?';
    return stop && (at + 1 == words.length() || Character.isWhitespace(words.charAt(at + 1)));
  }

  private static Finding finding(String kind, int start, int end) {
    String what =
        switch (kind) {
          case "MAIL" -> "e-mail address";
          case "LINK" -> "link";
          case "MONEY" -> "amount";
          default -> "telephone number";
        };
    return new Finding(
        Review.SOURCE_RULE + kind,
        Verdict.REVIEW,
        start,
        end,
        "This " + what + " stands in no trusted source that the model was given.",
        "Check it against the records, or take it out.");
  }

  /** Lower case, one spelling of look-alike forms, without invisible characters. */
  private static String plain(String text) {
    return Normalizer.normalize(text, Normalizer.Form.NFKC)
        .replaceAll("\\p{Cf}", "")
        .toLowerCase(Locale.ROOT);
  }

  private static String digits(String text) {
    return text.replaceAll("[^0-9]", "");
  }

  /** The numbers of a text, a space between them; punctuation within a number is dropped. */
  private static String numbers(String text) {
    return text.replaceAll("(?<=[0-9])[,.](?=[0-9])", "").replaceAll("[^0-9]+", " ");
  }
}
