package io.vesta.approval.lint;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * Phrases by their words, found in one pass whose time does not grow with their number. A word that
 * ends in {@code *} stands for every word that begins so. Character automata of libraries know no
 * words, and would need their borders and endings checked after.
 */
final class PhraseTrie {

  private static final int LONGEST_STEM = 24;
  private static final Pattern BETWEEN_WORDS = Pattern.compile("[^\\p{L}\\p{Nd}*]+");

  /**
   * A phrase that was found.
   *
   * @param first its first word's number
   * @param last its last word's number
   */
  record Hit(int first, int last) {}

  private static final class Node {
    private final Map<String, Node> exact = new HashMap<>();
    private final Map<String, Node> stems = new HashMap<>();
    private boolean phrase;
  }

  private final Node root = new Node();

  PhraseTrie(List<String> phrases) {
    for (String phrase : phrases) {
      Node node = root;
      // Dashes and apostrophes split words in texts, so they do in phrases.
      for (String word : BETWEEN_WORDS.split(phrase, 0)) {
        node =
            word.endsWith("*")
                ? node.stems.computeIfAbsent(word.substring(0, word.length() - 1), w -> new Node())
                : node.exact.computeIfAbsent(word, w -> new Node());
      }
      node.phrase = true;
    }
  }

  /** Every phrase that stands within one sentence, by its first word. */
  List<Hit> find(List<NormalText.Word> words) {
    List<Hit> hits = new ArrayList<>();
    for (int first = 0; first < words.size(); first++) {
      follow(root, words, first, first, hits);
    }
    return hits;
  }

  private static void follow(
      Node node, List<NormalText.Word> words, int first, int next, List<Hit> hits) {
    if (node.phrase) {
      hits.add(new Hit(first, next - 1));
    }
    if (next == words.size() || words.get(next).sentence() != words.get(first).sentence()) {
      return;
    }
    String word = words.get(next).word();
    step(node.exact.get(word), words, first, next, hits);
    if (!node.stems.isEmpty()) {
      for (int length = Math.min(word.length(), LONGEST_STEM); length > 0; length--) {
        step(node.stems.get(word.substring(0, length)), words, first, next, hits);
      }
    }
  }

  private static void step(
      @Nullable Node child, List<NormalText.Word> words, int first, int next, List<Hit> hits) {
    if (child != null) {
      follow(child, words, first, next + 1, hits);
    }
  }
}
