package io.vesta.audit.tree;

import java.util.ArrayList;
import java.util.Collections;
import java.util.List;

/**
 * Inclusion and consistency proofs: made as RFC 6962 sections 2.1.1 and 2.1.2 define them, verified
 * by the algorithms of RFC 9162 sections 2.1.3.2 and 2.1.4.2. Verification takes sizes and indexes
 * as unsigned 64-bit numbers and allocates nothing that depends on them.
 */
public final class Proofs {

  private Proofs() {}

  /**
   * Makes the proof that a leaf is in a tree.
   *
   * @param index the leaf's index, from 0 and below {@code size}
   * @param size the tree's size
   * @param nodes the tree; it may be larger
   * @return the siblings from the leaf's up to the root's child
   */
  public static List<Hash> inclusion(long index, long size, Nodes nodes) {
    if (index < 0 || index >= size) {
      throw new IllegalArgumentException("index " + index + " is not in a tree of size " + size);
    }
    List<Hash> path = new ArrayList<>();
    long low = 0;
    long high = size;
    while (high - low > 1) {
      long middle = low + split(high - low);
      if (index < middle) {
        path.add(range(middle, high, nodes));
        high = middle;
      } else {
        path.add(range(low, middle, nodes));
        low = middle;
      }
    }
    Collections.reverse(path);
    return path;
  }

  /**
   * Makes the proof that one tree is the beginning of another.
   *
   * @param from the earlier size, at least 1: of the empty tree there is nothing to prove
   * @param to the later size, at least {@code from}
   * @param nodes the later tree; it may be larger
   * @return the proof; empty if the sizes are equal
   */
  public static List<Hash> consistency(long from, long to, Nodes nodes) {
    if (from < 1 || from > to) {
      throw new IllegalArgumentException("no proof leads from size " + from + " to " + to);
    }
    List<Hash> path = new ArrayList<>();
    long low = 0;
    long high = to;
    while (high != from) {
      long middle = low + split(high - low);
      if (from <= middle) {
        path.add(range(middle, high, nodes));
        high = middle;
      } else {
        path.add(range(low, middle, nodes));
        low = middle;
      }
    }
    if (low > 0) {
      path.add(range(low, high, nodes));
    }
    Collections.reverse(path);
    return path;
  }

  /**
   * Verifies that a leaf is in a tree.
   *
   * @param index the leaf's index, unsigned
   * @param size the tree's size, unsigned
   * @param leaf the leaf's hash
   * @param proof what {@link #inclusion} made
   * @param root the tree's root
   */
  public static boolean verifyInclusion(
      long index, long size, Hash leaf, List<Hash> proof, Hash root) {
    if (Long.compareUnsigned(index, size) >= 0) {
      return false;
    }
    long at = index;
    long last = size - 1;
    Hash hash = leaf;
    for (Hash sibling : proof) {
      if (last == 0) {
        return false;
      }
      if ((at & 1) == 1 || at == last) {
        hash = Hash.node(sibling, hash);
        int levels = Long.numberOfTrailingZeros(at);
        at >>>= levels;
        last >>>= levels;
      } else {
        hash = Hash.node(hash, sibling);
      }
      at >>>= 1;
      last >>>= 1;
    }
    return last == 0 && hash.equals(root);
  }

  /**
   * Verifies that one tree is the beginning of another. Growth from the empty tree is refused: it
   * would say nothing about the later one.
   *
   * @param from the earlier size, unsigned
   * @param to the later size, unsigned
   * @param fromRoot the earlier root
   * @param toRoot the later root
   * @param proof what {@link #consistency} made
   */
  public static boolean verifyConsistency(
      long from, long to, Hash fromRoot, Hash toRoot, List<Hash> proof) {
    if (from == to) {
      return proof.isEmpty()
          && fromRoot.equals(toRoot)
          && (from != 0 || fromRoot.equals(Hash.EMPTY_ROOT));
    }
    if (from == 0 || Long.compareUnsigned(from, to) > 0 || proof.isEmpty()) {
      return false;
    }
    // A power of two is a node of the later tree: the proof leaves it out.
    boolean whole = Long.bitCount(from) == 1;
    int levels = Long.numberOfTrailingZeros(from);
    long at = (from - 1) >>> levels;
    long last = (to - 1) >>> levels;
    Hash seed = whole ? fromRoot : proof.get(0);
    Hash earlier = seed;
    Hash later = seed;
    for (Hash hash : whole ? proof : proof.subList(1, proof.size())) {
      if (last == 0) {
        return false;
      }
      if ((at & 1) == 1 || at == last) {
        earlier = Hash.node(hash, earlier);
        later = Hash.node(hash, later);
        int zeros = Long.numberOfTrailingZeros(at);
        at >>>= zeros;
        last >>>= zeros;
      } else {
        later = Hash.node(later, hash);
      }
      at >>>= 1;
      last >>>= 1;
    }
    return last == 0 && earlier.equals(fromRoot) && later.equals(toRoot);
  }

  /** The root of the first {@code size} leaves of a tree. */
  public static Hash root(long size, Nodes nodes) {
    return size == 0 ? Hash.EMPTY_ROOT : range(0, size, nodes);
  }

  private static Hash range(long low, long high, Nodes nodes) {
    long width = high - low;
    if (Long.bitCount(width) == 1) {
      int level = Long.numberOfTrailingZeros(width);
      return nodes.node(level, low >>> level);
    }
    long middle = low + split(width);
    return Hash.node(range(low, middle, nodes), range(middle, high, nodes));
  }

  /** The largest power of two below {@code width}, which is at least 2. */
  private static long split(long width) {
    return Long.highestOneBit(width - 1);
  }
}
