package io.vesta.examples.benchmarks.approval;

import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Proxy;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.util.ArrayList;
import java.util.List;
import javax.sql.DataSource;

/**
 * A data source that writes down what goes to the server: each statement and each commit is one
 * round trip. The begin of a transaction travels with its first statement. Not thread-safe.
 */
final class RoundTrips {

  private final List<String> sent = new ArrayList<>();

  /** What was sent since the last call. */
  List<String> take() {
    List<String> taken = List.copyOf(sent);
    sent.clear();
    return taken;
  }

  DataSource around(DataSource source) {
    return proxy(DataSource.class, source, "");
  }

  private <T> T proxy(Class<T> type, T target, String sql) {
    return type.cast(
        Proxy.newProxyInstance(
            RoundTrips.class.getClassLoader(),
            new Class<?>[] {type},
            (self, method, args) -> {
              String name = method.getName();
              if (name.equals("commit") || name.equals("rollback") && args == null) {
                sent.add(name);
              } else if (name.startsWith("execute")) {
                sent.add(sql);
              } else if (name.equals("setSavepoint")) {
                sent.add("savepoint");
              }
              Object result;
              try {
                result = method.invoke(target, args);
              } catch (InvocationTargetException e) {
                throw e.getCause();
              }
              if (result instanceof Connection connection && name.equals("getConnection")) {
                return proxy(Connection.class, connection, "");
              }
              if (result instanceof PreparedStatement statement) {
                return proxy(PreparedStatement.class, statement, (String) args[0]);
              }
              return result;
            }));
  }
}
