package io.vesta.audit.log.internal;

import io.vesta.core.storage.UnitOfWork;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.List;

/**
 * The backlog on SQLite: the rows after the last one taken. Writing is leading, because there is
 * one writer; batches are bounded, because it keeps the host's writers waiting.
 */
final class SqliteBacklog implements Backlog {

  private static final int BATCH = 4_096;

  /** SQLITE_CONSTRAINT. */
  private static final int CONSTRAINT = 19;

  @Override
  public void lead(UnitOfWork work) {
    // Takes the writer's lock, also where the host's data source begins transactions without it.
    try (PreparedStatement lock =
        work.connection().prepareStatement("update vesta_audit_head set epoch = epoch")) {
      lock.execute();
    } catch (SQLException e) {
      throw Backlog.failed(e);
    }
  }

  @Override
  public boolean take(UnitOfWork work, Taker each) {
    try {
      Connection connection = work.connection();
      long epoch;
      long taken;
      try (PreparedStatement query =
              connection.prepareStatement(
                  "select epoch, taken from vesta_audit_head where id = 1");
          ResultSet row = query.executeQuery()) {
        Backlog.requireOne(row.next() ? 1 : 0);
        epoch = row.getLong(1);
        taken = row.getLong(2);
      }
      int count = 0;
      long last = taken;
      try (PreparedStatement query =
          connection.prepareStatement(
              "select xid, seq, brokerage, bytes from vesta_audit_entry where seq > ?"
                  + " order by seq limit ?")) {
        query.setLong(1, taken);
        query.setInt(2, BATCH);
        try (ResultSet rows = query.executeQuery()) {
          while (count < BATCH && rows.next()) {
            last = rows.getLong(2);
            // At least one, so that rows of which nothing is taken do not make it endless.
            count += 1 + each.take(rows.getString(1), last, rows.getString(3), rows.getBytes(4));
          }
        }
      }
      if (count > 0) {
        move(connection, epoch, last);
      }
      return count >= BATCH;
    } catch (SQLException e) {
      throw Backlog.failed(e);
    }
  }

  @Override
  public boolean known(UnitOfWork work, String id) {
    try (PreparedStatement query =
        work.connection().prepareStatement("select 1 from vesta_audit_index where id = ?")) {
      query.setString(1, id);
      try (ResultSet row = query.executeQuery()) {
        return row.next();
      }
    } catch (SQLException e) {
      throw Backlog.failed(e);
    }
  }

  private static void move(Connection connection, long epoch, long taken) throws SQLException {
    try (PreparedStatement update =
        connection.prepareStatement(
            "update vesta_audit_head set epoch = epoch + 1, taken = ? where id = 1 and epoch = ?")) {
      update.setLong(1, taken);
      update.setLong(2, epoch);
      Backlog.requireOne(update.executeUpdate());
    }
  }

  @Override
  public void index(UnitOfWork work, List<Indexed> rows) {
    try (PreparedStatement insert =
        work.connection()
            .prepareStatement(
                "insert into vesta_audit_index"
                    + " (brokerage, idx, xid, seq, pos, len, id, at_ms, action, actor, target, member)"
                    + " values (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)")) {
      for (Indexed row : rows) {
        Columns columns = row.columns();
        insert.setString(1, row.brokerage());
        insert.setLong(2, row.index());
        insert.setLong(3, Long.parseLong(row.xid()));
        insert.setLong(4, row.seq());
        insert.setInt(5, row.position());
        insert.setInt(6, row.length());
        insert.setString(7, columns.id());
        insert.setLong(8, columns.atMs());
        insert.setString(9, columns.action());
        insert.setString(10, columns.actor());
        insert.setString(11, columns.target());
        insert.setString(12, columns.member());
        insert.addBatch();
      }
      insert.executeBatch();
    } catch (SQLException e) {
      throw e.getErrorCode() == CONSTRAINT ? Backlog.repeated(rows) : Backlog.failed(e);
    }
  }

  @Override
  public long overlooked(UnitOfWork work, String brokerage) {
    try (PreparedStatement query =
        work.connection()
            .prepareStatement(
                "select count(*) from vesta_audit_entry e join vesta_audit_head h"
                    + " left join (select seq, sum(len + 2) as held from vesta_audit_index"
                    + " where brokerage = ? group by seq) i on i.seq = e.seq"
                    + " where e.brokerage = ? and e.seq <= h.taken"
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
}
