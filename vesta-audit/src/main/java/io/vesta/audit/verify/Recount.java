package io.vesta.audit.verify;

import io.vesta.audit.note.Checkpoint;
import io.vesta.audit.tree.CompactRange;
import io.vesta.audit.tree.Hash;
import io.vesta.audit.tree.Tile;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * Builds a log's whole tree anew from its entries, and compares every tile and the root. Not
 * thread-safe.
 */
final class Recount {

  private final Checkpoint checkpoint;
  private final LogSource source;
  private final List<Finding> findings = new ArrayList<>();
  private final List<List<Hash>> levels = new ArrayList<>();
  private final long[] tiles = new long[Long.SIZE / Tile.HEIGHT];
  private final CompactRange range = new CompactRange();
  private long hashed;

  Recount(Checkpoint checkpoint, LogSource source) {
    this.checkpoint = checkpoint;
    this.source = source;
  }

  Report run() {
    long size = checkpoint.size();
    for (long first = 0; first < size && !crowded(); first += Tile.WIDTH) {
      Tile tile = new Tile(0, first / Tile.WIDTH, (int) Math.min(Tile.WIDTH, size - first));
      for (Hash leaf : leaves(tile, first)) {
        range.append(leaf);
        push(0, leaf);
      }
    }
    for (int level = 0; level < levels.size(); level++) {
      compare(level);
    }
    if (!range.root().equals(checkpoint.root()) && !crowded()) {
      findings.add(Finding.whole("the entries do not hash to the root that was signed"));
    }
    return new Report(Optional.of(checkpoint), hashed, findings);
  }

  /** The leaf hashes of a tile's entries; for an entry that is missing the hash of nothing. */
  private List<Hash> leaves(Tile tile, long first) {
    List<byte[]> entries = List.of();
    try {
      entries = source.entries(tile);
      if (entries.size() != tile.width()) {
        findings.add(
            Finding.at(
                first + Math.min(entries.size(), tile.width()),
                "there are " + entries.size() + " entries where " + tile.width() + " belong"));
      }
    } catch (IllegalArgumentException e) {
      findings.add(Finding.at(first, "the entries cannot be read: " + e.getMessage()));
    }
    List<Hash> leaves = new ArrayList<>(tile.width());
    for (int i = 0; i < tile.width(); i++) {
      boolean there = i < entries.size();
      leaves.add(there ? Hash.leaf(entries.get(i)) : Hash.EMPTY_ROOT);
      hashed += there ? 1 : 0;
    }
    return leaves;
  }

  private void push(int level, Hash hash) {
    if (levels.size() == level) {
      levels.add(new ArrayList<>());
    }
    List<Hash> open = levels.get(level);
    open.add(hash);
    if (open.size() == Tile.WIDTH) {
      compare(level);
      Hash root = CompactRange.rootOf(open);
      open.clear();
      tiles[level]++;
      push(level + 1, root);
    }
  }

  /** Compares what is open at a level with the tile that should hold it. */
  private void compare(int level) {
    List<Hash> computed = levels.get(level);
    if (computed.isEmpty() || crowded()) {
      return;
    }
    Tile tile = new Tile(level, tiles[level], computed.size());
    long first = tile.index() * Tile.WIDTH;
    try {
      List<Hash> stored = source.hashes(tile);
      if (stored.size() != computed.size()) {
        add(level, first, computed.size(), "the tile " + tile.path() + " has another width");
      }
      for (int i = 0; i < Math.min(computed.size(), stored.size()) && !crowded(); i++) {
        if (!computed.get(i).equals(stored.get(i))) {
          add(
              level,
              first + i,
              1,
              level == 0
                  ? "its bytes do not hash to its leaf in the tile"
                  : "the entries from here on do not hash to their node in tile " + tile.path());
        }
      }
    } catch (IllegalArgumentException e) {
      add(level, first, computed.size(), "a tile cannot be read: " + e.getMessage());
    }
  }

  /**
   * Adds a finding about hashes of a level. A wrong entry makes every hash above it wrong: only the
   * entry is worth telling.
   */
  private void add(int level, long hash, int count, String what) {
    long from = leaf(level, hash);
    long to = leaf(level, hash + count);
    if (findings.stream().noneMatch(finding -> finding.within(from, to))) {
      findings.add(Finding.at(from, what));
    }
  }

  /** The first leaf below a hash. */
  private static long leaf(int level, long index) {
    return index << (Tile.HEIGHT * level);
  }

  private boolean crowded() {
    return findings.size() >= Report.MOST_FINDINGS;
  }
}
