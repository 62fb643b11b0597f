package io.vesta.rbac.org;

import io.vesta.core.access.Capacity;
import io.vesta.core.error.VestaException;
import io.vesta.core.id.MemberId;
import io.vesta.core.id.OfficeId;
import io.vesta.core.id.TeamId;
import io.vesta.rbac.RbacError;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.HexFormat;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.TreeSet;
import java.util.function.Predicate;

/**
 * Members with their offices, dated team memberships, role grants, coverage and delegations of
 * supervision, of one or several brokerages. Immutable; a change is a new snapshot with another
 * version.
 */
public final class OrgSnapshot {

  /**
   * A member.
   *
   * @param id who
   * @param office the home office
   * @param active whether the member works here now; an inactive one may do nothing
   */
  public record Member(MemberId id, OfficeId office, boolean active) {

    /** Checks presence and tenant. */
    public Member {
      if (!id.brokerage().equals(office.brokerage())) {
        throw VestaException.invalid(
            "home office", "of another brokerage than the member's", "use one brokerage");
      }
    }
  }

  /**
   * A team membership.
   *
   * @param member who
   * @param team where
   * @param from when it begins, inclusive
   * @param until when it ends, exclusive; {@link Instant#MAX} for no end
   */
  public record Membership(MemberId member, TeamId team, Instant from, Instant until) {

    /** Checks presence, order of time and tenant. */
    public Membership {
      if (!member.brokerage().equals(team.brokerage())) {
        throw VestaException.invalid(
            "membership", "in another brokerage's team", "use one brokerage");
      }
      if (!from.isBefore(until)) {
        throw VestaException.invalid(
            "membership", "without duration", "let it end after it begins");
      }
    }

    /** Whether it is live at a time. */
    public boolean liveAt(Instant time) {
      return !time.isBefore(from) && time.isBefore(until);
    }
  }

  private final Map<MemberId, Member> members;
  private final Map<MemberId, List<Membership>> memberships;
  private final Map<MemberId, List<RoleGrant>> grants;
  private final Map<MemberId, List<Coverage>> coverages;
  private final Map<MemberId, List<Supervision>> supervisions;
  private final String version;

  private OrgSnapshot(Builder b) {
    members = Map.copyOf(b.members);
    memberships = copy(b.memberships);
    grants = copy(b.grants);
    coverages = copy(b.coverages);
    supervisions = copy(b.supervisions);
    version = digest(b);
  }

  /** Starts an empty organisation. */
  public static Builder builder() {
    return new Builder();
  }

  /** The member of an id; empty if unknown. */
  public Optional<Member> member(MemberId id) {
    return Optional.ofNullable(members.get(id));
  }

  /** The member's memberships of all times; never null. */
  public List<Membership> memberships(MemberId id) {
    return memberships.getOrDefault(id, List.of());
  }

  /** The member's grants of all times; never null. */
  public List<RoleGrant> grants(MemberId id) {
    return grants.getOrDefault(id, List.of());
  }

  /** The coverages of all times in which the member stands in; never null. */
  public List<Coverage> coveragesBy(MemberId standIn) {
    return coverages.getOrDefault(standIn, List.of());
  }

  /** The delegations of supervision of all times to the member; never null. */
  public List<Supervision> supervisionsTo(MemberId member) {
    return supervisions.getOrDefault(member, List.of());
  }

  /** Every member; never null, in no order. */
  public Collection<Member> members() {
    return members.values();
  }

  /** A builder that holds what this snapshot holds. */
  public Builder toBuilder() {
    Builder builder = new Builder();
    builder.members.putAll(members);
    memberships.forEach((id, list) -> builder.memberships.put(id, new ArrayList<>(list)));
    grants.forEach((id, list) -> builder.grants.put(id, new ArrayList<>(list)));
    coverages.forEach((id, list) -> builder.coverages.put(id, new ArrayList<>(list)));
    supervisions.forEach((id, list) -> builder.supervisions.put(id, new ArrayList<>(list)));
    return builder;
  }

  /** A digest of the content: 64 hexadecimal digits. */
  public String version() {
    return version;
  }

  private static <T> Map<MemberId, List<T>> copy(Map<MemberId, List<T>> from) {
    Map<MemberId, List<T>> copy = new HashMap<>();
    from.forEach((member, list) -> copy.put(member, List.copyOf(list)));
    return Map.copyOf(copy);
  }

