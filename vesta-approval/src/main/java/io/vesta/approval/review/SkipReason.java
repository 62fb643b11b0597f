package io.vesta.approval.review;

/** Why a person decided against a draft: a closed list, because it goes into the audit log. */
public enum SkipReason {
  /** No answer is needed. */
  NOT_NEEDED,
  /** The member answers by another way. */
  ANSWERED_OTHERWISE,
  /** What it says is wrong. */
  WRONG_FACTS,
  /** It does not sound like the member. */
  WRONG_TONE,
  /** It should not be said at all. */
  NOT_APPROPRIATE,
  /** It is for somebody else. */
  WRONG_RECIPIENT,
  /** Whoever it concerns works here no more. */
  OFFBOARDED,
  /** Any other reason. */
  OTHER
}
