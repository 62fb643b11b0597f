package io.vesta.approval.lint;

/** How sure the law or the practice behind a rule is. */
enum Certainty {
  /** The text and its meaning are not in dispute. */
  SETTLED,
  /** Widely held, without a text that says it in so many words. */
  STRONG,
  /** Courts, agencies or states differ; such a rule never blocks. */
  UNSETTLED,
  /** Its source was not read for this pack; such a rule never blocks. */
  UNVERIFIED;

  boolean mayBlock() {
    return this == SETTLED || this == STRONG;
  }
}
