package io.vesta.audit.export;

import io.vesta.audit.AuditError;
import io.vesta.audit.log.internal.LogGuard;
import io.vesta.audit.log.internal.LogKeys;
import io.vesta.audit.log.internal.LogState;
import io.vesta.audit.log.internal.LogTables;
import io.vesta.audit.log.internal.StoredTree;
import io.vesta.audit.note.Checkpoint;
import io.vesta.audit.note.Vkey;
import io.vesta.audit.tree.EntryBundle;
import io.vesta.audit.tree.Hashes;
import io.vesta.audit.tree.Proofs;
import io.vesta.audit.tree.Tile;
import io.vesta.audit.verify.ExportDirectory;
import io.vesta.core.config.VestaConfig;
import io.vesta.core.error.VestaException;
import io.vesta.core.id.BrokerageId;
import io.vesta.core.storage.Database;
import io.vesta.core.storage.UnitOfWork;
import jakarta.inject.Inject;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.util.Arrays;
import java.util.List;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/**
 * Writes a brokerage's log as a C2SP tlog-tiles directory, which foreign verifiers read unchanged:
 * {@code checkpoint}, {@code tile/<L>/<N>}, {@code tile/entries/<N>}, and beside them {@code
 * log.vkey}. An operator's tool: whoever may call it sees every entry of the brokerage. Thread-safe
 * for different directories.
 *
 * <p><b>Guarantees.</b> Each file appears whole, and the checkpoint after all that it covers, so
 * that a reader at any time finds a log that verifies. Writing again into the same directory adds
 * what is new; a directory whose checkpoint the log does not continue is left alone, which makes an
 * export on another machine's disk a witness of its own.
 */
public final class TlogExport {

  private final Database database;
  private final LogGuard guard;
  private final LogKeys keys;

  @Inject
  TlogExport(VestaConfig config, LogGuard guard, LogKeys keys) {
    this.database = config.database();
    this.guard = guard;
    this.keys = keys;
  }

  /**
   * Writes the log up to its last signed checkpoint; {@link
   * io.vesta.audit.log.Sequencer#sequence(BrokerageId)} makes a fresh one.
   *
   * @param brokerage whose log
   * @param directory where to; made if missing
   * @return the checkpoint that was written
   * @throws VestaException with code {@code VESTA-AUDIT-007} if the log was never signed or a file
   *     cannot be written, {@code VESTA-AUDIT-004} if the directory holds what the log does not
   *     continue
   */
  public Checkpoint write(BrokerageId brokerage, Path directory) {
    return write(brokerage, directory, false);
  }

  /**
   * Writes the log up to the last checkpoint that witnesses signed, with their signatures; see
   * {@link io.vesta.audit.log.Witnessing}.
   *
   * @param brokerage whose log
   * @param directory where to; made if missing
   * @return the checkpoint that was written
   * @throws VestaException as {@link #write}, and with code {@code VESTA-AUDIT-007} if no witness
   *     has signed yet or the directory holds a later checkpoint
   */
  public Checkpoint writeWitnessed(BrokerageId brokerage, Path directory) {
    return write(brokerage, directory, true);
  }

  private Checkpoint write(BrokerageId brokerage, Path directory, boolean witnessed) {
    return database.read(
        work -> {
          LogState end =
              guard
                  .find(work, brokerage.key())
                  .orElseThrow(
                      () -> failed("the log has no checkpoint yet; sequence it first", null));
          String note =
              witnessed
                  ? guard
                      .witnessed(work, end, new StoredTree(work, end))
                      .orElseThrow(() -> failed("no witness has signed the log yet", null))
                      .toString()
                  : end.note();
          try {
            return write(work, end, note, directory);
          } catch (IOException e) {
            throw failed("the export directory cannot be written", e);
          }
        });
  }

