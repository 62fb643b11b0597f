package io.vesta.approval.lint;

/** How grave a finding is, mildest first; a report's verdict is its gravest finding's. */
public enum Verdict {
  /** No listed rule matched. That is all it says; it is no statement of compliance. */
  PASS,
  /** Worth a look. */
  WARN,
  /** Not at this hour: it may be looked at again when the recipient's clock allows it. */
  DEFER,
  /** A person must acknowledge it. */
  REVIEW,
  /** May not be approved, unless somebody with the authority waives the rule. */
  BLOCK
}
