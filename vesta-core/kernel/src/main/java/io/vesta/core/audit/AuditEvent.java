package io.vesta.core.audit;

import io.vesta.core.access.Actor;
import io.vesta.core.error.VestaException;
import io.vesta.core.id.BrokerageId;
import io.vesta.core.id.EntityId;
import io.vesta.core.id.Ref;
import java.math.BigDecimal;
import java.time.Instant;
import java.util.Collections;
import java.util.HexFormat;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * Something that happened, before it is an entry of the log: who did what to which thing, how it
 * ended, and details that hold no free text but what can be erased. The trail adds id and time.
 * Immutable.
 */
public final class AuditEvent {

  /** How an act ended. */
  public enum Outcome {
    /** It was done. */
    SUCCESS,
    /** It was refused. */
    DENIED,
    /** It was tried and failed. */
    FAILURE
  }

  private static final Pattern FIELD = Pattern.compile("[a-z][A-Za-z0-9]{0,31}");
  private static final int MOST_DETAILS = 32;

  private final AuditAction action;
  private final Actor actor;
  private final Ref target;
  private final Outcome outcome;
  private final @Nullable Ref correlation;
  private final Map<String, AuditValue> details;
  private final Map<String, Erasable<?>> erasables;

  private AuditEvent(Builder b) {
    action = b.action;
    actor = b.actor;
    target = b.target;
    outcome = b.outcome;
    correlation = b.correlation;
    details = Collections.unmodifiableMap(new LinkedHashMap<>(b.details));
    erasables = Collections.unmodifiableMap(new LinkedHashMap<>(b.erasables));
  }

  /**
   * Starts an event with outcome {@link Outcome#SUCCESS}.
   *
   * @param action what happened
   * @param actor who did it; the actor's brokerage is the log that receives the entry
   * @param target to which thing
   */
  public static Builder builder(AuditAction action, Actor actor, Ref target) {
    return new Builder(action, actor, target);
  }

  /** What happened; never null. */
  public AuditAction action() {
    return action;
  }

  /** Who did it; never null. */
  public Actor actor() {
    return actor;
  }

  /** The tenant whose log receives the entry; never null. */
  public BrokerageId brokerage() {
    return actor.brokerage();
  }

  /** The thing it was done to; never null. */
  public Ref target() {
    return target;
  }

  /** How it ended; never null. */
  public Outcome outcome() {
    return outcome;
  }

  /** What it belongs to, such as a request or a parent thing; empty if nothing. */
  public Optional<Ref> correlation() {
    return Optional.ofNullable(correlation);
  }

  /** Details in the order in which they were added; never null, unmodifiable. */
  public Map<String, AuditValue> details() {
    return details;
  }

  /** Details that can be taken back, in the order in which they were added; never null. */
  public Map<String, Erasable<?>> erasables() {
    return erasables;
  }

  @Override
  public String toString() {
    return action + " " + outcome + " " + target + " by " + actor;
  }

  /**
   * Collects an event; not thread-safe. A detail's name is a lower camel-case word of at most 32
   * characters, used once.
   */
  public static final class Builder {

    private final AuditAction action;
    private final Actor actor;
    private final Ref target;
    private final Map<String, AuditValue> details = new LinkedHashMap<>();
    private final Map<String, Erasable<?>> erasables = new LinkedHashMap<>();
    private Outcome outcome = Outcome.SUCCESS;
    private @Nullable Ref correlation;

    private Builder(AuditAction action, Actor actor, Ref target) {
      this.action = Objects.requireNonNull(action, "action");
      this.actor = Objects.requireNonNull(actor, "actor");
      this.target = Objects.requireNonNull(target, "target");
    }

    /** How it ended. */
    public Builder outcome(Outcome value) {
      outcome = Objects.requireNonNull(value, "outcome");
      return this;
    }

    /** What it belongs to. */
    public Builder correlation(Ref value) {
      correlation = Objects.requireNonNull(value, "correlation");
      return this;
    }

    /** A reference as a detail. */
    public Builder with(String name, Ref value) {
      return put(name, new AuditValue.Reference(value));
    }

    /** A brokerage's own thing as a detail; it must be of the actor's brokerage. */
    public Builder with(String name, EntityId value) {
      if (!value.brokerage().equals(actor.brokerage())) {
        throw VestaException.invalid(
            "audit detail " + name,
            "an id of another brokerage than the actor's",
            "write it to that brokerage's log");
      }
      return with(name, value.ref());
    }

    /** One of a closed set of words as a detail. */
    public Builder with(String name, Enum<?> value) {
      return put(name, new AuditValue.Code(value.name()));
    }

    /** A whole number as a detail. */
    public Builder with(String name, long value) {
      return put(name, new AuditValue.Amount(BigDecimal.valueOf(value)));
    }

    /** A decimal number as a detail. */
    public Builder with(String name, BigDecimal value) {
      return put(name, new AuditValue.Amount(value));
    }

    /** A time as a detail. */
    public Builder with(String name, Instant value) {
      return put(name, new AuditValue.At(value));
    }

    /** Yes or no as a detail. */
    public Builder with(String name, boolean value) {
      return put(name, new AuditValue.Flag(value));
    }

    /**
     * A SHA-256 digest of 32 bytes as a detail; see {@link AuditValue.Digest} for what may be
     * digested.
     */
    public Builder withDigest(String name, byte[] sha256) {
      return put(name, new AuditValue.Digest(HexFormat.of().formatHex(sha256)));
    }

    /** A value about a person as a detail. */
    public Builder with(String name, Erasable<?> value) {
      requireNew(name);
      erasables.put(name, Objects.requireNonNull(value, name));
      return this;
    }

    /** The event. */
    public AuditEvent build() {
      return new AuditEvent(this);
    }

    private Builder put(String name, AuditValue value) {
      requireNew(name);
      details.put(name, value);
      return this;
    }

    private void requireNew(String name) {
      if (!FIELD.matcher(name).matches()) {
        throw VestaException.invalid(
            "audit detail name",
            "a text of " + name.length() + " characters outside the allowed form",
            "use a lower camel-case word of at most 32 characters");
      }
      if (details.size() + erasables.size() == MOST_DETAILS) {
        throw VestaException.invalid(
            "audit details", "more than " + MOST_DETAILS, "split the event");
      }
      if (details.containsKey(name) || erasables.containsKey(name)) {
        throw VestaException.invalid("audit detail " + name, "given twice", "give it once");
      }
    }
  }
}
