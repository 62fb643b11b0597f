package io.vesta.audit.log.internal;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import io.vesta.audit.testkit.TestLog;
import io.vesta.core.error.VestaException;
import io.vesta.core.storage.Database;
import io.vesta.testkit.Engine;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.sqlite.SQLiteDataSource;

class BacklogTest {

  @TempDir Path directory;

  /** Two that both believe to lead: the lock is left out, the epoch alone must hold. */
  @ParameterizedTest
  @EnumSource(Engine.class)
  void of_two_leaders_one_writes_and_the_other_is_told(Engine engine) {
    Engine.Fresh fresh = engine.fresh(directory);
    TestLog.over(fresh).append(0, 3);
    Database database = fresh.database();
    if (engine == Engine.SQLITE) {
      // A host's data source that takes no lock when a transaction begins.
      SQLiteDataSource deferred = new SQLiteDataSource();
      deferred.setUrl(((SQLiteDataSource) fresh.host()).getUrl());
      database = Database.of(deferred);
    }
    Database shared = database;
    Backlog backlog = Backlog.of(shared.dialect());
    List<Long> first = new ArrayList<>();
    List<Long> second = new ArrayList<>();
    VestaException told =
        assertThrows(
            VestaException.class,
            () ->
                shared.write(
                    slow ->
                        backlog.take(
                            slow,
                            (xid, seq, brokerage, bytes) -> {
                              if (second.isEmpty()) {
                                shared.write(
                                    quick ->
                                        backlog.take(
                                            quick,
                                            (x, s, b, e) -> {
                                              first.add(s);
                                              return 1;
                                            }));
                              }
                              second.add(seq);
                              return 1;
                            })));
    assertEquals(engine == Engine.SQLITE ? "VESTA-AUDIT-009" : "VESTA-AUDIT-008", code(told));
    assertEquals(3, first.size());
    assertEquals(
        false,
        shared.write(
            work ->
                backlog.take(
                    work,
                    (x, s, b, e) -> {
                      second.clear();
                      return 1;
                    })));
    assertEquals(3, second.size(), "what the first took is not taken again");
  }

  private static String code(VestaException e) {
    return e.code().code();
  }
}
