package io.vesta.approval.outbox;

import io.vesta.approval.ApprovalError;
import io.vesta.approval.draft.Draft;
import io.vesta.approval.draft.Result;
import io.vesta.approval.envelope.Channel;
import io.vesta.approval.exempt.internal.Exempting;
import io.vesta.approval.gate.ApprovalConfig;
import io.vesta.approval.gate.internal.Moves;
import io.vesta.approval.gate.internal.Review;
import io.vesta.approval.gate.internal.Seals;
import io.vesta.approval.gate.internal.Step;
import io.vesta.approval.gate.internal.Waivers;
import io.vesta.approval.hold.internal.SendRules;
import io.vesta.approval.state.DraftEvent;
import io.vesta.approval.state.DraftState;
import io.vesta.approval.state.Guard;
import io.vesta.approval.state.Refusal;
import io.vesta.approval.store.DraftStore;
import io.vesta.core.access.Action;
import io.vesta.core.access.Actor;
import io.vesta.core.access.Authorizer;
import io.vesta.core.access.Decision;
import io.vesta.core.config.Port;
import io.vesta.core.config.VestaConfig;
import io.vesta.core.error.CoreError;
import io.vesta.core.error.VestaException;
import io.vesta.core.id.DraftId;
import io.vesta.core.storage.UnitOfWork;
import jakarta.inject.Inject;
import java.sql.SQLException;
import java.sql.Savepoint;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.FutureTask;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.function.Function;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Sends what is approved. The host calls {@link #dispatch} from its own scheduler, on any number of
 * nodes and threads; each draft is leased by one of them at a time. Thread-safe.
 *
 * <p><b>Guarantees.</b> A draft is leased, checked and audited in a transaction that commits before
 * a byte leaves. Whatever ends without an answer is {@code UNKNOWN} and never simply sent again:
 * only if the provider drops a second message under the same key, or says that it never got the
 * first, are the same bytes sent again, and only while the approval, its context and its approver
 * still stand. Everything else waits for a person. One draft that cannot be read, judged or sent
 * keeps no other one waiting.
 *
 * <p><b>Not guaranteed.</b> That a node which halts between looking at the clock and sending, for
 * longer than its lease, does not send after a person has settled the draft as not sent.
 */
public final class Dispatcher {

  private static final Logger LOG = LoggerFactory.getLogger(Dispatcher.class);
  private static final String NAME = "dispatcher";
  private static final int BATCH = 10;
  private static final int SETTLED_AT_ONCE = 100;
  private static final Duration FIRST_BACKOFF = Duration.ofSeconds(30);
  private static final Duration LAST_BACKOFF = Duration.ofHours(1);
  private static final Duration AFTER_FAULT = Duration.ofMinutes(1);

  private final VestaConfig config;
  private final DraftStore store;
  private final Authorizer authorizer;
  private final Moves moves;
  private final Gate gate;
  private final Map<Channel, Way> ways;
  private final int sendsAtOnce;
  private final Duration patience;

  @Inject
  Dispatcher(
      VestaConfig config,
      ApprovalConfig approval,
      DraftStore store,
      Optional<Authorizer> authorizer,
      Moves moves,
      Review review,
      Seals seals,
      Waivers waivers,
      Exempting exempting,
      SendRules rules,
      Map<Channel, DeliveryChannel> channels) {
    this.config = config;
    this.store = store;
    this.authorizer = Port.require(authorizer, Authorizer.class, "RbacModule of vesta-rbac");
    this.moves = moves;
    ways =
        channels.entrySet().stream()
            .collect(
                Collectors.toUnmodifiableMap(
                    Map.Entry::getKey, entry -> new Way(entry.getKey(), entry.getValue())));
    gate =
        new Gate(
            config, store, this.authorizer, moves, review, seals, waivers, exempting, rules, ways);
    sendsAtOnce = Objects.requireNonNull(approval.sendsAtOnce(), "has a default");
    patience =
        ways.values().stream()
            .map(Way::sendTime)
            .max(Comparator.naturalOrder())
            .orElse(Duration.ZERO)
            .plus(Gate.LEASE_MARGIN);
  }

  /**
   * What a call did: how many drafts it moved into each state. {@code UNKNOWN} and what stays in
   * {@code RETRY} need a person's eye sooner or later.
   *
   * @param moved how many, by state; states without any are absent
   */
  public record Done(Map<DraftState, Integer> moved) {

    /** Copies. */
    public Done {
      moved = Map.copyOf(moved);
    }

    /** How many drafts were moved into a state. */
    public int into(DraftState state) {
      return moved.getOrDefault(state, 0);
    }
  }

  /**
   * Settles what time has run out for, then sends all that is due: on the calling thread, and
   * beside it on the host's executor as far as that has threads, at most {@code
   * vesta.approval.sendsAtOnce} at once. Each thread leases one draft, sends it and records the
   * outcome before it leases the next, so a node that dies leaves no more than that many unknown.
   *
   * @return what was done
   * @throws VestaException if the database fails; what was sent until then is recorded, or will be
   *     unknown when its lease is over
   */
  public Done dispatch() {
    Map<DraftState, Integer> moved = new ConcurrentHashMap<>();
    settle(moved);
    List<Helper> helpers = new ArrayList<>();
    for (int i = 1; i < sendsAtOnce; i++) {
      Helper helper = new Helper(moved);
      try {
        config.executor().execute(helper);
        helpers.add(helper);
      } catch (RejectedExecutionException e) {
        // The host has no thread to spare; this one does it all.
        break;
      }
    }
    try {
      drain(moved);
    } finally {
      helpers.removeIf(Helper::prevent);
    }
    helpers.forEach(Helper::await);
    return new Done(moved);
  }

  /** Sends beside the calling thread, once the host's executor has a thread for it. */
  private final class Helper implements Runnable {

    private final AtomicBoolean decided = new AtomicBoolean();
    private final FutureTask<Boolean> task;

    Helper(Map<DraftState, Integer> moved) {
      task = new FutureTask<>(() -> drain(moved), true);
    }

    @Override
    public void run() {
      if (decided.compareAndSet(false, true)) {
        task.run();
      }
    }

    /** Whether it has not begun, and now never will: nothing is due any more. */
    boolean prevent() {
      return decided.compareAndSet(false, true);
    }

    void await() {
      try {
        task.get(patience.toMillis(), TimeUnit.MILLISECONDS);
      } catch (TimeoutException e) {
        LOG.warn("A channel does not return; its draft is unknown when its lease is over");
      } catch (InterruptedException e) {
        Thread.currentThread().interrupt();
      } catch (ExecutionException e) {
        if (e.getCause() instanceof Error error) {
          throw error;
        }
        if (e.getCause() instanceof RuntimeException exception) {
          throw exception;
        }
        throw new IllegalStateException("a helper throws nothing else", e);
      }
    }
  }

  private void drain(Map<DraftState, Integer> moved) {
    Claimed claimed;
    do {
      claimed = config.database().write(work -> claim(work, moved));
      SendPermit permit = claimed.permit();
      if (permit != null) {
        count(moved, deliver(permit));
      }
    } while (claimed.any());
  }

  /** A permit, if one of those that were due could be leased; and whether any was due. */
  private record Claimed(@Nullable SendPermit permit, boolean any) {}

  /**
   * Sends one draft now, for a person who may send it.
   *
   * @return the draft after the attempt, or why there was none
   */
  public Result send(Actor actor, DraftId id) {
    Gate.Answer answer = config.database().write(work -> claim(work, actor, id));
    SendPermit permit = answer.permit();
    return permit == null ? answer.result() : deliver(permit);
  }

  private Gate.Answer claim(UnitOfWork work, Actor actor, DraftId id) {
    Step step = new Step(DraftEvent.CLAIM, actor);
    Optional<Draft> found =
        actor.brokerage().equals(id.brokerage())
            ? store
                .find(work, id)
                .filter(draft -> authorizer.decide(actor, Action.READ, draft.resource()).allowed())
            : Optional.empty();
    if (found.isEmpty()) {
      return new Gate.Answer(null, moves.refuse(work, id, null, step, Refusal.NOT_FOUND));
    }
    Decision decision = authorizer.decide(actor, Action.SEND, found.get().resource());
    if (!decision.allowed() || actor.kind() != Actor.Kind.MEMBER) {
      return new Gate.Answer(
          null, moves.refuse(work, id, found.get(), step, Refusal.NOT_AUTHORIZED));
    }
    return gate.claim(work, found.get(), actor);
  }

  private Claimed claim(UnitOfWork work, Map<DraftState, Integer> moved) {
    List<DraftId> due = store.takeDue(work, config.now(work), BATCH);
    for (DraftId id : due) {
      if (!id.brokerage().equals(due.get(0).brokerage())) {
        // One brokerage a transaction: two nodes never wait for each other's locks in a circle.
        break;
      }
      Gate.Answer answer =
          isolated(work, id, draft -> gate.claim(work, draft, Actor.system(id.brokerage(), NAME)));
      if (answer != null && answer.permit() != null) {
        return new Claimed(answer.permit(), true);
      }
      if (answer != null) {
        count(moved, answer.result());
      }
    }
    return new Claimed(null, !due.isEmpty());
  }

  /** One draft that cannot be read or asked about does not keep the others waiting. */
  private <T> @Nullable T isolated(UnitOfWork work, DraftId id, Function<Draft, @Nullable T> step) {
    try {
      Savepoint before = work.connection().setSavepoint();
      try {
        T result = step.apply(store.find(work, id).orElseThrow());
        work.connection().releaseSavepoint(before);
        return result;
      } catch (RuntimeException e) {
        work.connection().rollback(before);
        LOG.warn("Draft {} was put off: {}", id.key(), e.getClass().getName());
        Instant now = config.now(work);
        if (e instanceof VestaException known && known.code() == ApprovalError.TAMPERED) {
          Step read = new Step(DraftEvent.CLAIM, Actor.system(id.brokerage(), NAME));
          moves.refuse(work, id, null, read, Refusal.APPROVAL_BROKEN);
          store.putOff(work, id, now.plus(Gate.BROKEN_AGAIN));
        } else {
          store.putOff(work, id, now.plus(AFTER_FAULT));
        }
        return null;
      }
    } catch (SQLException e) {
      throw new VestaException(CoreError.STORAGE_FAILED, "a savepoint failed", e);
    }
  }

  private Result deliver(SendPermit permit) {
    return record(permit, attempt(permit));
  }

  private Delivery attempt(SendPermit permit) {
    Way way = ways.get(permit.leased().channel());
    if (way == null || !config.clock().instant().isBefore(permit.deadline())) {
      return new Delivery.NotSent("TOO_LATE");
    }
    return way.send(permit);
  }

  private Result record(SendPermit permit, Delivery delivery) {
    DraftId id = permit.draft();
    return config
        .database()
        .write(
            work -> {
              Draft draft = store.find(work, id).orElseThrow();
              if (draft.state() == DraftState.NOT_SENT && !(delivery instanceof Delivery.NotSent)) {
                LOG.error("Draft {} was settled as not sent, and may be out", id.key());
              }
              return moves.take(work, draft, outcome(work, draft, permit, delivery));
            });
  }

  private Step outcome(UnitOfWork work, Draft draft, SendPermit permit, Delivery delivery) {
    Actor actor = Actor.system(draft.id().brokerage(), NAME);
    Instant now = config.now(work);
    boolean held = draft.dispatch().fence() == permit.leased().dispatch().fence();
    if (delivery instanceof Delivery.Accepted accepted) {
      // Late, but the provider has it: that settles the doubt.
      boolean late = draft.state() == DraftState.UNKNOWN;
      return new Step(late ? DraftEvent.FIND : DraftEvent.ACCEPT, actor)
          .holds(Guard.FENCE_HELD, held)
          .evidence(accepted.providerId());
    }
    if (delivery instanceof Delivery.Rejected rejected) {
      // What the provider says of this attempt says nothing of an earlier one that may be out.
      boolean first = !draft.dispatch().maybeOut();
      return new Step(first ? DraftEvent.REJECT : DraftEvent.LOSE, actor)
          .holds(Guard.FENCE_HELD, held)
          .reason(rejected.code());
    }
    if (delivery instanceof Delivery.NotSent notSent && !draft.dispatch().maybeOut()) {
      return new Step(DraftEvent.DEFER, actor)
          .holds(Guard.FENCE_HELD, held)
          .reason(notSent.code())
          .at(now.plus(backoff(draft)));
    }
    // Here too: an attempt that did not leave says nothing of an earlier one.
    String code =
        delivery instanceof Delivery.Lost lost ? lost.code() : ((Delivery.NotSent) delivery).code();
    return lose(draft, actor, now).holds(Guard.FENCE_HELD, held).reason(code);
  }

  private Step lose(Draft draft, Actor actor, Instant now) {
    Step step = new Step(DraftEvent.LOSE, actor);
    Way way = ways.get(draft.channel());
    if (way != null && !(way.dedupe() instanceof Dedupe.None)) {
      step.at(now.plus(backoff(draft)));
    }
    return step;
  }

  private static Duration backoff(Draft draft) {
    int doublings = Math.min(Math.max(draft.dispatch().attempts() - 1, 0), 7);
    Duration wait = FIRST_BACKOFF.multipliedBy(1L << doublings);
    return wait.compareTo(LAST_BACKOFF) < 0 ? wait : LAST_BACKOFF;
  }

  private void settle(Map<DraftState, Integer> moved) {
    List<Draft> unknown = new ArrayList<>();
    config
        .database()
        .write(
            work -> {
              for (DraftId id : store.takeOverdue(work, config.now(work), SETTLED_AT_ONCE)) {
                Result result = isolated(work, id, draft -> settle(work, draft, unknown));
                if (result instanceof Result.Refused refused
                    && refused.reason() == Refusal.APPROVAL_BROKEN) {
                  store.putOff(work, id, config.now(work).plus(Gate.BROKEN_AGAIN));
                } else if (result != null) {
                  count(moved, result);
                }
              }
              return unknown;
            });
    for (Draft draft : unknown) {
      Way way = ways.get(draft.channel());
      if (way != null && way.dedupe() instanceof Dedupe.Lookup lookup) {
        ask(draft, way, lookup, moved);
      } else {
        sendAgain(draft.id(), moved);
      }
    }
  }

  /** Moves an overdue draft; null if that takes a transaction of its own, or time. */
  private @Nullable Result settle(UnitOfWork work, Draft draft, List<Draft> unknown) {
    Actor actor = Actor.system(draft.id().brokerage(), NAME);
    Instant now = config.now(work);
    Instant lease = draft.dispatch().leaseUntil();
    boolean over = lease == null || lease.isBefore(now);
    return switch (draft.state()) {
      case GENERATING ->
          over
              ? moves.take(
                  work, draft, new Step(DraftEvent.FAIL, actor).reason("WRITING_TIMED_OUT"))
              : null;
      case DISPATCHING ->
          moves.take(
              work,
              draft,
              lose(draft, actor, now).holds(Guard.LEASE_OVER, over).reason("LEASE_OVER"));
      case UNKNOWN -> recover(work, draft, actor, now, unknown);
      default ->
          moves.take(
              work,
              draft,
              new Step(DraftEvent.EXPIRE, actor)
                  .holds(Guard.EXPIRED, !now.isBefore(draft.terms().expiresAt())));
    };
  }

  private @Nullable Result recover(
      UnitOfWork work, Draft draft, Actor actor, Instant now, List<Draft> unknown) {
    Way way = ways.get(draft.channel());
    if (way != null && (way.dedupe() instanceof Dedupe.Lookup || gate.windowOpen(draft, now))) {
      // Whatever comes of it, no other node tries the same meanwhile.
      store.reschedule(work, draft.id(), now.plus(backoff(draft)));
      unknown.add(draft);
      return null;
    }
    // Nothing can be found out by itself any more: a person has to.
    store.reschedule(work, draft.id(), null);
    return moves.take(work, draft, new Step(DraftEvent.RETRY, actor));
  }

  private void sendAgain(DraftId id, Map<DraftState, Integer> moved) {
    Actor actor = Actor.system(id.brokerage(), NAME);
    Gate.Answer answer =
        config
            .database()
            .write(work -> isolated(work, id, draft -> gate.again(work, draft, actor)));
    if (answer != null && answer.permit() != null) {
      moved.merge(DraftState.RETRY, 1, Integer::sum);
      count(moved, deliver(answer.permit()));
    }
  }

  /** Asks the provider, with no transaction open. */
  private void ask(Draft draft, Way way, Dedupe.Lookup lookup, Map<DraftState, Integer> moved) {
    Way.Word word = way.lookup(draft.dispatch().key());
    if (!word.given()) {
      return;
    }
    Actor actor = Actor.system(draft.id().brokerage(), NAME);
    Result result =
        config
            .database()
            .write(
                work -> {
                  Instant now = config.now(work);
                  String found = word.providerId();
                  if (found != null) {
                    return moves.take(
                        work, draft, new Step(DraftEvent.FIND, actor).evidence(found));
                  }
                  Instant lease = draft.dispatch().leaseUntil();
                  boolean sure = lease != null && now.isAfter(lease.plus(lookup.lag()));
                  return moves.take(
                      work,
                      draft,
                      new Step(DraftEvent.MISS, actor)
                          .holds(Guard.LOOKUP_AUTHORITATIVE, sure)
                          .at(now));
                });
    count(moved, result);
  }

  private static void count(Map<DraftState, Integer> moved, Result result) {
    if (result instanceof Result.Done done) {
      moved.merge(done.now().state(), 1, Integer::sum);
    }
  }
}
