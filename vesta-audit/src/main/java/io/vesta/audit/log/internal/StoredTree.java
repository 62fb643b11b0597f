package io.vesta.audit.log.internal;

import io.vesta.audit.tree.CompactRange;
import io.vesta.audit.tree.Hash;
import io.vesta.audit.tree.Nodes;
import io.vesta.audit.tree.Tile;
import io.vesta.core.storage.UnitOfWork;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/**
 * The tree of a log read from its tiles, each once. Lives as long as the unit of work; not
 * thread-safe.
 */
public final class StoredTree implements Nodes {

  private final UnitOfWork work;
  private final LogState state;
  private final Map<Tile, List<Hash>> read = new HashMap<>();

  /** The tree of a log's present size. */
  public StoredTree(UnitOfWork work, LogState state) {
    this.work = work;
    this.state = state;
  }

  @Override
  public Hash node(int level, long index) {
    int within = level % Tile.HEIGHT;
    long first = index << within;
    List<Hash> tile = tile(level / Tile.HEIGHT, first / Tile.WIDTH);
    int offset = (int) (first % Tile.WIDTH);
    return CompactRange.rootOf(tile.subList(offset, offset + (1 << within)));
  }

  private List<Hash> tile(int level, long n) {
    return read.computeIfAbsent(
        new Tile(level, n, Tile.WIDTH), tile -> LogTables.tile(work, state, level, n));
  }
}
