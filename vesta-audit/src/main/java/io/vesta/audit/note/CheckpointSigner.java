package io.vesta.audit.note;

/**
 * SPI: a key that signs checkpoints. One key may sign for many logs; each log's origin is the name
 * under which it signs there.
 *
 * <p><b>Contract.</b> Thread-safe. {@link #sign} makes an Ed25519 signature (RFC 8032) over exactly
 * the bytes given, and may ask a device or service; it throws if it cannot, and then no checkpoint
 * is made. An implementation shows nothing of the private key, not in {@code toString} either.
 */
public interface CheckpointSigner {

  /**
   * The key that verifies what this signer signs.
   *
   * @param origin the log's origin, which is the key's name
   */
  Vkey vkey(String origin);

  /**
   * Signs.
   *
   * @param message the bytes
   * @return 64 bytes
   */
  byte[] sign(byte[] message);
}
