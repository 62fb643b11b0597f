package io.vesta.examples.benchmarks.audit;

import com.zaxxer.hikari.HikariConfig;
import com.zaxxer.hikari.HikariDataSource;
import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Proxy;
import java.nio.file.Path;
import java.sql.Connection;
import java.util.concurrent.locks.LockSupport;
import javax.sql.DataSource;
import org.sqlite.SQLiteConfig;
import org.sqlite.SQLiteDataSource;

/** SQLite as a host would open it, on a disk whose sync takes longer than this machine's. */
final class SlowDisk {

  private SlowDisk() {}

  /** A pool over a file, as durable as Vesta's own: write-ahead log, synchronous=FULL. */
  static HikariDataSource pool(Path file) {
    SQLiteConfig config = new SQLiteConfig();
    config.setJournalMode(SQLiteConfig.JournalMode.WAL);
    config.setSynchronous(SQLiteConfig.SynchronousMode.FULL);
    config.enforceForeignKeys(true);
    config.setBusyTimeout(10_000);
    config.setTransactionMode(SQLiteConfig.TransactionMode.IMMEDIATE);
    SQLiteDataSource source = new SQLiteDataSource(config);
    source.setUrl("jdbc:sqlite:" + file);
    HikariConfig pool = new HikariConfig();
    pool.setDataSource(source);
    pool.setMaximumPoolSize(4);
    return new HikariDataSource(pool);
  }

  /**
   * The same source, whose commits take longer.
   *
   * @param nanos by how much; 0 for the disk's own time
   */
  static DataSource over(DataSource source, long nanos) {
    return proxy(
        DataSource.class,
        source,
        (method, result) ->
            method.equals("getConnection")
                ? proxy(
                    Connection.class,
                    (Connection) result,
                    (call, value) -> {
                      if (call.equals("commit")) {
                        park(nanos);
                      }
                      return value;
                    })
                : result);
  }

  private static void park(long nanos) {
    long until = System.nanoTime() + nanos;
    for (long left = nanos; left > 0; left = until - System.nanoTime()) {
      LockSupport.parkNanos(left);
    }
  }

  /** What becomes of a call's result. */
  private interface After {
    Object of(String method, Object result);
  }

  private static <T> T proxy(Class<T> type, T target, After after) {
    return type.cast(
        Proxy.newProxyInstance(
            SlowDisk.class.getClassLoader(),
            new Class<?>[] {type},
            (self, method, arguments) -> {
              try {
                return after.of(method.getName(), method.invoke(target, arguments));
              } catch (InvocationTargetException e) {
                throw e.getCause();
              }
            }));
  }
}
