package io.vesta.rbac.policy;

/**
 * The atoms of scope; a rule names a union of them. Each has a test on a record, a condition on a
 * row and an English phrase, and there is no other way to say which records a rule reaches.
 */
public enum Scope {
  /** Records that belong to the member. */
  OWN("of their own"),
  /** Records of a deal in which the member takes part. */
  DEAL("of deals in which they take part"),
  /** Records attributed to a team of which the member is a live member. */
  TEAM("of their teams"),
  /** Records attributed to the member's home office. */
  OFFICE("of their office"),
  /** Every record of the brokerage. */
  BROKERAGE("of the brokerage"),
  /** Records within the scope over which the role was granted. */
  GRANT("within their grant");

  private final String phrase;

  Scope(String phrase) {
    this.phrase = phrase;
  }

  /** How an explanation says it; never null. */
  public String phrase() {
    return phrase;
  }
}
