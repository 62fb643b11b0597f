package io.vesta.examples.benchmarks.approval;

import com.zaxxer.hikari.HikariDataSource;
import io.vesta.approval.draft.Draft;
import io.vesta.approval.store.DraftQuery;
import io.vesta.core.access.Actor;
import io.vesta.examples.benchmarks.Table;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.IntSupplier;
import java.util.stream.Collectors;
import javax.sql.DataSource;
import org.flowable.engine.TaskService;
import org.flowable.task.api.Task;
import org.flowable.task.api.TaskQuery;

/**
 * The first page of 50 of a queue in which a million items wait, the most urgent first: of one
 * agent, who has a thousand of them, and of the broker, who has all. Both sides hold the same items
 * with the same priorities and due times; with Vesta the policy's filter is made for each page.
 * Rows are copies, by SQL, of one that was made through the API: a page looks at no seal.
 */
public final class QueueBenchmark {

  private static final int PAGE = 50;
  private static final int AGENTS = 1_000;

  private QueueBenchmark() {}

  /**
   * Runs all.
   *
   * @param args items (1000000), pages timed of each (300)
   */
  public static void main(String[] args) throws Exception {
    int items = args.length > 0 ? Integer.parseInt(args[0]) : 1_000_000;
    int pages = args.length > 1 ? Integer.parseInt(args[1]) : 300;
    Map<String, IntSupplier> queues = new LinkedHashMap<>();
    try (Server server = Server.start(true);
        HikariDataSource ours = server.fresh(2);
        HikariDataSource theirs = server.fresh(4);
        Desks desks = Desks.over(ours, new ApproveBenchmark.NoChannel(), Runnable::run, 1);
        FlowableSubject flowable = FlowableSubject.over(theirs)) {
      fill(desks, ours, items);
      fill(flowable.engine().getTaskService(), theirs, items);
      TaskService tasks = flowable.engine().getTaskService();
      queues.put("Vesta, agent", () -> page(desks, Desks.AGENT));
      queues.put(
          "Flowable, candidate group of the agent",
          () -> page(tasks.createTaskQuery().taskCandidateGroup("a7")));
      queues.put("Vesta, broker", () -> page(desks, Desks.BROKER));
      queues.put("Flowable, all", () -> page(tasks.createTaskQuery()));
      Table table =
          new Table(
              "the first " + PAGE + " of " + items + " that wait; " + pages + " pages each",
              "who",
              "p50 ms",
              "p99 ms");
      for (Map.Entry<String, IntSupplier> queue : queues.entrySet()) {
        List<Double> millis = new ArrayList<>();
        for (int i = -pages / 5; i < pages; i++) {
          long begin = System.nanoTime();
          int found = queue.getValue().getAsInt();
          double took = (System.nanoTime() - begin) / 1e6;
          Server.require(queue.getKey(), PAGE, found);
          if (i >= 0) {
            millis.add(took);
          }
        }
        table.row(queue.getKey(), Table.median(millis), Table.quantile(millis, 0.99));
      }
      table.print();
    }
  }

  private static int page(Desks desks, Actor actor) {
    List<Draft> page = desks.desk().queue(actor, DraftQuery.open(PAGE));
    return page.size();
  }

  private static int page(TaskQuery query) {
    List<Task> page =
        query.orderByTaskPriority().desc().orderByTaskDueDate().asc().listPage(0, PAGE);
    return page.size();
  }

  private static void fill(Desks desks, DataSource source, int items) throws SQLException {
    desks.propose("template", "Saturday at ten?");
    Map<String, String> of =
        Map.of(
            "draft", "'d' || i",
            "owner", "'a' || i % " + AGENTS,
            "team", "'t' || i % 100",
            "routed", "1",
            "priority", "i % 7 * 10",
            "expires_at", "expires_at + i % 100000 * 1000");
    copy(source, "vesta_draft", of, items, "draft = 'template'");
    copy(source, "vesta_draft_content", Map.of("draft", "'d' || i"), items, "draft = 'template'");
    Server.require(
        "Vesta",
        items + 1L,
        Server.count(source, "select count(*) from vesta_draft where state = 'PENDING'"));
    vacuum(source);
  }

  private static void fill(TaskService tasks, DataSource source, int items) throws SQLException {
    Task template = tasks.newTask("template");
    template.setName("review");
    template.setDueDate(new java.util.Date());
    tasks.saveTask(template);
    tasks.addCandidateGroup("template", "a");
    Map<String, String> of =
        Map.of(
            "id_", "'d' || i",
            "priority_", "i % 7 * 10",
            "due_date_", "due_date_ + i % 100000 * interval '1 second'");
    copy(source, "act_ru_task", of, items, "id_ = 'template'");
    copy(
        source,
        "act_ru_identitylink",
        Map.of("id_", "'l' || i", "task_id_", "'d' || i", "group_id_", "'a' || i % " + AGENTS),
        items,
        "task_id_ = 'template' and group_id_ = 'a'");
    Server.require("Flowable", items + 1L, tasks.createTaskQuery().count());
    Server.require(
        "Flowable", items / AGENTS, tasks.createTaskQuery().taskCandidateGroup("a7").count());
    vacuum(source);
  }

  /** Copies one row many times, with other values in some columns, numbered by {@code i}. */
  private static void copy(
      DataSource source, String table, Map<String, String> others, int items, String which)
      throws SQLException {
    List<String> columns = new ArrayList<>();
    try (Connection connection = source.getConnection();
        ResultSet found = connection.getMetaData().getColumns(null, "public", table, null)) {
      while (found.next()) {
        columns.add(found.getString("COLUMN_NAME"));
      }
    }
    String values =
        columns.stream()
            .map(column -> others.getOrDefault(column, column))
            .collect(Collectors.joining(", "));
    Server.run(
        source,
        "insert into "
            + table
            + " ("
            + String.join(", ", columns)
            + ") select "
            + values
            + " from "
            + table
            + ", generate_series(0, "
            + (items - 1)
            + ") i where "
            + which);
  }

  private static void vacuum(DataSource source) throws SQLException {
    try (Connection connection = source.getConnection();
        Statement statement = connection.createStatement()) {
      statement.execute("vacuum analyze");
    }
  }
}
