package io.vesta.audit.log.internal;

import io.vesta.audit.AuditError;
import io.vesta.core.error.VestaException;
import io.vesta.core.storage.Dialect;
import io.vesta.core.storage.UnitOfWork;
import java.sql.SQLException;
import java.util.List;

/** The entries that are committed and that no log holds yet, on one engine. */
public interface Backlog {

  /** The one for an engine. */
  static Backlog of(Dialect dialect) {
    return switch (dialect) {
      case POSTGRESQL -> new PostgresBacklog();
      case SQLITE -> new SqliteBacklog();
    };
  }

  /**
   * Waits until no other sequencer works; the unit of work's end lets the next one in.
   *
   * @param work a transaction of Vesta's own
   */
  void lead(UnitOfWork work);

  /**
   * Takes waiting entries, in an order in which an entry that was committed before another was
   * written comes first. They count as taken when the unit of work commits.
   *
   * @param work a transaction that leads
   * @param each gets their rows one by one and may write to other tables meanwhile
   * @return whether more may be waiting
   */
  boolean take(UnitOfWork work, Taker each);

  /**
   * Writes index rows.
   *
   * @param rows at least one, in the order in which they were taken
   * @throws VestaException with code {@code VESTA-AUDIT-010} if an id or a place is given twice
   */
  void index(UnitOfWork work, List<Indexed> rows);

  /**
   * How many rows of a brokerage should have been taken and hold what is in no log.
   *
   * @param work any transaction
   */
  long overlooked(UnitOfWork work, String brokerage);

  /** Whether the index holds an id. */
  boolean known(UnitOfWork work, String id);

  /** Gets the rows of entries that waited. */
  @FunctionalInterface
  interface Taker {

    /**
     * Takes one.
     *
     * @param xid the transaction that wrote it, as the engine numbers them
     * @param seq with {@code xid} the row's key
     * @param brokerage whose log they are meant for
     * @param bundle the entries
     * @return how many were taken in
     */
    int take(String xid, long seq, String brokerage, byte[] bundle);
  }

  /**
   * An entry's index row.
   *
   * @param position where in its row it begins; the first byte is 1
   * @param length how many bytes it has
   */
  record Indexed(
      String brokerage,
      long index,
      String xid,
      long seq,
      int position,
      int length,
      Columns columns) {}

  /** Our own exception around the driver's. */
  static VestaException failed(SQLException e) {
    return new VestaException(
        AuditError.STORE_FAILED,
        "the database refused an audit statement (SQL state " + e.getSQLState() + ")",
        e);
  }

  /** What index rows say that the index already holds in part. */
  static VestaException repeated(List<Indexed> rows) {
    return repeated(rows.get(0).seq(), rows.get(rows.size() - 1).seq());
  }

  /** What some of the rows from one to another say if the index already holds it. */
  static VestaException repeated(long from, long to) {
    return new VestaException(
        AuditError.ENTRY_REPEATED,
        "one of the audit rows "
            + from
            + " to "
            + to
            + " has the id of an entry that is in a log already, or that log's end was set back;"
            + " the log is parked: find out who wrote to the tables, and restore them");
  }

  /** Makes the head's change count only if nobody else changed it. */
  static void requireOne(int changed) {
    if (changed != 1) {
      throw new VestaException(
          AuditError.LEADERSHIP_LOST,
          "another sequencer changed the log meanwhile; nothing was written, sequence again");
    }
  }
}
