package io.vesta.posture.check;

import io.vesta.core.error.VestaException;
import java.util.List;
import java.util.Objects;

/**
 * What a check answers. A {@link Outcome#PASS} without evidence of having looked cannot be made.
 *
 * @param outcome what was found
 * @param vantage from where
 * @param evidence what was seen; not empty for {@link Outcome#PASS} and {@link Outcome#FAIL}
 * @param limits what the check could not see, whatever it found
 * @param mend what to do; empty for {@link Outcome#PASS} and {@link Outcome#NOT_APPLICABLE}
 */
public record Verdict(
    Outcome outcome, Vantage vantage, List<Evidence> evidence, List<String> limits, String mend) {

  /** Checks that an outcome has what it needs. */
  public Verdict {
    Objects.requireNonNull(outcome, "outcome");
    Objects.requireNonNull(vantage, "vantage");
    evidence = List.copyOf(evidence);
    limits = List.copyOf(limits);
    boolean looked = outcome == Outcome.PASS || outcome == Outcome.FAIL;
    if (looked && evidence.isEmpty()) {
      throw VestaException.invalid("verdict", outcome + " without evidence", "say what was seen");
    }
    boolean well = outcome == Outcome.PASS || outcome == Outcome.NOT_APPLICABLE;
    if (well != Objects.requireNonNull(mend, "mend").isEmpty()) {
      throw VestaException.invalid(
          "verdict", outcome + (well ? " with" : " without") + " a mend", "mend what is wrong");
    }
  }

  /** All is well. */
  public static Verdict pass(Vantage vantage, List<Evidence> evidence, List<String> limits) {
    return new Verdict(Outcome.PASS, vantage, evidence, limits, "");
  }

  /** Something is wrong. */
  public static Verdict fail(
      Vantage vantage, List<Evidence> evidence, List<String> limits, String mend) {
    return new Verdict(Outcome.FAIL, vantage, evidence, limits, mend);
  }

  /** It could not look. */
  public static Verdict unknown(
      Vantage vantage, List<Evidence> evidence, List<String> limits, String mend) {
    return new Verdict(Outcome.UNKNOWN, vantage, evidence, limits, mend);
  }

  /** There is nothing to look at. */
  public static Verdict notApplicable(Vantage vantage, String why) {
    return new Verdict(Outcome.NOT_APPLICABLE, vantage, List.of(), List.of(why), "");
  }
}
