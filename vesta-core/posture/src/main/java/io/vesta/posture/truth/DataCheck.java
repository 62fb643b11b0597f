package io.vesta.posture.truth;

import io.vesta.core.config.VestaConfig;
import io.vesta.core.storage.UnitOfWork;
import io.vesta.posture.check.Evidence;
import io.vesta.posture.check.Family;
import io.vesta.posture.check.PostureCheck;
import io.vesta.posture.check.Vantage;
import io.vesta.posture.check.Verdict;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.function.Function;
import java.util.function.ToLongFunction;

/**
 * Whether production holds production's data: no row of a sample or a fixture, rows where there
 * must be some, a newest row that is neither old nor from the future, and projections that agree
 * with their sources. All is read in one transaction. Immutable but for what it asks.
 */
public final class DataCheck implements PostureCheck {

  private static final List<String> LIMITS =
      List.of("whether the source itself is true", "fixtures that carry no mark");

  private final VestaConfig config;
  private final Map<String, Expectation> expectations;

  /** Nothing if it is met; else what is wrong, in words without personal data. */
  @FunctionalInterface
  private interface Expectation {
    Optional<String> unmet(UnitOfWork work, Instant now);
  }

  private DataCheck(VestaConfig config, Map<String, Expectation> expectations) {
    this.config = config;
    this.expectations = expectations;
  }

  /** Starts without an expectation; such a check is unknown. */
  public static DataCheck over(VestaConfig config) {
    return new DataCheck(Objects.requireNonNull(config, "config"), Map.of());
  }

  private DataCheck and(String name, Expectation expectation) {
    Map<String, Expectation> more = new LinkedHashMap<>(expectations);
    more.put(name, expectation);
    return new DataCheck(config, more);
  }

  /**
   * The same, expecting that nothing of a sample is there.
   *
   * @param name what is counted
   * @param count counts rows that only a sample or a fixture has
   */
  public DataCheck none(String name, ToLongFunction<UnitOfWork> count) {
    return and(
        name,
        (work, now) -> {
          long rows = count.applyAsLong(work);
          return rows == 0 ? Optional.empty() : Optional.of(rows + " rows of a sample or fixture");
        });
  }

  /**
   * The same, expecting that there are rows.
   *
   * @param name what is counted
   */
  public DataCheck some(String name, ToLongFunction<UnitOfWork> count) {
    return and(
        name,
        (work, now) ->
            count.applyAsLong(work) > 0
                ? Optional.empty()
                : Optional.of("no rows where some must be"));
  }

  /**
   * The same, expecting a newest row.
   *
   * @param name what is dated
   * @param newest the time of the newest row; empty if there is none
   * @param oldest how old it may be
   */
  public DataCheck fresh(
      String name, Function<UnitOfWork, Optional<Instant>> newest, Duration oldest) {
    return and(
        name,
        (work, now) -> {
          Instant time = newest.apply(work).orElse(null);
          if (time == null) {
            return Optional.of("nothing, where something fresh must be");
          } else if (time.isAfter(now)) {
            return Optional.of("newest from the future");
          }
          return time.isBefore(now.minus(oldest))
              ? Optional.of("newest older than " + oldest)
              : Optional.empty();
        });
  }

  /** The same, expecting that two ways to the same thing agree. */
  public DataCheck equal(Reconciliation two) {
    return and(
        two.name(),
        (work, now) ->
            two.source().apply(work).equals(two.projection().apply(work))
                ? Optional.empty()
                : Optional.of("source and projection differ"));
  }

  @Override
  public String id() {
    return "data-truth.rows";
  }

  @Override
  public Family family() {
    return Family.DATA_TRUTH;
  }

  @Override
  public Duration validity() {
    return Duration.ofHours(1);
  }

  @Override
  public Verdict check() {
    if (expectations.isEmpty()) {
      return Verdict.unknown(
          Vantage.PROCESS, List.of(), LIMITS, "say what the data must look like");
    }
    List<Evidence> well = new ArrayList<>();
    List<Evidence> wrong = new ArrayList<>();
    config
        .database()
        .read(
            work -> {
              Instant now = config.now(work);
              expectations.forEach(
                  (name, expectation) ->
                      expectation
                          .unmet(work, now)
                          .ifPresentOrElse(
                              what -> wrong.add(new Evidence(name, what)),
                              () -> well.add(new Evidence(name, "as expected"))));
              return wrong;
            });
    return wrong.isEmpty()
        ? Verdict.pass(Vantage.PROCESS, well, LIMITS)
        : Verdict.fail(Vantage.PROCESS, wrong, LIMITS, "load what is real, take out what is not");
  }
}
