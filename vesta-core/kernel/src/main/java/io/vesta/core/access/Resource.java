package io.vesta.core.access;

import io.vesta.core.error.VestaException;
import io.vesta.core.id.BrokerageId;
import io.vesta.core.id.EntityId;
import io.vesta.core.id.MemberId;
import io.vesta.core.id.OfficeId;
import io.vesta.core.id.Ref;
import io.vesta.core.id.TeamId;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * The facts of one record that a policy may look at: a closed list, so that each has a column
 * counterpart in {@link ResourceColumns} and a decision on the record equals the list filter on its
 * row. A host maps its own record to this; nothing is copied into Vesta's store. Immutable.
 */
public final class Resource {

  /** Who owns the relationship behind a record. */
  public enum Ownership {
    /** The member alone. */
    AGENT,
    /** The team to which the record is attributed. */
    TEAM,
    /** The firm. */
    BROKERAGE
  }

  private static final Pattern STATUS = Pattern.compile("[A-Za-z][A-Za-z0-9_]{0,63}");

  private final ResourceType type;
  private final BrokerageId brokerage;
  private final Ref ref;
  private final @Nullable MemberId owner;
  private final @Nullable TeamId team;
  private final @Nullable OfficeId office;
  private final Set<MemberId> participants;
  private final @Nullable Ownership ownership;
  private final boolean linked;
  private final @Nullable Boolean routed;
  private final @Nullable Boolean barred;
  private final @Nullable String status;
  private final @Nullable Instant createdAt;

  private Resource(Builder b) {
    type = b.type;
    brokerage = b.brokerage;
    ref = b.ref;
    owner = b.owner;
    team = b.team;
    office = b.office;
    participants = b.participants;
    ownership = b.ownership;
    linked = b.linked;
    routed = b.routed;
    barred = b.barred;
    status = b.status;
    createdAt = b.createdAt;
  }

  /**
   * Starts the description of a record.
   *
   * @param type its type
   * @param brokerage its tenant
   * @param key its key, in the characters of {@link Ref}
   */
  public static Builder builder(ResourceType type, BrokerageId brokerage, String key) {
    return new Builder(type, brokerage, key);
  }

  /** The type; never null. */
  public ResourceType type() {
    return type;
  }

  /** The tenant; never null. */
  public BrokerageId brokerage() {
    return brokerage;
  }

  /** The reference under which decisions on it are audited; never null. */
  public Ref ref() {
    return ref;
  }

  /** The member to whom it belongs; empty if nobody. */
  public Optional<MemberId> owner() {
    return Optional.ofNullable(owner);
  }

  /** The team to which it is attributed; empty if none. */
  public Optional<TeamId> team() {
    return Optional.ofNullable(team);
  }

  /** The office to which it is attributed; empty if none. */
  public Optional<OfficeId> office() {
    return Optional.ofNullable(office);
  }

  /** The members who take part in the deal; never null, unmodifiable. */
  public Set<MemberId> participants() {
    return participants;
  }

  /** Who owns the relationship; empty where that has no meaning. */
  public Optional<Ownership> ownership() {
    return Optional.ofNullable(ownership);
  }

  /** Whether it is linked to a transaction. */
  public boolean linkedToTransaction() {
    return linked;
  }

  /** Whether it was routed to somebody else's review; empty if unknown. */
  public Optional<Boolean> routedToReview() {
    return Optional.ofNullable(routed);
  }

  /**
   * Whether it lies behind an information barrier, because members of the brokerage stand on both
   * sides of the deal; empty if unknown, which counts as yes.
   */
  public Optional<Boolean> behindBarrier() {
    return Optional.ofNullable(barred);
  }

  /** Its status, such as {@code ActiveUnderContract}; empty where that has no meaning. */
  public Optional<String> status() {
    return Optional.ofNullable(status);
  }

  /**
   * When it was made, to the millisecond; empty if unknown, and then no rule that needs the time
   * allows it.
   */
  public Optional<Instant> createdAt() {
    return Optional.ofNullable(createdAt);
  }

  /** As {@link #owner}, null for nobody; allocates nothing. */
  public @Nullable MemberId ownerOrNull() {
    return owner;
  }

  /** As {@link #team}, null for none; allocates nothing. */
  public @Nullable TeamId teamOrNull() {
    return team;
  }

