package io.vesta.testkit;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotSame;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.vesta.core.error.VestaException;
import io.vesta.core.storage.Database;
import io.vesta.core.storage.UnitOfWork;
import java.io.IOException;
import java.lang.reflect.Method;
import java.lang.reflect.Proxy;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import javax.sql.DataSource;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

class DatabaseTest {

  @TempDir Path directory;

  private static void table(Database database) {
    database.write(work -> work.handle().execute("create table thing (id integer primary key)"));
  }

  private static int insert(UnitOfWork work, int id) {
    return work.handle().execute("insert into thing (id) values (?)", id);
  }

  private static int count(Database database) {
    return database.read(
        work -> work.handle().select("select count(*) from thing").mapTo(Integer.class).one());
  }

  @ParameterizedTest
  @EnumSource(Engine.class)
  void what_returns_is_kept_and_what_throws_is_not(Engine engine) {
    Database database = engine.fresh(directory).database();
    table(database);
    database.write(work -> insert(work, 1));
    IllegalStateException thrown =
        assertThrows(
            IllegalStateException.class,
            () ->
                database.write(
                    work -> {
                      insert(work, 2);
                      throw new IllegalStateException("the host changed its mind");
                    }));
    assertEquals("the host changed its mind", thrown.getMessage());
    assertEquals(1, count(database));
  }

  @ParameterizedTest
  @EnumSource(Engine.class)
  void reading_keeps_nothing(Engine engine) {
    Database database = engine.fresh(directory).database();
    table(database);
    database.read(work -> insert(work, 1));
    assertEquals(0, count(database));
  }

  @ParameterizedTest
  @EnumSource(Engine.class)
  void a_joined_transaction_stays_the_hosts(Engine engine) throws SQLException {
    Engine.Fresh fresh = engine.fresh(directory);
    table(fresh.database());
    try (Connection host = fresh.host().getConnection()) {
      host.setAutoCommit(false);
      insert(fresh.database().join(host), 1);
      host.rollback();
      assertFalse(host.isClosed());
      assertFalse(host.getAutoCommit());
      assertEquals(0, count(fresh.database()), "rolled back by the host");
      insert(fresh.database().join(host), 2);
      try (Statement statement = host.createStatement()) {
        statement.execute("insert into thing (id) values (3)");
      }
      host.commit();
    }
    assertEquals(2, count(fresh.database()), "committed by the host, with its own row");
  }

  @ParameterizedTest
  @EnumSource(Engine.class)
  void a_connection_without_a_transaction_cannot_be_joined(Engine engine) throws SQLException {
    Engine.Fresh fresh = engine.fresh(directory);
    try (Connection host = fresh.host().getConnection()) {
      host.setAutoCommit(true);
      VestaException refused =
          assertThrows(VestaException.class, () -> fresh.database().join(host));
      assertEquals("VESTA-CORE-009", refused.code().code());
    }
    Connection closed = fresh.host().getConnection();
    closed.close();
    assertThrows(VestaException.class, () -> fresh.database().join(closed));
  }

  @Test
  void a_connection_to_another_engine_cannot_be_joined() throws SQLException {
    Database sqlite = Engine.SQLITE.fresh(directory).database();
    try (Connection host = Engine.POSTGRESQL.fresh(directory).host().getConnection()) {
      host.setAutoCommit(false);
      assertThrows(VestaException.class, () -> sqlite.join(host));
    }
  }

  @ParameterizedTest
  @EnumSource(Engine.class)
  void the_database_s_own_refusal_names_the_sql_state_and_rolls_back(Engine engine) {
    Database database = engine.fresh(directory).database();
    table(database);
    VestaException refused =
        assertThrows(
            VestaException.class,
            () ->
                database.write(
                    work -> {
                      insert(work, 4711);
                      return insert(work, 4711);
                    }));
    assertEquals("VESTA-CORE-004", refused.code().code());
    assertTrue(refused.getMessage().contains("SQL state"), refused.getMessage());
    assertFalse(refused.getMessage().contains("4711"), "what was bound is not told");
    assertEquals(0, count(database));
  }

