package io.vesta.rbac.view;

import io.vesta.rbac.policy.FieldClass;
import io.vesta.rbac.policy.FieldRule.Level;
import java.util.AbstractMap;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * What one actor sees of one record: a map of the fields that are shown, in the record's order. A
 * hidden field is not in it, a masked one only in its masked form and one that is merely known to
 * exist as {@code true}, so whatever serialises the map can emit nothing more. Immutable.
 */
public final class View extends AbstractMap<String, @Nullable Object> {

  /** What is shown in place of a masked value, or of a part of it. */
  public static final String MASK = "\u2026";

  private static final int SHORTEST_TEXT = 3;
  private static final int SHORTEST_PHONE = 7;

  private final Map<String, @Nullable Object> shown;

  private View(Map<String, @Nullable Object> shown) {
    this.shown = Collections.unmodifiableMap(shown);
  }

  /**
   * Shows what may be shown.
   *
   * @param values the record's fields
   * @param classes what kind of value each classified field holds; the others are hidden
   * @param levels how much is shown of each field; the others are hidden
   */
  public static View of(
      Map<String, ? extends @Nullable Object> values,
      Map<String, FieldClass> classes,
      Map<String, Level> levels) {
    Map<String, @Nullable Object> shown = new LinkedHashMap<>();
    values.forEach(
        (name, value) -> {
          FieldClass kind = classes.get(name);
          Level level = kind == null ? Level.NONE : levels.getOrDefault(name, Level.NONE);
          if (level == Level.FULL) {
            shown.put(name, value);
          } else if (kind != null && value != null && level == Level.MASKED) {
            shown.put(name, masked(kind, value.toString()));
          } else if (value != null && level == Level.EXISTS) {
            shown.put(name, true);
          }
        });
    return new View(shown);
  }

  private static String masked(FieldClass kind, String value) {
    return switch (kind) {
      case NAME -> first(value);
      case EMAIL -> first(value) + "@" + MASK;
      case PHONE -> last(value);
      case OTHER -> MASK;
    };
  }

  private static String first(String value) {
    return value.codePointCount(0, value.length()) < SHORTEST_TEXT
        ? MASK
        : value.substring(0, value.offsetByCodePoints(0, 1)) + MASK;
  }

  private static String last(String value) {
    String digits = value.replaceAll("[^0-9]", "");
    return digits.length() < SHORTEST_PHONE ? MASK : MASK + digits.substring(digits.length() - 2);
  }

  @Override
  public Set<Entry<String, @Nullable Object>> entrySet() {
    return shown.entrySet();
  }

  /** The names alone: a view is printed into logs by accident. */
  @Override
  public String toString() {
    return "View" + shown.keySet();
  }
}
