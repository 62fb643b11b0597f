package io.vesta.audit.witness;

import io.vesta.audit.AuditError;
import io.vesta.audit.note.Checkpoint;
import io.vesta.audit.note.CheckpointSigner;
import io.vesta.audit.note.SignedNote;
import io.vesta.audit.note.Vkey;
import io.vesta.audit.tree.Hash;
import io.vesta.audit.tree.Proofs;
import io.vesta.core.error.VestaException;
import java.time.Clock;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/** What every witness of our own does with a checkpoint; where it is remembered differs. */
abstract class Remembering implements Witness {

  private final String name;
  private final Function<String, List<Vkey>> logs;
  private final @Nullable CheckpointSigner signer;
  private final Clock clock;

  /**
   * @param name its name, which is also the name of its key
   * @param logs the keys of the log of an origin; none if the witness does not know it
   * @param signer cosigns what is remembered; null if the witness only remembers
   * @param clock the time of cosignatures
   */
  Remembering(
      String name,
      Function<String, List<Vkey>> logs,
      @Nullable CheckpointSigner signer,
      Clock clock) {
    this.name = Objects.requireNonNull(name, "name");
    this.logs = Objects.requireNonNull(logs, "logs");
    this.signer = signer;
    this.clock = Objects.requireNonNull(clock, "clock");
  }

  @Override
  public final String name() {
    return name;
  }

  @Override
  public final Answer add(long oldSize, List<Hash> proof, SignedNote checkpoint) {
    Checkpoint fresh = believed(checkpoint);
    boolean growth = oldSize > 0 && oldSize < fresh.size();
    if (oldSize < 0 || oldSize > fresh.size() || growth == proof.isEmpty()) {
      throw new IllegalArgumentException("the old size, the proof and the checkpoint do not fit");
    }
    return exchange(fresh.origin(), before -> judge(before, oldSize, proof, checkpoint, fresh));
  }

  private Answer judge(
      Optional<SignedNote> note,
      long oldSize,
      List<Hash> proof,
      SignedNote checkpoint,
      Checkpoint fresh) {
    // Not opened again: its key may be retired, and it was believed when it was written.
    Optional<Checkpoint> before = note.map(kept -> Checkpoint.parse(kept.text()));
    long known = before.map(Checkpoint::size).orElse(0L);
    if (known != oldSize) {
      return new Knows(known);
    }
    Hash root = before.map(Checkpoint::root).orElse(Hash.EMPTY_ROOT);
    boolean continues =
        known == 0
            ? fresh.size() > 0 || fresh.root().equals(root)
            : Proofs.verifyConsistency(known, fresh.size(), root, fresh.root(), proof);
    if (!continues) {
      return new Contradicted();
    }
    return new Remembered(
        signer == null
            ? checkpoint
            : checkpoint.cosign(name, signer, clock.instant().getEpochSecond()));
  }

  private Checkpoint believed(SignedNote note) {
    try {
      Checkpoint checkpoint = Checkpoint.parse(note.text());
      note.open(logs.apply(checkpoint.origin()));
      return checkpoint;
    } catch (IllegalArgumentException e) {
      throw unavailable("does not believe a checkpoint; tell it the log's origin and key", e);
    }
  }

  /** The exception for what this witness cannot do. */
  final VestaException unavailable(String why, @Nullable Exception cause) {
    return new VestaException(
        AuditError.WITNESS_UNAVAILABLE, "the witness " + name + " " + why, cause);
  }

  /**
   * Replaces what is remembered of a log, as one atomic step.
   *
   * @param judge is given what is remembered; if it answers {@link Remembered}, that note is
   *     durable when this method returns
   * @return what the judge answered
   */
  abstract Answer exchange(String origin, Function<Optional<SignedNote>, Answer> judge);
}
