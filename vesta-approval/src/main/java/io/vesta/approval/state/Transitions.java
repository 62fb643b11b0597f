package io.vesta.approval.state;

import static io.vesta.approval.state.DraftState.APPROVED;
import static io.vesta.approval.state.DraftState.DISPATCHING;
import static io.vesta.approval.state.DraftState.EXPIRED;
import static io.vesta.approval.state.DraftState.FAILED;
import static io.vesta.approval.state.DraftState.GENERATING;
import static io.vesta.approval.state.DraftState.NOT_SENT;
import static io.vesta.approval.state.DraftState.PENDING;
import static io.vesta.approval.state.DraftState.RETRY;
import static io.vesta.approval.state.DraftState.SENT;
import static io.vesta.approval.state.DraftState.SKIPPED;
import static io.vesta.approval.state.DraftState.STALE;
import static io.vesta.approval.state.DraftState.UNKNOWN;

import java.util.Collection;
import java.util.EnumSet;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * The state machine of a draft, as one pure function over one table. What the table does not list
 * is refused. Edit, skip and expiry are impossible once bytes may be out; a lost attempt is unknown
 * and never simply sent again. Stateless and thread-safe.
 */
public final class Transitions {

  /**
   * A row of the table.
   *
   * @param number its number, 1 to 22; a transition with two targets has two rows
   * @param from the states in which it is possible; empty for a draft that does not exist yet
   * @param event what happens
   * @param guards what must hold, in the order in which it is told as missing
   * @param to where it leads
   * @param effects what else changes
   */
  public record Transition(
      int number,
      Set<DraftState> from,
      DraftEvent event,
      List<Guard> guards,
      DraftState to,
      Set<Effect> effects) {

    /** Copies. */
    public Transition {
      from = Set.copyOf(from);
      guards = List.copyOf(guards);
      effects = Set.copyOf(effects);
    }

    private boolean startsAt(@Nullable DraftState state) {
      return state == null ? from.isEmpty() : from.contains(state);
    }

    private @Nullable Guard missing(Collection<Guard> holding) {
      return guards.stream().filter(guard -> !holding.contains(guard)).findFirst().orElse(null);
    }
  }

