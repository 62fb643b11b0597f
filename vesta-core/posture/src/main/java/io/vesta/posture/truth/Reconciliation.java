package io.vesta.posture.truth;

import io.vesta.core.storage.UnitOfWork;
import java.util.Objects;
import java.util.function.Function;

/**
 * Two ways to the same thing, such as a source and what was projected from it. Each answers a
 * digest over the rows, not their sum: other rows can add up to the same.
 *
 * @param name what it is about, without personal data
 * @param source one way
 * @param projection the other
 */
public record Reconciliation(
    String name, Function<UnitOfWork, String> source, Function<UnitOfWork, String> projection) {

  /** Checks presence. */
  public Reconciliation {
    Objects.requireNonNull(name, "name");
    Objects.requireNonNull(source, "source");
    Objects.requireNonNull(projection, "projection");
  }
}
