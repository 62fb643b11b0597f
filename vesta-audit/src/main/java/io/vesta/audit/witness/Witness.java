package io.vesta.audit.witness;

import io.vesta.audit.note.SignedNote;
import io.vesta.audit.tree.Hash;
import java.util.List;

/**
 * SPI: remembers the last checkpoint of each log, where whoever can change the log's database
 * cannot change it too. Only by such a memory is a log that was cut or set back told from one that
 * never was longer.
 *
 * <p><b>Contract</b>, which is that of C2SP tlog-witness. Thread-safe. For each origin a witness
 * remembers one checkpoint, and replaces it only by one that provably continues it; comparing and
 * replacing is one atomic step, and durable before {@link #add} returns. It believes only
 * checkpoints that the log's key signed. It may block for a network or a disk, but not for ever.
 */
public interface Witness {

  /** A name for messages; never null. */
  String name();

  /**
   * Shows a checkpoint.
   *
   * @param oldSize the size that the caller believes the witness to remember; 0 for none
   * @param proof the consistency proof from that size to the checkpoint's; empty if the size is 0
   *     or the checkpoint's own
   * @param checkpoint a log's signed checkpoint, at least that large
   * @return what the witness says
   * @throws io.vesta.core.error.VestaException with code {@code VESTA-AUDIT-011} if it cannot
   *     answer, or does not know the log or its key
   * @throws IllegalArgumentException if the arguments contradict each other
   */
  Answer add(long oldSize, List<Hash> proof, SignedNote checkpoint);

  /** What a witness says. */
  sealed interface Answer {}

  /**
   * It remembers the checkpoint now.
   *
   * @param note the checkpoint, with the witness's cosignature if it signs
   */
  record Remembered(SignedNote note) implements Answer {}

  /**
   * It remembers another size than the caller believed, and left it so.
   *
   * @param size what it remembers, 0 for nothing
   */
  record Knows(long size) implements Answer {}

  /** What it remembers is no beginning of what the checkpoint says; it left it so. */
  record Contradicted() implements Answer {}
}