  /** As {@link #office}, null for none; allocates nothing. */
  public @Nullable OfficeId officeOrNull() {
    return office;
  }

  /** As {@link #ownership}, null where it has no meaning; allocates nothing. */
  public @Nullable Ownership ownershipOrNull() {
    return ownership;
  }

  /** As {@link #routedToReview}, null for unknown; allocates nothing. */
  public @Nullable Boolean routedToReviewOrNull() {
    return routed;
  }

  /** As {@link #behindBarrier}, null for unknown; allocates nothing. */
  public @Nullable Boolean behindBarrierOrNull() {
    return barred;
  }

  /** As {@link #status}, null where it has no meaning; allocates nothing. */
  public @Nullable String statusOrNull() {
    return status;
  }

  /** As {@link #createdAt}, null for unknown; allocates nothing. */
  public @Nullable Instant createdAtOrNull() {
    return createdAt;
  }

  @Override
  public String toString() {
    return ref + "@" + brokerage.key();
  }

  /** Collects the facts; not thread-safe. Every id must be of the record's brokerage. */
  public static final class Builder {

    private final ResourceType type;
    private final BrokerageId brokerage;
    private final Ref ref;
    private @Nullable MemberId owner;
    private @Nullable TeamId team;
    private @Nullable OfficeId office;
    private Set<MemberId> participants = Set.of();
    private @Nullable Ownership ownership;
    private boolean linked;
    private @Nullable Boolean routed;
    private @Nullable Boolean barred;
    private @Nullable String status;
    private @Nullable Instant createdAt;

    private Builder(ResourceType type, BrokerageId brokerage, String key) {
      this.type = Objects.requireNonNull(type, "type");
      this.brokerage = Objects.requireNonNull(brokerage, "brokerage");
      this.ref = new Ref(type.name(), key);
    }

    /** The member to whom it belongs; null for nobody. */
    public Builder owner(@Nullable MemberId value) {
      owner = sameTenant("owner", value);
      return this;
    }

    /** The team to which it is attributed; null for none. */
    public Builder team(@Nullable TeamId value) {
      team = sameTenant("team", value);
      return this;
    }

    /** The office to which it is attributed; null for none. */
    public Builder office(@Nullable OfficeId value) {
      office = sameTenant("office", value);
      return this;
    }

    /** The members who take part in the deal. */
    public Builder participants(Set<MemberId> values) {
      values.forEach(value -> sameTenant("participant", value));
      participants = Set.copyOf(values);
      return this;
    }

    /** Who owns the relationship; null where that has no meaning. */
    public Builder ownership(@Nullable Ownership value) {
      ownership = value;
      return this;
    }

    /** Whether it is linked to a transaction; false unless told. */
    public Builder linkedToTransaction(boolean value) {
      linked = value;
      return this;
    }

    /** Whether it was routed to somebody else's review; null, the default, for unknown. */
    public Builder routedToReview(@Nullable Boolean value) {
      routed = value;
      return this;
    }

    /** Whether it lies behind an information barrier; null, the default, for unknown. */
    public Builder behindBarrier(@Nullable Boolean value) {
      barred = value;
      return this;
    }

    /**
     * Its status; null where that has no meaning.
     *
     * @param value a letter, then at most 63 letters, digits or underscores
     */
    public Builder status(@Nullable String value) {
      if (value != null && !STATUS.matcher(value).matches()) {
        throw VestaException.invalid(
            "status",
            "a text of " + value.length() + " characters outside the allowed form",
            "use a letter, then letters, digits or underscores, such as ActiveUnderContract");
      }
      status = value;
      return this;
    }

    /** When it was made, kept to the millisecond as rows keep it; null for unknown. */
    public Builder createdAt(@Nullable Instant value) {
      createdAt = value == null ? null : value.truncatedTo(ChronoUnit.MILLIS);
      return this;
    }

    /** The description. */
    public Resource build() {
      return new Resource(this);
    }

    private <T extends EntityId> @Nullable T sameTenant(String field, @Nullable T id) {
      if (id != null && !id.brokerage().equals(brokerage)) {
        throw VestaException.invalid(
            field, "an id of another brokerage than the record's", "use ids of one brokerage");
      }
      return id;
    }
  }
}
