package io.vesta.audit.log.internal;

import io.vesta.audit.AuditError;
import io.vesta.audit.note.SignedNote;
import io.vesta.audit.tree.Hash;
import io.vesta.audit.tree.Proofs;
import io.vesta.audit.witness.Witness;
import io.vesta.core.error.VestaException;
import io.vesta.core.storage.Database;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * Shows the ends of logs to the witnesses and hears what they say. Holds no transaction while it
 * waits for them. Thread-safe.
 */
public final class Testimony {

  /** A log may grow between two questions, but not for ever. */
  private static final int ATTEMPTS = 5;

  private final Database database;
  private final LogKeys keys;
  private final LogGuard guard;
  private final List<Witness> witnesses;

  /** Over the witnesses of this process. */
  public Testimony(Database database, LogKeys keys, LogGuard guard, List<Witness> witnesses) {
    this.database = database;
    this.keys = keys;
    this.guard = guard;
    this.witnesses = List.copyOf(witnesses);
  }

  /** Whether there is any witness. */
  public boolean any() {
    return !witnesses.isEmpty();
  }

  /**
   * Shows a log's stored end to every witness.
   *
   * @return the end that was shown, with their cosignatures
   * @throws VestaException with code {@code VESTA-AUDIT-004} if one of them remembers what the log
   *     does not continue, {@code VESTA-AUDIT-011} if none of them answers
   */
  public LogState show(String brokerage) {
    LogState end = end(brokerage);
    for (int attempt = 0; attempt < ATTEMPTS; attempt++) {
      Optional<LogState> shown = show(end);
      if (shown.isPresent()) {
        guard.confirm(end);
        return shown.get();
      }
      end = end(brokerage);
    }
    throw new VestaException(
        AuditError.WITNESS_UNAVAILABLE, "the log grew faster than its witnesses could be asked");
  }

  /** Empty if a witness has seen a later end meanwhile, of another node perhaps. */
  private Optional<LogState> show(LogState end) {
    SignedNote signed = note(end);
    SignedNote note = signed;
    List<VestaException> silent = new ArrayList<>();
    for (Witness witness : witnesses) {
      try {
        Witness.Answer answer = ask(witness, end, signed);
        if (answer instanceof Witness.Remembered remembered) {
          note = remembered.note().merge(note);
        } else if (answer instanceof Witness.Knows knows
            && end(end.brokerage()).size() >= knows.size()) {
          return Optional.empty();
        } else {
          guard.doubt(end);
          throw disagreement(witness, end, answer);
        }
      } catch (VestaException e) {
        if (e.code() != AuditError.WITNESS_UNAVAILABLE) {
          throw e;
        }
        silent.add(e);
      }
    }
    if (silent.size() == witnesses.size()) {
      throw silent.get(0);
    }
    return Optional.of(end.under(note.toString()));
  }

  /** Asks with what the witness most likely remembers, and once more with what it says. */
  private Witness.Answer ask(Witness witness, LogState end, SignedNote note) {
    Witness.Answer answer = witness.add(end.size(), List.of(), note);
    if (answer instanceof Witness.Knows knows && knows.size() < end.size()) {
      if (knows.size() > 0 && knows.size() < end.pruned()) {
        throw new VestaException(
            AuditError.WITNESS_UNAVAILABLE,
            "the witness "
                + witness.name()
                + " remembers a size whose entries were pruned meanwhile; give it a new memory");
      }
      List<Hash> proof =
          knows.size() == 0
              ? List.of()
              : database.read(
                  work -> Proofs.consistency(knows.size(), end.size(), new StoredTree(work, end)));
      return witness.add(knows.size(), proof, note);
    }
    return answer;
  }

  /**
   * Shows the end of a log under an origin that no witness should know.
   *
   * @return whether none knew it, and at least one remembers it now
   */
  public boolean begin(LogState end) {
    boolean remembered = witnesses.isEmpty();
    for (Witness witness : witnesses) {
      try {
        if (!(witness.add(0, List.of(), note(end)) instanceof Witness.Remembered)) {
          return false;
        }
        remembered = true;
      } catch (VestaException e) {
        if (e.code() != AuditError.WITNESS_UNAVAILABLE) {
          throw e;
        }
      }
    }
    return remembered;
  }

  private LogState end(String brokerage) {
    LogState end =
        database
            .read(work -> guard.find(work, brokerage))
            .orElseGet(() -> LogState.empty(brokerage));
    // That the log is empty can be shown too, and is worth nothing to whoever steals it.
    return end.note().isEmpty() ? end.signedBy(keys) : end;
  }

  private static SignedNote note(LogState end) {
    return SignedNote.parse(end.note().getBytes(StandardCharsets.UTF_8));
  }

  private static VestaException disagreement(Witness witness, LogState end, Witness.Answer answer) {
    String remembers =
        answer instanceof Witness.Knows knows
            ? "remembers " + knows.size() + " entries"
            : "remembers other entries";
    return new VestaException(
        AuditError.LOG_ROLLED_BACK,
        "the witness "
            + witness.name()
            + " "
            + remembers
            + " where the log has "
            + end.size()
            + "; nothing more is signed: restore what is missing, or record a fork");
  }
}
