package io.vesta.audit.log.internal;

import io.vesta.audit.tree.CompactRange;
import io.vesta.audit.tree.Hash;
import io.vesta.audit.tree.Tile;
import io.vesta.core.storage.UnitOfWork;
import java.util.ArrayList;
import java.util.List;

/** A log while a batch extends it: writes each tile as it fills. Not thread-safe. */
final class GrowingLog {

  private final UnitOfWork work;
  private final String brokerage;
  private final LogState before;
  private final CompactRange range;
  private final List<Hash> edge;
  private Hash chain;

  /**
   * @param before the log's stored end, already checked
   */
  GrowingLog(UnitOfWork work, LogState before) {
    this.work = work;
    this.brokerage = before.brokerage();
    this.before = before;
    this.range = CompactRange.of(before.size(), before.frontier());
    this.edge = new ArrayList<>(before.edge());
    this.chain = before.chain();
  }

  /** The index that the next leaf gets. */
  long size() {
    return range.size();
  }

  void append(Hash leaf) {
    range.append(leaf);
    chain = Hash.chain(chain, leaf);
    edge.add(leaf);
    if (edge.size() == Tile.WIDTH) {
      long n = range.size() / Tile.WIDTH - 1;
      LogTables.addTile(work, brokerage, 0, n, edge, CompactRange.rootOf(edge), chain);
      edge.clear();
      closeAbove(0, n);
    }
  }

  /** A full tile may be the last one that the tile above it waits for. */
  private void closeAbove(int level, long n) {
    if (n % Tile.WIDTH == Tile.WIDTH - 1) {
      long above = n / Tile.WIDTH;
      List<Hash> roots = LogTables.roots(work, brokerage, level, above * Tile.WIDTH, Tile.WIDTH);
      LogTables.addTile(work, brokerage, level + 1, above, roots, CompactRange.rootOf(roots), null);
      closeAbove(level + 1, above);
    }
  }

  /** The end that the batch began with. */
  LogState before() {
    return before;
  }

  /** Signs and stores the log's new end. */
  LogState close(LogKeys keys) {
    LogState state = before.grown(range.size(), range.hashes(), edge, chain).signedBy(keys);
    LogTables.save(work, state);
    return state;
  }
}
