package io.vesta.core.id;

/**
 * The tenant: the licensed firm that owns the data. Every other id carries one, and no operation
 * spans two.
 *
 * @param key the host's key of the brokerage: see {@link Ref} for the characters that a key may
 *     hold
 */
public record BrokerageId(String key) {

  /** Checks the key's shape. */
  public BrokerageId {
    Ref.requireKey("brokerage key", key);
  }
}
