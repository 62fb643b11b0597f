package io.vesta.approval.lint;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collection;
import java.util.HashMap;
import java.util.IdentityHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * One automaton over the phrases of all rules: it goes through a text's letters once to find the
 * words that any phrase knows, and then follows phrases from those words only, so that neither the
 * number of phrases nor of rules matters much. Immutable.
 *
 * <p>Words, not letters, are its alphabet, because a phrase may stand across words that somebody
 * broke up or spaced out. Libraries with the algorithm of Aho and Corasick ({@code
 * org.ahocorasick}, {@code com.hankcs}) work on letters: they know neither borders and endings of
 * words nor two readings of one place.
 */
final class PhraseIndex {

  private static final int SPACED_RUN = 5;
  private static final int SHORTEST_JOINED = 4;
  private static final int SHORTEST_SPACED = 6;
  private static final int MOST_JOINED = 3;
  private static final char FIRST = '0';
  private static final char LAST = 'z';
  private static final int FEW = 3;

  /** A word that is begun, by its letters; siblings in no order. */
  private static final class Letter {
    private final char label;
    private @Nullable Letter child;
    private @Nullable Letter sibling;

    /** The next letters by their place, for those that have more than a few. */
    private @Nullable Letter @Nullable [] table;

    private int children;
    private int exact = -1;
    private int stem = -1;

    Letter(char label) {
      this.label = label;
    }

    @Nullable Letter next(char c) {
      if (table != null && c >= FIRST && c <= LAST) {
        return table[c - FIRST];
      }
      Letter one = child;
      while (one != null && one.label != c) {
        one = one.sibling;
      }
      return one;
    }

    /** The next letter, learned if it is new. */
    Letter learn(char c) {
      Letter known = next(c);
      if (known != null) {
        return known;
      }
      Letter made = new Letter(c);
      made.sibling = child;
      child = made;
      children++;
      if (table == null && children > FEW) {
        table = new Letter[LAST - FIRST + 1];
      }
      if (table != null) {
        for (Letter one = child; one != null; one = one.sibling) {
          if (one.label >= FIRST && one.label <= LAST) {
            table[one.label - FIRST] = one;
          }
        }
      }
      return made;
    }
  }

  /** A phrase that is begun, by its words. */
  private static final class Node {
    private final Map<Integer, Node> next = new HashMap<>();
    private final List<PhraseSet> ends = new ArrayList<>(1);
  }

  /** The places where phrases of one set stand, by their first word. */
  static final class Places {
    private int[] first = new int[4];
    private int[] last = new int[4];
    private int size;

    private void add(int from, int to) {
      if (size == first.length) {
        first = Arrays.copyOf(first, size * 2);
        last = Arrays.copyOf(last, size * 2);
      }
      first[size] = from;
      last[size++] = to;
    }

    int size() {
      return size;
    }

    int first(int i) {
      return first[i];
    }

    int last(int i) {
      return last[i];
    }

    /** The first place whose first word is this one or a later. */
    int from(int word) {
      int found = Arrays.binarySearch(first, 0, size, word);
      if (found < 0) {
        return -found - 1;
      }
      while (found > 0 && first[found - 1] == word) {
        found--;
      }
      return found;
    }
  }

  /** What was found in one text. */
  static final class Hits {
    private static final Places NOWHERE = new Places();
    private final IdentityHashMap<PhraseSet, Places> places = new IdentityHashMap<>();

    /** Where phrases of a set stand; never null. */
    Places of(PhraseSet set) {
      return places.getOrDefault(set, NOWHERE);
    }
  }

  private final Letter letters = new Letter(' ');
  private final Node phrases = new Node();
  private int learned;

  PhraseIndex(Collection<PhraseSet> sets) {
    Map<String, Integer> symbols = new HashMap<>();
    for (PhraseSet set : sets) {
      for (List<String> phrase : set.phrases()) {
        Node node = phrases;
        for (String word : phrase) {
          int symbol = symbols.computeIfAbsent(word, this::learn);
          node = node.next.computeIfAbsent(symbol, none -> new Node());
        }
        if (!node.ends.contains(set)) {
          node.ends.add(set);
        }
      }
    }
  }

  private int learn(String word) {
    boolean stem = word.endsWith("*");
    String spelled = stem ? word.substring(0, word.length() - 1) : word;
    Letter at = letters;
    for (int i = 0; i < spelled.length(); i++) {
      at = at.learn(spelled.charAt(i));
    }
    if (stem) {
      at.stem = ++learned;
    } else {
      at.exact = ++learned;
    }
    return learned;
  }

  /** Every phrase that stands within one sentence. */
  Hits find(NormalText text) {
    Lattice lattice = new Lattice(text);
    Hits hits = new Hits();
    for (int first = 0; first < text.words(); first++) {
      if (lattice.known(first)) {
        follow(phrases, lattice, first, first, hits);
      }
    }
    return hits;
  }

