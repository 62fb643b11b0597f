package io.vesta.rbac.decide;

import io.vesta.core.access.Capacity;
import io.vesta.core.error.VestaException;
import io.vesta.core.id.MemberId;
import io.vesta.rbac.RbacError;
import io.vesta.rbac.org.OrgSnapshot;
import io.vesta.rbac.org.RoleGrant;
import io.vesta.rbac.org.Span;
import io.vesta.rbac.policy.Policy;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;

/**
 * Static separation of duty (INCITS 359): nobody holds two roles that the policy keeps apart, at no
 * time, not even by standing in for somebody. Within one act it needs no check: an actor acts in
 * one capacity.
 */
final class Separation {

  private record Held(Capacity role, Span span) {}

  private Separation() {}

  /**
   * Checks an organisation.
   *
   * @throws VestaException naming every member who holds too much
   */
  static void check(Policy policy, OrgSnapshot org) {
    Set<String> faults = new TreeSet<>();
    for (OrgSnapshot.Member member : org.members()) {
      List<Held> held = policy.separations().isEmpty() ? List.of() : held(member.id(), org);
      for (int i = 0; i < held.size(); i++) {
        for (Held other : held.subList(i + 1, held.size())) {
          Capacity one = held.get(i).role();
          if (!one.equals(other.role())
              && overlap(held.get(i).span(), other.span())
              && policy.separations().stream()
                  .anyMatch(apart -> apart.contains(one) && apart.contains(other.role()))) {
            faults.add(
                member.id().key()
                    + " holds "
                    + String.join(" and ", new TreeSet<>(Set.of(one.role(), other.role().role()))));
          }
        }
      }
    }
    if (!faults.isEmpty()) {
      throw new VestaException(
          RbacError.ORGANISATION_INVALID,
          "roles that the policy keeps apart meet: " + String.join("; ", faults));
    }
  }

  private static List<Held> held(MemberId id, OrgSnapshot org) {
    List<Held> held = new ArrayList<>();
    for (RoleGrant grant : org.grants(id)) {
      held.add(new Held(grant.role(), grant.span()));
    }
    org.coveragesBy(id)
        .forEach(
            coverage ->
                org.grants(coverage.absent()).stream()
                    .filter(grant -> overlap(grant.span(), coverage.span()))
                    .forEach(grant -> held.add(new Held(grant.role(), coverage.span()))));
    return held;
  }

  private static boolean overlap(Span one, Span other) {
    return one.from().isBefore(other.until()) && other.from().isBefore(one.until());
  }
}
