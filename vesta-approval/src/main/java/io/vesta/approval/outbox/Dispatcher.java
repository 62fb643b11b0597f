package io.vesta.approval.outbox;

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
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
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
 * first, are the same bytes sent again. Everything else waits for a person.
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
  private final Map<Channel, DeliveryChannel> channels;

  @Inject
  Dispatcher(
      VestaConfig config,
      DraftStore store,
      Optional<Authorizer> authorizer,
      Moves moves,
      Review review,
      Seals seals,
      Map<Channel, DeliveryChannel> channels) {
    this.config = config;
    this.store = store;
    this.authorizer = Port.require(authorizer, Authorizer.class, "RbacModule of vesta-rbac");
    this.moves = moves;
    this.gate = new Gate(config, store, moves, review, seals, channels);
    this.channels = Map.copyOf(channels);
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
   * Settles what time has run out for, then sends all that is due.
   *
   * @return what was done
   * @throws VestaException if the database fails; what was sent until then is recorded, or will be
   *     unknown when its lease is over
   */
  public Done dispatch() {
    Map<DraftState, Integer> moved = new EnumMap<>(DraftState.class);
    settle(moved);
    List<SendPermit> permits = new ArrayList<>();
    do {
      permits.clear();
      permits.addAll(config.database().write(work -> claim(work, moved)));
      for (SendPermit permit : permits) {
        count(moved, deliver(permit));
      }
    } while (!permits.isEmpty());
    return new Done(moved);
  }

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

  private List<SendPermit> claim(UnitOfWork work, Map<DraftState, Integer> moved) {
    List<SendPermit> permits = new ArrayList<>();
    for (DraftId id : store.takeDue(work, config.now(work), BATCH)) {
      isolated(
          work,
          id,
          () -> {
            Draft draft = store.find(work, id).orElseThrow();
            Gate.Answer answer = gate.claim(work, draft, Actor.system(id.brokerage(), NAME));
            SendPermit permit = answer.permit();
            if (permit == null) {
              count(moved, answer.result());
            } else {
              permits.add(permit);
            }
          });
    }
    return permits;
  }

  /** One draft that cannot be read or asked about does not keep the others waiting. */
  private void isolated(UnitOfWork work, DraftId id, Runnable step) {
    try {
      Savepoint before = work.connection().setSavepoint();
      try {
        step.run();
      } catch (RuntimeException e) {
        work.connection().rollback(before);
        LOG.warn("Draft {} was put off: {}", id.key(), e.getClass().getName());
        store.reschedule(work, id, config.now(work).plus(AFTER_FAULT));
      }
    } catch (SQLException e) {
      throw new VestaException(CoreError.STORAGE_FAILED, "a savepoint failed", e);
    }
  }

  private Result deliver(SendPermit permit) {
    return record(permit, attempt(permit));
  }

  private Delivery attempt(SendPermit permit) {
    DeliveryChannel channel = channels.get(permit.leased().channel());
    if (channel == null || !config.clock().instant().isBefore(permit.deadline())) {
      return new Delivery.NotSent("TOO_LATE");
    }
    try {
      return channel.send(permit);
    } catch (RuntimeException e) {
      // Its message may hold what must not be logged.
      LOG.warn("Sending draft {} threw {}", permit.draft().key(), e.getClass().getName());
      return new Delivery.Lost("EXCEPTION");
    }
  }

  private Result record(SendPermit permit, Delivery delivery) {
    DraftId id = permit.draft();
    return config
        .database()
        .write(
            work -> {
              Draft draft = store.find(work, id).orElseThrow();
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
      return new Step(DraftEvent.REJECT, actor)
          .holds(Guard.FENCE_HELD, held)
          .reason(rejected.code());
    }
    if (delivery instanceof Delivery.NotSent notSent) {
      return new Step(DraftEvent.DEFER, actor)
          .holds(Guard.FENCE_HELD, held)
          .reason(notSent.code())
          .at(now.plus(backoff(draft)));
    }
    Delivery.Lost lost = (Delivery.Lost) delivery;
    return lose(draft, actor, now).holds(Guard.FENCE_HELD, held).reason(lost.code());
  }

  private Step lose(Draft draft, Actor actor, Instant now) {
    Step step = new Step(DraftEvent.LOSE, actor);
    DeliveryChannel channel = channels.get(draft.channel());
    if (channel != null && !(channel.dedupe() instanceof Dedupe.None)) {
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
    List<Draft> asked = new ArrayList<>();
    config
        .database()
        .write(
            work -> {
              Instant now = config.now(work);
              for (DraftId id : store.takeOverdue(work, now, SETTLED_AT_ONCE)) {
                isolated(
                    work,
                    id,
                    () -> {
                      Draft draft = store.find(work, id).orElseThrow();
                      Result result = settle(work, draft, now);
                      if (result == null) {
                        asked.add(draft);
                      } else {
                        count(moved, result);
                      }
                    });
              }
              return asked;
            });
    asked.forEach(draft -> ask(draft, moved));
  }

  /** Moves an overdue draft; null if its provider must be asked first. */
  private @Nullable Result settle(UnitOfWork work, Draft draft, Instant now) {
    Actor actor = Actor.system(draft.id().brokerage(), NAME);
    return switch (draft.state()) {
      case GENERATING ->
          moves.take(work, draft, new Step(DraftEvent.FAIL, actor).reason("WRITING_TIMED_OUT"));
      case DISPATCHING ->
          moves.take(
              work, draft, lose(draft, actor, now).holds(Guard.LEASE_OVER).reason("LEASE_OVER"));
      case UNKNOWN -> recover(work, draft, actor, now);
      default -> moves.take(work, draft, new Step(DraftEvent.EXPIRE, actor).holds(Guard.EXPIRED));
    };
  }

  private @Nullable Result recover(UnitOfWork work, Draft draft, Actor actor, Instant now) {
    DeliveryChannel channel = channels.get(draft.channel());
    if (channel != null && channel.dedupe() instanceof Dedupe.Lookup) {
      return null;
    }
    boolean open = channel != null && gate.windowOpen(draft, channel, now);
    if (!open) {
      // Nothing can be found out by itself any more: a person has to.
      store.reschedule(work, draft.id(), null);
    }
    return moves.take(
        work, draft, new Step(DraftEvent.RETRY, actor).holds(Guard.KEY_WINDOW_OPEN, open).at(now));
  }

  /** Asks the provider, with no transaction open. */
  private void ask(Draft draft, Map<DraftState, Integer> moved) {
    DeliveryChannel channel = channels.get(draft.channel());
    if (channel == null || !(channel.dedupe() instanceof Dedupe.Lookup lookup)) {
      return;
    }
    Optional<String> found;
    try {
      found = channel.lookup(draft.dispatch().key());
    } catch (RuntimeException e) {
      LOG.warn("Looking draft {} up threw {}", draft.id().key(), e.getClass().getName());
      config
          .database()
          .write(
              work -> {
                store.reschedule(work, draft.id(), config.now(work).plus(backoff(draft)));
                return draft;
              });
      return;
    }
    Result result =
        config
            .database()
            .write(
                work -> {
                  Actor actor = Actor.system(draft.id().brokerage(), NAME);
                  Instant now = config.now(work);
                  if (found.isPresent()) {
                    Step step = new Step(DraftEvent.FIND, actor).evidence(found.get());
                    return moves.take(work, draft, step);
                  }
                  Instant lease = draft.dispatch().leaseUntil();
                  boolean sure = lease != null && now.isAfter(lease.plus(lookup.lag()));
                  if (!sure) {
                    store.reschedule(work, draft.id(), now.plus(backoff(draft)));
                  }
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
