package io.vesta.audit.verify;

import io.vesta.audit.note.Checkpoint;
import io.vesta.audit.note.SignedNote;
import io.vesta.audit.tree.EntryBundle;
import io.vesta.audit.tree.Hash;
import io.vesta.audit.tree.Hashes;
import io.vesta.audit.tree.Tile;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;

/** A log as a C2SP tlog-tiles directory. */
public final class ExportDirectory implements LogSource {

  /** The name of the signed checkpoint. */
  public static final String CHECKPOINT = "checkpoint";

  /** The name of the file of verifier keys, one a line: a convenience, to be trusted by nobody. */
  public static final String VKEY = "log.vkey";

  /** The name of the file that says how many first entries were pruned; missing if none were. */
  public static final String MINIMUM = "minimum-index";

  /** A bundle of 256 of the longest entries. */
  private static final int LONGEST_FILE = (2 + EntryBundle.LONGEST) * Tile.WIDTH;

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
  public long pruned() {
    if (!Files.exists(root.resolve(MINIMUM))) {
      return 0;
    }
    String text = new String(read(MINIMUM), StandardCharsets.US_ASCII);
    if (!text.endsWith("\n")) {
      throw new IllegalArgumentException("the file " + MINIMUM + " does not end with a newline");
    }
    return Checkpoint.decimal(text.substring(0, text.length() - 1));
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
    return read(file, path);
  }

  /**
   * Reads a file that somebody else wrote.
   *
   * @param name what to call it in messages
   * @throws IllegalArgumentException if it is missing, unreadable, no regular file or too long
   */
  static byte[] read(Path file, String name) {
    // Neither a pipe that never ends nor a file that grows meanwhile fills the memory.
    if (!Files.isRegularFile(file)) {
      throw new IllegalArgumentException("the file " + name + " is missing or no regular file");
    }
    try (FileChannel channel = FileChannel.open(file)) {
      long size = channel.size();
      if (size > LONGEST_FILE) {
        throw new IllegalArgumentException("the file " + name + " is too long");
      }
      ByteBuffer content = ByteBuffer.allocate((int) size);
      while (content.hasRemaining()) {
        if (channel.read(content) < 0) {
          throw new IllegalArgumentException("the file " + name + " was cut while it was read");
        }
      }
      return content.array();
    } catch (IOException e) {
      throw new IllegalArgumentException("the file " + name + " is unreadable", e);
    }
  }
}
