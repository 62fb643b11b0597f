package io.vesta.approval.lint;

import java.util.BitSet;
import java.util.List;

/**
 * When words that a rule looks for mean nothing bad.
 *
 * @param unless phrases whose own words they may be, such as {@code white cabinets}
 * @param unlessInSentence phrases that make the whole sentence innocent
 * @param unlessInText phrases that make the whole text innocent
 * @param negatable whether a negation shortly before them turns their meaning round
 */
record Innocence(
    PhraseSet unless, PhraseSet unlessInSentence, PhraseSet unlessInText, boolean negatable) {

  private static final int NEGATION_REACH = 5;

  /** Words that deny what follows. */
  static final PhraseSet NEGATIONS =
      new PhraseSet(
          List.of(
              "not|never|cannot|without|nor|neither|no|nobody|none",
              "can|don|won|isn|doesn|didn|couldn|wouldn|shouldn|aren|wasn|weren|ain|hasn|haven t",
              "beware|avoid",
              "nunca|jamas"));

  /** Words that speak of what is quoted instead of saying it. */
  static final PhraseSet MENTIONS =
      new PhraseSet(
          List.of(
              "you|they|he|she|client asked|ask|wrote|said|mentioned|called",
              "your question|words|phrase|message",
              "asked if|whether|about",
              "the word|words|phrase|phrases|term|wording",
              "never|not write|say|use",
              "instead of",
              "wording|phrasing",
              "don|can|won t write|say|use|describe|answer"));

  /** What is always looked for, whatever the rule. */
  static List<PhraseSet> common() {
    return List.of(NEGATIONS, MENTIONS);
  }

  /** Whether nothing in the text makes all of it innocent. */
  boolean possible(Reading reading) {
    return reading.hits().of(unlessInText).size() == 0;
  }

  /** Tells for each word of a text whether it is innocent. */
  Judge judge(Reading reading) {
    return new Judge(reading);
  }

  /** Remembers what speaks for innocence in one text. */
  final class Judge {

    private final NormalText text;
    private final PhraseIndex.Hits hits;
    private final BitSet covered = new BitSet();
    private final BitSet sentences = new BitSet();

    private Judge(Reading reading) {
      text = reading.text();
      hits = reading.hits();
      PhraseIndex.Places innocent = hits.of(unless);
      for (int i = 0; i < innocent.size(); i++) {
        covered.set(innocent.first(i), innocent.last(i) + 1);
      }
      PhraseIndex.Places calm = hits.of(unlessInSentence);
      for (int i = 0; i < calm.size(); i++) {
        sentences.set(text.sentence(calm.first(i)));
      }
    }

    /** Whether the words from one to another mean nothing bad. */
    boolean acquits(int first, int last) {
      int overlap = covered.nextSetBit(first);
      return (overlap >= 0 && overlap <= last)
          || sentences.get(text.sentence(first))
          || text.replied(first)
          || (text.quoted(first) && mentioned(first))
          || (negatable && negated(first));
    }

    /** Whether a frame of these words means nothing bad, though its person's words do. */
    boolean acquitsFrame(int first, int last) {
      int overlap = covered.nextSetBit(first);
      return (overlap >= 0 && overlap <= last) || (negatable && negated(first));
    }

    private boolean negated(int word) {
      PhraseIndex.Places places = hits.of(NEGATIONS);
      for (int i = places.from(word - NEGATION_REACH); i < places.size(); i++) {
        if (places.last(i) >= word) {
          return false;
        }
        if (text.sentence(places.first(i)) == text.sentence(word)) {
          return true;
        }
      }
      return false;
    }

    private boolean mentioned(int word) {
      PhraseIndex.Places places = hits.of(MENTIONS);
      int from = places.from(word);
      // A mention stands in the same sentence, before or after; its neighbours decide.
      return (from < places.size() && text.sentence(places.first(from)) == text.sentence(word))
          || (from > 0 && text.sentence(places.first(from - 1)) == text.sentence(word));
    }
  }
}
