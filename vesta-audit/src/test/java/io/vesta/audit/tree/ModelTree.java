package io.vesta.audit.tree;

import java.nio.ByteBuffer;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.ArrayList;
import java.util.List;

/**
 * RFC 6962 section 2.1 word for word, recursive and slow: MTH, PATH and SUBPROOF over leaf hashes.
 * It shares no code with what it is compared to.
 */
public final class ModelTree implements Nodes {

  private final List<byte[]> leaves = new ArrayList<>();

  /** A tree of so many different entries. */
  public ModelTree(int size, long seed) {
    for (int i = 0; i < size; i++) {
      leaves.add(sha256(new byte[] {0}, entry(i, seed)));
    }
  }

  /** The entry at an index. */
  public static byte[] entry(int index, long seed) {
    return ByteBuffer.allocate(12).putLong(seed).putInt(index).array();
  }

  Hash root(int size) {
    return Hash.of(mth(leaves.subList(0, size)), 0);
  }

  Hash leaf(int index) {
    return Hash.of(leaves.get(index), 0);
  }

  List<Hash> inclusion(int index, int size) {
    return hashes(path(index, leaves.subList(0, size)));
  }

  List<Hash> consistency(int from, int to) {
    return hashes(subproof(from, leaves.subList(0, to), true));
  }

  @Override
  public Hash node(int level, long index) {
    int first = (int) (index << level);
    return Hash.of(mth(leaves.subList(first, first + (1 << level))), 0);
  }

  private static byte[] mth(List<byte[]> d) {
    if (d.isEmpty()) {
      return sha256();
    }
    if (d.size() == 1) {
      return d.get(0);
    }
    int k = k(d.size());
    return sha256(new byte[] {1}, mth(d.subList(0, k)), mth(d.subList(k, d.size())));
  }

  private static List<byte[]> path(int m, List<byte[]> d) {
    if (d.size() == 1) {
      return List.of();
    }
    int k = k(d.size());
    return m < k
        ? plus(path(m, d.subList(0, k)), mth(d.subList(k, d.size())))
        : plus(path(m - k, d.subList(k, d.size())), mth(d.subList(0, k)));
  }

  private static List<byte[]> subproof(int m, List<byte[]> d, boolean whole) {
    if (m == d.size()) {
      return whole ? List.of() : List.of(mth(d));
    }
    int k = k(d.size());
    return m <= k
        ? plus(subproof(m, d.subList(0, k), whole), mth(d.subList(k, d.size())))
        : plus(subproof(m - k, d.subList(k, d.size()), false), mth(d.subList(0, k)));
  }

  private static int k(int n) {
    int k = 1;
    while (k * 2 < n) {
      k *= 2;
    }
    return k;
  }

  private static List<byte[]> plus(List<byte[]> list, byte[] last) {
    List<byte[]> longer = new ArrayList<>(list);
    longer.add(last);
    return longer;
  }

  private static List<Hash> hashes(List<byte[]> list) {
    return list.stream().map(bytes -> Hash.of(bytes, 0)).toList();
  }

  private static byte[] sha256(byte[]... parts) {
    try {
      MessageDigest digest = MessageDigest.getInstance("SHA-256");
      for (byte[] part : parts) {
        digest.update(part);
      }
      return digest.digest();
    } catch (NoSuchAlgorithmException e) {
      throw new AssertionError(e);
    }
  }
}
