package io.vesta.approval.state;

/** Where a draft stands. */
public enum DraftState {
  /** A model is writing. */
  GENERATING,
  /** It waits for a person. */
  PENDING,
  /** What it was written from has changed; a person must look again. */
  STALE,
  /** Approved, waiting to be sent. */
  APPROVED,
  /** One node is sending it now. */
  DISPATCHING,
  /** It may be out or not; nobody knows yet. */
  UNKNOWN,
  /** It will be sent again, same bytes and same key. */
  RETRY,
  /** It is out. */
  SENT,
  /** A person decided against it. */
  SKIPPED,
  /** Nobody decided in time. */
  EXPIRED,
  /** It was not written, or the provider refused it for good. */
  FAILED,
  /** A person found that it did not go out. */
  NOT_SENT;

  /** Whether nothing can follow. */
  public boolean terminal() {
    return switch (this) {
      case SENT, SKIPPED, EXPIRED, FAILED, NOT_SENT -> true;
      case GENERATING, PENDING, STALE, APPROVED, DISPATCHING, UNKNOWN, RETRY -> false;
    };
  }

  /** Whether its bytes may be at a provider, so that nothing about it may change any more. */
  public boolean mayBeOut() {
    return this == DISPATCHING || this == UNKNOWN || this == RETRY || this == SENT;
  }
}
