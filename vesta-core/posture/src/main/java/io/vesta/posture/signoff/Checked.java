package io.vesta.posture.signoff;

import io.vesta.posture.check.Family;
import io.vesta.posture.check.Outcome;
import io.vesta.posture.check.Verdict;
import java.time.Instant;
import java.util.List;
import java.util.Objects;

/**
 * One check's answer in a sign-off.
 *
 * @param id the check
 * @param family its family
 * @param required whether the release depends on it
 * @param verdict what it answered
 * @param waivers the waivers that cover all that it found; empty if they do not
 * @param notAfter until when the answer holds
 */
public record Checked(
    String id,
    Family family,
    boolean required,
    Verdict verdict,
    List<Waiver> waivers,
    Instant notAfter) {

  /** Checks presence. */
  public Checked {
    Objects.requireNonNull(id, "id");
    Objects.requireNonNull(family, "family");
    Objects.requireNonNull(verdict, "verdict");
    Objects.requireNonNull(notAfter, "notAfter");
    waivers = List.copyOf(waivers);
  }

  /** Whether it stands in the way of a release. */
  public boolean blocks() {
    boolean well = verdict.outcome() == Outcome.PASS || verdict.outcome() == Outcome.NOT_APPLICABLE;
    return required && !well && waivers.isEmpty();
  }
}
