package io.vesta.approval.draft;

import io.vesta.core.error.VestaException;
import io.vesta.core.id.Ref;
import java.time.Instant;
import java.util.Objects;

/**
 * Under which terms a draft may leave.
 *
 * @param approvals how many persons must approve, 1 to 5; from 2 on, whoever wrote the revision or
 *     asked for the draft is none of them
 * @param priority greater is earlier in the queue, 0 to 100
 * @param routed whether it was routed to somebody else's review: then its owner does not decide on
 *     it; always so where several must approve
 * @param creator who asked for it
 * @param createdAt when, to the millisecond
 * @param expiresAt from when on nobody can approve it and it is not sent, to the millisecond
 */
public record Terms(
    int approvals,
    int priority,
    boolean routed,
    Ref creator,
    Instant createdAt,
    Instant expiresAt) {

  /** The same terms with another priority. */
  public Terms prioritised(int value) {
    return new Terms(approvals, value, routed, creator, createdAt, expiresAt);
  }

  /** Checks ranges. */
  public Terms {
    Objects.requireNonNull(creator, "creator");
    routed |= approvals > 1;
    if (approvals < 1 || approvals > 5) {
      throw VestaException.invalid("approvals", Integer.toString(approvals), "use 1 to 5");
    }
    if (priority < 0 || priority > 100) {
      throw VestaException.invalid("priority", Integer.toString(priority), "use 0 to 100");
    }
    if (!createdAt.isBefore(expiresAt)) {
      throw VestaException.invalid("expiry", "not after the creation", "give it time");
    }
  }

  /** Terms of a draft that is routed to nobody else unless several must approve. */
  public Terms(int approvals, int priority, Ref creator, Instant createdAt, Instant expiresAt) {
    this(approvals, priority, false, creator, createdAt, expiresAt);
  }
}
