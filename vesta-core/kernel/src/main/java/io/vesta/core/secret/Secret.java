package io.vesta.core.secret;

import io.vesta.core.error.VestaException;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.util.Base64;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * A password, key or token. It never prints, is not serializable, and compares in constant time;
 * who needs the bytes must say {@link #reveal()}, which is easy to find in a review. Immutable and
 * thread-safe.
 *
 * <p><b>Not guaranteed.</b> The bytes stay in memory until the garbage collector takes them; a heap
 * dump shows them.
 */
public final class Secret {

  private final byte[] bytes;

  private Secret(byte[] bytes) {
    if (bytes.length == 0) {
      throw VestaException.invalid("secret", "empty", "supply a value");
    }
    this.bytes = bytes;
  }

  /** A secret of a text's UTF-8 bytes; not empty. */
  public static Secret of(String text) {
    return new Secret(Objects.requireNonNull(text, "text").getBytes(StandardCharsets.UTF_8));
  }

  /** A secret of bytes, which are copied; not empty. */
  public static Secret of(byte[] bytes) {
    return new Secret(bytes.clone());
  }

  /** A copy of the bytes; never null, never empty. */
  public byte[] reveal() {
    return bytes.clone();
  }

  /**
   * The bytes that the secret's text stands for, if it is base64 (RFC 4648, with padding).
   *
   * @throws VestaException if it is not base64
   */
  public byte[] revealBase64() {
    try {
      return Base64.getDecoder().decode(bytes);
    } catch (IllegalArgumentException e) {
      // The decoder's message quotes the offending character: keep it out.
      throw VestaException.invalid("secret", "not base64", "encode it as RFC 4648 with padding");
    }
  }

  @Override
  public boolean equals(@Nullable Object other) {
    return other instanceof Secret that && MessageDigest.isEqual(bytes, that.bytes);
  }

  /** The same for all secrets, so that a hash tells nothing. */
  @Override
  public int hashCode() {
    return Secret.class.hashCode();
  }

  /** Always {@code Secret[hidden]}. */
  @Override
  public String toString() {
    return "Secret[hidden]";
  }
}
