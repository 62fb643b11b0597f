package io.vesta.posture.health;

import io.vesta.core.config.VestaConfig;
import io.vesta.core.storage.Dialect;
import io.vesta.posture.check.Evidence;
import io.vesta.posture.check.Family;
import io.vesta.posture.check.PostureCheck;
import io.vesta.posture.check.Vantage;
import io.vesta.posture.check.Verdict;
import java.time.Duration;
import java.time.Instant;
import java.time.OffsetDateTime;
import java.util.List;
import java.util.Objects;

/**
 * Whether the database takes a write, which is rolled back, and whether its clock and this
 * machine's agree. Thread-safe.
 */
public final class DatabaseCheck implements PostureCheck {

  private static final List<String> LIMITS =
      List.of("whether a standby exists and follows", "how the database does under load");

  private final VestaConfig config;
  private final Duration skew;

  /** Ends the trial write. */
  private static final class Undone extends RuntimeException {

    private static final long serialVersionUID = 1L;

    private final transient Instant theirs;

    Undone(Instant theirs) {
      super("undone", null, false, false);
      this.theirs = theirs;
    }
  }

  /**
   * @param config its database is asked
   * @param skew how far the two clocks may be apart
   */
  public DatabaseCheck(VestaConfig config, Duration skew) {
    this.config = Objects.requireNonNull(config, "config");
    this.skew = Objects.requireNonNull(skew, "skew");
  }

  @Override
  public String id() {
    return "target-health.database";
  }

  @Override
  public Family family() {
    return Family.TARGET_HEALTH;
  }

  @Override
  public Duration validity() {
    return Duration.ofMinutes(5);
  }

  @Override
  public Verdict check() {
    Instant ours = config.clock().instant();
    Instant theirs;
    try {
      theirs = written(ours);
    } catch (RuntimeException e) {
      return Verdict.fail(
          Vantage.PROCESS,
          List.of(new Evidence("database", "took no write")),
          LIMITS,
          "bring the database up, with space and rights to write");
    }
    Duration apart = Duration.between(ours, theirs).abs();
    if (apart.compareTo(skew) > 0) {
      return Verdict.fail(
          Vantage.PROCESS,
          List.of(new Evidence("clocks", "apart by " + apart.toSeconds() + " s")),
          LIMITS,
          "set both clocks by the same source");
    }
    return Verdict.pass(Vantage.PROCESS, List.of(new Evidence("database", "took a write")), LIMITS);
  }

  /** The database's time, after a table was made and unmade in it. */
  private Instant written(Instant ours) {
    try {
      config
          .database()
          .write(
              work -> {
                work.handle().execute("create table vesta_posture_trial (x integer)");
                work.handle().execute("insert into vesta_posture_trial (x) values (1)");
                throw new Undone(
                    work.dialect() == Dialect.POSTGRESQL
                        ? work.handle()
                            .createQuery("select clock_timestamp()")
                            .mapTo(OffsetDateTime.class)
                            .one()
                            .toInstant()
                        : ours);
              });
      throw new IllegalStateException("the trial ended without an answer");
    } catch (Undone e) {
      return e.theirs;
    }
  }
}
