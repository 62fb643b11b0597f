package io.vesta.posture.health;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.vesta.core.config.VestaConfig;
import io.vesta.core.error.VestaException;
import io.vesta.core.storage.Database;
import io.vesta.posture.check.Outcome;
import io.vesta.testkit.Engine;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

class HealthTest {

  private static final Duration MINUTE = Duration.ofMinutes(1);

  @TempDir Path directory;

  private static Outcome database(Database database, Clock clock) {
    VestaConfig config = VestaConfig.builder(database).clock(clock).build();
    return new DatabaseCheck(config, MINUTE).check().outcome();
  }

  @ParameterizedTest
  @EnumSource
  void a_database_that_takes_a_write_is_up_and_keeps_nothing_of_it(Engine engine) {
    Database database = engine.fresh(directory).database();
    assertEquals(Outcome.PASS, database(database, Clock.systemUTC()));
    assertEquals(Outcome.PASS, database(database, Clock.systemUTC()), "the trial is gone");
    database.close();
  }

  @Test
  void a_database_that_is_closed_or_not_writable_is_not() {
    Database closed = Database.sqlite(directory.resolve("missing").resolve("x.db"));
    assertEquals(Outcome.FAIL, database(closed, Clock.systemUTC()));
  }

  @Test
  void clocks_that_disagree_are_told() {
    Database database = Engine.POSTGRESQL.fresh(directory).database();
    for (int hours : List.of(-1, 1)) {
      Clock wrong = Clock.offset(Clock.systemUTC(), Duration.ofHours(hours));
      assertEquals(Outcome.FAIL, database(database, wrong));
    }
  }

  @Test
  void a_disk_has_room_or_it_is_told() {
    assertEquals(Outcome.PASS, new DiskCheck(List.of(directory), 1).check().outcome());
    assertEquals(Outcome.FAIL, new DiskCheck(List.of(directory), Long.MAX_VALUE).check().outcome());
    assertEquals(
        Outcome.UNKNOWN,
        new DiskCheck(List.of(directory, directory.resolve("x")), 1).check().outcome());
    assertThrows(VestaException.class, () -> new DiskCheck(List.of(), 1));
    assertTrue(new DiskCheck(List.of(directory), 1).check().evidence().toString().contains("MiB"));
  }
}
