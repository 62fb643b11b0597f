package io.vesta.approval.metrics;

/** What is told of drafts: each is a number of observations with a value. */
public enum Figure {
  /** Seconds from the writing of a revision to its approval or to the decision against it. */
  DECISION_SECONDS,
  /** How much a person changed: 0 for nothing to 1 for everything. */
  EDIT_DISTANCE,
  /** 1 for each message that went out in its first revision. */
  SENT_AS_IS,
  /** 1 for each message that went out in a later revision. */
  SENT_CHANGED,
  /** 1 for each draft that a person decided against. */
  SKIPPED,
  /** 1 for each draft that nobody decided on, or that was not sent, in time. */
  EXPIRED,
  /** 1 for each attempt to send of which nobody knew how it ended. */
  UNKNOWN,
  /** 1 for each draft that an exemption approved. */
  EXEMPTED
}
