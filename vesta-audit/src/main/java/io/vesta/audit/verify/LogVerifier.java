package io.vesta.audit.verify;

import io.vesta.audit.note.Checkpoint;
import io.vesta.audit.note.SignedNote;
import io.vesta.audit.note.Vkey;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;

/**
 * Verifies a log without trusting whoever keeps it: the signature of its checkpoint, and every
 * entry and tile against the signed root.
 *
 * <p><b>Guarantees.</b> If the report is ok, the entries are, byte for byte and in order, those
 * that the key signed, none missing up to the checkpoint's size.
 *
 * <p><b>Not guaranteed.</b> That the checkpoint is the latest, or the only one of its size: that
 * takes a checkpoint kept elsewhere, or a witness's signature.
 */
public final class LogVerifier {

  private LogVerifier() {}

  /**
   * Verifies an export.
   *
   * @param directory a C2SP tlog-tiles directory
   * @param vkey the log's verifier key in its written form, from a trusted place
   * @return what was found
   * @throws IllegalArgumentException if {@code vkey} is no verifier key
   */
  public static Report verify(Path directory, String vkey) {
    return verify(directory, Vkey.parse(vkey), List.of());
  }

  /**
   * Verifies an export that witnesses have to have signed too.
   *
   * @param directory a C2SP tlog-tiles directory
   * @param log the log's key, from a trusted place
   * @param witnesses all of these must have signed the checkpoint as well
   * @return what was found
   */
  public static Report verify(Path directory, Vkey log, List<Vkey> witnesses) {
    ExportDirectory export = new ExportDirectory(directory);
    Checkpoint checkpoint;
    try {
      checkpoint = open(export.checkpoint(), log, witnesses);
    } catch (IllegalArgumentException e) {
      return new Report(
          Optional.empty(),
          0,
          0,
          List.of(Finding.whole("no checkpoint to believe: " + e.getMessage())));
    }
    return verify(checkpoint, export);
  }

  /**
   * Verifies a log against a checkpoint that is already believed.
   *
   * @param checkpoint what was signed
   * @param source where the log is read from
   * @return what was found
   */
  public static Report verify(Checkpoint checkpoint, LogSource source) {
    return new Recount(checkpoint, source).run();
  }

  /**
   * What a signed checkpoint says, once its signatures are checked.
   *
   * @throws IllegalArgumentException if the log's key or a witness did not sign it, or it is
   *     another log's
   */
  static Checkpoint open(SignedNote note, Vkey log, List<Vkey> witnesses) {
    note.open(List.of(log));
    for (Vkey witness : witnesses) {
      note.open(List.of(witness));
    }
    Checkpoint checkpoint = Checkpoint.parse(note.text());
    if (!checkpoint.origin().equals(log.name())) {
      throw new IllegalArgumentException("the checkpoint is of another log than the key");
    }
    return checkpoint;
  }
}
