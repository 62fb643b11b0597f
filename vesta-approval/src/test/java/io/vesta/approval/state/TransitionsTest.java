package io.vesta.approval.state;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.vesta.approval.state.Transitions.Transition;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.EnumSet;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

class TransitionsTest {

  private static final Set<Guard> EVERYTHING = EnumSet.allOf(Guard.class);

  /** Every state, and no state yet. */
  private static List<DraftState> states() {
    List<DraftState> states = new ArrayList<>(Arrays.asList(DraftState.values()));
    states.add(null);
    return states;
  }

  private static boolean listed(DraftState state, DraftEvent event) {
    return Transitions.table().stream()
        .anyMatch(
            row ->
                row.event() == event
                    && (state == null ? row.from().isEmpty() : row.from().contains(state)));
  }

  @Test
  void the_table_has_twenty_two_transitions() {
    assertEquals(
        IntStream.rangeClosed(1, 22).boxed().toList(),
        Transitions.table().stream().map(Transition::number).distinct().toList());
  }

  @Test
  void whatever_is_not_listed_is_refused_even_if_everything_holds() {
    int refused = 0;
    for (DraftState state : states()) {
      for (DraftEvent event : DraftEvent.values()) {
        Outcome outcome = Transitions.next(state, event, EVERYTHING);
        if (listed(state, event)) {
          assertInstanceOf(Outcome.Moved.class, outcome, () -> state + " " + event);
        } else {
          assertEquals(new Outcome.Refused(Refusal.WRONG_STATE), outcome);
          refused++;
        }
      }
    }
    assertEquals(13 * 22 - 30, refused, "the table lists 30 pairs of state and event");
  }

  @Test
  void each_guard_of_each_transition_is_needed_and_told() {
    int guards = 0;
    for (Transition row : Transitions.table()) {
      for (Guard guard : row.guards()) {
        for (DraftState from : row.from().isEmpty() ? states().subList(12, 13) : row.from()) {
          Set<Guard> others = EnumSet.copyOf(row.guards());
          others.remove(guard);
          Outcome outcome = Transitions.next(from, row.event(), others);
          if (guard == Guard.QUORUM) {
            assertEquals(DraftState.PENDING, ((Outcome.Moved) outcome).to());
          } else if (row.number() == 17) {
            assertInstanceOf(Outcome.Refused.class, outcome);
          } else {
            assertEquals(new Outcome.Refused(guard.refusal()), outcome);
          }
          guards++;
        }
      }
    }
    assertTrue(guards > 60, "only " + guards);
  }

  @Test
  void nothing_holds_by_default() {
    for (Transition row : Transitions.table()) {
      DraftState from = row.from().stream().findFirst().orElse(null);
      boolean free = row.guards().isEmpty();
      assertEquals(
          free,
          Transitions.next(from, row.event(), Set.of()) instanceof Outcome.Moved,
          row::toString);
    }
  }

  @Test
  void terminal_states_are_never_left() {
    for (DraftState state : DraftState.values()) {
      boolean left = Arrays.stream(DraftEvent.values()).anyMatch(event -> listed(state, event));
      assertEquals(!state.terminal(), left, state::name);
    }
  }

  @Test
  void what_may_be_out_cannot_be_changed_or_taken_back() {
    for (DraftState state : DraftState.values()) {
      if (state.mayBeOut()) {
        for (DraftEvent event :
            List.of(
                DraftEvent.EDIT,
                DraftEvent.SKIP,
                DraftEvent.EXPIRE,
                DraftEvent.REGENERATE,
                DraftEvent.APPROVE,
                DraftEvent.CONTEXT_CHANGE)) {
          assertEquals(
              new Outcome.Refused(Refusal.WRONG_STATE), Transitions.next(state, event, EVERYTHING));
        }
      }
    }
  }

  @Test
  void only_a_claim_leads_to_sending_and_only_from_an_approved_text() {
    Set<DraftState> before =
        Transitions.table().stream()
            .filter(row -> row.to() == DraftState.DISPATCHING)
            .peek(row -> assertEquals(DraftEvent.CLAIM, row.event()))
            .peek(row -> assertTrue(row.guards().contains(Guard.APPROVALS_INTACT)))
            .flatMap(row -> row.from().stream())
            .collect(Collectors.toSet());
    assertEquals(Set.of(DraftState.APPROVED, DraftState.RETRY), before);
  }

  @Test
  void whatever_undoes_an_approval_revokes_it() {
    for (Transition row : Transitions.table()) {
      if (row.from().contains(DraftState.APPROVED) && row.to() != DraftState.DISPATCHING) {
        assertTrue(row.effects().contains(Effect.REVOKE), row::toString);
        assertTrue(row.effects().contains(Effect.DEQUEUE), row::toString);
      }
    }
  }

  @Test
  void every_state_is_reached_and_every_open_one_has_a_way_to_an_end() {
    Set<DraftState> reached = new HashSet<>(Set.of(DraftState.GENERATING));
    Set<DraftState> ending =
        Arrays.stream(DraftState.values()).filter(DraftState::terminal).collect(Collectors.toSet());
    for (int i = 0; i < DraftState.values().length; i++) {
      for (Transition row : Transitions.table()) {
        if (row.from().stream().anyMatch(reached::contains)) {
          reached.add(row.to());
        }
        if (ending.contains(row.to())) {
          ending.addAll(row.from());
        }
      }
    }
    assertEquals(EnumSet.allOf(DraftState.class), reached);
    assertEquals(EnumSet.allOf(DraftState.class), ending);
  }
}
