package io.vesta.examples.benchmarks.audit;

import io.vesta.audit.note.Checkpoint;
import io.vesta.audit.note.SignedNote;
import io.vesta.audit.tree.CompactRange;
import io.vesta.audit.tree.EntryBundle;
import io.vesta.audit.tree.Hash;
import io.vesta.audit.tree.Nodes;
import io.vesta.audit.tree.Proofs;
import io.vesta.audit.tree.Tile;
import io.vesta.audit.verify.ExportDirectory;
import io.vesta.audit.verify.LogVerifier;
import io.vesta.audit.verify.Report;
import io.vesta.audit.verify.TlogProof;
import io.vesta.examples.benchmarks.Table;
import java.io.IOException;
import java.lang.management.ManagementFactory;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import java.util.stream.Stream;

/**
 * What an auditor waits for: verifying an export offline on one thread, and proving one entry of a
 * large log from its tiles, none of which is kept between two proofs.
 */
public final class VerifyBenchmark {

  private VerifyBenchmark() {}

  /** Work that says how many entries it went through. */
  private interface Work {
    long run() throws Exception;
  }

  /**
   * Runs all.
   *
   * @param args entries of the export (1,000,000) and of the large log (10,000,000)
   */
  public static void main(String[] args) throws Exception {
    long entries = args.length > 0 ? Long.parseLong(args[0]) : 1_000_000;
    long many = args.length > 1 ? Long.parseLong(args[1]) : 10_000_000;
    Path directory = Files.createTempDirectory("vesta-verify");
    try {
      export(directory.resolve("export"), entries);
      proofs(directory.resolve("large"), many);
    } finally {
      delete(directory);
    }
  }

  private static void export(Path directory, long entries) throws Exception {
    System.out.printf("writing %,d entries%n", entries);
    BigLog.ofEntries(directory, entries);
    String vkey = BenchLog.vkey().toString();
    Table table =
        new Table(
            String.format(
                "An export of %,d entries of about %d bytes, in the page cache, best of 3",
                entries, BenchLog.BYTES),
            "what",
            "entries/s",
            "entries/s of CPU",
            "s");
    measure(
        table,
        "io.vesta.audit.verify",
        () -> {
          Report report = LogVerifier.verify(directory, vkey);
          if (!report.ok()) {
            throw new IllegalStateException(report.toString());
          }
          return entries;
        });
    measure(table, "reading and one SHA-256 each, no tree", () -> hashes(directory, entries));
    table.print();
    requireRefusal(directory, vkey, entries);
  }

  /** The bound: what no verifier can do without. */
  private static long hashes(Path directory, long entries)
      throws IOException, NoSuchAlgorithmException {
    MessageDigest digest = MessageDigest.getInstance("SHA-256");
    long read = 0;
    for (long first = 0; first < entries; first += Tile.WIDTH) {
      Tile tile = new Tile(0, first / Tile.WIDTH, (int) Math.min(Tile.WIDTH, entries - first));
      for (byte[] entry :
          EntryBundle.decode(Files.readAllBytes(directory.resolve(tile.bundlePath())))) {
        read += digest.digest(entry).length > 0 ? 1 : 0;
      }
    }
    return read;
  }

  private static void measure(Table table, String what, Work work) throws Exception {
    double best = Double.MAX_VALUE;
    double cpu = Double.MAX_VALUE;
    long entries = 0;
    for (int round = 0; round < 3; round++) {
      long before = ManagementFactory.getThreadMXBean().getCurrentThreadCpuTime();
      long begin = System.nanoTime();
      entries = work.run();
      best = Math.min(best, (System.nanoTime() - begin) / 1e9);
      cpu =
          Math.min(
              cpu, (ManagementFactory.getThreadMXBean().getCurrentThreadCpuTime() - before) / 1e9);
    }
    table.row(what, entries / best, entries / cpu, best);
  }

  /** A verifier that is fast because it looks at nothing would not see this. */
  private static void requireRefusal(Path directory, String vkey, long entries) throws IOException {
    Path bundle = directory.resolve(new Tile(0, entries / Tile.WIDTH / 2, Tile.WIDTH).bundlePath());
    byte[] bytes = Files.readAllBytes(bundle);
    bytes[bytes.length / 2] ^= 1;
    Files.write(bundle, bytes);
    if (LogVerifier.verify(directory, vkey).ok()) {
      throw new IllegalStateException("the verifier overlooked a changed byte");
    }
  }

  private static void proofs(Path directory, long size) throws IOException {
    System.out.printf("writing the tiles of %,d entries%n", size);
    SignedNote note = BigLog.ofNumbers(directory, size);
    Hash root = Checkpoint.parse(note.text()).root();
    Random random = new Random(20260101);
    List<Double> making = new ArrayList<>();
    List<Double> checking = new ArrayList<>();
    int hashes = 0;
    int longest = 0;
    for (int i = -2_000; i < 20_000; i++) {
      long index = (long) (random.nextDouble() * size);
      long begin = System.nanoTime();
      List<Hash> path = Proofs.inclusion(index, size, new Tiles(directory, size));
      double made = (System.nanoTime() - begin) / 1e6;
      byte[] entry = BigLog.number(index);
      begin = System.nanoTime();
      boolean ok = Proofs.verifyInclusion(index, size, Hash.leaf(entry), path, root);
      double checked = (System.nanoTime() - begin) / 1e6;
      if (!ok) {
        throw new IllegalStateException("the proof of " + index + " does not hold");
      }
      if (i >= 0) {
        making.add(made);
        checking.add(checked);
      }
      hashes = Math.max(hashes, path.size());
      if (i % 1_000 == 0) {
        TlogProof proof = new TlogProof(index, path, note, Optional.empty());
        proof.verify(entry, BenchLog.vkey(), List.of());
        longest = Math.max(longest, proof.toString().length());
      }
    }
    new Table(
            String.format(
                "Inclusion proofs of 20,000 entries of a log of %,d, from its tiles", size),
            "most hashes",
            "p50 ms",
            "p99 ms",
            "check p99 ms",
            "bytes of path",
            "longest tlog-proof")
        .row(
            Integer.toString(hashes),
            Table.quantile(making, 0.5),
            Table.quantile(making, 0.99),
            Table.quantile(checking, 0.99),
            Integer.toString(hashes * Hash.LENGTH),
            Integer.toString(longest))
        .print();
  }

  /** A tree in its tiles, each read once. */
  private static final class Tiles implements Nodes {

    private final ExportDirectory directory;
    private final long size;
    private final Map<Tile, List<Hash>> read = new HashMap<>();

    Tiles(Path directory, long size) {
      this.directory = new ExportDirectory(directory);
      this.size = size;
    }

    @Override
    public Hash node(int level, long index) {
      int within = level % Tile.HEIGHT;
      int above = level / Tile.HEIGHT;
      long first = index << within;
      long n = first / Tile.WIDTH;
      int width = (int) Math.min(Tile.WIDTH, Tile.hashesAt(size, above) - n * Tile.WIDTH);
      List<Hash> tile = read.computeIfAbsent(new Tile(above, n, width), directory::hashes);
      int offset = (int) (first % Tile.WIDTH);
      return CompactRange.rootOf(tile.subList(offset, offset + (1 << within)));
    }
  }

  /** Deletes a directory with all that is in it. */
  static void delete(Path directory) throws IOException {
    try (Stream<Path> files = Files.walk(directory)) {
      for (Path file : files.sorted(Comparator.reverseOrder()).toList()) {
        Files.delete(file);
      }
    }
  }
}
