package io.vesta.audit.log;

import io.vesta.core.audit.AuditAction;
import io.vesta.core.error.VestaException;
import io.vesta.core.id.Ref;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.UUID;

/** Which entries to read, in which order, and how many. Immutable. */
public final class EntryFilter {

  private static final int MOST = 1_000;

  private final List<Condition> conditions;
  private final boolean newestFirst;
  private final long start;
  private final int limit;

  private EntryFilter(Builder b) {
    conditions = List.copyOf(b.conditions);
    newestFirst = b.newestFirst;
    start = b.start;
    limit = b.limit;
  }

  /** Starts with every entry, oldest first, 100 to a page. */
  public static Builder builder() {
    return new Builder();
  }

  List<Condition> conditions() {
    return conditions;
  }

  boolean newestFirst() {
    return newestFirst;
  }

  /** The index to begin at; negative for the end that comes first. */
  long start() {
    return start;
  }

  int limit() {
    return limit;
  }

  /** A condition on an index column with one bind. */
  record Condition(String sql, Object bind) {}

  /** Collects conditions, all of which must hold; not thread-safe. */
  public static final class Builder {

    private final List<Condition> conditions = new ArrayList<>();
    private boolean newestFirst;
    private long start = -1;
    private int limit = 100;

    private Builder() {}

    /** Done by this actor; see {@link io.vesta.core.access.Actor#ref()}. */
    public Builder actor(Ref value) {
      return add("i.actor = ?", value.toString());
    }

    /** Done to this thing. */
    public Builder target(Ref value) {
      return add("i.target = ?", value.toString());
    }

    /** Of this action. */
    public Builder action(AuditAction value) {
      return add("i.action = ?", value.name());
    }

    /** At this time or later. */
    public Builder since(Instant value) {
      return add("i.at_ms >= ?", value.toEpochMilli());
    }

    /** Before this time. */
    public Builder until(Instant value) {
      return add("i.at_ms < ?", value.toEpochMilli());
    }

    /** With this id, as {@link AuditLog#append} gave it. */
    public Builder id(UUID value) {
      return add("i.id = ?", value);
    }

    /** Newest first. */
    public Builder newestFirst() {
      newestFirst = true;
      return this;
    }

    /** Beginning at this index, such as a page's {@link Page#next()}; at least 0. */
    public Builder startingAt(long index) {
      if (index < 0) {
        throw VestaException.invalid("index", "negative", "begin at 0 or above");
      }
      start = index;
      return this;
    }

    /** At most so many entries: 1 to 1,000. */
    public Builder limit(int value) {
      if (value < 1 || value > MOST) {
        throw VestaException.invalid(
            "limit", "the number " + value, "use 1 to " + MOST + " and turn pages");
      }
      limit = value;
      return this;
    }

    /** The filter. */
    public EntryFilter build() {
      return new EntryFilter(this);
    }

    private Builder add(String sql, Object bind) {
      conditions.add(new Condition(sql, bind));
      return this;
    }
  }
}
