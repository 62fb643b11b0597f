package io.vesta.audit.log.internal;

import io.vesta.core.storage.UnitOfWork;
import java.sql.Array;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.List;
import java.util.UUID;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/**
 * The backlog on PostgreSQL: exactly the visible rows whose transactions were not visible to the
 * snapshot of the batch before, which are those numbered from that snapshot's xmax on and those
 * that it lists as running. So a batch takes what is committed although other transactions, also
 * strangers' in other databases of the cluster, are still open, and takes theirs when they end.
 *
 * <p>Transaction numbers mean nothing in another cluster. When the tables were moved, one batch
 * finds the rest by comparing with the index, and rows from before are never looked at by number
 * again.
 */
final class PostgresBacklog implements Backlog {

  /** "audit" in ASCII: the key of the advisory lock. */
  private static final long LOCK = 0x6175646974L;

  private static final int FETCH = 1_000;

  private static final String UNIQUE_VIOLATION = "23505";

  private static final String COLUMNS =
      "cast(e.xid as text), e.seq, e.brokerage, e.bytes from vesta_audit_entry e where ";

  // With many writers at work a snapshot is long, and making one for each row costs more than the
  // row: subqueries make it once, and the first row alone carries it.
  private static final String NEW =
      "select case row_number() over (order by e.xid, e.seq) when 1 then"
          + " (select cast(pg_current_snapshot() as text)) end, "
          + COLUMNS
          + "(e.xid >= cast(? as xid8) or e.xid = any (cast(? as xid8[]))) and e.seq > ?"
          // A number that no transaction had yet is forged; it would be taken again each time.
          + " and e.xid < (select pg_snapshot_xmax(pg_current_snapshot()))"
          + " order by e.xid, e.seq";

  private static final String NOT_INDEXED =
      "select null, "
          + COLUMNS
          + "not exists (select 1 from vesta_audit_index i where i.xid = e.xid and i.seq = e.seq)"
          + " order by e.seq";

  @Override
  public void lead(UnitOfWork work) {
    try (PreparedStatement level =
            work.connection().prepareStatement("set transaction isolation level read committed");
        PreparedStatement lock =
            work.connection().prepareStatement("select pg_advisory_xact_lock(?)")) {
      // Whatever the host's default is: a snapshot taken while waiting for the lock would be stale.
      level.execute();
      lock.setLong(1, LOCK);
      lock.execute();
    } catch (SQLException e) {
      throw Backlog.failed(e);
    }
  }

  @Override
  public boolean take(UnitOfWork work, Taker each) {
    try {
      Connection connection = work.connection();
      Head head = head(connection);
      String cluster = text(connection, "select system_identifier from pg_control_system()");
      Snapshot before = Snapshot.parse(head.snapshot);
      if (moved(connection, head, cluster, before)) {
        takeAfterMove(connection, head, cluster, each);
        return false;
      }
      String seen;
      try (PreparedStatement query = connection.prepareStatement(NEW)) {
        query.setString(1, before.next);
        query.setString(2, before.running);
        query.setLong(3, head.moved);
        seen = drain(query, each);
      }
      if (seen != null) {
        move(connection, head, cluster, head.moved, seen);
      }
      return false;
    } catch (SQLException e) {
      throw Backlog.failed(e);
    }
  }

  /**
   * Whether the tables came from another cluster. A clone has the same identifier: a snapshot from
   * the future gives it away.
   */
  private static boolean moved(Connection connection, Head head, String cluster, Snapshot before)
      throws SQLException {
    if (head.cluster.isEmpty()) {
      return false;
    }
    if (!head.cluster.equals(cluster)) {
      return true;
    }
    try (PreparedStatement query =
        connection.prepareStatement(
            "select cast(? as xid8) > pg_snapshot_xmax(pg_current_snapshot())")) {
      query.setString(1, before.next);
      try (ResultSet row = query.executeQuery()) {
        return row.next() && row.getBoolean(1);
      }
    }
  }

  private static void takeAfterMove(Connection connection, Head head, String cluster, Taker each)
      throws SQLException {
    // Once per move: with no writer at work, the next three statements see the same rows.
    try (PreparedStatement lock =
        connection.prepareStatement("lock table vesta_audit_entry in share row exclusive mode")) {
      lock.execute();
    }
    try (PreparedStatement query = connection.prepareStatement(NOT_INDEXED)) {
      drain(query, each);
    }
    long highest =
        Long.parseLong(
            text(connection, "select cast(coalesce(max(seq), 0) as text) from vesta_audit_entry"));
    // A copy of the rows alone leaves the numbering behind: a new row must not look like an old
    // one.
    try (PreparedStatement numbering =
        connection.prepareStatement(
            "select setval(pg_get_serial_sequence('vesta_audit_entry', 'seq'),"
                + " greatest(?, nextval(pg_get_serial_sequence('vesta_audit_entry', 'seq'))))")) {
      numbering.setLong(1, highest);
      numbering.execute();
    }
    String now = text(connection, "select cast(pg_current_snapshot() as text)");
    move(connection, head, cluster, highest, now);
  }

