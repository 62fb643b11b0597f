package io.vesta.approval.review;

/** How a person knows whether a message went out: a closed list, because it goes into the log. */
public enum ResolveReason {
  /** The provider's own records say so. */
  PROVIDER_RECORDS,
  /** The recipient says so. */
  RECIPIENT,
  /** The sender's mailbox or thread shows it. */
  SENT_ITEMS,
  /** Any other way. */
  OTHER
}
