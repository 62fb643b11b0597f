package io.vesta.approval.lint;

import java.util.Map;
import java.util.Objects;

/**
 * A text with what is known about it. Its {@code toString} tells sizes only.
 *
 * @param channel {@code EMAIL}, {@code SMS} or another channel's name
 * @param text the text exactly as it would leave
 * @param context what is known, by the keys that rule packs name, such as {@code jurisdiction}; an
 *     unknown fact is absent, and a rule that needs it takes its strictest branch
 */
public record LintInput(String channel, String text, Map<String, String> context) {

  /** Checks presence and copies. */
  public LintInput {
    Objects.requireNonNull(channel, "channel");
    Objects.requireNonNull(text, "text");
    context = Map.copyOf(context);
  }

  /** Sizes only. */
  @Override
  public String toString() {
    return "LintInput[" + channel + ", " + text.length() + " characters, " + context.keySet() + "]";
  }
}
