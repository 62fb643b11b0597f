package io.vesta.approval.outbox;

import io.vesta.approval.ApprovalError;
import io.vesta.approval.draft.Approval;
import io.vesta.approval.draft.Content;
import io.vesta.approval.draft.Draft;
import io.vesta.approval.draft.Result;
import io.vesta.approval.envelope.Channel;
import io.vesta.approval.exempt.internal.Exempting;
import io.vesta.approval.gate.internal.Moves;
import io.vesta.approval.gate.internal.Review;
import io.vesta.approval.gate.internal.Seals;
import io.vesta.approval.gate.internal.Step;
import io.vesta.approval.gate.internal.Waivers;
import io.vesta.approval.hold.internal.SendRules;
import io.vesta.approval.state.DraftEvent;
import io.vesta.approval.state.DraftState;
import io.vesta.approval.state.Guard;
import io.vesta.approval.state.Outcome;
import io.vesta.approval.state.Refusal;
import io.vesta.approval.state.Transitions;
import io.vesta.approval.store.DraftStore;
import io.vesta.core.access.Action;
import io.vesta.core.access.Actor;
import io.vesta.core.access.Authorizer;
import io.vesta.core.config.VestaConfig;
import io.vesta.core.error.VestaException;
import io.vesta.core.storage.UnitOfWork;
import java.time.Duration;
import java.time.Instant;
import java.util.EnumSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * The one place where permits are made. Everything that an approval was bound to is established
 * once more, from what is stored now, in the transaction that leases the draft. Thread-safe.
 */
final class Gate {

  /** Between the deadline of a permit and the end of its lease: what a halting node may lose. */
  static final Duration LEASE_MARGIN = Duration.ofSeconds(30);

  /** A row that does not hold together is looked at again, and complained about, so often. */
  static final Duration BROKEN_AGAIN = Duration.ofHours(1);

  /** Before the provider's window closes, another attempt must have time to end. */
  private static final Duration WINDOW_MARGIN = Duration.ofMinutes(5);

  private final VestaConfig config;
  private final DraftStore store;
  private final Authorizer authorizer;
  private final Moves moves;
  private final Review review;
  private final Seals seals;
  private final Waivers waivers;
  private final Exempting exempting;
  private final SendRules rules;
  private final Map<Channel, Way> ways;

  Gate(
      VestaConfig config,
      DraftStore store,
      Authorizer authorizer,
      Moves moves,
      Review review,
      Seals seals,
      Waivers waivers,
      Exempting exempting,
      SendRules rules,
      Map<Channel, Way> ways) {
    this.config = config;
    this.store = store;
    this.authorizer = authorizer;
    this.moves = moves;
    this.review = review;
    this.seals = seals;
    this.waivers = waivers;
    this.exempting = exempting;
    this.rules = rules;
    this.ways = Map.copyOf(ways);
  }

  /** A permit, or why there is none; the draft has moved accordingly. */
  record Answer(@Nullable SendPermit permit, Result result) {}

  /** What holds of a draft now, and what its approvals are. */
  private record Facts(
      List<Approval> approvals,
      Set<Guard> holding,
      boolean current,
      boolean standing,
      boolean suppressed,
      boolean expired,
      Instant again) {

    /** Whether what it was approved for is as it was. */
    boolean unchanged() {
      return current && standing && !suppressed;
    }

    /** Whether what was approved may still go, if not now. */
    boolean timely() {
      return unchanged() && !expired;
    }

    String untimely() {
      if (suppressed) {
        return "SUPPRESSED";
      }
      if (!current) {
        return "CONTEXT_CHANGED";
      }
      return standing ? "EXPIRED" : "APPROVER_LOST_AUTHORITY";
    }
  }

  /**
   * Leases a draft and makes its permit, if everything holds.
   *
   * @param work a transaction of Vesta's own, which must commit before the permit is used
   * @param actor who takes it
   */
  Answer claim(UnitOfWork work, Draft draft, Actor actor) {
    Instant now = config.now(work);
    Facts facts = facts(work, draft, now);
    boolean intact = facts.holding().contains(Guard.APPROVALS_INTACT);
    if (draft.state() == DraftState.APPROVED && intact && !facts.unchanged()) {
      Step stale =
          new Step(DraftEvent.CONTEXT_CHANGE, actor)
              .holds(Guard.CONTEXT_CHANGED)
              .reason(facts.current() || facts.suppressed() ? facts.untimely() : "");
      return new Answer(null, moves.take(work, draft, stale));
    }
    if (draft.state() == DraftState.APPROVED && intact && facts.expired()) {
      Step expire = new Step(DraftEvent.EXPIRE, actor).holds(Guard.EXPIRED);
      return new Answer(null, moves.take(work, draft, expire));
    }
    Way way = ways.get(draft.channel());
    Duration sendTime = way == null ? Duration.ZERO : way.sendTime();
    Step step =
        new Step(DraftEvent.CLAIM, actor).now(now).at(now.plus(sendTime).plus(LEASE_MARGIN));
    Draft overtaking = intact ? null : overtaking(work, draft);
    if (overtaking != null) {
      Result late = moves.refuse(work, draft.id(), overtaking, step, Refusal.VERSION_CHANGED);
      return new Answer(null, late);
    }
    facts.holding().forEach(step::holds);
    Result result = moves.take(work, draft, step);
    if (!(result instanceof Result.Done done)) {
      hold(work, draft, ((Result.Refused) result).reason(), facts.again(), now);
      return new Answer(null, result);
    }
    Draft leased = done.now();
    if (!facts.timely()) {
      // It was to be tried again, no attempt is out, and by now it must not go: the attempt that
      // has just begun ends here.
      Step over =
          new Step(DraftEvent.REJECT, actor).holds(Guard.FENCE_HELD).reason(facts.untimely());
      return new Answer(null, moves.take(work, leased, over));
    }
    Content content = Objects.requireNonNull(leased.content(), "content");
    rules.begun(work, leased, content.envelope(), now);
    Instant issued = config.clock().instant();
    return new Answer(
        new SendPermit(
            leased,
            content.envelope().bytes(),
            facts.approvals(),
            issued,
            issued.plus(sendTime),
            seals,
            config.clock()),
        result);
  }

