package io.vesta.approval.state;

import java.util.Objects;
import java.util.Set;

/** What follows from an event: a move, or a refusal that changes nothing. */
public sealed interface Outcome {

  /**
   * The draft moves.
   *
   * @param transition the number of the transition in the table of {@link Transitions}
   * @param to where it stands then
   * @param effects what else changes in the same transaction
   */
  record Moved(int transition, DraftState to, Set<Effect> effects) implements Outcome {
    /** Copies the effects. */
    public Moved {
      Objects.requireNonNull(to, "to");
      effects = Set.copyOf(effects);
    }
  }

  /**
   * Nothing changes.
   *
   * @param reason why
   */
  record Refused(Refusal reason) implements Outcome {
    /** Checks presence. */
    public Refused {
      Objects.requireNonNull(reason, "reason");
    }
  }
}
