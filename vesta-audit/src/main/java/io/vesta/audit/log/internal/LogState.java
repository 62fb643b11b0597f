package io.vesta.audit.log.internal;

import io.vesta.audit.AuditError;
import io.vesta.audit.note.Checkpoint;
import io.vesta.audit.tree.CompactRange;
import io.vesta.audit.tree.Hash;
import io.vesta.audit.tree.Tile;
import io.vesta.core.error.VestaException;
import java.util.List;

/**
 * The growing end of a log as it is stored.
 *
 * @param brokerage the tenant's key
 * @param fork how often the log was continued under a new origin
 * @param pruned how many first entries are gone for good; a multiple of 256
 * @param size how many entries there ever were
 * @param frontier the roots of the tree's perfect subtrees, largest first
 * @param edge the leaf hashes after the last full tile
 * @param chain the plain chain's last link
 * @param note the signed checkpoint; empty before the first
 */
public record LogState(
    String brokerage,
    int fork,
    long pruned,
    long size,
    List<Hash> frontier,
    List<Hash> edge,
    Hash chain,
    String note) {

  /** Copies the lists. */
  public LogState {
    frontier = List.copyOf(frontier);
    edge = List.copyOf(edge);
  }

  /** The end of a log without entries, not yet signed. */
  public static LogState empty(String brokerage) {
    return new LogState(brokerage, 0, 0, 0, List.of(), List.of(), Hash.CHAIN_START, "");
  }

  /** The same end under a fresh checkpoint. */
  public LogState signedBy(LogKeys keys) {
    return signedBy(keys, fork);
  }

  /** The same end under a checkpoint of another origin. */
  public LogState signedBy(LogKeys keys, int otherFork) {
    String signed = keys.sign(keys.origin(brokerage, otherFork), size, root());
    return new LogState(brokerage, otherFork, pruned, size, frontier, edge, chain, signed);
  }

  /** The end of the same log after more entries, not yet signed. */
  LogState grown(long newSize, List<Hash> newFrontier, List<Hash> newEdge, Hash newChain) {
    return new LogState(brokerage, fork, pruned, newSize, newFrontier, newEdge, newChain, "");
  }

  /** The same end under a checkpoint with other signatures. */
  LogState under(String otherNote) {
    return new LogState(brokerage, fork, pruned, size, frontier, edge, chain, otherNote);
  }

  /** The root of the tree. */
  public Hash root() {
    return CompactRange.of(size, frontier).root();
  }

  /** Demands that all of it is what a checkpoint, already believed, says. */
  void requireAgreement(Checkpoint checkpoint) {
    boolean agrees;
    try {
      CompactRange edgeRange = new CompactRange();
      edge.forEach(edgeRange::append);
      List<Hash> tail = edgeRange.hashes();
      agrees =
          checkpoint.size() == size
              && checkpoint.root().equals(root())
              && edge.size() == size % Tile.WIDTH
              && frontier.subList(frontier.size() - tail.size(), frontier.size()).equals(tail);
    } catch (IllegalArgumentException | IndexOutOfBoundsException e) {
      agrees = false;
    }
    if (!agrees) {
      throw new VestaException(
          AuditError.LOG_DAMAGED,
          "the stored end of a log contradicts its signed checkpoint; nothing more is signed: restore"
              + " the tables or find out who changed them");
    }
  }
}
