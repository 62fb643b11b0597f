package io.vesta.audit.tree;

/** Where proofs take the hashes of a tree's perfect subtrees from. */
public interface Nodes {

  /**
   * The root of the perfect subtree over leaves {@code index << level} to {@code (index + 1) <<
   * level}.
   *
   * @param level its height, 0 for a leaf
   * @param index its place among the subtrees of its height
   * @return the hash; never null
   */
  Hash node(int level, long index);
}
