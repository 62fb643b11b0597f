package io.vesta.core.access;

/**
 * The port that says who may do what; vesta-rbac implements it, and a host may bring its own.
 *
 * <p><b>Contract.</b> Deny by default: an unknown actor, type, action or fact is a deny, never an
 * exception. An actor of one brokerage is never allowed anything in another. {@link #filter} lets
 * through exactly the rows on which {@link #decide} allows the same actor the same action.
 * Implementations are thread-safe and do not block on the network.
 */
public interface Authorizer {

  /**
   * Decides one act.
   *
   * @param actor who
   * @param action what
   * @param resource on what
   * @return the decision; never null
   */
  Decision decide(Actor actor, Action action, Resource resource);

  /**
   * The rows on which the act is allowed, for lists, counts, search and exports.
   *
   * @param actor who
   * @param action what
   * @param columns where the rows keep their facts
   * @return the filter; never null
   */
  RowFilter filter(Actor actor, Action action, ResourceColumns columns);
}
