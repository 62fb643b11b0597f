package io.vesta.approval.draft;

import io.vesta.approval.state.Refusal;
import java.util.Objects;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** What came of an act on a draft. A refusal is a value, not an exception: it happens every day. */
public sealed interface Result {

  /** The draft as it stands now; empty if there is none that the actor may see. */
  Optional<Draft> draft();

  /** Whether it was done. */
  default boolean done() {
    return this instanceof Done;
  }

  /**
   * It was done.
   *
   * @param now the draft as it stands now
   */
  record Done(Draft now) implements Result {
    /** Checks presence. */
    public Done {
      Objects.requireNonNull(now, "now");
    }

    @Override
    public Optional<Draft> draft() {
      return Optional.of(now);
    }
  }

  /**
   * Nothing changed; the refusal itself is in the audit log.
   *
   * @param reason why
   * @param now the draft as it stands, newer than the one that the actor saw if somebody was
   *     faster; null if there is none that the actor may see
   */
  record Refused(Refusal reason, @Nullable Draft now) implements Result {
    /** Checks presence. */
    public Refused {
      Objects.requireNonNull(reason, "reason");
    }

    @Override
    public Optional<Draft> draft() {
      return Optional.ofNullable(now);
    }
  }
}
