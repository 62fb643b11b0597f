package io.vesta.approval.lint;

import com.google.re2j.Pattern;
import com.google.re2j.PatternSyntaxException;

/**
 * Patterns that are safe on any text. RE2 takes linear time for one match, but a search for all of
 * them takes quadratic time if a match may look ahead without end, so a repetition must have one,
 * and nested ones must not multiply to a program that fills the memory.
 */
final class LinearPattern {

  private static final int LONGEST = 2_000;
  private static final int MOST_REPEATS = 1_000;
  private static final int LARGEST_PROGRAM = 5_000;

  private LinearPattern() {}

  /**
   * Compiles a pattern.
   *
   * @throws IllegalArgumentException if it is no RE2 pattern, or none that is safe; its message
   *     goes on after the pattern's name
   */
  static Pattern compile(String pattern) {
    if (pattern.length() > LONGEST) {
      throw new IllegalArgumentException("is longer than " + LONGEST + " characters");
    }
    bounded(pattern);
    try {
      Pattern compiled = Pattern.compile(pattern);
      if (compiled.programSize() > LARGEST_PROGRAM) {
        throw new IllegalArgumentException("makes a program of more than " + LARGEST_PROGRAM);
      }
      if (compiled.matches("")) {
        throw new IllegalArgumentException("matches nothing at all, and so everywhere");
      }
      return compiled;
    } catch (PatternSyntaxException e) {
      throw new IllegalArgumentException("is no RE2 pattern: " + e.getDescription(), e);
    }
  }

  private static void bounded(String pattern) {
    boolean inClass = false;
    long repeats = 1;
    for (int i = 0; i < pattern.length(); i++) {
      char c = pattern.charAt(i);
      if (c == '\\') {
        if (pattern.startsWith("Q", i + 1)) {
          throw new IllegalArgumentException("uses \\Q, which hides what it repeats");
        }
        i++;
      } else if (inClass) {
        inClass = c != ']';
      } else if (c == '[') {
        inClass = true;
        // A bracket that comes first is one of the class.
        i += pattern.startsWith("^]", i + 1) ? 2 : pattern.startsWith("]", i + 1) ? 1 : 0;
      } else if (c == '*' || c == '+') {
        throw new IllegalArgumentException(
            "repeats without an end; write {0,20} or {1,20} instead of * or +");
      } else if (c == '{') {
        int end = pattern.indexOf('}', i);
        String bounds = end < 0 ? "" : pattern.substring(i + 1, end);
        if (bounds.matches("\\d{1,4},")) {
          throw new IllegalArgumentException("repeats without an end; give {n,m} its m");
        }
        if (bounds.matches("\\d{1,4}(,\\d{1,4})?")) {
          int most = Integer.parseInt(bounds.substring(bounds.indexOf(',') + 1));
          // Nested or not is not told apart: both cost.
          repeats = most > 100 ? repeats * most : repeats + most;
        }
      }
    }
    if (repeats > MOST_REPEATS) {
      throw new IllegalArgumentException("repeats more than " + MOST_REPEATS + " times in all");
    }
  }
}
