package io.vesta.proof.spec;

import java.util.Arrays;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/**
 * One way to divide rows: a closed list of codes, declared with their labels before any row is
 * seen. The only texts that reach the public are these; a row whose value is outside the list is
 * rejected. Immutable.
 *
 * @param <R> the row
 */
public final class Dimension<R> {

  private final String title;
  private final String totalLabel;
  private final List<Code> codes;
  private final Map<String, Integer> placeOf = new HashMap<>();
  private final boolean overlapping;
  private final Function<R, Set<String>> values;
  private final @Nullable Function<R, String> value;

  private Dimension(
      String title,
      String totalLabel,
      List<Code> codes,
      boolean overlapping,
      Function<R, Set<String>> values,
      @Nullable Function<R, String> value) {
    this.title = Objects.requireNonNull(title, "title");
    this.totalLabel = Objects.requireNonNull(totalLabel, "totalLabel");
    this.codes = List.copyOf(codes);
    for (int i = 0; i < this.codes.size(); i++) {
      placeOf.putIfAbsent(this.codes.get(i).key(), i);
    }
    this.overlapping = overlapping;
    this.values = Objects.requireNonNull(values, "values");
    this.value = value;
  }

  /**
   * A dimension in which each row has exactly one code.
   *
   * @param title the heading, such as {@code "Year of sale"}
   * @param totalLabel the words for all codes together, such as {@code "All years"}
   * @param codes the list, in the order in which it is printed
   * @param value the key of a row's code
   */
  public static <R> Dimension<R> of(
      String title, String totalLabel, List<Code> codes, Function<R, String> value) {
    Objects.requireNonNull(value, "value");
    return new Dimension<>(title, totalLabel, codes, false, row -> Set.of(value.apply(row)), value);
  }

  /**
   * A dimension in which a row may have several codes, such as a deal between two offices of one
   * firm. Its codes add up to more than the total, and the difference tells about the rows in
   * between; disclosure control therefore treats that overlap as a figure of its own.
   *
   * @param title the heading
   * @param totalLabel the words for all rows, each counted once
   * @param codes the list, in the order in which it is printed
   * @param values the keys of a row's codes, at least one
   */
  public static <R> Dimension<R> overlapping(
      String title, String totalLabel, List<Code> codes, Function<R, Set<String>> values) {
    return new Dimension<>(title, totalLabel, codes, true, values, null);
  }

  /** The heading; never null. */
  public String title() {
    return title;
  }

  /** The words for all codes together; never null. */
  public String totalLabel() {
    return totalLabel;
  }

  /** The closed list in printing order; never null, unmodifiable. */
  public List<Code> codes() {
    return codes;
  }

  /** Whether a row may have several codes. */
  public boolean overlapping() {
    return overlapping;
  }

  /** What gives the key of a row's code; empty if a row may have several. */
  public Optional<Function<R, String>> value() {
    return Optional.ofNullable(value);
  }

  /**
   * The places of a row's codes in the list, ascending; empty if it has none or one that is not in
   * the list.
   */
  public Optional<int[]> places(R row) {
    Set<String> keys = values.apply(row);
    int[] places = new int[keys.size()];
    int found = 0;
    for (String key : keys) {
      Integer place = placeOf.get(key);
      if (place == null) {
        return Optional.empty();
      }
      places[found++] = place;
    }
    Arrays.sort(places);
    return found == 0 ? Optional.empty() : Optional.of(places);
  }

  void check(String field, List<String> faults) {
    Wording.checkText(field + " title", title, 80, faults);
    Wording.checkText(field + " total label", totalLabel, 80, faults);
    if (codes.isEmpty() || codes.size() > 1_000) {
      faults.add(field + " has " + codes.size() + " codes; declare 1 to 1000");
    }
    Set<String> keys = new HashSet<>();
    Set<String> labels = new HashSet<>(Set.of(totalLabel));
    for (int i = 0; i < codes.size(); i++) {
      String at = field + " code " + (i + 1);
      Code code = codes.get(i);
      Wording.checkKey(at, code.key(), faults);
      Wording.checkText(at + " label", code.label(), 80, faults);
      if (!keys.add(code.key())) {
        faults.add(at + " repeats an earlier key");
      }
      if (!labels.add(code.label())) {
        faults.add(at + " repeats another label");
      }
    }
  }
}
