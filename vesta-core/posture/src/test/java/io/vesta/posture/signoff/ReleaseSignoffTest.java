package io.vesta.posture.signoff;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.vesta.core.config.VestaConfig;
import io.vesta.core.error.VestaException;
import io.vesta.core.storage.Database;
import io.vesta.posture.PostureError;
import io.vesta.posture.check.Evidence;
import io.vesta.posture.check.Family;
import io.vesta.posture.check.Outcome;
import io.vesta.posture.check.PostureCheck;
import io.vesta.posture.check.Vantage;
import io.vesta.posture.check.Verdict;
import io.vesta.testkit.MutableClock;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.Executor;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.RejectedExecutionException;
import java.util.function.Supplier;
import java.util.stream.Collectors;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Attacks 54 to 56: a gate that must not flatter, whatever its checks do. */
class ReleaseSignoffTest {

  private static final Instant NOON = Instant.parse("2026-06-30T12:00:00Z");
  private static final Map<String, String> JAR = Map.of("app.jar", "ab".repeat(32));
  private static final Evidence PORT = new Evidence("tcp 0.0.0.0:8443", "not declared");
  private static final Evidence OTHER = new Evidence("tcp 0.0.0.0:9443", "not declared");

  @TempDir Path directory;

  private final ExecutorService threads = Executors.newCachedThreadPool();
  private final MutableClock clock = new MutableClock(NOON);
  private Database database;

  @BeforeEach
  void open() {
    database = Database.sqlite(directory.resolve("x.db"));
  }

  @AfterEach
  void close() {
    threads.shutdownNow();
    database.close();
  }

  private record Given(String id, Family family, Duration validity, Supplier<Verdict> answer)
      implements PostureCheck {

    @Override
    public Verdict check() {
      return answer.get();
    }
  }

  private static Verdict well() {
    return Verdict.pass(Vantage.HOST, List.of(new Evidence("it", "looked at")), List.of());
  }

  private static Verdict wrong(Evidence... evidence) {
    return Verdict.fail(Vantage.HOST, List.of(evidence), List.of("a limit"), "close it");
  }

  /** All five families are well, but for what one check answers. */
  private static List<PostureCheck> checks(Supplier<Verdict> listeners) {
    List<PostureCheck> all = new ArrayList<>();
    for (Family family : Family.values()) {
      Supplier<Verdict> answer =
          family == Family.LISTENER_EXPOSURE ? listeners : ReleaseSignoffTest::well;
      all.add(new Given(family.name(), family, Duration.ofHours(1 + family.ordinal()), answer));
    }
    return all;
  }

  private static Set<String> ids(List<PostureCheck> checks) {
    return checks.stream().map(PostureCheck::id).collect(Collectors.toSet());
  }

  private ReleaseSignoff signoff(
      Executor executor, List<PostureCheck> checks, Set<String> required, Waiver... waivers) {
    VestaConfig config = VestaConfig.builder(database).clock(clock).executor(executor).build();
    return new ReleaseSignoff(config, checks, required, List.of(waivers), Duration.ofSeconds(20));
  }

  private Signoff run(Supplier<Verdict> listeners, Waiver... waivers) {
    List<PostureCheck> checks = checks(listeners);
    return signoff(threads, checks, ids(checks), waivers).run("production", JAR);
  }

  private static Outcome listeners(Signoff signoff) {
    return signoff.checks().get(Family.LISTENER_EXPOSURE.ordinal()).verdict().outcome();
  }

  private static Waiver waiver(Evidence what, Instant from) {
    return new Waiver(
        Family.LISTENER_EXPOSURE.name(),
        what.place(),
        "the old port closes on Friday",
        "ann",
        "ben",
        from,
        from.plus(Duration.ofDays(7)));
  }

  @Test
  void a_release_goes_when_every_family_is_well_and_as_long_as_the_shortest_answer() {
    Signoff signoff = run(ReleaseSignoffTest::well);
    assertTrue(signoff.passes());
    assertEquals(5, signoff.checks().size());
    assertEquals(NOON.plus(Duration.ofHours(1)), signoff.notAfter());
  }

  @Test
  void nothing_but_a_pass_passes() {
    assertFalse(run(() -> wrong(PORT)).passes());
    assertFalse(
        run(() -> Verdict.unknown(Vantage.HOST, List.of(), List.of(), "look again")).passes());
    assertTrue(run(() -> Verdict.notApplicable(Vantage.HOST, "no network")).passes());
  }

  @Test
  void a_check_that_throws_or_answers_nothing_is_unknown() {
    Signoff thrown =
        run(
            () -> {
              throw new IllegalStateException("password=hunter2");
            });
    assertEquals(Outcome.UNKNOWN, listeners(thrown));
    assertFalse(thrown.passes());
    assertFalse(thrown.json().contains("hunter2"));
    Signoff error =
        run(
            () -> {
              throw new StackOverflowError();
            });
    assertEquals(Outcome.UNKNOWN, listeners(error));
    assertEquals(Outcome.UNKNOWN, listeners(run(ReleaseSignoffTest::nothing)));
  }

  @SuppressWarnings("NullAway") // what a plug-in compiled without the annotations may do
  private static Verdict nothing() {
    return null;
  }