  /** The tree may be larger than the checkpoint says: a tile's beginning never changes. */
  private Checkpoint write(UnitOfWork work, LogState end, String note, Path directory)
      throws IOException {
    Checkpoint checkpoint = keys.open(keys.origin(end), note);
    requireContinuation(work, end, checkpoint, directory);
    if (checkpoint.size() < end.pruned()) {
      throw failed("the entries of the witnessed checkpoint were pruned meanwhile", null);
    }
    for (int level = 0; Tile.hashesAt(checkpoint.size(), level) > 0; level++) {
      long hashes = Tile.hashesAt(checkpoint.size(), level);
      for (long first = 0; first < hashes; first += Tile.WIDTH) {
        Tile tile = new Tile(level, first / Tile.WIDTH, (int) Math.min(Tile.WIDTH, hashes - first));
        if (level == 0 && first < end.pruned()) {
          continue;
        }
        if (level == 0) {
          put(directory.resolve(tile.bundlePath()), EntryBundle.encode(entries(work, end, tile)));
        }
        put(
            directory.resolve(tile.path()),
            Hashes.pack(LogTables.tile(work, end, level, tile.index()).subList(0, tile.width())));
      }
    }
    String vkeys =
        keys.vkeys(keys.origin(end)).stream().map(Vkey::toString).collect(Collectors.joining("\n"));
    put(directory.resolve(ExportDirectory.VKEY), utf8(vkeys + "\n"));
    if (end.pruned() > 0) {
      put(directory.resolve(ExportDirectory.MINIMUM), utf8(end.pruned() + "\n"));
    }
    put(directory.resolve(ExportDirectory.CHECKPOINT), utf8(note));
    return checkpoint;
  }

  private static List<byte[]> entries(UnitOfWork work, LogState end, Tile tile) {
    long first = tile.index() * Tile.WIDTH;
    return LogTables.rows(work, end.brokerage(), first, first + tile.width()).stream()
        .map(
            row -> {
              byte[] bytes = row.bytes();
              if (bytes == null) {
                throw new VestaException(
                    AuditError.ENTRY_TAMPERED,
                    "the audit entry " + row.index() + " has lost its bytes; restore it first");
              }
              return bytes;
            })
        .toList();
  }

  /** What lies there must be an earlier state of this log. */
  private void requireContinuation(
      UnitOfWork work, LogState end, Checkpoint checkpoint, Path directory) {
    if (!Files.exists(directory.resolve(ExportDirectory.CHECKPOINT))) {
      return;
    }
    boolean continues;
    long earlier = 0;
    try {
      Checkpoint before =
          keys.open(keys.origin(end), new ExportDirectory(directory).checkpoint().toString());
      continues =
          before.size() <= end.size()
              && Proofs.root(before.size(), new StoredTree(work, end)).equals(before.root());
      earlier = before.size();
    } catch (IllegalArgumentException | VestaException e) {
      continues = false;
    }
    if (!continues) {
      throw new VestaException(
          AuditError.LOG_ROLLED_BACK,
          "the directory holds a checkpoint that the log does not continue; keep it as evidence and"
              + " find out whether a backup was restored");
    }
    if (earlier > checkpoint.size()) {
      throw failed("the directory holds a later checkpoint than the one to write", null);
    }
  }

  private static void put(Path file, byte[] content) throws IOException {
    if (Files.exists(file) && Arrays.equals(Files.readAllBytes(file), content)) {
      return;
    }
    Path parent = Files.createDirectories(file.toAbsolutePath().getParent());
    Path fresh = Files.createTempFile(parent, ".new", "");
    try {
      try (FileChannel channel = FileChannel.open(fresh, StandardOpenOption.WRITE)) {
        ByteBuffer rest = ByteBuffer.wrap(content);
        while (rest.hasRemaining()) {
          channel.write(rest);
        }
        // Before the name: a crash must not leave a name without its content.
        channel.force(true);
      }
      Files.move(fresh, file, StandardCopyOption.ATOMIC_MOVE, StandardCopyOption.REPLACE_EXISTING);
    } finally {
      Files.deleteIfExists(fresh);
    }
  }

  private static byte[] utf8(String text) {
    return text.getBytes(StandardCharsets.UTF_8);
  }

  private static VestaException failed(String why, @Nullable IOException cause) {
    return new VestaException(AuditError.EXPORT_FAILED, why, cause);
  }
}