  /** Gives the snapshot under which the rows were read, if the first of them carries it. */
  private static @Nullable String drain(PreparedStatement query, Taker each) throws SQLException {
    String seen = null;
    query.setFetchSize(FETCH);
    try (ResultSet rows = query.executeQuery()) {
      while (rows.next()) {
        seen = seen == null ? rows.getString(1) : seen;
        each.take(rows.getString(2), rows.getLong(3), rows.getString(4), rows.getBytes(5));
      }
    }
    return seen;
  }

  private static Head head(Connection connection) throws SQLException {
    try (PreparedStatement query =
            connection.prepareStatement(
                "select epoch, cluster, moved, snapshot from vesta_audit_head where id = 1");
        ResultSet row = query.executeQuery()) {
      Backlog.requireOne(row.next() ? 1 : 0);
      return new Head(row.getLong(1), row.getString(2), row.getLong(3), row.getString(4));
    }
  }

  private static void move(
      Connection connection, Head head, String cluster, long moved, String snapshot)
      throws SQLException {
    try (PreparedStatement update =
        connection.prepareStatement(
            "update vesta_audit_head set epoch = epoch + 1, cluster = ?, moved = ?, snapshot = ?"
                + " where id = 1 and epoch = ?")) {
      update.setString(1, cluster);
      update.setLong(2, moved);
      update.setString(3, snapshot);
      update.setLong(4, head.epoch);
      Backlog.requireOne(update.executeUpdate());
    }
  }

  @Override
  public boolean known(UnitOfWork work, String id) {
    try (PreparedStatement query =
        work.connection().prepareStatement("select 1 from vesta_audit_index where id = ?")) {
      query.setObject(1, UUID.fromString(id));
      try (ResultSet row = query.executeQuery()) {
        return row.next();
      }
    } catch (SQLException e) {
      throw Backlog.failed(e);
    }
  }

  @Override
  public void index(UnitOfWork work, List<Indexed> rows) {
    Connection connection = work.connection();
    try (PreparedStatement insert =
        connection.prepareStatement(
            "insert into vesta_audit_index"
                + " (brokerage, idx, xid, seq, pos, len, id, at_ms, action, actor, target, member)"
                + " select * from unnest(?, ?, cast(? as xid8[]), ?, ?, ?, ?, ?, ?, ?, ?, ?)")) {
      bind(insert, 1, "text", rows, Indexed::brokerage);
      bind(insert, 2, "bigint", rows, Indexed::index);
      bind(insert, 3, "text", rows, Indexed::xid);
      bind(insert, 4, "bigint", rows, Indexed::seq);
      bind(insert, 5, "integer", rows, Indexed::position);
      bind(insert, 6, "integer", rows, Indexed::length);
      bind(insert, 7, "uuid", rows, row -> UUID.fromString(row.columns().id()));
      bind(insert, 8, "bigint", rows, row -> row.columns().atMs());
      bind(insert, 9, "text", rows, row -> row.columns().action());
      bind(insert, 10, "text", rows, row -> row.columns().actor());
      bind(insert, 11, "text", rows, row -> row.columns().target());
      bind(insert, 12, "text", rows, row -> row.columns().member());
      insert.executeUpdate();
    } catch (SQLException e) {
      throw UNIQUE_VIOLATION.equals(e.getSQLState()) ? Backlog.repeated(rows) : Backlog.failed(e);
    }
  }

  private static void bind(
      PreparedStatement insert,
      int parameter,
      String type,
      List<Indexed> rows,
      Function<Indexed, @Nullable Object> column)
      throws SQLException {
    Array array = insert.getConnection().createArrayOf(type, rows.stream().map(column).toArray());
    insert.setArray(parameter, array);
  }

  @Override
  public long overlooked(UnitOfWork work, String brokerage) {
    try (PreparedStatement query =
        work.connection()
            .prepareStatement(
                "select count(*) from vesta_audit_entry e cross join vesta_audit_head h"
                    + " left join (select xid, seq, sum(len + 2) as held from vesta_audit_index"
                    + " where brokerage = ? group by xid, seq) i on i.xid = e.xid and i.seq = e.seq"
                    + " where e.brokerage = ? and (e.seq <= h.moved"
                    + " or pg_visible_in_snapshot(e.xid, cast(h.snapshot as pg_snapshot))"
                    + " or e.xid >= pg_snapshot_xmax(pg_current_snapshot()))"
                    + " and length(e.bytes) <> coalesce(i.held, 0)")) {
      query.setString(1, brokerage);
      query.setString(2, brokerage);
      try (ResultSet row = query.executeQuery()) {
        return row.next() ? row.getLong(1) : 0;
      }
    } catch (SQLException e) {
      throw Backlog.failed(e);
    }
  }

  private static String text(Connection connection, String sql) throws SQLException {
    try (PreparedStatement query = connection.prepareStatement(sql);
        ResultSet row = query.executeQuery()) {
      Backlog.requireOne(row.next() ? 1 : 0);
      return row.getString(1);
    }
  }

  private record Head(long epoch, String cluster, long moved, String snapshot) {}

  /**
   * What a snapshot had not seen: running transactions as an array literal, and all from next on.
   */
  private record Snapshot(String next, String running) {

    /** Reads {@code xmin:xmax:running,...}. */
    static Snapshot parse(String text) {
      String[] parts = text.split(":", -1);
      return new Snapshot(parts[1], "{" + parts[2] + "}");
    }
  }
}
