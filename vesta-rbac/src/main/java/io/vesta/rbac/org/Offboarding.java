package io.vesta.rbac.org;

import io.vesta.core.id.MemberId;
import io.vesta.rbac.org.OrgSnapshot.Membership;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;

/**
 * What a member's leaving takes away, all at once: the organisation without them, and a report of
 * everything that ended. Their records stay where they are.
 *
 * @param member who left
 * @param at when
 * @param organisation the organisation after it: the member inactive, holding nothing
 * @param memberships teams that they were in
 * @param grants roles that they held
 * @param coverages in which they stood in for somebody, or somebody for them
 * @param supervisions that they gave or were given
 */
public record Offboarding(
    MemberId member,
    Instant at,
    OrgSnapshot organisation,
    List<Membership> memberships,
    List<RoleGrant> grants,
    List<Coverage> coverages,
    List<Supervision> supervisions) {

  /** Copies. */
  public Offboarding {
    memberships = List.copyOf(memberships);
    grants = List.copyOf(grants);
    coverages = List.copyOf(coverages);
    supervisions = List.copyOf(supervisions);
  }

  /**
   * Works out what leaving takes away. What is over already is kept as history and not reported;
   * what is running or lies ahead is ended.
   *
   * @param before the organisation
   * @param member who leaves; known to the organisation
   * @param at when
   */
  public static Offboarding of(OrgSnapshot before, MemberId member, Instant at) {
    List<Membership> memberships = new ArrayList<>();
    List<RoleGrant> grants = new ArrayList<>();
    List<Coverage> coverages = new ArrayList<>();
    List<Supervision> supervisions = new ArrayList<>();
    OrgSnapshot.Builder after = before.toBuilder();
    before
        .member(member)
        .ifPresent(one -> after.replace(new OrgSnapshot.Member(member, one.office(), false)));
    after.keep(
        one -> kept(one, one.member().equals(member) && one.until().isAfter(at), memberships),
        one -> kept(one, one.member().equals(member) && one.until().isAfter(at), grants),
        one ->
            kept(
                one,
                (one.absent().equals(member) || one.standIn().equals(member))
                    && one.span().until().isAfter(at),
                coverages),
        one ->
            kept(
                one,
                (one.by().equals(member) || one.to().equals(member))
                    && one.span().until().isAfter(at),
                supervisions));
    return new Offboarding(member, at, after.build(), memberships, grants, coverages, supervisions);
  }

  /** How many things ended. */
  public int revoked() {
    return memberships.size() + grants.size() + coverages.size() + supervisions.size();
  }

  private static <T> boolean kept(T one, boolean ends, List<T> ended) {
    if (ends) {
      ended.add(one);
    }
    return !ends;
  }
}
