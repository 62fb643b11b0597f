package io.vesta.proof.spec;

import java.util.List;
import java.util.regex.Pattern;

/** The shapes of all that a spec's author may put before the public. */
final class Wording {

  private static final Pattern KEY = Pattern.compile("[A-Za-z0-9][A-Za-z0-9._-]{0,63}");
  private static final Pattern PLAIN =
      Pattern.compile("[\\p{L}\\p{N}][\\p{L}\\p{M}\\p{N} .,:;'&()/%+\u2013\u2019-]*");
  private static final Pattern NUMBER = Pattern.compile("\\p{N}{5,}");

  private Wording() {}

  static void checkKey(String field, String key, List<String> faults) {
    if (!KEY.matcher(key).matches()) {
      faults.add(field + " has a key of " + key.length() + " characters outside A-Z a-z 0-9 . _ -");
    }
  }

  static void checkText(String field, String text, int most, List<String> faults) {
    if (text.length() > most || !PLAIN.matcher(text).matches() || NUMBER.matcher(text).find()) {
      faults.add(
          field
              + " is a text of "
              + text.length()
              + " characters; use 1 to "
              + most
              + " letters, digits, spaces and plain punctuation, fewer than five digits in a row");
    }
  }
}
