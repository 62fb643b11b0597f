package io.vesta.rbac.decide;

import io.vesta.core.access.Action;
import io.vesta.core.access.Actor;
import io.vesta.core.access.Capacity;
import io.vesta.core.access.ResourceType;
import io.vesta.core.id.MemberId;
import io.vesta.core.id.OfficeId;
import io.vesta.core.id.TeamId;
import io.vesta.rbac.org.Coverage;
import io.vesta.rbac.org.OrgSnapshot;
import io.vesta.rbac.org.OrgSnapshot.Member;
import io.vesta.rbac.org.RoleGrant;
import io.vesta.rbac.org.RoleGrant.Origin;
import io.vesta.rbac.org.Supervision;
import io.vesta.rbac.policy.Permission;
import io.vesta.rbac.policy.Policy;
import java.time.Instant;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;

/**
 * Everything that an actor may rely on for one permission at one time, resolved from the
 * organisation for the interpreters that write SQL.
 *
 * @param actor the member who acts or is acted for
 * @param grants live grants in the actor's capacity: the actor's own first, then those lent to them
 * @param standsFor the actor and everybody for whom they stand in
 * @param delegated what supervision was delegated to them
 */
record Authority(
    MemberId actor, List<Live> grants, Set<MemberId> standsFor, List<RoleGrant.Over> delegated) {

  /**
   * A live grant with the facts of whose it is.
   *
   * @param grant the grant
   * @param office the home office of its holder
   * @param teams the teams in which its holder is now
   */
  record Live(RoleGrant grant, OfficeId office, Set<TeamId> teams) {}

  /** Resolves; empty of grants if the actor may do nothing. */
  static Authority of(
      Policy policy, OrgSnapshot org, Instant now, Actor actor, ResourceType type, Action action) {
    MemberId id = actor.memberOrNull();
    Capacity role = actor.capacityOrNull();
    Permission permission = new Permission(type, action);
    boolean bot = actor.kind() == Actor.Kind.BOT;
    if (id == null
        || role == null
        || org.member(id).filter(Member::active).isEmpty()
        || (bot && !policy.botCapabilities().contains(permission))) {
      return new Authority(
          new MemberId(actor.brokerage(), "nobody"), List.of(), Set.of(), List.of());
    }
    Set<MemberId> standsFor = new LinkedHashSet<>(Set.of(id));
    List<Live> grants = new ArrayList<>();
    add(grants, org, now, id, role, !bot);
    for (Coverage coverage : bot ? List.<Coverage>of() : org.coveragesBy(id)) {
      if (coverage.span().holds(now)
          && org.member(coverage.absent()).filter(Member::active).isPresent()) {
        standsFor.add(coverage.absent());
        if (coverage.lends(permission)) {
          add(grants, org, now, coverage.absent(), role, false);
        }
      }
    }
    List<RoleGrant.Over> delegated =
        org.supervisionsTo(id).stream()
            .filter(given -> counts(policy, org, now, given))
            .map(Supervision::over)
            .toList();
    return new Authority(id, grants, standsFor, delegated);
  }

  private static void add(
      List<Live> grants,
      OrgSnapshot org,
      Instant now,
      MemberId holder,
      Capacity role,
      boolean emergencies) {
    Member member = org.member(holder).orElseThrow();
    Set<TeamId> teams = new LinkedHashSet<>();
    org.memberships(holder).stream()
        .filter(membership -> membership.liveAt(now))
        .forEach(membership -> teams.add(membership.team()));
    org.grants(holder).stream()
        .filter(grant -> grant.role().equals(role) && grant.liveAt(now))
        .filter(grant -> emergencies || grant.origin() == Origin.ASSIGNED)
        .forEach(grant -> grants.add(new Live(grant, member.office(), teams)));
  }

  private static boolean counts(Policy policy, OrgSnapshot org, Instant now, Supervision given) {
    return given.span().holds(now)
        && org.member(given.by()).filter(Member::active).isPresent()
        && org.grants(given.by()).stream()
            .anyMatch(
                grant ->
                    grant.liveAt(now)
                        && grant.origin() == Origin.ASSIGNED
                        && policy.supervisors().contains(grant.role())
                        && grant.over().covers(given.over()));
  }
}
