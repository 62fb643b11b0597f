package io.vesta.approval.state;

/**
 * Why an event changes nothing: stable words, fit for the person who is refused and for the log.
 */
public enum Refusal {
  /** The event means nothing in the draft's state. */
  WRONG_STATE,
  /** There is no such draft that the actor may see. */
  NOT_FOUND,
  /** The authorizer does not allow it. */
  NOT_AUTHORIZED,
  /** The draft has changed since the actor saw it. */
  VERSION_CHANGED,
  /** The digest is not that of the stored envelope. */
  OTHER_CONTENT,
  /** The model did not finish by itself. */
  NOT_FINISHED,
  /** A lint finding blocks. */
  LINT_BLOCKS,
  /** A lint finding that asks for it was not acknowledged. */
  LINT_NOT_ACKNOWLEDGED,
  /** What the draft was written from has changed. */
  CONTEXT_CHANGED,
  /** What the draft was written from is still the same. */
  CONTEXT_UNCHANGED,
  /** Its time is over. */
  EXPIRED,
  /** Its time is not over. */
  NOT_EXPIRED,
  /** Whoever wrote it or asked for it cannot be its second person. */
  SAME_PERSON,
  /** The person approved this revision before. */
  VOTED_BEFORE,
  /** More persons must approve. */
  MORE_APPROVALS_NEEDED,
  /** The assignee may not review it. */
  ASSIGNEE_NOT_ELIGIBLE,
  /** There is no budget for another generation. */
  BUDGET_SPENT,
  /** No reason was given. */
  NO_REASON,
  /** No exemption covers it. */
  NO_EXEMPTION,
  /** A second person has to look at it. */
  SECOND_PERSON_NEEDED,
  /** A stored row was changed, approvals are missing, or bytes and context are not theirs. */
  APPROVAL_BROKEN,
  /** A kill switch is on. */
  SWITCHED_OFF,
  /** Not at this time. */
  NOT_NOW,
  /** An earlier attempt may be out and the provider would not recognise another. */
  MAY_BE_OUT,
  /** Another attempt has begun or ended meanwhile. */
  FENCED_OUT,
  /** The attempt may still be under way. */
  LEASE_RUNS,
  /** The provider recognises the key no more. */
  KEY_WINDOW_CLOSED,
  /** The provider cannot be believed yet. */
  LOOKUP_TOO_EARLY,
  /** A byte may still be on its way. */
  STILL_SENDING,
  /** The rule does not block this text. */
  NOTHING_TO_WAIVE
}
