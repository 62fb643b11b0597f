package io.vesta.approval.lint;

import java.util.ArrayList;
import java.util.List;

/**
 * What a pattern cannot match without, and how far from it a match may reach; all of the text if
 * there is no such thing.
 *
 * @param needs words of which one has to be there; none if empty
 * @param around characters of which one has to be there; none if empty
 * @param digits how many digits a number has to have; none if 0
 * @param reach how many characters before and after a match may begin and end
 */
record Anchor(PhraseSet needs, String around, int digits, int reach) {

  private static final int LONGEST_WORD = 40;

  /** The parts of the folded text in which a match may be, by where they begin and end. */
  List<int[]> windows(Reading reading) {
    NormalText text = reading.text();
    List<int[]> windows = new ArrayList<>();
    if (!numbers(text, windows)) {
      return List.of();
    }
    if (!needs.phrases().isEmpty()) {
      windows.clear();
      PhraseIndex.Places places = reading.hits().of(needs);
      for (int i = 0; i < places.size(); i++) {
        add(text, text.wordStart(places.first(i)), text.wordEnd(places.last(i)), windows);
      }
    } else if (!around.isEmpty()) {
      windows.clear();
      for (int i = 0; i < text.length(); i++) {
        if (around.indexOf(text.at(i)) >= 0) {
          add(text, i, i + 1, windows);
        }
      }
    } else if (digits == 0) {
      windows.add(new int[] {0, text.length()});
    }
    return windows;
  }

  /** Whether there are numbers as long as asked for; they make the windows if nothing else does. */
  private boolean numbers(NormalText text, List<int[]> windows) {
    for (int run = 0; run < text.runs() && digits > 0; run++) {
      if (text.runDigits(run) >= digits) {
        add(text, text.runStart(run), text.runEnd(run), windows);
      }
    }
    return digits == 0 || !windows.isEmpty();
  }

  /** Windows touch no other and cut no word. */
  private void add(NormalText text, int start, int end, List<int[]> windows) {
    int from = Math.max(0, start - reach);
    int to = Math.min(text.length(), end + reach);
    for (int i = 0; i < LONGEST_WORD && from > 0 && letter(text, from - 1); i++) {
      from--;
    }
    for (int i = 0; i < LONGEST_WORD && to < text.length() && letter(text, to); i++) {
      to++;
    }
    int[] last = windows.isEmpty() ? null : windows.get(windows.size() - 1);
    if (last != null && from <= last[1]) {
      last[1] = Math.max(last[1], to);
    } else {
      windows.add(new int[] {from, to});
    }
  }

  private static boolean letter(NormalText text, int place) {
    return Character.isLetterOrDigit(text.at(place));
  }
}
