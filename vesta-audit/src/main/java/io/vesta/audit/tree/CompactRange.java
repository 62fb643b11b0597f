package io.vesta.audit.tree;

import java.util.ArrayList;
import java.util.List;

/**
 * All of a growing tree that its root depends on: the roots of its perfect subtrees, largest first,
 * one per bit of its size. Appending costs one hash on average. Not thread-safe.
 */
public final class CompactRange {

  private final List<Hash> hashes;
  private long size;

  /** The empty tree. */
  public CompactRange() {
    hashes = new ArrayList<>();
  }

  private CompactRange(long size, List<Hash> hashes) {
    this.size = size;
    this.hashes = new ArrayList<>(hashes);
  }

  /**
   * A tree that was put aside.
   *
   * @param size its size, at least 0
   * @param hashes what {@link #hashes} gave
   * @throws IllegalArgumentException if their number does not fit the size
   */
  public static CompactRange of(long size, List<Hash> hashes) {
    if (size < 0 || Long.bitCount(size) != hashes.size()) {
      throw new IllegalArgumentException("a compact range has one hash per bit of its size");
    }
    return new CompactRange(size, hashes);
  }

  /** The root of a whole tree of leaf hashes. */
  public static Hash rootOf(List<Hash> leaves) {
    CompactRange range = new CompactRange();
    leaves.forEach(range::append);
    return range.root();
  }

  /** Adds a leaf hash at index {@link #size}. */
  public void append(Hash leaf) {
    append(0, leaf);
  }

  /**
   * Adds the root of a perfect subtree of leaves from index {@link #size} on.
   *
   * @param height of the subtree: it has 2 to that many leaves, and the size must be a multiple
   * @param root its root
   */
  public void append(int height, Hash root) {
    if ((size & ((1L << height) - 1)) != 0) {
      throw new IllegalArgumentException("a subtree of height " + height + " does not fit here");
    }
    Hash merged = root;
    for (long bits = size >>> height; (bits & 1) == 1; bits >>>= 1) {
      merged = Hash.node(hashes.remove(hashes.size() - 1), merged);
    }
    hashes.add(merged);
    size += 1L << height;
  }

  /** How many leaves there are. */
  public long size() {
    return size;
  }

  /** The subtree roots, largest first; a copy. */
  public List<Hash> hashes() {
    return List.copyOf(hashes);
  }

  /** The root of the tree (RFC 6962 MTH). */
  public Hash root() {
    if (hashes.isEmpty()) {
      return Hash.EMPTY_ROOT;
    }
    Hash root = hashes.get(hashes.size() - 1);
    for (int i = hashes.size() - 2; i >= 0; i--) {
      root = Hash.node(hashes.get(i), root);
    }
    return root;
  }
}
