package io.vesta.core.access;

import io.vesta.core.error.VestaException;
import io.vesta.core.id.BrokerageId;
import io.vesta.core.id.MemberId;
import io.vesta.core.id.Ref;
import java.util.Objects;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * Who acts: a member in a capacity, a model acting for a member, or Vesta itself. An actor belongs
 * to exactly one brokerage. The host makes actors from verified logins only; nothing in Vesta makes
 * one from request data. Immutable.
 */
public final class Actor {

  /**
   * What kind of actor this is (RESO {@code ActorType}, as far as it applies inside a brokerage).
   */
  public enum Kind {
    /** A person with a licence or a staff role. */
    MEMBER,
    /** A model or automation acting for a member, never with more authority than the member. */
    BOT,
    /** A component of Vesta or of the host doing housekeeping, such as expiry. */
    SYSTEM
  }

  private final Kind kind;
  private final BrokerageId brokerage;
  private final @Nullable MemberId member;
  private final @Nullable Capacity capacity;
  private final Ref ref;

  private Actor(
      Kind kind,
      BrokerageId brokerage,
      @Nullable MemberId member,
      @Nullable Capacity capacity,
      Ref ref) {
    this.kind = kind;
    this.brokerage = brokerage;
    this.member = member;
    this.capacity = capacity;
    this.ref = ref;
  }

  /**
   * A member who acts in a capacity.
   *
   * @param member the verified member
   * @param capacity the role in which they act
   */
  public static Actor member(MemberId member, Capacity capacity) {
    Objects.requireNonNull(capacity, "capacity");
    return new Actor(Kind.MEMBER, member.brokerage(), member, capacity, member.ref());
  }

  /**
   * A model or automation that acts for a member.
   *
   * @param name the bot's key, in the characters of {@link Ref}
   * @param actingFor the member whose authority bounds the bot's
   */
  public static Actor bot(String name, MemberId actingFor) {
    return new Actor(
        Kind.BOT, actingFor.brokerage(), actingFor, Capacity.AGENT, new Ref("Bot", name));
  }

  /**
   * A housekeeping component. It holds no authority over client data; audit entries of timed events
   * name it.
   *
   * @param brokerage the tenant it works for
   * @param name the component's key, in the characters of {@link Ref}
   */
  public static Actor system(BrokerageId brokerage, String name) {
    return new Actor(
        Kind.SYSTEM,
        Objects.requireNonNull(brokerage, "brokerage"),
        null,
        null,
        new Ref("System", name));
  }

  /** What kind of actor this is; never null. */
  public Kind kind() {
    return kind;
  }

  /** The tenant; never null. */
  public BrokerageId brokerage() {
    return brokerage;
  }

  /** The member who acts or is acted for; empty for a system actor. */
  public Optional<MemberId> member() {
    return Optional.ofNullable(member);
  }

  /** The member who acts or is acted for; null for a system actor. Allocates nothing. */
  public @Nullable MemberId memberOrNull() {
    return member;
  }

  /** The capacity; null for a system actor. Allocates nothing. */
  public @Nullable Capacity capacityOrNull() {
    return capacity;
  }

  /** The capacity; empty for a system actor. */
  public Optional<Capacity> capacity() {
    return Optional.ofNullable(capacity);
  }

  /** The reference under which the audit log names the actor; never null. */
  public Ref ref() {
    return ref;
  }

  /**
   * The member, for operations that only a person may do.
   *
   * @param operation what was attempted, for the message
   * @throws VestaException if the actor is not a member
   */
  public MemberId requirePerson(String operation) {
    MemberId person = member;
    if (kind != Kind.MEMBER || person == null) {
      throw new AccessDeniedException(
          "NOT_A_PERSON", operation + " needs a person, and the actor is a " + kind);
    }
    return person;
  }

  @Override
  public boolean equals(@Nullable Object other) {
    return other instanceof Actor that
        && kind == that.kind
        && brokerage.equals(that.brokerage)
        && Objects.equals(member, that.member)
        && Objects.equals(capacity, that.capacity)
        && ref.equals(that.ref);
  }

  @Override
  public int hashCode() {
    return Objects.hash(kind, brokerage, member, capacity, ref);
  }

  @Override
  public String toString() {
    return ref + "@" + brokerage.key() + (capacity == null ? "" : " as " + capacity.role());
  }
}