  @Test
  void a_rollback_that_fails_too_does_not_hide_what_failed_first() {
    Database database =
        rollingBack(
            () -> {
              throw new SQLException("gone", "08006");
            });
    IllegalStateException thrown =
        assertThrows(
            IllegalStateException.class,
            () ->
                database.write(
                    work -> {
                      throw new IllegalStateException("the first");
                    }));
    assertEquals("the first", thrown.getMessage());
    assertEquals("gone", thrown.getSuppressed()[0].getMessage());
  }

  @Test
  void what_is_thrown_without_being_declared_is_rolled_back_too() {
    List<String> rolledBack = new ArrayList<>();
    Database database = rollingBack(() -> rolledBack.add("once"));
    assertThrows(
        IOException.class, () -> database.write(work -> undeclared(new IOException("sneaked"))));
    assertEquals(List.of("once"), rolledBack);
  }

  /** Erasure lets a checked exception pass undeclared, as other languages of the JVM do. */
  @SuppressWarnings({"unchecked", "TypeParameterUnusedInFormals"})
  private static <T, E extends Throwable> T undeclared(Throwable thrown) throws E {
    throw (E) thrown;
  }

  /** A host's database that does something else where it is told to roll back. */
  private Database rollingBack(Callable<?> instead) {
    DataSource source = Engine.SQLITE.fresh(directory).host();
    return Database.of(
        proxy(
            DataSource.class,
            (method, arguments) -> {
              Connection connection = source.getConnection();
              return proxy(
                  Connection.class,
                  (inner, given) -> {
                    if (inner.getName().equals("rollback")) {
                      instead.call();
                      return null;
                    }
                    return inner.invoke(connection, given);
                  });
            }));
  }

  /** What a proxy does instead. */
  private interface Instead {
    @Nullable Object of(Method method, Object[] arguments) throws Exception;
  }

  private static <T> T proxy(Class<T> type, Instead instead) {
    return type.cast(
        Proxy.newProxyInstance(
            type.getClassLoader(),
            new Class<?>[] {type},
            (self, method, arguments) -> instead.of(method, arguments)));
  }

  @ParameterizedTest
  @EnumSource(Engine.class)
  void many_threads_write_without_losing_a_row(Engine engine) throws Exception {
    Database database = engine.fresh(directory).database();
    table(database);
    ExecutorService threads = Executors.newFixedThreadPool(8);
    try {
      List<Future<?>> futures = new ArrayList<>();
      for (int i = 0; i < 80; i++) {
        int id = i;
        futures.add(threads.submit(() -> database.write(work -> insert(work, id))));
      }
      for (Future<?> future : futures) {
        future.get();
      }
    } finally {
      threads.shutdown();
    }
    assertEquals(80, count(database));
  }

  @Test
  void sqlite_keeps_a_connection_for_the_next_and_none_on_which_something_failed() {
    Database database = Engine.SQLITE.fresh(directory).database();
    table(database);
    Connection first = database.write(UnitOfWork::connection);
    assertSame(first, database.write(UnitOfWork::connection));
    assertNotSame(first, database.read(UnitOfWork::connection), "readers have their own");
    assertThrows(
        IllegalStateException.class,
        () ->
            database.write(
                work -> {
                  insert(work, 1);
                  throw new IllegalStateException("the host changed its mind");
                }));
    assertNotSame(first, database.write(UnitOfWork::connection));
    assertEquals(0, count(database));
  }

  @Test
  void a_closed_sqlite_file_is_whole_and_opens_again() throws IOException {
    Path file = directory.resolve("own.db");
    Database database = Database.sqlite(file);
    table(database);
    database.write(work -> insert(work, 1));
    assertEquals(1, count(database));
    database.close();
    assertFalse(Files.exists(directory.resolve("own.db-wal")));
    Path copy = Files.copy(file, directory.resolve("copy.db"));
    assertEquals(1, count(Database.sqlite(copy)));
    database.write(work -> insert(work, 2));
    assertEquals(2, count(database));
  }

  @Test
  void sqlite_is_durable_and_checks_foreign_keys() {
    Database database = Database.sqlite(directory.resolve("own.db"));
    List<String> pragmas =
        database.write(
            work ->
                List.of("journal_mode", "synchronous", "foreign_keys").stream()
                    .map(name -> work.handle().select("pragma " + name).mapTo(String.class).one())
                    .toList());
    assertEquals(List.of("wal", "2", "1"), pragmas);
    assertTrue(directory.resolve("own.db").toFile().exists());
  }
}
