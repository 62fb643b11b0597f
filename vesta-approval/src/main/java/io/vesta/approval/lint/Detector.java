package io.vesta.approval.lint;

import com.google.re2j.Matcher;
import com.google.re2j.Pattern;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** The ways in which a rule can look at a text; each finds places of the given text. */
sealed interface Detector
    permits Detector.Phrases,
        Detector.Frame,
        Detector.Shape,
        Detector.Context,
        Detector.Missing,
        Detector.Holds,
        Detector.Greeting,
        QuietTime,
        FactCheck,
        HostDetector {

  /** At most so many places are told of one rule; who mends them asks again. */
  int MOST = 100;

  /** Where it finds something; at most {@link #MOST} places. */
  List<Span> find(Reading reading);

  /** The phrases that have to be looked for before. */
  default List<PhraseSet> phrases() {
    return List.of();
  }

  /** Any of some phrases. */
  record Phrases(PhraseSet any, Innocence innocence) implements Detector {

    @Override
    public List<Span> find(Reading reading) {
      PhraseIndex.Places places = reading.hits().of(any);
      if (places.size() == 0 || !innocence.possible(reading)) {
        return List.of();
      }
      Innocence.Judge judge = innocence.judge(reading);
      List<Span> found = new ArrayList<>();
      for (int i = 0; i < places.size() && found.size() < MOST; i++) {
        if (!judge.acquits(places.first(i), places.last(i))) {
          found.add(reading.words(places.first(i), places.last(i)));
        }
      }
      return found;
    }

    @Override
    public List<PhraseSet> phrases() {
      return with(innocence, any);
    }
  }

  /** A word for persons near a word that prefers, limits or excludes, in one sentence. */
  record Frame(PhraseSet person, PhraseSet near, int within, Order order, Innocence innocence)
      implements Detector {

    private static final int LONGEST_PHRASE = 12;

    /** Which of the two comes first. */
    enum Order {
      ANY,
      PERSON_FIRST,
      NEAR_FIRST
    }

    @Override
    public List<Span> find(Reading reading) {
      PhraseIndex.Places persons = reading.hits().of(person);
      PhraseIndex.Places frames = reading.hits().of(near);
      if (persons.size() == 0 || frames.size() == 0 || !innocence.possible(reading)) {
        return List.of();
      }
      Innocence.Judge judge = innocence.judge(reading);
      List<Span> found = new ArrayList<>();
      for (int i = 0; i < persons.size() && found.size() < MOST; i++) {
        int first = persons.first(i);
        int last = persons.last(i);
        int frame = judge.acquits(first, last) ? -1 : nearest(reading, judge, frames, first, last);
        if (frame >= 0) {
          found.add(
              reading.words(
                  Math.min(first, frames.first(frame)), Math.max(last, frames.last(frame))));
        }
      }
      return found;
    }

    private int nearest(
        Reading reading, Innocence.Judge judge, PhraseIndex.Places frames, int first, int last) {
      NormalText text = reading.text();
      for (int i = frames.from(first - within - LONGEST_PHRASE); i < frames.size(); i++) {
        if (frames.first(i) > last + within + 1) {
          return -1;
        }
        boolean before = frames.last(i) < first;
        boolean after = frames.first(i) > last;
        int gap = before ? first - frames.last(i) - 1 : frames.first(i) - last - 1;
        if (((before && order != Order.PERSON_FIRST) || (after && order != Order.NEAR_FIRST))
            && gap <= within
            && text.sentence(first) == text.sentence(frames.first(i))
            && !judge.acquitsFrame(frames.first(i), frames.last(i))) {
          return i;
        }
      }
      return -1;
    }

    @Override
    public List<PhraseSet> phrases() {
      return with(innocence, person, near);
    }
  }

  /**
   * A pattern over the folded text whose group 1, or all of it, meets a checksum if one is asked
   * for. A pattern costs more than words, so it is tried only near what it cannot do without.
   */
  record Shape(Pattern pattern, @Nullable Checksum checksum, Anchor anchor, Innocence innocence)
      implements Detector {

    @Override
    public List<Span> find(Reading reading) {
      List<int[]> windows = anchor.windows(reading);
      if (windows.isEmpty() || !innocence.possible(reading)) {
        return List.of();
      }
      NormalText text = reading.text();
      Innocence.Judge judge = innocence.judge(reading);
      List<Span> found = new ArrayList<>();
      for (int[] window : windows) {
        Matcher matcher = pattern.matcher(text.folded().substring(window[0], window[1]));
        while (found.size() < MOST && matcher.find()) {
          String matched = matcher.groupCount() == 0 ? matcher.group() : matcher.group(1);
          int start = window[0] + matcher.start();
          int word = text.wordAt(start);
          if (matched != null
              && (checksum == null || checksum.accepts(matched))
              && (word == text.words() || !judge.acquits(word, word))) {
            found.add(reading.folded(start, window[0] + matcher.end()));
          }
        }
      }
      return found;
    }

    @Override
    public List<PhraseSet> phrases() {
      return with(innocence, anchor.needs());
    }
  }

  /** The context alone, unless the text holds something that mends it. */
  record Context(Innocence innocence) implements Detector {

    @Override
    public List<Span> find(Reading reading) {
      return innocence.possible(reading) ? List.of(Span.MESSAGE) : List.of();
    }

    @Override
    public List<PhraseSet> phrases() {
      return with(innocence);
    }
  }

  /** The text lacks the words of a fact; also if the fact is not known. */
  record Missing(String fact) implements Detector {

    @Override
    public List<Span> find(Reading reading) {
      String wanted = reading.input().context().get(fact);
      return wanted != null && !wanted.isBlank() && contains(reading, wanted)
          ? List.of()
          : List.of(Span.MESSAGE);
    }
  }

  /** The text holds one of the words that a fact lists, separated by semicolons. */
  record Holds(String fact) implements Detector {

    @Override
    public List<Span> find(Reading reading) {
      List<Span> found = new ArrayList<>();
      for (String one : reading.input().context().getOrDefault(fact, "").split(";", -1)) {
        String wanted = new NormalText(one.strip()).folded();
        int at = wanted.isEmpty() ? -1 : reading.text().folded().indexOf(wanted);
        while (at >= 0 && found.size() < MOST) {
          if (border(reading.text(), at - 1) && border(reading.text(), at + wanted.length())) {
            found.add(reading.folded(at, at + wanted.length()));
          }
          at = reading.text().folded().indexOf(wanted, at + 1);
        }
      }
      return found;
    }

    private static boolean border(NormalText text, int place) {
      return place < 0
          || place >= text.folded().length()
          || !Character.isLetterOrDigit(text.folded().charAt(place));
    }
  }

  /** The text greets somebody by another name than a fact says. */
  record Greeting(String fact) implements Detector {

    private static final Pattern GREETED =
        Pattern.compile(
            "(?m)^(?:hi|hello|hey|dear|good (?:morning|afternoon|evening)) ([a-z][a-z'-]{1,40})\\b");

    private static final Set<String> ANYBODY =
        Set.of(
            "all",
            "there",
            "everyone",
            "everybody",
            "team",
            "both",
            "folks",
            "friend",
            "friends",
            "neighbor",
            "neighbors",
            "sir",
            "madam",
            "mr",
            "mrs",
            "ms",
            "dr",
            "client",
            "again",
            "homeowner",
            "from",
            "and",
            "the",
            "family",
            "guys",
            "buyers",
            "sellers",
            "miss");

    @Override
    public List<Span> find(Reading reading) {
      String known = reading.input().context().get(fact);
      Matcher matcher = GREETED.matcher(reading.text().folded());
      if (known == null || !matcher.find()) {
        return List.of();
      }
      String name = matcher.group(1);
      List<String> names =
          List.of(new NormalText(known).folded().toLowerCase(Locale.ROOT).split("[ ;&,]+", -1));
      return ANYBODY.contains(name) || names.contains(name)
          ? List.of()
          : List.of(reading.folded(matcher.start(1), matcher.end(1)));
    }
  }

  /** Whether a text has the words of another, however they are spaced. */
  private static boolean contains(Reading reading, String wanted) {
    return spaced(reading.text()).contains(spaced(new NormalText(wanted)));
  }

  private static String spaced(NormalText text) {
    StringBuilder out = new StringBuilder(" ");
    for (int word = 0; word < text.words(); word++) {
      out.append(text.word(word)).append(' ');
    }
    return out.toString();
  }

  private static List<PhraseSet> with(Innocence innocence, PhraseSet... own) {
    List<PhraseSet> all = new ArrayList<>(List.of(own));
    all.add(innocence.unless());
    all.add(innocence.unlessInSentence());
    all.add(innocence.unlessInText());
    return all;
  }
}
