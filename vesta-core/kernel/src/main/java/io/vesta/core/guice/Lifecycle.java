package io.vesta.core.guice;

import jakarta.inject.Inject;
import java.util.ArrayDeque;
import java.util.Deque;

/**
 * What Vesta made and must close: each artifact adds its own when it makes it. A Guice host closes
 * it when it shuts down; {@code Vesta.close} does the same for the others. Thread-safe.
 */
public final class Lifecycle implements AutoCloseable {

  private final Deque<AutoCloseable> made = new ArrayDeque<>();

  /** An empty one. */
  @Inject
  public Lifecycle() {}

  /** Takes over a thing to be closed, the last taken first. */
  public synchronized <T extends AutoCloseable> T closing(T thing) {
    made.push(thing);
    return thing;
  }

  /**
   * Closes everything even if something fails, then throws the first failure.
   *
   * @throws IllegalStateException if something could not be closed
   */
  @Override
  public synchronized void close() {
    IllegalStateException failure = null;
    while (!made.isEmpty()) {
      AutoCloseable thing = made.pop();
      try {
        thing.close();
      } catch (Exception e) {
        if (failure == null) {
          failure = new IllegalStateException("closing " + thing.getClass().getName() + " failed");
        }
        failure.addSuppressed(e);
      }
    }
    if (failure != null) {
      throw failure;
    }
  }
}
