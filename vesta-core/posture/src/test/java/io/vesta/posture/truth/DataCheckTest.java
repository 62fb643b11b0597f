package io.vesta.posture.truth;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import io.vesta.core.config.VestaConfig;
import io.vesta.core.storage.Database;
import io.vesta.core.storage.UnitOfWork;
import io.vesta.posture.check.Outcome;
import io.vesta.posture.check.Verdict;
import io.vesta.testkit.MutableClock;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Attack 63: data that look like production's. */
class DataCheckTest {

  private static final Instant NOON = Instant.parse("2026-06-30T12:00:00Z");
  private static final Duration DAY = Duration.ofDays(1);

  @TempDir Path directory;

  private Database database;
  private DataCheck check;

  @BeforeEach
  void open() {
    database = Database.sqlite(directory.resolve("x.db"));
    check = DataCheck.over(VestaConfig.builder(database).clock(new MutableClock(NOON)).build());
    database.write(
        work -> {
          work.handle().execute("create table deal (id text, price integer)");
          work.handle().execute("create table page (id text, price integer)");
          return work.handle().execute("insert into deal values ('a', 10), ('b', 20)");
        });
  }

  @AfterEach
  void close() {
    database.close();
  }

  private static long count(UnitOfWork work, String where) {
    return work.handle()
        .createQuery("select count(*) from deal where " + where)
        .mapTo(Long.class)
        .one();
  }

  private static String digest(UnitOfWork work, String table) {
    return work.handle()
        .createQuery(
            "select group_concat(id || '=' || price) from (select * from "
                + table
                + " order by id)")
        .mapTo(String.class)
        .findOne()
        .orElse("");
  }

  private static Outcome outcome(DataCheck check) {
    return check.check().outcome();
  }

  @Test
  void nobody_who_expects_nothing_is_well() {
    assertEquals(Outcome.UNKNOWN, outcome(check));
  }

  @Test
  void a_fixture_is_found_and_rows_that_must_be_there_are_missed() {
    assertEquals(Outcome.PASS, outcome(check.none("samples", work -> count(work, "id = 's'"))));
    assertEquals(Outcome.FAIL, outcome(check.none("samples", work -> count(work, "id = 'a'"))));
    assertEquals(Outcome.PASS, outcome(check.some("deals", work -> count(work, "true"))));
    assertEquals(Outcome.FAIL, outcome(check.some("deals", work -> count(work, "false"))));
  }

  @Test
  void the_newest_row_is_neither_old_nor_from_the_future_nor_missing() {
    assertEquals(Outcome.PASS, outcome(check.fresh("m", work -> Optional.of(NOON), DAY)));
    for (Optional<Instant> newest :
        List.of(
            Optional.<Instant>empty(),
            Optional.of(NOON.plusMillis(1)),
            Optional.of(NOON.minus(DAY).minusMillis(1)))) {
      assertEquals(Outcome.FAIL, outcome(check.fresh("m", work -> newest, DAY)));
    }
  }

  @Test
  void other_rows_that_add_up_to_the_same_do_not_agree() {
    DataCheck both =
        check.equal(
            new Reconciliation(
                "deals", work -> digest(work, "deal"), work -> digest(work, "page")));
    database.write(work -> work.handle().execute("insert into page values ('a', 20), ('b', 10)"));
    assertEquals(Outcome.FAIL, outcome(both));
    database.write(work -> work.handle().execute("update page set price = 30 - price"));
    assertEquals(Outcome.PASS, outcome(both));
  }

  @Test
  void every_expectation_is_told_and_one_that_cannot_be_asked_is_no_answer() {
    Verdict verdict =
        check
            .none("samples", work -> count(work, "id = 'a'"))
            .some("deals", work -> count(work, "false"))
            .check();
    assertEquals(2, verdict.evidence().size());
    assertThrows(
        RuntimeException.class, check.some("x", work -> count(work, "no_such_column"))::check);
  }
}
