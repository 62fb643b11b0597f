package io.vesta.audit.verify;

import io.vesta.audit.note.SignedNote;
import io.vesta.audit.tree.EntryBundle;
import io.vesta.audit.tree.Hash;
import io.vesta.audit.tree.Hashes;
import io.vesta.audit.tree.Tile;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;

/** A log as a C2SP tlog-tiles directory. */
public final class ExportDirectory implements LogSource {

  /** The name of the signed checkpoint. */
  public static final String CHECKPOINT = "checkpoint";

  /** The name of the file of verifier keys, one a line: a convenience, to be trusted by nobody. */
  public static final String VKEY = "log.vkey";

  /** A bundle of 256 of the longest entries. */
  private static final long LONGEST_FILE = (2L + EntryBundle.LONGEST) * Tile.WIDTH;

  private final Path root;

  /** The directory; nothing is read yet. */
  public ExportDirectory(Path root) {
    this.root = root;
  }

  /**
   * The signed checkpoint, unopened.
   *
   * @throws IllegalArgumentException if there is none, or it is no signed note
   */
  public SignedNote checkpoint() {
    return SignedNote.parse(read(CHECKPOINT));
  }

  @Override
  public List<byte[]> entries(Tile tile) {
    return EntryBundle.decode(read(tile.bundlePath()));
  }

  @Override
  public List<Hash> hashes(Tile tile) {
    return Hashes.unpack(read(tile.path()));
  }

  private byte[] read(String path) {
    Path file = root.resolve(path);
    try {
      if (Files.size(file) > LONGEST_FILE) {
        throw new IllegalArgumentException("the file " + path + " is too long");
      }
      return Files.readAllBytes(file);
    } catch (IOException e) {
      throw new IllegalArgumentException("the file " + path + " is missing or unreadable", e);
    }
  }
}
