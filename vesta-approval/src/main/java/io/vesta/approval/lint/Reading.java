package io.vesta.approval.lint;

import java.time.Instant;

/**
 * One text while rules look at it.
 *
 * @param input what was given
 * @param text its folded words
 * @param hits where known phrases stand in it
 * @param now when it is looked at
 */
record Reading(LintInput input, NormalText text, PhraseIndex.Hits hits, Instant now) {

  /** The place of some words. */
  Span words(int first, int last) {
    return new Span(text.origin(text.wordStart(first)), text.origin(text.wordEnd(last)));
  }

  /** The place of some of the folded text. */
  Span folded(int start, int end) {
    return new Span(text.origin(start), text.origin(end));
  }
}
