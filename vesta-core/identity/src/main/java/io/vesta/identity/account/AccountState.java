package io.vesta.identity.account;

/** What is known of an account's grant. */
public enum AccountState {
  /** The refresh token that is stored is the provider's current one. */
  ACTIVE,
  /** One node, whose lease runs, is exchanging the refresh token. */
  REFRESHING,
  /**
   * An exchange began and nobody knows how it ended: the stored refresh token may be used up. It is
   * tried again, and the provider's answer settles it.
   */
  INDETERMINATE,
  /** The provider refused the grant; a person must connect the account again. */
  NEEDS_RECONNECT,
  /** Taken back by us; nothing of the grant is stored any more, and it never comes back. */
  REVOKED
}
