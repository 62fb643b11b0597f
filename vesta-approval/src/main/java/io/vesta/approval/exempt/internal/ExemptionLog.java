package io.vesta.approval.exempt.internal;

import io.vesta.approval.envelope.Channel;
import io.vesta.approval.exempt.Exemption;
import io.vesta.core.access.Capacity;
import io.vesta.core.error.CoreError;
import io.vesta.core.error.VestaException;
import io.vesta.core.id.BrokerageId;
import io.vesta.core.id.MemberId;
import io.vesta.core.storage.UnitOfWork;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.function.Supplier;
import org.jdbi.v3.core.JdbiException;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Exemptions over JDBC; rows are only ever added. It has no state. */
public final class ExemptionLog {

  private static final Logger LOG = LoggerFactory.getLogger(ExemptionLog.class);

  /** A log; it has no state. */
  public ExemptionLog() {}

  /**
   * Adds a version of a rule.
   *
   * @throws VestaException if there is one of its number already
   */
  public void add(UnitOfWork work, Exemption exemption) {
    MemberId owner = exemption.scope().owner();
    statement(
        () ->
            work.handle()
                .createUpdate(
                    "insert into vesta_exemption (brokerage, rule, version, channel, owner,"
                        + " text_sha256, from_at, until_at, granted_by, capacity, policy_version,"
                        + " seal) values (:brokerage, :rule, :version, :channel, :owner, :text,"
                        + " :from, :until, :by, :capacity, :policy, :seal)")
                .bind("brokerage", exemption.brokerage().key())
                .bind("rule", exemption.rule())
                .bind("version", exemption.version())
                .bind("channel", exemption.scope().channel().name())
                .bind("owner", owner == null ? null : owner.key())
                .bind("text", exemption.scope().text())
                .bind("from", exemption.from().toEpochMilli())
                .bind("until", exemption.until().toEpochMilli())
                .bind("by", exemption.grantedBy().key())
                .bind("capacity", exemption.capacity().role())
                .bind("policy", exemption.policyVersion())
                .bind("seal", exemption.seal())
                .execute());
  }

  /** The newest version of each rule, by name; one that cannot be read is left out. */
  public List<Exemption> newest(UnitOfWork work, BrokerageId brokerage) {
    return statement(
        () ->
            work
                .handle()
                .createQuery(
                    "select e.* from vesta_exemption e where e.brokerage = :brokerage"
                        + " and not exists (select 1 from vesta_exemption n"
                        + " where n.brokerage = e.brokerage and n.rule = e.rule"
                        + " and n.version > e.version) order by e.rule")
                .bind("brokerage", brokerage.key())
                .map((row, context) -> readable(row, brokerage))
                .list()
                .stream()
                .flatMap(Optional::stream)
                .toList());
  }

  private static Optional<Exemption> readable(ResultSet row, BrokerageId brokerage)
      throws SQLException {
    try {
      String owner = row.getString("owner");
      return Optional.of(
          new Exemption(
              brokerage,
              row.getString("rule"),
              row.getInt("version"),
              new Exemption.Scope(
                  new Channel(row.getString("channel")),
                  owner == null ? null : new MemberId(brokerage, owner),
                  row.getString("text_sha256")),
              Instant.ofEpochMilli(row.getLong("from_at")),
              Instant.ofEpochMilli(row.getLong("until_at")),
              new MemberId(brokerage, row.getString("granted_by")),
              new Capacity(row.getString("capacity")),
              row.getString("policy_version"),
              row.getString("seal")));
    } catch (VestaException e) {
      LOG.warn("A stored exemption of {} cannot be read", brokerage.key());
      return Optional.empty();
    }
  }

  private static <T> T statement(Supplier<T> statement) {
    try {
      return statement.get();
    } catch (JdbiException e) {
      throw new VestaException(
          CoreError.STORAGE_FAILED, "the database refused a statement about exemptions", e);
    }
  }
}
