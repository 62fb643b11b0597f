package io.vesta.approval.outbox;

import java.time.Duration;
import java.util.Objects;

/**
 * What a provider does with a second message under the same key: it decides what may be done about
 * an attempt that ended without an answer.
 */
public sealed interface Dedupe {

  /** It sends it again. An unknown attempt waits for a person. */
  record None() implements Dedupe {}

  /**
   * It drops it, for a while. An unknown attempt is tried again with the same bytes and key.
   *
   * @param window how long it remembers a key after the first attempt, by its documentation
   */
  record Keyed(Duration window) implements Dedupe {
    /** Checks presence. */
    public Keyed {
      Objects.requireNonNull(window, "window");
    }
  }

  /**
   * It sends it again, but can be asked whether it has the key. An unknown attempt is asked about.
   *
   * @param lag from when on after an attempt its no can be believed, by its documentation
   */
  record Lookup(Duration lag) implements Dedupe {
    /** Checks presence. */
    public Lookup {
      Objects.requireNonNull(lag, "lag");
    }
  }
}
