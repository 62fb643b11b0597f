package io.vesta.approval.outbox;

import io.vesta.approval.draft.Approval;
import io.vesta.approval.draft.Content;
import io.vesta.approval.draft.Draft;
import io.vesta.approval.draft.Result;
import io.vesta.approval.envelope.Channel;
import io.vesta.approval.gate.internal.Moves;
import io.vesta.approval.gate.internal.Review;
import io.vesta.approval.gate.internal.Seals;
import io.vesta.approval.gate.internal.Step;
import io.vesta.approval.state.DraftEvent;
import io.vesta.approval.state.DraftState;
import io.vesta.approval.state.Guard;
import io.vesta.approval.state.Refusal;
import io.vesta.approval.store.DraftStore;
import io.vesta.core.access.Actor;
import io.vesta.core.config.VestaConfig;
import io.vesta.core.storage.UnitOfWork;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * The one place where permits are made. Everything that an approval was bound to is established
 * once more, from what is stored now, in the transaction that leases the draft. Thread-safe.
 */
final class Gate {

  /** Between the deadline of a permit and the end of its lease: what a halting node may lose. */
  private static final Duration LEASE_MARGIN = Duration.ofSeconds(30);

  /** A row that does not hold together is looked at again, and complained about, so often. */
  private static final Duration BROKEN_AGAIN = Duration.ofHours(1);

  /** Before the provider's window closes, another attempt must have time to end. */
  private static final Duration WINDOW_MARGIN = Duration.ofMinutes(5);

  private final VestaConfig config;
  private final DraftStore store;
  private final Moves moves;
  private final Review review;
  private final Seals seals;
  private final Map<Channel, DeliveryChannel> channels;

  Gate(
      VestaConfig config,
      DraftStore store,
      Moves moves,
      Review review,
      Seals seals,
      Map<Channel, DeliveryChannel> channels) {
    this.config = config;
    this.store = store;
    this.moves = moves;
    this.review = review;
    this.seals = seals;
    this.channels = Map.copyOf(channels);
  }

  /** A permit, or why there is none; the draft has moved accordingly. */
  record Answer(@Nullable SendPermit permit, Result result) {}

  /**
   * Leases a draft and makes its permit, if everything holds.
   *
   * @param work a transaction of Vesta's own, which must commit before the permit is used
   * @param actor who takes it
   */
  Answer claim(UnitOfWork work, Draft draft, Actor actor) {
    Instant now = config.now(work);
    boolean again = draft.state() == DraftState.RETRY;
    List<Approval> approvals = store.approvals(work, draft.id());
    boolean intact = intact(draft, approvals);
    boolean current = again || review.current(work, draft);
    boolean expired =
        !again
            && (!now.isBefore(draft.terms().expiresAt())
                || approvals.stream().anyMatch(one -> !now.isBefore(one.expiresAt())));
    if (draft.state() == DraftState.APPROVED && intact && !current) {
      Step stale = new Step(DraftEvent.CONTEXT_CHANGE, actor).holds(Guard.CONTEXT_CHANGED);
      return new Answer(null, moves.take(work, draft, stale));
    }
    if (draft.state() == DraftState.APPROVED && intact && expired) {
      Step expire = new Step(DraftEvent.EXPIRE, actor).holds(Guard.EXPIRED);
      return new Answer(null, moves.take(work, draft, expire));
    }
    DeliveryChannel channel = channels.get(draft.channel());
    Duration sendTime = channel == null ? Duration.ZERO : channel.sendTime();
    Step step =
        new Step(DraftEvent.CLAIM, actor)
            .holds(Guard.APPROVALS_INTACT, intact)
            .holds(Guard.CONTEXT_CURRENT, current)
            .holds(Guard.NOT_EXPIRED, !expired)
            .holds(Guard.SWITCH_ON)
            .holds(Guard.SENDABLE_NOW, channel != null)
            .holds(
                Guard.RESEND_SAFE,
                channel != null
                    && (!draft.dispatch().maybeOut() || windowOpen(draft, channel, now)))
            .now(now)
            .at(now.plus(sendTime).plus(LEASE_MARGIN));
    Result result = moves.take(work, draft, step);
    if (!(result instanceof Result.Done done)) {
      if (result instanceof Result.Refused refused && refused.reason() != Refusal.WRONG_STATE) {
        store.reschedule(work, draft.id(), now.plus(BROKEN_AGAIN));
      }
      return new Answer(null, result);
    }
    Content content = Objects.requireNonNull(done.now().content(), "content");
    return new Answer(
        new SendPermit(
            done.now(),
            content.envelope().bytes(),
            approvals,
            config.clock().instant().plus(sendTime),
            seals,
            config.clock()),
        result);
  }

  /** Whether the provider still drops a second message under the draft's key. */
  boolean windowOpen(Draft draft, DeliveryChannel channel, Instant now) {
    Instant first = draft.dispatch().firstAt();
    return first != null
        && channel.dedupe() instanceof Dedupe.Keyed keyed
        && now.isBefore(first.plus(keyed.window()).minus(WINDOW_MARGIN));
  }

  /**
   * Whether enough approvals are there, and bytes, context, findings, key and seals belong
   * together.
   */
  private boolean intact(Draft draft, List<Approval> approvals) {
    Content content = draft.content();
    if (content == null
        || !content.envelope().draft().equals(draft.id())
        || !content.envelope().channel().equals(draft.channel())) {
      return false;
    }
    int needed =
        approvals.stream().mapToInt(Approval::needed).reduce(draft.terms().approvals(), Math::max);
    return approvals.size() >= needed
        && approvals.stream().map(Approval::approver).distinct().count() == approvals.size()
        && approvals.stream().allMatch(one -> covers(one, draft, content))
        && approvals.stream().anyMatch(one -> seals.dedupeKey(one).equals(draft.dispatch().key()));
  }

  private boolean covers(Approval approval, Draft draft, Content content) {
    return seals.intact(approval)
        && approval.draft().equals(draft.id())
        && approval.revision() == content.envelope().revision()
        && approval.envelopeDigest().equals(content.envelope().digest())
        && approval.contextDigest().equals(draft.context().digest())
        && approval.lintDigest().equals(content.lint().digest());
  }
}
