package io.vesta.testkit;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.vesta.core.error.VestaException;
import io.vesta.core.storage.Database;
import io.vesta.core.storage.Schema;
import io.vesta.core.storage.SchemaInstaller;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

class SchemaInstallerTest {

  private static final Schema ONE =
      new Schema("sample", SchemaInstallerTest.class, List.of("V1__thing.sql"));
  private static final Schema TWO =
      new Schema(
          "sample", SchemaInstallerTest.class, List.of("V1__thing.sql", "V2__thing_colour.sql"));
  private static final Schema BROKEN =
      new Schema("sample", SchemaInstallerTest.class, List.of("V1__thing.sql", "V2__broken.sql"));

  @TempDir Path directory;

  private static int install(Database database, Schema schema) {
    return new SchemaInstaller(database, List.of(schema)).install();
  }

  @ParameterizedTest
  @EnumSource(Engine.class)
  void each_script_runs_once_and_upgrades_follow(Engine engine) {
    Database database = engine.fresh(directory).database();
    assertEquals(1, install(database, ONE));
    assertEquals(0, install(database, ONE));
    assertEquals(1, install(database, TWO));
    database.write(
        work -> work.handle().execute("insert into thing (id, colour) values (1, 'a;b--c')"));
  }

  @ParameterizedTest
  @EnumSource(Engine.class)
  void a_newer_database_is_left_alone_and_refused(Engine engine) {
    Database database = engine.fresh(directory).database();
    install(database, TWO);
    VestaException refused = assertThrows(VestaException.class, () -> install(database, ONE));
    assertEquals("VESTA-CORE-005", refused.code().code());
  }

  @ParameterizedTest
  @EnumSource(Engine.class)
  void a_script_that_was_changed_after_it_ran_is_refused(Engine engine) {
    Database database = engine.fresh(directory).database();
    install(database, ONE);
    database.write(
        work -> work.handle().execute("update vesta_schema set sha256 = ?", "0".repeat(64)));
    assertThrows(VestaException.class, () -> install(database, ONE));
  }

  @ParameterizedTest
  @EnumSource(Engine.class)
  void a_script_that_fails_leaves_nothing_of_the_whole_installation(Engine engine) {
    Database database = engine.fresh(directory).database();
    assertThrows(RuntimeException.class, () -> install(database, BROKEN));
    assertEquals(1, install(database, ONE), "the first script was rolled back too");
  }

  @ParameterizedTest
  @EnumSource(Engine.class)
  void nodes_that_install_at_the_same_time_agree(Engine engine) throws Exception {
    Database database = engine.fresh(directory).database();
    ExecutorService nodes = Executors.newFixedThreadPool(4);
    int ran = 0;
    try {
      List<Future<Integer>> futures = new ArrayList<>();
      for (int i = 0; i < 4; i++) {
        futures.add(nodes.submit(() -> install(database, TWO)));
      }
      for (Future<Integer> future : futures) {
        ran += future.get();
      }
    } finally {
      nodes.shutdown();
    }
    assertEquals(2, ran);
  }

  @Test
  void scripts_are_named_in_order_without_gaps() {
    VestaException refused =
        assertThrows(
            VestaException.class,
            () -> new Schema("sample", SchemaInstallerTest.class, List.of("V2__x.sql")));
    assertTrue(refused.getMessage().contains("V1__"));
  }
}
