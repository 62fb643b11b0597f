package io.vesta.approval.review;

/** Why a rule that blocks does not apply: a closed list, because it goes into the audit log. */
public enum WaiveReason {
  /** The rule matched words that mean something else here. */
  FALSE_MATCH,
  /** An exemption of the law covers it, such as housing for older persons. */
  LAWFUL_EXEMPTION,
  /** Counsel has looked at it. */
  COUNSEL_APPROVED,
  /** Any other reason. */
  OTHER
}
