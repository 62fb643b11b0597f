package io.vesta.rbac.org;

import io.vesta.core.error.VestaException;
import io.vesta.core.id.MemberId;
import io.vesta.rbac.policy.Permission;
import java.util.Objects;
import java.util.Set;

/**
 * One member stands in for another: for a vacation, or as an assistant for some acts. The stand-in
 * may do what the absent member may do at that moment and no more, cannot pass it on, crosses no
 * information barrier with it, and cannot use it to decide on what is their own or the absent
 * member's.
 *
 * @param absent whose authority is lent
 * @param standIn who uses it
 * @param only the permissions that are lent; empty for all
 * @param span when
 */
public record Coverage(MemberId absent, MemberId standIn, Set<Permission> only, Span span) {

  /** Checks that two members of one brokerage are named. */
  public Coverage {
    Objects.requireNonNull(span, "span");
    only = Set.copyOf(only);
    if (!absent.brokerage().equals(standIn.brokerage())) {
      throw VestaException.invalid("coverage", "between two brokerages", "use one brokerage");
    }
    if (absent.equals(standIn)) {
      throw VestaException.invalid("coverage", "of a member by themselves", "name another member");
    }
  }

  /** Whether it lends a permission. */
  public boolean lends(Permission permission) {
    return only.isEmpty() || only.contains(permission);
  }
}
