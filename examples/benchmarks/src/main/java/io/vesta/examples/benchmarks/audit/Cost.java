package io.vesta.examples.benchmarks.audit;

import java.io.IOException;
import java.lang.management.ManagementFactory;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.List;
import java.util.stream.Stream;

/**
 * What was spent up to now: where acts are limited by two cores, this says by whom.
 *
 * @param jvm CPU nanoseconds of this process
 * @param server CPU nanoseconds of the server's processes; 0 where there is no {@code /proc}
 * @param wal bytes of write-ahead log
 */
record Cost(long jvm, long server, long wal) {

  /** A tick of {@code /proc/<pid>/stat}, the same on every Linux that runs Java. */
  private static final long TICK_NANOS = 10_000_000;

  static Cost now(Connection connection) throws SQLException, IOException {
    try (Statement statement = connection.createStatement();
        ResultSet row =
            statement.executeQuery(
                "select pg_backend_pid(), (pg_current_wal_lsn() - '0/0')::bigint")) {
      row.next();
      return new Cost(
          ((com.sun.management.OperatingSystemMXBean) ManagementFactory.getOperatingSystemMXBean())
              .getProcessCpuTime(),
          server(row.getLong(1)),
          row.getLong(2));
    }
  }

  Cost since(Cost before) {
    return new Cost(jvm - before.jvm, server - before.server, wal - before.wal);
  }

  /** All children of the process that a backend is a child of. */
  private static long server(long backend) throws IOException {
    if (!Files.exists(Path.of("/proc/self/stat"))) {
      return 0;
    }
    String parent = fields(Path.of("/proc/" + backend)).get(1);
    try (Stream<Path> all = Files.list(Path.of("/proc"))) {
      return all.filter(path -> path.getFileName().toString().matches("[0-9]+"))
              .map(Cost::fields)
              .filter(fields -> fields.size() > 12 && fields.get(1).equals(parent))
              .mapToLong(fields -> Long.parseLong(fields.get(11)) + Long.parseLong(fields.get(12)))
              .sum()
          * TICK_NANOS;
    }
  }

  /** What follows the name: state, parent and so on; nothing if the process is gone. */
  private static List<String> fields(Path process) {
    try {
      String stat = Files.readString(process.resolve("stat"));
      return List.of(stat.substring(stat.lastIndexOf(')') + 2).split(" "));
    } catch (IOException e) {
      return List.of();
    }
  }
}