  private static void follow(Node node, Lattice lattice, int first, int next, Hits hits) {
    NormalText text = lattice.text;
    if (next >= text.words() || text.sentence(next) != text.sentence(first)) {
      return;
    }
    for (int edge = lattice.begin[next]; edge >= 0; edge = lattice.after[edge]) {
      Node child = node.next.get(lattice.symbol[edge]);
      if (child == null) {
        continue;
      }
      int end = next + lattice.span[edge];
      for (PhraseSet set : child.ends) {
        hits.places.computeIfAbsent(set, none -> new Places()).add(first, end - 1);
      }
      if (!child.next.isEmpty()) {
        follow(child, lattice, first, end, hits);
      }
    }
  }

  /** For each word the known words that may begin with it, over one or more words of the text. */
  private final class Lattice {

    private final NormalText text;
    private final int[] begin;
    private int[] after = new int[64];
    private int[] symbol = new int[64];
    private int[] span = new int[64];
    private int edges;

    Lattice(NormalText text) {
      this.text = text;
      begin = new int[text.words()];
      Arrays.fill(begin, -1);
      int run = 0;
      for (int word = text.words() - 1; word >= 0; word--) {
        read(word);
        run = single(word) ? run + 1 : 0;
        if (run >= SPACED_RUN && (word == 0 || !single(word - 1))) {
          spaced(word, run);
        }
      }
    }

    boolean known(int word) {
      return begin[word] >= 0;
    }

    private void edge(int word, int known, int words) {
      if (known < 0) {
        return;
      }
      if (edges == symbol.length) {
        after = Arrays.copyOf(after, edges * 2);
        symbol = Arrays.copyOf(symbol, edges * 2);
        span = Arrays.copyOf(span, edges * 2);
      }
      symbol[edges] = known;
      span[edges] = words;
      after[edges] = begin[word];
      begin[word] = edges++;
    }

    /** Reads a word as it is, with digits as the letters that they look like, and joined. */
    private void read(int word) {
      boolean signs = walk(letters, word, word, 'i', false, false);
      if (signs) {
        walk(letters, word, word, 'i', true, false);
        if (text.word(word).indexOf('1') >= 0) {
          walk(letters, word, word, 'l', true, false);
        }
      }
    }

    /** Goes on from a begun word; gives whether the text's word mixes letters and other signs. */
    private boolean walk(
        Letter from, int first, int word, char one, boolean plain, boolean spaced) {
      boolean letter = false;
      boolean sign = false;
      Letter at = from;
      int end = text.wordEnd(word);
      for (int i = text.wordStart(word); i < end; i++) {
        char c = text.at(i);
        boolean isSign = c < 'a';
        sign |= isSign;
        letter |= !isSign;
        if (at == null) {
          continue;
        }
        at = at.next(plain && isSign ? meant(c, one) : c);
        if (at != null && first == word && at.stem >= 0) {
          edge(first, at.stem, 1);
        }
      }
      if (at != null) {
        int length = text.wordEnd(word) - text.wordStart(first) - (word - first);
        if (first == word || length >= (spaced ? SHORTEST_SPACED : SHORTEST_JOINED)) {
          edge(first, at.exact, word + 1 - first);
        }
        if (at.child != null && word + 1 < first + MOST_JOINED && joined(word)) {
          walk(at, first, word + 1, one, plain, spaced || text.at(end) == ' ');
        }
      }
      return letter && sign;
    }

    /** Whether a word and the next may be one that somebody broke up. */
    private boolean joined(int word) {
      return word + 1 < text.words()
          && text.wordStart(word + 1) - text.wordEnd(word) == 1
          && text.sentence(word) == text.sentence(word + 1)
          && "-._*/~ ".indexOf(text.at(text.wordEnd(word))) >= 0;
    }

    private boolean single(int word) {
      return text.wordEnd(word) - text.wordStart(word) == 1;
    }

    /** Letters that somebody spaced out: the longest known word from each of them. */
    private void spaced(int first, int run) {
      for (int word = first; word < first + run; word++) {
        Letter at = letters;
        int longest = -1;
        int length = 0;
        for (int last = word; last < first + run && at != null; last++) {
          at = at.next(text.at(text.wordStart(last)));
          if (at != null && last > word && at.exact >= 0) {
            longest = at.exact;
            length = last + 1 - word;
          }
        }
        edge(word, longest, length);
      }
    }
  }

  private static char meant(char c, char one) {
    return switch (c) {
      case '0' -> 'o';
      case '1' -> one;
      case '3' -> 'e';
      case '4', '@' -> 'a';
      case '5', '$' -> 's';
      case '7' -> 't';
      case '!' -> 'i';
      default -> c;
    };
  }
}