  @Test
  void a_check_that_hangs_is_unknown_and_holds_nobody_up() {
    CountDownLatch never = new CountDownLatch(1);
    List<PostureCheck> checks =
        checks(
            () -> {
              try {
                never.await();
              } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
              }
              return well();
            });
    VestaConfig config = VestaConfig.builder(database).clock(clock).executor(threads).build();
    Signoff signoff =
        new ReleaseSignoff(config, checks, ids(checks), List.of(), Duration.ofMillis(300))
            .run("production", JAR);
    assertEquals(Outcome.UNKNOWN, listeners(signoff));
    assertFalse(signoff.passes());
  }

  @Test
  void a_host_that_takes_no_work_has_looked_at_nothing() {
    List<PostureCheck> checks = checks(ReleaseSignoffTest::well);
    Executor full =
        task -> {
          throw new RejectedExecutionException();
        };
    Signoff signoff = signoff(full, checks, ids(checks)).run("production", JAR);
    assertTrue(
        signoff.checks().stream().allMatch(one -> one.verdict().outcome() == Outcome.UNKNOWN));
    assertFalse(signoff.passes());
  }

  @Test
  void a_pass_without_evidence_and_a_failure_without_a_mend_cannot_be_made() {
    assertThrows(VestaException.class, () -> Verdict.pass(Vantage.HOST, List.of(), List.of()));
    assertThrows(
        VestaException.class, () -> Verdict.fail(Vantage.HOST, List.of(PORT), List.of(), ""));
    assertThrows(
        VestaException.class, () -> Verdict.fail(Vantage.HOST, List.of(), List.of(), "mend"));
    assertThrows(
        VestaException.class,
        () -> new Verdict(Outcome.PASS, Vantage.HOST, List.of(PORT), List.of(), "mend"));
    assertEquals(
        Outcome.UNKNOWN, listeners(run(() -> Verdict.pass(Vantage.HOST, List.of(), List.of()))));
  }

  @Test
  void a_gate_without_checks_a_family_or_with_a_name_twice_cannot_be_set_up() {
    List<PostureCheck> checks = checks(ReleaseSignoffTest::well);
    List<PostureCheck> twice = new ArrayList<>(checks);
    twice.add(checks.get(0));
    Set<String> four = ids(checks.subList(1, 5));
    Set<String> typo = ids(checks).stream().map(id -> id + "x").collect(Collectors.toSet());
    for (Runnable one :
        List.<Runnable>of(
            () -> signoff(threads, List.of(), Set.of()),
            () -> signoff(threads, twice, ids(checks)),
            () -> signoff(threads, checks, four),
            () -> signoff(threads, checks, typo))) {
      VestaException refused = assertThrows(VestaException.class, one::run);
      assertEquals(PostureError.SIGNOFF_INVALID, refused.code());
    }
    ReleaseSignoff signoff = signoff(threads, checks, ids(checks));
    assertThrows(VestaException.class, () -> signoff.run("production", Map.of()));
    assertThrows(
        VestaException.class, () -> signoff.run("production", Map.of("app.jar", "latest")));
  }

  @Test
  void two_persons_may_put_up_with_exactly_what_was_found_for_a_time() {
    assertTrue(run(() -> wrong(PORT), waiver(PORT, NOON)).passes());
    assertFalse(run(() -> wrong(OTHER), waiver(PORT, NOON)).passes(), "another port");
    assertFalse(run(() -> wrong(PORT, OTHER), waiver(PORT, NOON)).passes(), "one of two");
    assertTrue(run(() -> wrong(PORT, OTHER), waiver(PORT, NOON), waiver(OTHER, NOON)).passes());
    assertFalse(
        run(() -> wrong(PORT), waiver(PORT, NOON.minus(Duration.ofDays(7)))).passes(), "over");
    assertFalse(run(() -> wrong(PORT), waiver(PORT, NOON.plusMillis(1))).passes(), "not yet");
    assertFalse(
        run(() -> Verdict.unknown(Vantage.HOST, List.of(), List.of(), "look"), waiver(PORT, NOON))
            .passes(),
        "nobody knows what is put up with");
  }

  @Test
  void a_waiver_takes_two_persons_a_reason_and_thirty_days_at_most() {
    Instant later = NOON.plus(Duration.ofDays(7));
    for (Runnable one :
        List.<Runnable>of(
            () -> new Waiver("c", "p", "r", "ann", "ann", NOON, later),
            () -> new Waiver("c", "p", " ", "ann", "ben", NOON, later),
            () -> new Waiver("c", "p", "r", "ann", "", NOON, later),
            () -> new Waiver("c", "p", "r", "ann", "ben", later, NOON),
            () -> new Waiver("c", "p", "r", "ann", "ben", NOON, NOON.plus(Duration.ofDays(31))))) {
      assertThrows(VestaException.class, one::run);
    }
  }

  @Test
  void the_report_says_what_was_seen_from_where_and_what_could_not_be() throws Exception {
    JsonNode report =
        new ObjectMapper().readTree(run(() -> wrong(PORT), waiver(PORT, NOON)).json());
    assertEquals("https://in-toto.io/Statement/v1", report.path("_type").asText());
    assertEquals("app.jar", report.path("subject").path(0).path("name").asText());
    JsonNode predicate = report.path("predicate");
    assertEquals("PASS", predicate.path("verdict").asText());
    assertEquals("2026-06-30T13:00:00Z", predicate.path("notAfter").asText());
    JsonNode check = predicate.path("checks").path(Family.LISTENER_EXPOSURE.ordinal());
    assertEquals("FAIL", check.path("outcome").asText());
    assertEquals("HOST", check.path("vantage").asText());
    assertEquals("a limit", check.path("limits").path(0).asText());
    assertEquals("ben", check.path("waivers").path(0).path("approvedBy").asText());
    assertEquals("close it", check.path("mend").asText());
  }
}
