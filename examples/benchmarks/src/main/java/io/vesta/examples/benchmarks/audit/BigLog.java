package io.vesta.examples.benchmarks.audit;

import io.vesta.audit.entry.AuditEntry;
import io.vesta.audit.note.Checkpoint;
import io.vesta.audit.note.SignedNote;
import io.vesta.audit.tree.CompactRange;
import io.vesta.audit.tree.EntryBundle;
import io.vesta.audit.tree.Hash;
import io.vesta.audit.tree.Hashes;
import io.vesta.audit.tree.Tile;
import io.vesta.audit.verify.ExportDirectory;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.UUID;

/**
 * Writes a large log straight into a tlog-tiles directory, with the tree and the formats of
 * vesta-audit but without a database and its syncs. Not thread-safe.
 */
final class BigLog {

  private static final Instant START = Instant.parse("2026-03-04T05:06:07Z");

  private final Path directory;
  private final boolean bundles;
  private final CompactRange range = new CompactRange();
  private final List<List<Hash>> open = new ArrayList<>();
  private final List<byte[]> entries = new ArrayList<>();

  private BigLog(Path directory, boolean bundles) {
    this.directory = directory;
    this.bundles = bundles;
  }

  /** Writes a log of real entries. */
  static SignedNote ofEntries(Path directory, long size) throws IOException {
    BigLog log = new BigLog(directory, true);
    for (long i = 0; i < size; i++) {
      UUID id = new UUID(0x0190_0000_0000_7000L + i, 0x8000_0000_0000_0000L + i);
      byte[] entry = AuditEntry.of(id, START.plusMillis(i), BenchLog.event(i), List.of()).bytes();
      log.entries.add(entry);
      log.push(0, Hash.leaf(entry));
    }
    return log.close();
  }

  /** Writes the tree of a log whose entries are their own index in eight bytes; no bundles. */
  static SignedNote ofNumbers(Path directory, long size) throws IOException {
    BigLog log = new BigLog(directory, false);
    for (long i = 0; i < size; i++) {
      log.push(0, Hash.leaf(number(i)));
    }
    return log.close();
  }

  /** The entry at an index of a log of numbers. */
  static byte[] number(long index) {
    return ByteBuffer.allocate(Long.BYTES).putLong(index).array();
  }

  private void push(int level, Hash hash) throws IOException {
    if (level == 0) {
      range.append(hash);
    }
    if (open.size() == level) {
      open.add(new ArrayList<>());
    }
    List<Hash> tile = open.get(level);
    tile.add(hash);
    if (tile.size() == Tile.WIDTH) {
      long covered = range.size() >>> (Tile.HEIGHT * level);
      write(new Tile(level, covered / Tile.WIDTH - 1, Tile.WIDTH));
      Hash root = CompactRange.rootOf(tile);
      tile.clear();
      push(level + 1, root);
    }
  }

  private void write(Tile tile) throws IOException {
    put(tile.path(), Hashes.pack(open.get(tile.level())));
    if (tile.level() == 0 && bundles) {
      put(tile.bundlePath(), EntryBundle.encode(entries));
      entries.clear();
    }
  }

  private SignedNote close() throws IOException {
    for (int level = 0; level < open.size(); level++) {
      int width = open.get(level).size();
      if (width > 0) {
        write(new Tile(level, (range.size() >>> (Tile.HEIGHT * level)) / Tile.WIDTH, width));
      }
    }
    String origin = BenchLog.vkey().name();
    SignedNote note =
        SignedNote.sign(
            new Checkpoint(origin, range.size(), range.root()).text(),
            origin,
            List.of(BenchLog.signer()));
    put(ExportDirectory.CHECKPOINT, note.bytes());
    return note;
  }

  private void put(String path, byte[] content) throws IOException {
    Path file = directory.resolve(path);
    Files.createDirectories(file.getParent());
    Files.write(file, content);
  }
}
