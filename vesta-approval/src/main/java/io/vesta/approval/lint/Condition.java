package io.vesta.approval.lint;

import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;

/**
 * In which context something applies. What is not known may be assumed, which is the strictest
 * branch, and is told.
 *
 * @param facts keys with the values under which it applies; {@code ?} stands for not known, {@code
 *     *} for any known value
 * @param places where it applies, such as {@code CA}; {@code US} or none stand for everywhere, and
 *     {@code ?} for a place that is not known
 */
record Condition(Map<String, List<String>> facts, Set<String> places) {

  static final Condition ALWAYS = new Condition(Map.of(), Set.of());

  private static final String UNKNOWN = "?";

  /** The facts that tell where a message is at home; the strictest place counts. */
  private static final List<String> PLACE_FACTS =
      List.of("jurisdiction", "recipientState", "listingState", "licenseState");

  /**
   * Whether a condition holds.
   *
   * @param holds that it does, as far as is known
   * @param assumed the names of the facts that had to be assumed
   */
  record Answer(boolean holds, Set<String> assumed) {

    static final Answer NO = new Answer(false, Set.of());
    private static final Answer YES = new Answer(true, Set.of());

    /** Both. */
    Answer and(Answer other) {
      if (!holds || !other.holds) {
        return NO;
      }
      if (assumed.isEmpty() || other.assumed.isEmpty()) {
        return assumed.isEmpty() ? other : this;
      }
      Set<String> all = new TreeSet<>(assumed);
      all.addAll(other.assumed);
      return new Answer(true, all);
    }
  }

  /** Looks at a context and the places that it names. */
  Answer in(Map<String, String> context, Set<String> known) {
    List<String> assumed = new ArrayList<>(0);
    if (!places.isEmpty() && !places.contains("US") && known.stream().noneMatch(places::contains)) {
      if (!known.isEmpty() || !places.contains(UNKNOWN)) {
        return Answer.NO;
      }
      assumed.add(PLACE_FACTS.get(0));
    }
    for (Map.Entry<String, List<String>> wanted : facts.entrySet()) {
      String fact = context.get(wanted.getKey());
      List<String> values = wanted.getValue();
      if (fact == null) {
        if (!values.contains(UNKNOWN)) {
          return Answer.NO;
        }
        assumed.add(wanted.getKey());
      } else if (!values.contains(fact) && !values.contains("*")) {
        return Answer.NO;
      }
    }
    return assumed.isEmpty() ? Answer.YES : new Answer(true, new TreeSet<>(assumed));
  }

  /** The places that a context names, each with those that it lies in. */
  static Set<String> places(Map<String, String> context) {
    Set<String> places = new HashSet<>();
    for (String key : PLACE_FACTS) {
      for (String place : context.getOrDefault(key, "").split(",", -1)) {
        String name = place.strip();
        if (!name.isEmpty()) {
          places.add(name.startsWith("US-") ? name.substring(3) : name);
        }
      }
    }
    if (places.contains("NYC")) {
      places.add("NY");
    }
    return places;
  }
}
