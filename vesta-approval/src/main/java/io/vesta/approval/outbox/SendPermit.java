package io.vesta.approval.outbox;

import io.vesta.approval.ApprovalError;
import io.vesta.approval.draft.Approval;
import io.vesta.approval.draft.Draft;
import io.vesta.approval.envelope.Channel;
import io.vesta.approval.envelope.Envelope;
import io.vesta.approval.envelope.internal.Bytes;
import io.vesta.approval.gate.internal.Seals;
import io.vesta.core.error.VestaException;
import io.vesta.core.id.DraftId;
import java.time.Clock;
import java.time.Instant;
import java.util.List;
import java.util.concurrent.atomic.AtomicBoolean;

/**
 * The right to send one approved envelope once. Only the gate makes one, in the transaction that
 * takes the draft for sending; it holds the bytes, not a way to them, cannot be stored, and prints
 * nothing of them. Thread-safe.
 *
 * <p><b>Not guaranteed.</b> Anything against code in the same process that uses reflection.
 */
public final class SendPermit {

  private final Draft draft;
  private final Channel channel;
  private final byte[] bytes;
  private final List<Approval> approvals;
  private final Instant issued;
  private final Instant deadline;
  private final Seals seals;
  private final Clock clock;
  private final AtomicBoolean opened = new AtomicBoolean();

  /** Made by the gate for a draft that it has just leased. */
  SendPermit(
      Draft draft,
      byte[] bytes,
      List<Approval> approvals,
      Instant issued,
      Instant deadline,
      Seals seals,
      Clock clock) {
    this.draft = draft;
    this.channel = draft.channel();
    this.bytes = bytes.clone();
    this.approvals = List.copyOf(approvals);
    this.issued = issued;
    this.deadline = deadline;
    this.seals = seals;
    this.clock = clock;
  }

  /** Which draft it is for; never null. */
  public DraftId draft() {
    return draft.id();
  }

  /** What the provider deduplicates by: 64 hexadecimal digits, the same for every attempt. */
  public String key() {
    return draft.dispatch().key();
  }

  /** After this time, by the host's clock, nothing may be sent any more. */
  public Instant deadline() {
    return deadline;
  }

  /**
   * The envelope, after one more check that its bytes are those that were approved. Once.
   *
   * @throws VestaException with code {@code VESTA-APPROVAL-004} at the second call, after the
   *     deadline, when the clock went back, or if anything does not belong together
   */
  public Envelope open() {
    if (!opened.compareAndSet(false, true)) {
      throw refused("was opened before");
    }
    Instant now = clock.instant();
    if (now.isBefore(issued)) {
      // A clock that went back would lend it more time than its lease has.
      throw refused("is from a time that is yet to come");
    }
    if (!now.isBefore(deadline)) {
      throw refused("is past its deadline");
    }
    String digest = Bytes.sha256(bytes);
    boolean approved =
        approvals.size() >= draft.terms().approvals()
            && approvals.stream()
                .allMatch(one -> one.envelopeDigest().equals(digest) && seals.intact(one));
    if (!approved) {
      throw refused("does not belong to what was approved");
    }
    Envelope envelope = Envelope.parse(bytes);
    if (!envelope.draft().equals(draft.id()) || !envelope.channel().equals(channel)) {
      throw refused("is for another draft or channel");
    }
    return envelope;
  }

  /** The draft as it was leased. */
  Draft leased() {
    return draft;
  }

  private static VestaException refused(String why) {
    return new VestaException(
        ApprovalError.PERMIT_REFUSED, "the permit " + why + "; send nothing and report it as lost");
  }

  /** The draft's key only. */
  @Override
  public String toString() {
    return "SendPermit[" + draft.id().key() + "]";
  }
}
