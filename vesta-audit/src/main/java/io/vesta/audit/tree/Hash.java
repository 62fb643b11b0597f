package io.vesta.audit.tree;

import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.Arrays;
import java.util.Base64;
import java.util.HexFormat;
import org.jspecify.annotations.Nullable;

/**
 * A SHA-256 value with the domain separation of RFC 6962 section 2.1. Immutable and thread-safe.
 *
 * <p>Like everything that the verifier needs, it depends on the JDK alone and refuses bad input
 * with {@link IllegalArgumentException}.
 */
public final class Hash {

  /** Bytes of a hash. */
  public static final int LENGTH = 32;

  private static final byte LEAF = 0;
  private static final byte NODE = 1;
  private static final byte CHAIN = 2;

  /** Never fed: each hash works on a clone, which is cheaper than a look-up of the algorithm. */
  private static final MessageDigest SHA256 = sha256();

  /** The root of the empty tree: SHA-256 of nothing. */
  public static final Hash EMPTY_ROOT = new Hash(fresh().digest());

  /** What the plain chain begins with: 32 zero bytes. */
  public static final Hash CHAIN_START = new Hash(new byte[LENGTH]);

  private final byte[] bytes;

  private Hash(byte[] bytes) {
    this.bytes = bytes;
  }

  /**
   * A hash from its bytes, which are copied.
   *
   * @param from where they are
   * @param offset where they begin; 32 must follow
   */
  public static Hash of(byte[] from, int offset) {
    if (offset < 0 || from.length - offset < LENGTH) {
      throw new IllegalArgumentException("a hash has 32 bytes; fewer are left");
    }
    return new Hash(Arrays.copyOfRange(from, offset, offset + LENGTH));
  }

  /**
   * A hash from its base64 text (RFC 4648 section 4, padded, canonical).
   *
   * @throws IllegalArgumentException if it is anything else, or not 32 bytes
   */
  public static Hash ofBase64(String text) {
    byte[] decoded = Base64.getDecoder().decode(text);
    if (decoded.length != LENGTH || !Base64.getEncoder().encodeToString(decoded).equals(text)) {
      throw new IllegalArgumentException("a hash is the canonical base64 of 32 bytes");
    }
    return new Hash(decoded);
  }

  /** {@code SHA-256(0x00 || entry)}. */
  public static Hash leaf(byte[] entry) {
    MessageDigest digest = fresh();
    digest.update(LEAF);
    return new Hash(digest.digest(entry));
  }

  /** {@code SHA-256(0x01 || left || right)}. */
  public static Hash node(Hash left, Hash right) {
    return pair(NODE, left, right);
  }

  /** {@code SHA-256(0x02 || before || leaf)}: one more link of the plain chain beside the tree. */
  public static Hash chain(Hash before, Hash leaf) {
    return pair(CHAIN, before, leaf);
  }

  /** A copy of the 32 bytes. */
  public byte[] bytes() {
    return bytes.clone();
  }

  /** The base64 text (RFC 4648 section 4, padded). */
  public String base64() {
    return Base64.getEncoder().encodeToString(bytes);
  }

  /** Writes the 32 bytes into an array. */
  void copyTo(byte[] target, int offset) {
    System.arraycopy(bytes, 0, target, offset, LENGTH);
  }

  private static Hash pair(byte prefix, Hash first, Hash second) {
    MessageDigest digest = fresh();
    digest.update(prefix);
    digest.update(first.bytes);
    return new Hash(digest.digest(second.bytes));
  }

  private static MessageDigest fresh() {
    try {
      return (MessageDigest) SHA256.clone();
    } catch (CloneNotSupportedException e) {
      return sha256();
    }
  }

  private static MessageDigest sha256() {
    try {
      return MessageDigest.getInstance("SHA-256");
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException("every Java platform has SHA-256", e);
    }
  }

  @Override
  public boolean equals(@Nullable Object other) {
    return other instanceof Hash that && Arrays.equals(bytes, that.bytes);
  }

  @Override
  public int hashCode() {
    return Arrays.hashCode(bytes);
  }

  /** Hexadecimal. */
  @Override
  public String toString() {
    return HexFormat.of().formatHex(bytes);
  }
}
