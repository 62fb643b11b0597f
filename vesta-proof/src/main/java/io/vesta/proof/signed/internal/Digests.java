package io.vesta.proof.signed.internal;

import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HexFormat;
import java.util.List;

/** SHA-256, told in hexadecimal digits, and the tree hash of RFC 6962 over it. */
public final class Digests {

  private Digests() {}

  /** Of the parts one after another. */
  public static byte[] sha256(byte[]... parts) {
    try {
      MessageDigest digest = MessageDigest.getInstance("SHA-256");
      for (byte[] part : parts) {
        digest.update(part);
      }
      return digest.digest();
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException("every Java platform has SHA-256", e);
    }
  }

  /** Of the parts one after another, 64 digits. */
  public static String hex(byte[]... parts) {
    return HexFormat.of().formatHex(sha256(parts));
  }

  /** The head of a chain after one more link; both are 64 digits. */
  public static String link(String head, String next) {
    return hex(HexFormat.of().parseHex(head), HexFormat.of().parseHex(next));
  }

  /** The root over leaves in their natural order, so that the order of rows does not count. */
  public static String root(Collection<String> leaves) {
    List<byte[]> level = new ArrayList<>();
    leaves.stream()
        .sorted()
        .forEach(
            leaf -> level.add(sha256(new byte[] {0}, leaf.getBytes(StandardCharsets.US_ASCII))));
    if (level.isEmpty()) {
      return hex();
    }
    // RFC 6962 splits at the greatest power of two, which pairing from the left does too.
    List<byte[]> below = level;
    while (below.size() > 1) {
      List<byte[]> above = new ArrayList<>();
      for (int i = 0; i + 1 < below.size(); i += 2) {
        above.add(sha256(new byte[] {1}, below.get(i), below.get(i + 1)));
      }
      if (below.size() % 2 == 1) {
        above.add(below.get(below.size() - 1));
      }
      below = above;
    }
    return HexFormat.of().formatHex(below.get(0));
  }
}
