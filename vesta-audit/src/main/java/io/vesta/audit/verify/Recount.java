package io.vesta.audit.verify;

import io.vesta.audit.note.Checkpoint;
import io.vesta.audit.tree.CompactRange;
import io.vesta.audit.tree.Hash;
import io.vesta.audit.tree.Tile;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * Builds a log's whole tree anew from its entries, and compares every tile and the root. Not
 * thread-safe.
 */
final class Recount {

  /** The one way in which Vesta writes such an entry; no other entry can begin like it. */
  private static final Pattern PRUNED =
      Pattern.compile(
          "\\{\"v\":1,\"action\":\"vesta\\.audit\\.log\\.pruned\",\"actor\":\\{[^{}]*},"
              + "\"data\":\\{\"minimum\":([1-9][0-9]{0,15})[,}]");

  private static final byte[] HEAD =
      "{\"v\":1,\"action\":\"vesta.audit.log.pruned\"".getBytes(StandardCharsets.UTF_8);

  private final Checkpoint checkpoint;
  private final LogSource source;
  private final List<Finding> findings = new ArrayList<>();
  private final List<List<Hash>> levels = new ArrayList<>();
  private final long[] tiles = new long[Long.SIZE / Tile.HEIGHT];
  private final CompactRange range = new CompactRange();
  private List<Hash> roots = List.of();
  private long hashed;
  private long declared;

  Recount(Checkpoint checkpoint, LogSource source) {
    this.checkpoint = checkpoint;
    this.source = source;
  }

  Report run() {
    long size = checkpoint.size();
    long pruned = pruned();
    for (long first = 0; first < pruned && !crowded(); first += Tile.WIDTH) {
      pass(first / Tile.WIDTH);
    }
    for (long first = pruned; first < size && !crowded(); first += Tile.WIDTH) {
      Tile tile = new Tile(0, first / Tile.WIDTH, (int) Math.min(Tile.WIDTH, size - first));
      for (Hash leaf : leaves(tile, first)) {
        push(0, leaf);
      }
    }
    if (!levels.isEmpty()) {
      // What is left of an unfinished tile; of each full one the range got the root.
      levels.get(0).forEach(range::append);
    }
    for (int level = 0; level < levels.size(); level++) {
      compare(level);
    }
    if (pruned > declared) {
      findings.add(
          Finding.at(
              0, "entries are gone up to " + pruned + " and no entry says that they were pruned"));
    }
    if (!range.root().equals(checkpoint.root()) && !crowded()) {
      findings.add(Finding.whole("the entries do not hash to the root that was signed"));
    }
    return new Report(Optional.of(checkpoint), pruned, hashed, findings);
  }

  private long pruned() {
    try {
      long pruned = source.pruned();
      if (pruned % Tile.WIDTH == 0 && pruned <= checkpoint.size()) {
        return pruned;
      }
      findings.add(Finding.whole("the number of pruned entries is no multiple of 256 in the log"));
    } catch (IllegalArgumentException e) {
      findings.add(Finding.whole("the number of pruned entries cannot be read: " + e.getMessage()));
    }
    return 0;
  }

  /** Passes over a tile of pruned entries by its root, which stands in the tile above. */
  private void pass(long n) {
    long hashes = Tile.hashesAt(checkpoint.size(), 1);
    long above = n / Tile.WIDTH;
    int width = (int) Math.min(Tile.WIDTH, hashes - above * Tile.WIDTH);
    if (roots.isEmpty() || n % Tile.WIDTH == 0) {
      roots = List.of();
      try {
        roots = source.hashes(new Tile(1, above, width));
      } catch (IllegalArgumentException e) {
        findings.add(Finding.at(n * Tile.WIDTH, "a tile cannot be read: " + e.getMessage()));
      }
    }
    int at = (int) (n % Tile.WIDTH);
    Hash root = at < roots.size() ? roots.get(at) : Hash.EMPTY_ROOT;
    range.append(Tile.HEIGHT, root);
    if (levels.isEmpty()) {
      levels.add(new ArrayList<>());
    }
    tiles[0]++;
    push(1, root);
  }

  /** An entry in which the log says up to where it was pruned. */
  private void declare(byte[] entry) {
    if (entry.length < HEAD.length || !Arrays.equals(entry, 0, HEAD.length, HEAD, 0, HEAD.length)) {
      return;
    }
    Matcher matcher = PRUNED.matcher(new String(entry, StandardCharsets.UTF_8));
    if (matcher.lookingAt()) {
      declared = Math.max(declared, Checkpoint.decimal(matcher.group(1)));
    }
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
      if (there) {
        declare(entries.get(i));
      }
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
      if (level == 0) {
        range.append(Tile.HEIGHT, root);
      }
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
