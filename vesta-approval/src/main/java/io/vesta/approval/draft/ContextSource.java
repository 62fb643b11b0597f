package io.vesta.approval.draft;

import io.vesta.core.id.DraftId;
import io.vesta.core.storage.UnitOfWork;

/**
 * The host's port: what a draft relies on, as it is now.
 *
 * <p><b>Contract.</b> Thread-safe. Asked when a draft is created, approved and, in the transaction
 * that takes it for sending, once more; so an opt-out or a new message of the client that was
 * committed before stops the send. It reads in the given unit of work if its facts are in the same
 * database, does not write, and does not block on the network. If it throws, nothing is sent.
 */
@FunctionalInterface
public interface ContextSource {

  /**
   * The context of a draft.
   *
   * @param work the open unit of work
   * @param draft which draft
   * @param attribution whom and what it concerns
   * @return what it relies on now; never null
   */
  DraftContext current(UnitOfWork work, DraftId draft, Attribution attribution);
}
