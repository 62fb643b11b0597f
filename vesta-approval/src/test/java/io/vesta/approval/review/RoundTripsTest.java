package io.vesta.approval.review;

import static io.vesta.approval.testkit.TestHouse.AGENT;
import static io.vesta.approval.testkit.TestHouse.BROKER;
import static io.vesta.approval.testkit.TestHouse.LEAD;
import static io.vesta.approval.testkit.TestHouse.done;
import static io.vesta.approval.testkit.TestHouse.id;
import static io.vesta.approval.testkit.TestHouse.request;
import static org.junit.jupiter.api.Assertions.assertEquals;

import io.vesta.approval.draft.Draft;
import io.vesta.approval.outbox.Dedupe;
import io.vesta.approval.state.DraftState;
import io.vesta.approval.testkit.RecordingChannel;
import io.vesta.approval.testkit.TestHouse;
import io.vesta.core.storage.Database;
import io.vesta.testkit.Engine;
import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Proxy;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.Statement;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Set;
import javax.sql.DataSource;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * How often an act goes to the database, on PostgreSQL, where each statement is a round trip of its
 * own: every {@code execute} of a statement, and every commit and rollback, is one line. The host's
 * {@code ContextSource} and {@code Authorizer} read what they read beside that; here they read
 * nothing. The audit entry is one insert, as in vesta-audit.
 */
class RoundTripsTest {

  @TempDir Path directory;

  private final List<String> trips = Collections.synchronizedList(new ArrayList<>());

  /** The first two words, and the table. */
  private static String shape(String sql) {
    String table = sql.replaceAll("(?s).*?\\b(vesta_\\w+|test_audit|clock_timestamp).*", "$1");
    return sql.strip().split("\\s+", 2)[0] + " " + table;
  }

  private DataSource counting(DataSource source) {
    return proxy(
        DataSource.class,
        source,
        (method, arguments, result) ->
            method.equals("getConnection") ? counting((Connection) result) : result);
  }

  private Connection counting(Connection connection) {
    return proxy(
        Connection.class,
        connection,
        (method, arguments, result) -> {
          if (method.equals("commit") || (method.equals("rollback") && arguments.length == 0)) {
            trips.add(method);
          }
          return result instanceof Statement statement
              ? counting(statement, method.startsWith("prepare") ? (String) arguments[0] : "")
              : result;
        });
  }

  private Statement counting(Statement statement, String sql) {
    Class<? extends Statement> kind =
        statement instanceof java.sql.PreparedStatement
            ? java.sql.PreparedStatement.class
            : Statement.class;
    return proxy(
        kind,
        statement,
        (method, arguments, result) -> {
          if (method.startsWith("execute")) {
            trips.add(shape(arguments.length > 0 ? (String) arguments[0] : sql));
          }
          return result;
        });
  }

  private interface Answered {
    Object after(String method, Object[] arguments, Object result);
  }

  private static <T> T proxy(Class<T> kind, Object target, Answered seen) {
    return kind.cast(
        Proxy.newProxyInstance(
            RoundTripsTest.class.getClassLoader(),
            new Class<?>[] {kind},
            (self, method, arguments) -> {
              Object[] given = arguments == null ? new Object[0] : arguments;
              try {
                return seen.after(method.getName(), given, method.invoke(target, given));
              } catch (InvocationTargetException e) {
                throw e.getCause();
              }
            }));
  }

  private TestHouse house() {
    DataSource counted = counting(Engine.POSTGRESQL.fresh(directory).host());
    return TestHouse.inRealTime(
        new Engine.Fresh(Database.of(counted), counted),
        new RecordingChannel(new Dedupe.None()),
        module -> {});
  }

  private List<String> of(Runnable act) {
    trips.clear();
    act.run();
    return List.copyOf(trips);
  }

  @Test
  void an_approval_reads_its_draft_and_the_time_and_writes_once() {
    TestHouse house = house();
    Draft draft = house.pending("d1");
    assertEquals(
        List.of(
            "select vesta_draft",
            "select clock_timestamp",
            "with vesta_draft",
            "insert test_audit",
            "commit"),
        of(() -> done(house.desk().approve(AGENT, id("d1"), Seen.of(draft), Set.of()))));
  }

  @Test
  void one_of_several_approvals_reads_the_others_and_the_authors_too() {
    TestHouse house = house();
    Draft draft = house.pending(request("d1").approvals(2).build());
    Draft once = done(house.desk().approve(LEAD, id("d1"), Seen.of(draft), Set.of()));
    assertEquals(DraftState.PENDING, once.state());
    assertEquals(
        7, of(() -> done(house.desk().approve(BROKER, id("d1"), Seen.of(once), Set.of()))).size());
  }

  @Test
  void a_proposal_and_a_delivery_have_no_more_than_they_had() {
    TestHouse house = house();
    List<String> propose = of(() -> house.pending("d1"));
    assertEquals(8, propose.size(), propose::toString);
    house.approved("d2");
    List<String> send = of(() -> done(house.dispatcher().send(AGENT, id("d2"))));
    assertEquals(13, send.size(), send::toString);
  }
}
