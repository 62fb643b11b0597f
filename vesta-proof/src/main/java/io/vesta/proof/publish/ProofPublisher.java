package io.vesta.proof.publish;

import io.vesta.core.access.Actor;
import io.vesta.core.storage.Database;
import io.vesta.core.storage.Schema;
import io.vesta.core.storage.UnitOfWork;
import io.vesta.proof.protect.Protection;
import io.vesta.proof.signed.Manifest;
import java.util.List;
import java.util.Optional;

/**
 * The only way from a protected table to bytes that may be published. First a person whom the
 * authorizer allows {@code decide} on the claim looks at the {@link #review} and approves it. Then,
 * in this order: the actor must be a person whom the authorizer allows {@code publish}; the table
 * must be protected under the configured policy; it is held against everything that was ever
 * published of the claim (see {@link io.vesta.proof.protect.Renewal}), and what may not be renewed
 * keeps the figure of the earlier release or is withheld; the files are rendered and scanned for
 * leaks; exactly these files must have been approved as this release; the release goes into the
 * ledger and, as {@code vesta.proof.release.published}, into the audit trail; the manifest is
 * signed. If any of these fails, nothing is written and no byte is handed out. Thread-safe.
 *
 * <p><b>Not guaranteed:</b> claims are not compared with one another; publish each population under
 * one claim.
 */
public interface ProofPublisher {

  /**
   * What {@link #publish} would release now; nothing of it is kept.
   *
   * @param actor a person who may decide about the claim
   * @throws io.vesta.core.access.AccessDeniedException if the actor may not
   * @throws io.vesta.core.error.VestaException as {@link #publish} does
   */
  Review review(Actor actor, String claim, Protection protection, Canaries canaries);

  /**
   * Approves what was reviewed, as {@code vesta.proof.release.approved}. It holds for exactly those
   * files as exactly that release.
   *
   * @throws io.vesta.core.access.AccessDeniedException if the actor may not decide
   */
  void approve(Actor actor, Review review);

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
   * @return the files and the signed manifest
   * @throws io.vesta.core.access.AccessDeniedException if the actor may not
   * @throws io.vesta.core.error.VestaException with code {@code VESTA-PROOF-002} for a leak, {@code
   *     VESTA-PROOF-003} for a table of another policy, {@code VESTA-PROOF-004} without an approval
   */
  Publication publish(
      UnitOfWork work, Actor actor, String claim, Protection protection, Canaries canaries);

  /** Releases in a unit of work of its own; the bytes are handed out after its commit. */
  Publication publish(Actor actor, String claim, Protection protection, Canaries canaries);

  /**
   * Says that a release shall not be relied on any more, as {@code vesta.proof.release.retracted}.
   * It frees nothing: what was seen once stays in the ledger.
   *
   * @param actor a person who may publish or decide
   * @param number which release
   * @return the signed retraction, to be put where the package was; empty without a key
   * @throws io.vesta.core.error.VestaException with code {@code VESTA-PROOF-005} if there is none
   */
  Optional<byte[]> retract(Actor actor, String claim, int number);

  /**
   * Makes a release again from its rows and compares to the byte.
   *
   * @param actor a person who may publish or decide
   * @param number which release
   * @param protection the same rows, protected under the same spec and policy
   * @return its manifest
   * @throws io.vesta.core.error.VestaException with code {@code VESTA-PROOF-005} if there is no
   *     such release, {@code VESTA-PROOF-006} if anything comes out otherwise
   */
  Manifest recompute(Actor actor, String claim, int number, Protection protection);

  /**
   * The ledger's tables, for hosts that install schemas by their own tool; see {@link Database}.
   */
  static Schema schema() {
    return new Schema(
        "proof", ProofPublisher.class, List.of("V1__releases.sql", "V2__packages.sql"));
  }
}
