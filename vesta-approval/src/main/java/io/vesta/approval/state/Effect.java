package io.vesta.approval.state;

/** What a transition changes beside the state, in the same transaction. */
public enum Effect {
  /** The context snapshot is taken. */
  TAKE_CONTEXT,
  /** The content becomes a new frozen revision with its lint report. */
  FREEZE,
  /** The same text is linted anew. */
  LINT,
  /** Somebody else, or nobody, looks after it, perhaps with another priority. */
  ASSIGN,
  /** What was written so far is kept to be looked at; it can never be approved. */
  KEEP_TEXT,
  /** Every approval is revoked. */
  REVOKE,
  /** The approval is recorded. */
  RECORD_APPROVAL,
  /** It becomes due for sending. */
  ENQUEUE,
  /** It is due no more. */
  DEQUEUE,
  /** The fence rises and a lease begins: an attempt is under way. */
  LEASE,
  /** The fence rises and the attempt is over. */
  UNLEASE,
  /** The fence rises and the attempt is lost; the provider may be asked about it later. */
  LOSE,
  /** No earlier attempt is out. */
  NOTHING_OUT,
  /** The provider's or a person's word for it is kept. */
  KEEP_EVIDENCE
}
