package io.vesta.approval.state;

/** What can happen to a draft. */
public enum DraftEvent {
  /** Somebody asks for it. */
  CREATE,
  /** The model finished. */
  COMPLETE,
  /** The model failed, was cut off, or wrote what may not be shown to a reviewer as a proposal. */
  FAIL,
  /** A review is claimed, released, reassigned, delegated or escalated. */
  ASSIGN,
  /** A person changes the text. */
  EDIT,
  /** A person asks the model to write again. */
  REGENERATE,
  /** A person approves what they saw. */
  APPROVE,
  /** A person decides against it. */
  SKIP,
  /** What it was written from has changed. */
  CONTEXT_CHANGE,
  /** A person accepts the new context for the same text. */
  REFRESH,
  /** Its time is over. */
  EXPIRE,
  /** A signed exemption stands in for the approver. */
  EXEMPT,
  /** A node takes it to send it. */
  CLAIM,
  /** The provider took it. */
  ACCEPT,
  /** The provider refused it for good. */
  REJECT,
  /** Sending failed before a byte left. */
  DEFER,
  /** Sending ended without an answer, or its node is gone. */
  LOSE,
  /** The provider deduplicates by key, so the same bytes may go again. */
  RETRY,
  /** The provider says that it has it. */
  FIND,
  /** The provider says that it never got it. */
  MISS,
  /** A person found that it went out. */
  RESOLVE_SENT,
  /** A person found that it did not. */
  RESOLVE_NOT_SENT
}