  private static final List<Transition> TABLE =
      List.of(
          row(1, Set.of(), DraftEvent.CREATE, GENERATING, List.of(Guard.AUTHORIZED))
              .with(Effect.TAKE_CONTEXT),
          row(
                  2,
                  Set.of(GENERATING),
                  DraftEvent.COMPLETE,
                  PENDING,
                  List.of(Guard.MODEL_STOPPED, Guard.LINT_NOT_BLOCKING))
              .with(Effect.FREEZE),
          row(3, Set.of(GENERATING), DraftEvent.FAIL, FAILED, List.of()).with(Effect.KEEP_TEXT),
          row(
                  4,
                  Set.of(PENDING),
                  DraftEvent.ASSIGN,
                  PENDING,
                  List.of(Guard.AUTHORIZED, Guard.VERSION_SEEN, Guard.ASSIGNEE_ELIGIBLE))
              .with(Effect.ASSIGN),
          row(
                  5,
                  Set.of(PENDING, APPROVED),
                  DraftEvent.EDIT,
                  PENDING,
                  List.of(Guard.AUTHORIZED, Guard.VERSION_SEEN))
              .with(Effect.FREEZE, Effect.REVOKE, Effect.DEQUEUE),
          row(
                  6,
                  Set.of(PENDING, STALE),
                  DraftEvent.REGENERATE,
                  GENERATING,
                  List.of(Guard.AUTHORIZED, Guard.VERSION_SEEN, Guard.WITHIN_BUDGET))
              .with(Effect.REVOKE, Effect.TAKE_CONTEXT),
          // Twice: with this approval there may be enough, or not yet.
          row(7, Set.of(PENDING), DraftEvent.APPROVE, APPROVED, approval(Guard.QUORUM))
              .with(Effect.RECORD_APPROVAL, Effect.ENQUEUE),
          row(7, Set.of(PENDING), DraftEvent.APPROVE, PENDING, approval())
              .with(Effect.RECORD_APPROVAL),
          row(
                  8,
                  Set.of(PENDING, STALE, APPROVED),
                  DraftEvent.SKIP,
                  SKIPPED,
                  List.of(Guard.AUTHORIZED, Guard.VERSION_SEEN, Guard.REASON_GIVEN))
              .with(Effect.REVOKE, Effect.DEQUEUE),
          row(
                  9,
                  Set.of(PENDING, APPROVED),
                  DraftEvent.CONTEXT_CHANGE,
                  STALE,
                  List.of(Guard.CONTEXT_CHANGED))
              .with(Effect.REVOKE, Effect.DEQUEUE),
          row(
                  10,
                  Set.of(STALE),
                  DraftEvent.REFRESH,
                  PENDING,
                  List.of(Guard.AUTHORIZED, Guard.VERSION_SEEN))
              .with(Effect.TAKE_CONTEXT, Effect.LINT),
          row(
                  11,
                  Set.of(PENDING, STALE, APPROVED),
                  DraftEvent.EXPIRE,
                  EXPIRED,
                  List.of(Guard.EXPIRED))
              .with(Effect.REVOKE, Effect.DEQUEUE),
          row(
                  12,
                  Set.of(PENDING),
                  DraftEvent.EXEMPT,
                  APPROVED,
                  List.of(
                      Guard.EXEMPTION_LIVE,
                      Guard.CONTEXT_CURRENT,
                      Guard.NOT_EXPIRED,
                      Guard.LINT_NOT_BLOCKING,
                      Guard.LINT_ACKNOWLEDGED,
                      Guard.ONE_PERSON_ENOUGH))
              .with(Effect.RECORD_APPROVAL, Effect.ENQUEUE),
          row(
                  13,
                  Set.of(APPROVED),
                  DraftEvent.CLAIM,
                  DISPATCHING,
                  List.of(
                      Guard.APPROVALS_INTACT,
                      Guard.CONTEXT_CURRENT,
                      Guard.NOT_EXPIRED,
                      Guard.SWITCH_ON,
                      Guard.SENDABLE_NOW))
              .with(Effect.LEASE),
          row(14, Set.of(DISPATCHING), DraftEvent.ACCEPT, SENT, List.of(Guard.FENCE_HELD))
              .with(Effect.UNLEASE, Effect.DEQUEUE, Effect.KEEP_EVIDENCE),
          row(15, Set.of(DISPATCHING), DraftEvent.REJECT, FAILED, List.of(Guard.FENCE_HELD))
              .with(Effect.UNLEASE, Effect.DEQUEUE),
          row(
                  16,
                  Set.of(DISPATCHING),
                  DraftEvent.DEFER,
                  DraftState.RETRY,
                  List.of(Guard.FENCE_HELD))
              .with(Effect.UNLEASE, Effect.ENQUEUE),
          // Twice: its lease is over, or the node itself knows that it lost it.
          row(17, Set.of(DISPATCHING), DraftEvent.LOSE, UNKNOWN, List.of(Guard.LEASE_OVER))
              .with(Effect.LOSE),
          row(17, Set.of(DISPATCHING), DraftEvent.LOSE, UNKNOWN, List.of(Guard.FENCE_HELD))
              .with(Effect.LOSE),
          row(
                  18,
                  Set.of(UNKNOWN),
                  DraftEvent.RETRY,
                  DraftState.RETRY,
                  List.of(Guard.KEY_WINDOW_OPEN))
              .with(Effect.ENQUEUE),
          row(
                  19,
                  Set.of(RETRY),
                  DraftEvent.CLAIM,
                  DISPATCHING,
                  List.of(
                      Guard.APPROVALS_INTACT,
                      Guard.SWITCH_ON,
                      Guard.SENDABLE_NOW,
                      Guard.RESEND_SAFE))
              .with(Effect.LEASE),
          row(20, Set.of(UNKNOWN), DraftEvent.FIND, SENT, List.of())
              .with(Effect.DEQUEUE, Effect.KEEP_EVIDENCE),
          row(
                  21,
                  Set.of(UNKNOWN),
                  DraftEvent.MISS,
                  DraftState.RETRY,
                  List.of(Guard.LOOKUP_AUTHORITATIVE))
              .with(Effect.NOTHING_OUT, Effect.ENQUEUE),
          row(
                  22,
                  Set.of(UNKNOWN),
                  DraftEvent.RESOLVE_SENT,
                  SENT,
                  List.of(Guard.AUTHORIZED, Guard.REASON_GIVEN, Guard.SEND_TIME_OVER))
              .with(Effect.DEQUEUE, Effect.KEEP_EVIDENCE),
          row(
                  22,
                  Set.of(UNKNOWN),
                  DraftEvent.RESOLVE_NOT_SENT,
                  NOT_SENT,
                  List.of(Guard.AUTHORIZED, Guard.REASON_GIVEN, Guard.SEND_TIME_OVER))
              .with(Effect.DEQUEUE, Effect.KEEP_EVIDENCE));

  private Transitions() {}

  /** The whole table; never null, unmodifiable. */
  public static List<Transition> table() {
    return TABLE;
  }

  /**
   * What follows.
   *
   * @param state where the draft stands; null if it does not exist yet
   * @param event what happens
   * @param holding the facts that hold
   * @return the move, or why there is none
   */
  public static Outcome next(
      @Nullable DraftState state, DraftEvent event, Collection<Guard> holding) {
    Refusal refusal = Refusal.WRONG_STATE;
    for (Transition row : TABLE) {
      if (row.event() == event && row.startsAt(state)) {
        Guard missing = row.missing(holding);
        if (missing == null) {
          return new Outcome.Moved(row.number(), row.to(), row.effects());
        }
        refusal = missing.refusal();
      }
    }
    return new Outcome.Refused(refusal);
  }

  private static List<Guard> approval(Guard... more) {
    EnumSet<Guard> guards =
        EnumSet.of(
            Guard.AUTHORIZED,
            Guard.VERSION_SEEN,
            Guard.DIGEST_SEEN,
            Guard.LINT_NOT_BLOCKING,
            Guard.LINT_ACKNOWLEDGED,
            Guard.CONTEXT_CURRENT,
            Guard.NOT_EXPIRED,
            Guard.SECOND_PERSON,
            Guard.NOT_VOTED);
    guards.addAll(List.of(more));
    return List.copyOf(guards);
  }

  private static Start row(
      int number, Set<DraftState> from, DraftEvent event, DraftState to, List<Guard> guards) {
    return new Start(number, from, event, to, guards);
  }

  /** A row that still lacks its effects. */
  private record Start(
      int number, Set<DraftState> from, DraftEvent event, DraftState to, List<Guard> guards) {

    Transition with(Effect... effects) {
      return new Transition(number, from, event, guards, to, Set.of(effects));
    }
  }
}
