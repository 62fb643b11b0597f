package io.vesta.audit.note;

import io.vesta.audit.tree.Hash;
import java.util.Objects;

/**
 * A C2SP tlog-checkpoint: which log, how large, and the root of its tree. Extension lines are
 * neither written nor accepted: witnesses' newer signatures do not cover them.
 *
 * @param origin the log's name; see {@link Vkey} for what a name may hold
 * @param size how many entries, from 0
 * @param root the root of the tree of that size
 */
public record Checkpoint(String origin, long size, Hash root) {

  /** Checks the ranges. */
  public Checkpoint {
    Vkey.requireName(origin);
    Objects.requireNonNull(root, "root");
    if (size < 0) {
      throw new IllegalArgumentException("a checkpoint's size is not negative");
    }
  }

  /**
   * Reads the text of a note.
   *
   * @param text three lines: origin, size, root in base64
   * @throws IllegalArgumentException if it is anything else
   */
  public static Checkpoint parse(String text) {
    String[] lines = text.split("\n", -1);
    if (lines.length != 4 || !lines[3].isEmpty()) {
      throw new IllegalArgumentException("a checkpoint has three lines: origin, size, root");
    }
    return new Checkpoint(lines[0], decimal(lines[1]), Hash.ofBase64(lines[2]));
  }

  /**
   * Reads a decimal number as C2SP writes them: digits, no sign, no leading zero.
   *
   * @throws IllegalArgumentException if it is anything else, or above 2^63 - 1
   */
  public static long decimal(String text) {
    boolean digits = !text.isEmpty() && text.chars().allMatch(c -> c >= '0' && c <= '9');
    if (!digits || (text.length() > 1 && text.startsWith("0"))) {
      throw new IllegalArgumentException("a number is written in digits without leading zeros");
    }
    return Long.parseLong(text);
  }

  /** The text of the note that signs it. */
  public String text() {
    return origin + "\n" + size + "\n" + root.base64() + "\n";
  }
}
