package io.vesta.approval.outbox;

import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Method;
import java.lang.reflect.Proxy;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.util.concurrent.locks.LockSupport;
import javax.sql.DataSource;

/**
 * Where a node may be killed: around every statement, every commit and every message. At the chosen
 * point it says so on its output, and stands still until it is killed there. Not thread-safe.
 */
final class CrashPoints {

  /** How a line of a node begins. */
  static final String SIGN = "killable: ";

  private final int chosen;
  private final Runnable last;
  private int passed = -1;

  private CrashPoints(int chosen, Runnable last) {
    this.chosen = chosen;
    this.last = last;
  }

  /** Stands still at a point, counted from one; nowhere if it is zero. */
  static CrashPoints at(int chosen) {
    return new CrashPoints(chosen, CrashPoints::stand);
  }

  /** Does something at a point. */
  static CrashPoints at(int chosen, Runnable last) {
    return new CrashPoints(chosen, last);
  }

  /** A node that is not killed. */
  static CrashPoints none() {
    return at(0);
  }

  /** The node is up, and points count from now on; who chose none hears of it. */
  void begin() {
    passed = 0;
    if (chosen == 0) {
      tell("up");
    }
  }

  /** The node comes to a point. */
  void pass(String where) {
    if (passed >= 0 && ++passed == chosen) {
      tell(where);
      last.run();
    }
  }

  private static void stand() {
    while (true) {
      LockSupport.park();
    }
  }

  private static void tell(String what) {
    System.out.println(SIGN + what);
    System.out.flush();
  }

  /** A data source with a point before every statement, and before and after every commit. */
  DataSource around(DataSource source) {
    return proxy(
        DataSource.class,
        source,
        (method, result) -> method.equals("getConnection") ? around((Connection) result) : result);
  }

  private Connection around(Connection connection) {
    return proxy(
        Connection.class,
        connection,
        (method, result) -> {
          if (method.equals("commit")) {
            pass("committed");
          }
          return method.equals("prepareStatement")
              ? proxy(PreparedStatement.class, (PreparedStatement) result, (name, value) -> value)
              : result;
        });
  }

  /** What becomes of a result. */
  private interface After {
    Object of(String method, Object result);
  }

  private <T> T proxy(Class<T> type, T target, After after) {
    return type.cast(
        Proxy.newProxyInstance(
            CrashPoints.class.getClassLoader(),
            new Class<?>[] {type},
            (self, method, args) -> {
              if (method.getName().equals("commit") || method.getName().startsWith("execute")) {
                pass(method.getName());
              }
              return after.of(method.getName(), call(method, target, args));
            }));
  }

  private static Object call(Method method, Object target, Object[] args) throws Throwable {
    try {
      return method.invoke(target, args);
    } catch (InvocationTargetException e) {
      throw e.getCause();
    }
  }
}
