package io.vesta.approval.state;

/**
 * A fact that a transition may ask for. Whoever brings an event establishes which of them hold;
 * none holds by default.
 */
public enum Guard {
  /** The authorizer allows the act. */
  AUTHORIZED(Refusal.NOT_AUTHORIZED),
  /** The actor saw the version that is stored. */
  VERSION_SEEN(Refusal.VERSION_CHANGED),
  /** The actor saw the envelope whose digest is stored. */
  DIGEST_SEEN(Refusal.OTHER_CONTENT),
  /** The model finished by itself. */
  MODEL_STOPPED(Refusal.NOT_FINISHED),
  /** No lint finding blocks. */
  LINT_NOT_BLOCKING(Refusal.LINT_BLOCKS),
  /** No lint finding blocks, and each that asks for it was acknowledged. */
  LINT_ACKNOWLEDGED(Refusal.LINT_NOT_ACKNOWLEDGED),
  /** The context is the one that the draft was written or refreshed in. */
  CONTEXT_CURRENT(Refusal.CONTEXT_CHANGED),
  /** The context is another one. */
  CONTEXT_CHANGED(Refusal.CONTEXT_UNCHANGED),
  /** Its time is not over. */
  NOT_EXPIRED(Refusal.EXPIRED),
  /** Its time is over. */
  EXPIRED(Refusal.NOT_EXPIRED),
  /** The approver did not write this revision, where a second person is asked for. */
  SECOND_PERSON(Refusal.SAME_PERSON),
  /** The approver has not approved this revision before. */
  NOT_VOTED(Refusal.VOTED_BEFORE),
  /** With this approval there are enough. */
  QUORUM(Refusal.MORE_APPROVALS_NEEDED),
  /** The assignee may review it. */
  ASSIGNEE_ELIGIBLE(Refusal.ASSIGNEE_NOT_ELIGIBLE),
  /** There is budget for another generation. */
  WITHIN_BUDGET(Refusal.BUDGET_SPENT),
  /** A reason was given. */
  REASON_GIVEN(Refusal.NO_REASON),
  /** A signed, unexpired exemption covers it. */
  EXEMPTION_LIVE(Refusal.NO_EXEMPTION),
  /** No second person is asked for. */
  ONE_PERSON_ENOUGH(Refusal.SECOND_PERSON_NEEDED),
  /** Enough live approvals of exactly these bytes in this context, each with its seal intact. */
  APPROVALS_INTACT(Refusal.APPROVAL_BROKEN),
  /** No kill switch holds its brokerage and channel. */
  SWITCH_ON(Refusal.SWITCHED_OFF),
  /** Suppression, consent, quiet hours and rate allow it now. */
  SENDABLE_NOW(Refusal.NOT_NOW),
  /** No earlier attempt can have left, or the provider still knows the key. */
  RESEND_SAFE(Refusal.MAY_BE_OUT),
  /** The caller's fence is the stored one. */
  FENCE_HELD(Refusal.FENCED_OUT),
  /** The lease is over. */
  LEASE_OVER(Refusal.LEASE_RUNS),
  /** The provider deduplicates by key and the window since the first attempt is open. */
  KEY_WINDOW_OPEN(Refusal.KEY_WINDOW_CLOSED),
  /** The provider's look-up is authoritative by now. */
  LOOKUP_AUTHORITATIVE(Refusal.LOOKUP_TOO_EARLY),
  /** No attempt can still be under way. */
  SEND_TIME_OVER(Refusal.STILL_SENDING);

  private final Refusal refusal;

  Guard(Refusal refusal) {
    this.refusal = refusal;
  }

  /** Why an event is refused if this does not hold; never null. */
  public Refusal refusal() {
    return refusal;
  }
}
