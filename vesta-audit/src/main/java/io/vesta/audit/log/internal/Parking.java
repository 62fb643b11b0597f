package io.vesta.audit.log.internal;

import io.vesta.core.storage.Dialect;
import io.vesta.core.storage.UnitOfWork;
import java.util.List;

/**
 * Remembers the rows that the sequencer came by and left because their log is damaged, until they
 * are taken. Stateless.
 */
final class Parking {

  private Parking() {}

  /** Remembers a row. */
  static void park(UnitOfWork work, String brokerage, String xid, long seq) {
    String number = work.dialect() == Dialect.POSTGRESQL ? "cast(? as xid8)" : "?";
    work.handle()
        .execute(
            "insert into vesta_audit_parked (brokerage, seq, xid) values (?, ?, "
                + number
                + ") on conflict do nothing",
            brokerage,
            seq,
            xid);
  }

  /** Whose rows are parked. */
  static List<String> brokerages(UnitOfWork work) {
    return work.handle()
        .select("select distinct brokerage from vesta_audit_parked order by brokerage")
        .mapTo(String.class)
        .list();
  }

  /**
   * The first rows that are parked for a brokerage, in the order in which they were written; not
   * those that are gone or in a log by now.
   */
  static List<Row> rows(UnitOfWork work, String brokerage, int most) {
    return work.handle()
        .createQuery(
            "select cast(e.xid as text), e.seq, e.brokerage, e.bytes from vesta_audit_parked p"
                + " join vesta_audit_entry e on e.xid = p.xid and e.seq = p.seq"
                + " where p.brokerage = ? and not exists (select 1 from vesta_audit_index i"
                + " where i.brokerage = e.brokerage and i.xid = e.xid and i.seq = e.seq)"
                + " order by p.seq limit ?")
        .bind(0, brokerage)
        .bind(1, most)
        .map(
            (row, context) ->
                new Row(row.getString(1), row.getLong(2), row.getString(3), row.getBytes(4)))
        .list();
  }

  /** Forgets the rows that are parked for a brokerage up to one of them. */
  static void forget(UnitOfWork work, String brokerage, long seq) {
    work.handle()
        .execute("delete from vesta_audit_parked where brokerage = ? and seq <= ?", brokerage, seq);
  }

  /** A row as {@link Backlog.Taker} takes it. */
  static final class Row {

    private final String xid;
    private final long seq;
    private final String brokerage;
    private final byte[] bundle;

    Row(String xid, long seq, String brokerage, byte[] bundle) {
      this.xid = xid;
      this.seq = seq;
      this.brokerage = brokerage;
      this.bundle = bundle;
    }

    long seq() {
      return seq;
    }

    void giveTo(Backlog.Taker taker) {
      taker.take(xid, seq, brokerage, bundle);
    }
  }
}
