package io.vesta.posture.signoff;

import io.vesta.core.config.VestaConfig;
import io.vesta.core.error.VestaException;
import io.vesta.posture.PostureError;
import io.vesta.posture.check.Evidence;
import io.vesta.posture.check.Family;
import io.vesta.posture.check.Outcome;
import io.vesta.posture.check.PostureCheck;
import io.vesta.posture.check.Vantage;
import io.vesta.posture.check.Verdict;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.EnumSet;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.concurrent.CancellationException;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.FutureTask;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;

/**
 * Decides whether a release may go: every required check must answer that all is well, or two
 * persons must have waived exactly what it found. A check that throws, hangs, answers nothing or
 * cannot look is unknown, and unknown never passes. Thread-safe.
 */
public final class ReleaseSignoff {

  private static final String MEND = "mend the check, or look by hand";

  private final VestaConfig config;
  private final List<PostureCheck> checks;
  private final Set<String> required;
  private final List<Waiver> waivers;
  private final Duration deadline;

  /**
   * @param config its clock and executor run the checks; with an executor that works on the calling
   *     thread a check that hangs is waited for
   * @param checks every check, each with an id of its own
   * @param required the ids on which a release depends; at least one of each family
   * @param waivers what two persons put up with
   * @param deadline how long all checks together may take
   * @throws VestaException if an id stands for two checks or none, or a family has no required one
   */
  public ReleaseSignoff(
      VestaConfig config,
      List<PostureCheck> checks,
      Set<String> required,
      List<Waiver> waivers,
      Duration deadline) {
    this.config = Objects.requireNonNull(config, "config");
    this.checks = List.copyOf(checks);
    this.required = Set.copyOf(required);
    this.waivers = List.copyOf(waivers);
    this.deadline = Objects.requireNonNull(deadline, "deadline");
    List<String> faults = new ArrayList<>();
    Set<String> ids = new HashSet<>();
    Set<Family> missing = EnumSet.allOf(Family.class);
    for (PostureCheck check : this.checks) {
      if (!ids.add(check.id())) {
        faults.add("two checks are called " + check.id());
      }
      if (this.required.contains(check.id())) {
        missing.remove(check.family());
      }
    }
    this.required.stream()
        .filter(id -> !ids.contains(id))
        .sorted()
        .forEach(id -> faults.add("no check is called " + id));
    missing.forEach(family -> faults.add("no required check asks about " + family));
    if (!faults.isEmpty()) {
      throw new VestaException(PostureError.SIGNOFF_INVALID, String.join("; ", faults));
    }
  }

  /**
   * Runs every check and decides.
   *
   * @param environment where the artifacts are to run, such as {@code production}
   * @param artifacts the SHA-256 of each in lower-case hex, by name; not empty
   */
  public Signoff run(String environment, Map<String, String> artifacts) {
    requireDigests(artifacts);
    Instant start = config.clock().instant();
    Map<PostureCheck, FutureTask<Verdict>> running = new LinkedHashMap<>();
    for (PostureCheck check : checks) {
      FutureTask<Verdict> task = new FutureTask<>(check::check);
      running.put(check, task);
      try {
        config.executor().execute(task);
      } catch (RejectedExecutionException e) {
        task.cancel(false);
      }
    }
    long end = System.nanoTime() + deadline.toNanos();
    List<Checked> all = new ArrayList<>();
    running.forEach((check, task) -> all.add(checked(check, answer(task, end), start)));
    return new Signoff(environment, artifacts, start, all);
  }

  private static void requireDigests(Map<String, String> artifacts) {
    if (artifacts.isEmpty()
        || !artifacts.values().stream().allMatch(digest -> digest.matches("[0-9a-f]{64}"))) {
      throw VestaException.invalid(
          "artifacts", "none, or without a SHA-256", "give the digest of each in lower-case hex");
    }
  }

  private static Verdict answer(FutureTask<Verdict> task, long end) {
    try {
      Verdict verdict = task.get(Math.max(end - System.nanoTime(), 0), TimeUnit.NANOSECONDS);
      return verdict == null ? unknown("answered nothing") : verdict;
    } catch (TimeoutException e) {
      task.cancel(true);
      return unknown("did not answer in time");
    } catch (ExecutionException e) {
      // The message may hold anything; the type is enough to begin with.
      Throwable cause = e.getCause() == null ? e : e.getCause();
      return unknown("threw " + cause.getClass().getName());
    } catch (CancellationException e) {
      return unknown("was not run");
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      return unknown("was interrupted");
    }
  }

  private static Verdict unknown(String what) {
    return Verdict.unknown(
        Vantage.PROCESS, List.of(new Evidence("the check", what)), List.of(), MEND);
  }

  private Checked checked(PostureCheck check, Verdict verdict, Instant at) {
    return new Checked(
        check.id(),
        check.family(),
        required.contains(check.id()),
        verdict,
        covering(check.id(), verdict, at),
        at.plus(check.validity()));
  }

  /** Waivers for every place of the evidence; one place without makes all the others void. */
  private List<Waiver> covering(String id, Verdict verdict, Instant now) {
    List<Waiver> covering = new ArrayList<>();
    if (verdict.outcome() == Outcome.PASS || verdict.evidence().isEmpty()) {
      return covering;
    }
    for (Evidence one : verdict.evidence()) {
      List<Waiver> fit =
          waivers.stream().filter(waiver -> waiver.counts(id, one.place(), now)).toList();
      if (fit.isEmpty()) {
        return List.of();
      }
      covering.addAll(fit);
    }
    return covering;
  }
}
