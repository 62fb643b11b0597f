package io.vesta.approval.lint;

import com.google.re2j.Matcher;
import com.google.re2j.Pattern;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** The ways in which a rule can look at a text; each finds spans of the given text. */
sealed interface Detector {

  /**
   * A place in the given text.
   *
   * @param start where it begins
   * @param end where it ends, exclusive
   */
  record Span(int start, int end) {

    boolean overlaps(Span other) {
      return start < other.end && other.start < end;
    }
  }

  List<Span> find(NormalText text, LintInput input);

  /** Any of some phrases, unless it overlaps an innocent use. */
  record Phrases(PhraseTrie any, PhraseTrie unless) implements Detector {

    @Override
    public List<Span> find(NormalText text, LintInput input) {
      List<Span> innocent = spans(text, unless.find(text.words()));
      return spans(text, any.find(text.words())).stream()
          .filter(span -> innocent.stream().noneMatch(span::overlaps))
          .toList();
    }
  }

  /** A word for persons near a word that prefers, limits or excludes, in one sentence. */
  record Frame(PhraseTrie person, PhraseTrie near, int within, PhraseTrie unless)
      implements Detector {

    @Override
    public List<Span> find(NormalText text, LintInput input) {
      List<Span> innocent = spans(text, unless.find(text.words()));
      List<PhraseTrie.Hit> frames = near.find(text.words());
      List<Span> found = new ArrayList<>();
      for (PhraseTrie.Hit hit : person.find(text.words())) {
        Span word = span(text, hit.first(), hit.last());
        if (innocent.stream().anyMatch(word::overlaps)) {
          continue;
        }
        for (PhraseTrie.Hit frame : frames) {
          int gap = Math.max(hit.first() - frame.last(), frame.first() - hit.last()) - 1;
          boolean together =
              text.words().get(hit.first()).sentence()
                  == text.words().get(frame.first()).sentence();
          if (together && gap >= 0 && gap <= within) {
            found.add(
                span(
                    text,
                    Math.min(hit.first(), frame.first()),
                    Math.max(hit.last(), frame.last())));
            break;
          }
        }
      }
      return found;
    }
  }

  /** A pattern over the folded text whose digits meet a checksum, if one is asked for. */
  record Shape(Pattern pattern, @Nullable Checksum checksum) implements Detector {

    @Override
    public List<Span> find(NormalText text, LintInput input) {
      List<Span> found = new ArrayList<>();
      Matcher matcher = pattern.matcher(text.folded());
      while (matcher.find()) {
        String matched = matcher.groupCount() == 0 ? matcher.group() : matcher.group(1);
        if (matched != null && (checksum == null || checksum.accepts(matched))) {
          found.add(new Span(text.start(matcher.start()), text.end(matcher.end())));
        }
      }
      return found;
    }
  }

  /** The context alone: the rule's own condition says it all. */
  record Context() implements Detector {

    @Override
    public List<Span> find(NormalText text, LintInput input) {
      return List.of(new Span(0, 0));
    }
  }

  /** Whether the context has one of the listed values for every key. */
  static boolean holds(Map<String, List<String>> condition, Map<String, String> context) {
    return condition.entrySet().stream()
        .allMatch(
            wanted -> {
              String known = context.get(wanted.getKey());
              // What is not known takes the strictest branch.
              return known == null
                  ? wanted.getValue().contains("?")
                  : wanted.getValue().contains(known);
            });
  }

  private static List<Span> spans(NormalText text, List<PhraseTrie.Hit> hits) {
    return hits.stream().map(hit -> span(text, hit.first(), hit.last())).toList();
  }

  private static Span span(NormalText text, int first, int last) {
    return new Span(text.words().get(first).start(), text.words().get(last).end());
  }
}
