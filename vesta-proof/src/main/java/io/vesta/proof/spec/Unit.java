package io.vesta.proof.spec;

/**
 * Whose figures a cell is made of: each has its own minimum, since one client may hold many deals.
 */
public enum Unit {
  /** A transaction. */
  DEAL,
  /** A person for whom a transaction was made. */
  CLIENT,
  /** A licensee, or the team or franchise that counts as one. */
  BROKER
}
