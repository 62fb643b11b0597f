package io.vesta.audit.tree;

import java.util.ArrayList;
import java.util.List;

/** Hashes one after the other in one array, as tiles and tables keep them. */
public final class Hashes {

  private Hashes() {}

  /** All bytes in order. */
  public static byte[] pack(List<Hash> hashes) {
    byte[] packed = new byte[hashes.size() * Hash.LENGTH];
    for (int i = 0; i < hashes.size(); i++) {
      hashes.get(i).copyTo(packed, i * Hash.LENGTH);
    }
    return packed;
  }

  /**
   * The hashes in order, in a list that may be changed.
   *
   * @throws IllegalArgumentException if the length is no multiple of 32
   */
  public static List<Hash> unpack(byte[] packed) {
    if (packed.length % Hash.LENGTH != 0) {
      throw new IllegalArgumentException("packed hashes have a multiple of 32 bytes");
    }
    List<Hash> hashes = new ArrayList<>(packed.length / Hash.LENGTH);
    for (int offset = 0; offset < packed.length; offset += Hash.LENGTH) {
      hashes.add(Hash.of(packed, offset));
    }
    return hashes;
  }
}