  private static String digest(Builder b) {
    TreeSet<String> lines = new TreeSet<>();
    b.members.values().forEach(member -> lines.add(member.toString()));
    b.memberships.values().forEach(list -> list.forEach(one -> lines.add(one.toString())));
    b.grants.values().forEach(list -> list.forEach(one -> lines.add(one.toString())));
    b.coverages
        .values()
        .forEach(
            list ->
                list.forEach(
                    one ->
                        lines.add(
                            one.absent()
                                + " "
                                + one.standIn()
                                + " "
                                + one.span()
                                + " "
                                + new TreeSet<>(
                                    one.only().stream().map(Object::toString).toList()))));
    b.supervisions.values().forEach(list -> list.forEach(one -> lines.add(one.toString())));
    try {
      byte[] bytes = String.join("\n", lines).getBytes(StandardCharsets.UTF_8);
      return HexFormat.of().formatHex(MessageDigest.getInstance("SHA-256").digest(bytes));
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException("every Java platform has SHA-256", e);
    }
  }

  /** Collects an organisation; not thread-safe. Members come before what is said of them. */
  public static final class Builder {

    private final Map<MemberId, Member> members = new LinkedHashMap<>();
    private final Map<MemberId, List<Membership>> memberships = new LinkedHashMap<>();
    private final Map<MemberId, List<RoleGrant>> grants = new LinkedHashMap<>();
    private final Map<MemberId, List<Coverage>> coverages = new LinkedHashMap<>();
    private final Map<MemberId, List<Supervision>> supervisions = new LinkedHashMap<>();

    private Builder() {}

    /** A member who works here. */
    public Builder member(MemberId id, OfficeId office) {
      return member(new Member(id, office, true));
    }

    /** A member. */
    public Builder member(Member member) {
      if (members.putIfAbsent(member.id(), member) != null) {
        throw new VestaException(
            RbacError.ORGANISATION_INVALID, "member " + member.id().key() + " is given twice");
      }
      return this;
    }

    /** A membership. */
    public Builder membership(MemberId member, TeamId team, Instant from, Instant until) {
      memberships
          .computeIfAbsent(known(member), id -> new ArrayList<>())
          .add(new Membership(member, team, from, until));
      return this;
    }

    /** A grant. */
    public Builder grant(
        MemberId member, Capacity role, RoleGrant.Over over, Instant from, Instant until) {
      return grant(new RoleGrant(member, role, over, from, until));
    }

    /** A grant. */
    public Builder grant(RoleGrant grant) {
      grants.computeIfAbsent(known(grant.member()), id -> new ArrayList<>()).add(grant);
      return this;
    }

    /** A coverage. */
    public Builder coverage(Coverage coverage) {
      known(coverage.absent());
      coverages.computeIfAbsent(known(coverage.standIn()), id -> new ArrayList<>()).add(coverage);
      return this;
    }

    /** A delegation of supervision. */
    public Builder supervision(Supervision supervision) {
      known(supervision.by());
      supervisions
          .computeIfAbsent(known(supervision.to()), id -> new ArrayList<>())
          .add(supervision);
      return this;
    }

    /** Replaces a member who is known. */
    Builder replace(Member member) {
      members.put(known(member.id()), member);
      return this;
    }

    /** Keeps only what is wanted of one kind. */
    void keep(
        Predicate<Membership> membership,
        Predicate<RoleGrant> grant,
        Predicate<Coverage> coverage,
        Predicate<Supervision> supervision) {
      memberships.values().forEach(list -> list.removeIf(membership.negate()));
      grants.values().forEach(list -> list.removeIf(grant.negate()));
      coverages.values().forEach(list -> list.removeIf(coverage.negate()));
      supervisions.values().forEach(list -> list.removeIf(supervision.negate()));
    }

    /** The organisation. */
    public OrgSnapshot build() {
      return new OrgSnapshot(this);
    }

    private MemberId known(MemberId member) {
      if (!members.containsKey(Objects.requireNonNull(member, "member"))) {
        throw new VestaException(
            RbacError.ORGANISATION_INVALID,
            "member " + member.key() + " is not in the organisation");
      }
      return member;
    }
  }
}