  /**
   * Takes a draft whose last attempt is unknown for another one under the same key, if the provider
   * still knows the key and everything that a first attempt needs holds too. Otherwise it stays
   * unknown, where a person can settle it.
   */
  Answer again(UnitOfWork work, Draft draft, Actor actor) {
    Instant now = config.now(work);
    Step retry = new Step(DraftEvent.RETRY, actor).at(now);
    Facts facts = facts(work, draft, now);
    Outcome claim = Transitions.next(DraftState.RETRY, DraftEvent.CLAIM, facts.holding());
    if (draft.state() == DraftState.UNKNOWN && claim instanceof Outcome.Refused refused) {
      return new Answer(null, moves.refuse(work, draft.id(), draft, retry, refused.reason()));
    }
    Result result = moves.take(work, draft, retry.holds(Guard.KEY_WINDOW_OPEN));
    return result instanceof Result.Done done
        ? claim(work, done.now(), actor)
        : new Answer(null, result);
  }

  /** Whether the provider still drops a second message under the draft's key. */
  boolean windowOpen(Draft draft, Instant now) {
    Way way = ways.get(draft.channel());
    Instant first = draft.dispatch().firstAt();
    return first != null
        && way != null
        && way.dedupe() instanceof Dedupe.Keyed keyed
        && now.isBefore(first.plus(keyed.window()).minus(WINDOW_MARGIN));
  }

  /**
   * The draft as somebody else has just made it; null if nobody did. Its approvals went with what
   * it was, and that they are gone is no sign of a forgery then.
   */
  private @Nullable Draft overtaking(UnitOfWork work, Draft draft) {
    return store
        .find(work, draft.id())
        .filter(now -> now.version() != draft.version())
        .orElse(null);
  }

  private void hold(UnitOfWork work, Draft draft, Refusal reason, Instant again, Instant now) {
    switch (reason) {
      case WRONG_STATE, VERSION_CHANGED -> {
        // It is not this draft's turn any more.
      }
      case SWITCHED_OFF, NOT_NOW -> store.reschedule(work, draft.id(), again);
      default -> store.putOff(work, draft.id(), now.plus(BROKEN_AGAIN));
    }
  }

  private Facts facts(UnitOfWork work, Draft draft, Instant now) {
    Content content = draft.content();
    // First, because it keeps whoever stops sending or ends an exemption waiting until this is
    // done.
    SendRules.Verdict verdict =
        content == null
            ? new SendRules.Verdict(false, false, true, now.plus(BROKEN_AGAIN))
            : rules.judge(work, draft, content.envelope(), now);
    List<Approval> approvals = approvals(work, draft);
    boolean current = review.current(work, draft);
    Waivers.Ruling waived = waivers.rule(work, draft);
    boolean standing =
        waived.standing() && approvals.stream().allMatch(one -> standing(work, draft, one, now));
    boolean expired =
        !now.isBefore(draft.terms().expiresAt())
            || approvals.stream().anyMatch(one -> !now.isBefore(one.expiresAt()));
    Set<Guard> holding = EnumSet.noneOf(Guard.class);
    Facts facts =
        new Facts(
            approvals, holding, current, standing, verdict.suppressed(), expired, verdict.again());
    boolean maybeOut = draft.dispatch().maybeOut();
    add(
        holding,
        Guard.APPROVALS_INTACT,
        seals.intact(draft) && waived.covered() && intact(draft, approvals));
    add(holding, Guard.CONTEXT_CURRENT, facts.unchanged());
    add(holding, Guard.NOT_EXPIRED, !expired);
    add(holding, Guard.SWITCH_ON, verdict.switchedOn());
    add(
        holding,
        Guard.SENDABLE_NOW,
        verdict.now() && ways.containsKey(draft.channel()) && (!maybeOut || facts.timely()));
    add(holding, Guard.RESEND_SAFE, !maybeOut || windowOpen(draft, now));
    return facts;
  }

  private static void add(Set<Guard> holding, Guard guard, boolean holds) {
    if (holds) {
      holding.add(guard);
    }
  }

  /** The approvals; none if a row of theirs is no approval at all. */
  private List<Approval> approvals(UnitOfWork work, Draft draft) {
    try {
      return store.approvals(work, draft.id());
    } catch (VestaException e) {
      if (e.code() != ApprovalError.TAMPERED) {
        throw e;
      }
      return List.of();
    }
  }

  /**
   * Whether who approved could approve it still: not offboarded, no coverage that has ended; and an
   * exemption is still in force.
   */
  private boolean standing(UnitOfWork work, Draft draft, Approval approval, Instant now) {
    if (!approval.exemption().isEmpty()) {
      return exempting.stands(work, draft, approval, now);
    }
    Actor approver = Actor.member(approval.approver(), approval.capacity());
    return authorizer.decide(approver, Action.DECIDE, draft.resource()).allowed();
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
