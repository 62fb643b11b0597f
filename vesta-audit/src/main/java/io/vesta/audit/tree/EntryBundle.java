package io.vesta.audit.tree;

import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/** An entry bundle of C2SP tlog-tiles: entries one after the other, each after its length. */
public final class EntryBundle {

  /** The longest entry: its length is written in two bytes. */
  public static final int LONGEST = 65_535;

  private EntryBundle() {}

  /**
   * The bytes of a bundle.
   *
   * @param entries at most 256, each of at most {@link #LONGEST} bytes
   */
  public static byte[] encode(List<byte[]> entries) {
    int length = entries.stream().mapToInt(entry -> 2 + entry.length).sum();
    ByteBuffer bundle = ByteBuffer.allocate(length);
    for (byte[] entry : entries) {
      if (entry.length > LONGEST) {
        throw new IllegalArgumentException("an entry has at most 65535 bytes");
      }
      bundle.putShort((short) entry.length).put(entry);
    }
    return bundle.array();
  }

  /**
   * The entries of a bundle.
   *
   * @throws IllegalArgumentException if it ends within an entry or holds more than 256
   */
  public static List<byte[]> decode(byte[] bundle) {
    List<byte[]> entries = new ArrayList<>();
    int at = 0;
    while (at < bundle.length) {
      int from = at + 2;
      int to = from > bundle.length ? from : from + length(bundle, at);
      if (to > bundle.length) {
        throw new IllegalArgumentException(
            "the bundle ends within its entry number " + entries.size());
      }
      if (entries.size() == Tile.WIDTH) {
        throw new IllegalArgumentException("the bundle holds more than 256 entries");
      }
      entries.add(Arrays.copyOfRange(bundle, from, to));
      at = to;
    }
    return entries;
  }

  private static int length(byte[] bundle, int at) {
    return Byte.toUnsignedInt(bundle[at]) << 8 | Byte.toUnsignedInt(bundle[at + 1]);
  }
}
