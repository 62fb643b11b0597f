package io.vesta.audit.retention;

import io.vesta.audit.entry.AuditEntry;
import io.vesta.core.error.VestaException;
import java.time.Duration;
import java.time.Instant;
import java.util.Map;
import java.util.Objects;
import java.util.TreeMap;

/** How long entries are kept, by category: the beginning of their action's name. Immutable. */
public final class RetentionPolicy {

  private final Duration otherwise;
  private final Map<String, Duration> categories;

  private RetentionPolicy(Builder b) {
    otherwise = b.otherwise;
    categories = Map.copyOf(b.categories);
  }

  /**
   * Starts a policy.
   *
   * @param otherwise how long entries of no category are kept
   */
  public static Builder builder(Duration otherwise) {
    return new Builder(otherwise);
  }

  /** Whether an entry may go: the longest category that its action begins with decides. */
  boolean expired(AuditEntry entry, Instant now) {
    String action = entry.action().name();
    Duration keep = otherwise;
    int longest = -1;
    for (Map.Entry<String, Duration> category : categories.entrySet()) {
      String words = category.getKey();
      if (words.length() > longest && (action + ".").startsWith(words + ".")) {
        longest = words.length();
        keep = category.getValue();
      }
    }
    return entry.at().plus(keep).isBefore(now);
  }

  /** Collects categories; not thread-safe. */
  public static final class Builder {

    private final Duration otherwise;
    private final Map<String, Duration> categories = new TreeMap<>();

    private Builder(Duration otherwise) {
      this.otherwise = positive(otherwise);
    }

    /**
     * Keeps the entries of a category.
     *
     * @param category the first words of their actions, such as {@code vesta.approval}
     * @param time how long
     */
    public Builder keep(String category, Duration time) {
      if (categories.putIfAbsent(Objects.requireNonNull(category, "category"), positive(time))
          != null) {
        throw VestaException.invalid("retention category", "given twice", "give it once");
      }
      return this;
    }

    /** The policy. */
    public RetentionPolicy build() {
      return new RetentionPolicy(this);
    }

    private static Duration positive(Duration time) {
      if (time.isNegative() || time.isZero()) {
        throw VestaException.invalid("retention time", "not positive", "keep entries for a while");
      }
      return time;
    }
  }
}
