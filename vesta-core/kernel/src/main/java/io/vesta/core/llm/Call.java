package io.vesta.core.llm;

import io.vesta.core.id.BrokerageId;
import java.time.Instant;
import java.util.Objects;
import java.util.UUID;
import java.util.concurrent.atomic.AtomicBoolean;

/**
 * One call to a model.
 *
 * @param requestId for correlation with the provider and for discarding late answers
 * @param brokerage for whom it is: whose budget it uses and whose audit log names it
 * @param deadline when the answer is of no more use
 * @param cancel lets another thread give up
 */
public record Call(
    UUID requestId, BrokerageId brokerage, Instant deadline, CancelToken cancel) {

  /** Checks presence. */
  public Call {
    Objects.requireNonNull(requestId, "requestId");
    Objects.requireNonNull(brokerage, "brokerage");
    Objects.requireNonNull(deadline, "deadline");
    Objects.requireNonNull(cancel, "cancel");
  }

  /** A flag that any thread may set once. Thread-safe. */
  public static final class CancelToken {

    private final AtomicBoolean cancelled = new AtomicBoolean();

    /** Asks the call to end; it then fails with kind {@code CANCELLED}. */
    public void cancel() {
      cancelled.set(true);
    }

    /** Whether somebody asked. */
    public boolean cancelled() {
      return cancelled.get();
    }
  }
}
