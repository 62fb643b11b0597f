package io.vesta.core.access;

import io.vesta.core.error.VestaException;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * Which columns of a host's table or view hold the facts that {@link Resource} holds of one record.
 * Column names come from code, never from requests; they are checked to be plain identifiers all
 * the same. A fact without a column is unknown for every row, and no rule that needs it lets a row
 * through. Immutable.
 */
public final class ResourceColumns {

  private static final Pattern NAME =
      Pattern.compile("[A-Za-z_][A-Za-z0-9_]{0,62}(\\.[A-Za-z_][A-Za-z0-9_]{0,62})?");

  private final ResourceType type;
  private final String brokerage;
  private final @Nullable String owner;
  private final @Nullable String team;
  private final @Nullable String office;
  private final List<String> participants;
  private final @Nullable String ownership;
  private final @Nullable String linked;
  private final @Nullable String routed;
  private final @Nullable String barred;
  private final @Nullable String status;
  private final @Nullable String createdAt;

  private ResourceColumns(Builder b) {
    type = b.type;
    brokerage = b.brokerage;
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
   * Starts a mapping.
   *
   * @param type the resource type of the rows
   * @param brokerageColumn the column of the tenant's key
   */
  public static Builder builder(ResourceType type, String brokerageColumn) {
    return new Builder(type, brokerageColumn);
  }

  /** The resource type of the rows; never null. */
  public ResourceType type() {
    return type;
  }

  /** The column of the tenant's key; never null. */
  public String brokerage() {
    return brokerage;
  }

  /** The column of the owner's member key. */
  public Optional<String> owner() {
    return Optional.ofNullable(owner);
  }

  /** The column of the team key. */
  public Optional<String> team() {
    return Optional.ofNullable(team);
  }

  /** The column of the office key. */
  public Optional<String> office() {
    return Optional.ofNullable(office);
  }

  /** The columns of the participants' member keys; never null. */
  public List<String> participants() {
    return participants;
  }

  /** The column that holds the name of a {@link Resource.Ownership}. */
  public Optional<String> ownership() {
    return Optional.ofNullable(ownership);
  }

  /**
   * The column that holds 1 for a row linked to a transaction, else 0 (an integer on both engines).
   */
  public Optional<String> linkedToTransaction() {
    return Optional.ofNullable(linked);
  }

  /** The column that holds 1 for a row routed to somebody else's review, else 0. */
  public Optional<String> routedToReview() {
    return Optional.ofNullable(routed);
  }

  /**
   * The column that holds 0 for a row that lies behind no information barrier; whatever else it
   * holds counts as a barrier.
   */
  public Optional<String> behindBarrier() {
    return Optional.ofNullable(barred);
  }

  /** The column of the status. */
  public Optional<String> status() {
    return Optional.ofNullable(status);
  }

  /** The column of the creation time: milliseconds since 1970-01-01T00:00:00Z, as an integer. */
  public Optional<String> createdAt() {
    return Optional.ofNullable(createdAt);
  }

  /** Collects column names; not thread-safe. */
  public static final class Builder {

    private final ResourceType type;
    private final String brokerage;
    private @Nullable String owner;
    private @Nullable String team;
    private @Nullable String office;
    private List<String> participants = List.of();
    private @Nullable String ownership;
    private @Nullable String linked;
    private @Nullable String routed;
    private @Nullable String barred;
    private @Nullable String status;
    private @Nullable String createdAt;

    private Builder(ResourceType type, String brokerageColumn) {
      this.type = Objects.requireNonNull(type, "type");
      this.brokerage = requireName(brokerageColumn);
    }

    /** The column of the owner's member key. */
    public Builder owner(String column) {
      owner = requireName(column);
      return this;
    }

    /** The column of the team key. */
    public Builder team(String column) {
      team = requireName(column);
      return this;
    }

    /** The column of the office key. */
    public Builder office(String column) {
      office = requireName(column);
      return this;
    }

    /** The columns of the participants' member keys. */
    public Builder participants(String... columns) {
      participants = List.of(columns);
      participants.forEach(Builder::requireName);
      return this;
    }

    /** The column that holds the name of a {@link Resource.Ownership}. */
    public Builder ownership(String column) {
      ownership = requireName(column);
      return this;
    }

    /** The column that holds 1 for a row linked to a transaction, else 0. */
    public Builder linkedToTransaction(String column) {
      linked = requireName(column);
      return this;
    }

    /** The column that holds 1 for a row routed to somebody else's review, else 0. */
    public Builder routedToReview(String column) {
      routed = requireName(column);
      return this;
    }

    /** The column that holds 0 for a row that lies behind no information barrier, else 1. */
    public Builder behindBarrier(String column) {
      barred = requireName(column);
      return this;
    }

    /** The column of the status. */
    public Builder status(String column) {
      status = requireName(column);
      return this;
    }

    /** The column of the creation time in milliseconds since 1970. */
    public Builder createdAt(String column) {
      createdAt = requireName(column);
      return this;
    }

    /** The mapping. */
    public ResourceColumns build() {
      return new ResourceColumns(this);
    }

    private static String requireName(String column) {
      Objects.requireNonNull(column, "column");
      if (!NAME.matcher(column).matches()) {
        throw VestaException.invalid(
            "column name",
            "a text of " + column.length() + " characters that is no plain identifier",
            "use letters, digits and underscores, with at most one table name before a dot");
      }
      return column;
    }
  }
}
