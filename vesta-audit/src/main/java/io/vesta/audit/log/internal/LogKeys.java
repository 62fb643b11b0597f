package io.vesta.audit.log.internal;

import io.vesta.audit.AuditError;
import io.vesta.audit.note.Checkpoint;
import io.vesta.audit.note.CheckpointSigner;
import io.vesta.audit.note.SignedNote;
import io.vesta.audit.note.Vkey;
import io.vesta.audit.tree.Hash;
import io.vesta.core.error.VestaException;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Optional;

/**
 * The origin of each brokerage's log and the keys that sign it. Thread-safe.
 *
 * @param originPrefix what every origin begins with
 * @param signers all of them sign each checkpoint, so that keys can overlap while they are changed
 */
public record LogKeys(String originPrefix, List<CheckpointSigner> signers) {

  /** Copies the signers. */
  public LogKeys {
    signers = List.copyOf(signers);
  }

  /**
   * The origin of a brokerage's log.
   *
   * @param fork how often it was continued under a new origin; no key holds the sign that sets the
   *     number off
   */
  public String origin(String brokerage, int fork) {
    return originPrefix + "/" + brokerage + (fork == 0 ? "" : "~" + fork);
  }

  /** The origin of a log as it stands. */
  public String origin(LogState end) {
    return origin(end.brokerage(), end.fork());
  }

  /** The keys that verify the log of an origin, one per signer. */
  public List<Vkey> vkeys(String origin) {
    return signers.stream().map(signer -> signer.vkey(origin)).toList();
  }

  /** Signs a checkpoint. */
  public String sign(String origin, long size, Hash root) {
    return SignedNote.sign(new Checkpoint(origin, size, root).text(), origin, signers).toString();
  }

  /**
   * How today's keys differ from those that signed a log's end.
   *
   * @return empty if they are the same, or nobody signed yet
   */
  public Optional<KeyChange> changed(LogState end) {
    if (end.note().isEmpty()) {
      return Optional.empty();
    }
    String origin = origin(end);
    List<Integer> before = read(end.note()).keyIds(origin);
    List<Vkey> now = vkeys(origin);
    List<Vkey> added = now.stream().filter(key -> !before.contains(key.id())).toList();
    List<Integer> retired =
        before.stream().filter(id -> now.stream().noneMatch(key -> key.id() == id)).toList();
    return added.isEmpty() && retired.isEmpty()
        ? Optional.empty()
        : Optional.of(new KeyChange(end.brokerage(), added, retired));
  }

  /**
   * A change of the keys that sign a log.
   *
   * @param brokerage whose log
   * @param added keys that did not sign before
   * @param retired ids of keys that signed before
   */
  public record KeyChange(String brokerage, List<Vkey> added, List<Integer> retired) {}

  /** Whether every one of today's keys signed a checkpoint. */
  public boolean allSigned(String origin, String note) {
    List<Vkey> keys = vkeys(origin);
    return read(note).open(keys).size() == keys.size();
  }

  /**
   * The checkpoint that a stored note says, if at least one of today's keys signed it.
   *
   * @throws VestaException if it is not ours, of another log or no note at all
   */
  public Checkpoint open(String origin, String note) {
    Checkpoint checkpoint;
    try {
      SignedNote signed = read(note);
      signed.open(vkeys(origin));
      checkpoint = Checkpoint.parse(signed.text());
    } catch (IllegalArgumentException e) {
      throw new VestaException(
          AuditError.LOG_DAMAGED,
          "the stored checkpoint of a log is not signed by a key in use under its origin; when the key"
              + " or the origin prefix was changed, sign with the old key beside the new one",
          e);
    }
    if (!checkpoint.origin().equals(origin)) {
      throw new VestaException(
          AuditError.LOG_DAMAGED, "the stored checkpoint of a log is another log's");
    }
    return checkpoint;
  }

  private static SignedNote read(String note) {
    return SignedNote.parse(note.getBytes(StandardCharsets.UTF_8));
  }
}
