package io.vesta.rbac.policy;

import io.vesta.core.access.Resource.Ownership;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * What must be true of a record, beside lying in a rule's scope; all that are set must hold. A fact
 * that is unknown meets no guard.
 *
 * @param ownership the record's ownership is one of these; empty for no guard
 * @param status the record's status is one of these; empty for no guard
 * @param linked the record is linked to a transaction
 * @param routed the record was routed to review, or was not; null for no guard
 * @param notOwn the record belongs to somebody, and neither to the actor nor to anybody for whom
 *     the actor stands in
 * @param duringGrant the record was made while the grant was live
 * @param delegated a written supervision delegation to the actor reaches the record
 * @param barrier the record lies behind no information barrier, or the actor takes part on its side
 */
public record Guards(
    Set<Ownership> ownership,
    Set<String> status,
    boolean linked,
    @Nullable Boolean routed,
    boolean notOwn,
    boolean duringGrant,
    boolean delegated,
    boolean barrier) {

  /** No guard. */
  public static final Guards NONE =
      new Guards(Set.of(), Set.of(), false, null, false, false, false, false);

  /** Copies. */
  public Guards {
    ownership = Set.copyOf(ownership);
    status = Set.copyOf(status);
  }
}
