package io.vesta.proof.publish;

import io.vesta.core.access.Actor;
import io.vesta.core.storage.Database;
import io.vesta.core.storage.Schema;
import io.vesta.core.storage.UnitOfWork;
import io.vesta.proof.protect.Protection;
import java.util.List;

/**
 * The only way from a protected table to bytes that may be published. In this order: the actor must
 * be a person whom the authorizer allows {@code publish} on the claim; the table must be protected
 * under the configured policy; it is held against everything that was ever published of the claim
 * (see {@link io.vesta.proof.protect.Renewal}), and what may not be renewed keeps the figure of the
 * earlier release or is withheld; page and data are rendered and scanned for leaks; the release
 * goes into the ledger and, as {@code vesta.proof.release.published}, into the audit trail. If any
 * of these fails, nothing is written and no byte is handed out. Thread-safe.
 *
 * <p><b>Not guaranteed:</b> claims are not compared with one another; publish each population under
 * one claim.
 */
public interface ProofPublisher {

  /**
   * Releases a table as part of the host's unit of work. Make the bytes public only after it has
   * been committed.
   *
   * @param work where the ledger row and the audit entry go
   * @param actor the person who publishes
   * @param claim the key of the page within the brokerage, the same at every renewal: see {@link
   *     io.vesta.core.id.Ref} for its characters
   * @param protection what to show, with the rows behind it
   * @param canaries texts of the source that must not occur in the bytes
   * @return the page and its data
   * @throws io.vesta.core.access.AccessDeniedException if the actor may not
   * @throws io.vesta.core.error.VestaException with code {@code VESTA-PROOF-002} for a leak, {@code
   *     VESTA-PROOF-003} for a table of another policy
   */
  Publication publish(
      UnitOfWork work, Actor actor, String claim, Protection protection, Canaries canaries);

  /** Releases in a unit of work of its own; the bytes are handed out after its commit. */
  Publication publish(Actor actor, String claim, Protection protection, Canaries canaries);

  /**
   * The ledger's tables, for hosts that install schemas by their own tool; see {@link Database}.
   */
  static Schema schema() {
    return new Schema("proof", ProofPublisher.class, List.of("V1__releases.sql"));
  }
}
