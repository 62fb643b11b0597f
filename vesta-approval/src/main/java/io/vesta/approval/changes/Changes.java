package io.vesta.approval.changes;

import com.github.difflib.DiffUtils;
import com.github.difflib.algorithm.myers.MyersDiffWithLinearSpace;
import com.github.difflib.patch.AbstractDelta;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.regex.MatchResult;
import java.util.regex.Pattern;

/**
 * What differs between two texts, word by word (Myers, 1986, by java-diff-utils). The parts that
 * are kept or removed make the old text, those that are kept or added the new one, byte for byte.
 * Texts that differ in too many words to compare in a moment differ as one piece. Holds client
 * data, so it prints sizes only. Immutable.
 *
 * @param parts in order; no two of one kind follow each other
 */
public record Changes(List<Part> parts) {

  /** Words, runs of spaces, and every other character by itself. */
  private static final Pattern TOKEN =
      Pattern.compile("[\\p{L}\\p{N}\\p{M}]+|[^\\S\\n]+|\\n|.", Pattern.DOTALL);

  /** Words times words that are compared at most: some milliseconds. */
  private static final long MOST_WORK = 4_000_000;

  /** What became of a piece of text. */
  public enum Kind {
    /** It stands in both. */
    KEPT,
    /** It stood in the old one. */
    REMOVED,
    /** It stands in the new one. */
    ADDED
  }

  /**
   * A piece of text.
   *
   * @param kind what became of it
   * @param text the piece; not empty
   */
  public record Part(Kind kind, String text) {

    /** Checks presence. */
    public Part {
      Objects.requireNonNull(kind, "kind");
      Objects.requireNonNull(text, "text");
    }

    /** Its size only. */
    @Override
    public String toString() {
      return kind + "[" + text.length() + "]";
    }
  }

  /** Copies. */
  public Changes {
    parts = List.copyOf(parts);
  }

  /** What differs. */
  public static Changes between(String before, String after) {
    List<String> old = tokens(before);
    List<String> now = tokens(after);
    int head = 0;
    int shorter = Math.min(old.size(), now.size());
    while (head < shorter && old.get(head).equals(now.get(head))) {
      head++;
    }
    int tail = 0;
    while (tail < shorter - head
        && old.get(old.size() - 1 - tail).equals(now.get(now.size() - 1 - tail))) {
      tail++;
    }
    List<String> left = old.subList(head, old.size() - tail);
    List<String> right = now.subList(head, now.size() - tail);
    Collector out = new Collector();
    out.add(Kind.KEPT, old.subList(0, head));
    if ((long) left.size() * right.size() > MOST_WORK) {
      out.add(Kind.REMOVED, left);
      out.add(Kind.ADDED, right);
    } else {
      compare(left, right, out);
    }
    out.add(Kind.KEPT, old.subList(old.size() - tail, old.size()));
    return new Changes(out.parts());
  }

  private static void compare(List<String> left, List<String> right, Collector out) {
    List<AbstractDelta<String>> deltas =
        DiffUtils.diff(left, right, new MyersDiffWithLinearSpace<>()).getDeltas();
    int done = 0;
    for (AbstractDelta<String> delta :
        deltas.stream()
            .sorted(
                Comparator.comparingInt(
                        (AbstractDelta<String> one) -> one.getSource().getPosition())
                    .thenComparingInt(one -> one.getTarget().getPosition()))
            .toList()) {
      int at = delta.getSource().getPosition();
      out.add(Kind.KEPT, left.subList(done, at));
      out.add(Kind.REMOVED, delta.getSource().getLines());
      out.add(Kind.ADDED, delta.getTarget().getLines());
      done = at + delta.getSource().size();
    }
    out.add(Kind.KEPT, left.subList(done, left.size()));
  }

  private static List<String> tokens(String text) {
    return TOKEN.matcher(text).results().map(MatchResult::group).toList();
  }

  /** Joins what is of one kind, and tells what was removed before what was added in its place. */
  private static final class Collector {

    private final List<Part> parts = new ArrayList<>();
    private final Map<Kind, StringBuilder> open = new EnumMap<>(Kind.class);

    void add(Kind kind, List<String> tokens) {
      if (tokens.isEmpty()) {
        return;
      }
      if ((kind == Kind.KEPT) != open.containsKey(Kind.KEPT)) {
        flush();
      }
      tokens.forEach(open.computeIfAbsent(kind, none -> new StringBuilder())::append);
    }

    private void flush() {
      open.forEach((kind, text) -> parts.add(new Part(kind, text.toString())));
      open.clear();
    }

    List<Part> parts() {
      flush();
      return parts;
    }
  }

  /**
   * How much differs: removed and added characters as a share of all characters of both texts, from
   * 0 for equal texts to 1 for texts that share nothing.
   */
  public double distance() {
    long changed = 0;
    long all = 0;
    for (Part part : parts) {
      boolean kept = part.kind() == Kind.KEPT;
      changed += kept ? 0 : part.text().length();
      all += kept ? 2L * part.text().length() : part.text().length();
    }
    return all == 0 ? 0 : (double) changed / all;
  }
}
