package io.vesta.approval.hold.internal;

import io.vesta.approval.draft.Draft;
import io.vesta.approval.envelope.Channel;
import io.vesta.core.error.CoreError;
import io.vesta.core.error.VestaException;
import io.vesta.core.id.BrokerageId;
import io.vesta.core.storage.Dialect;
import io.vesta.core.storage.UnitOfWork;
import java.time.Instant;
import java.util.List;
import java.util.function.Supplier;
import org.jdbi.v3.core.JdbiException;
import org.jdbi.v3.core.statement.Query;
import org.jspecify.annotations.Nullable;

/** Kill switches and attempts over JDBC; it has no state. */
public final class SendLog {

  /** Stands for every channel. */
  private static final String EVERY = "";

  /** A log; it has no state. */
  public SendLog() {}

  /**
   * A kill switch that is on.
   *
   * @param channel which channel it stops; null for all
   * @param actor who turned it on, as a reference
   * @param since when
   */
  public record Stop(@Nullable Channel channel, String actor, Instant since) {

    /** Whether it stops a channel. */
    public boolean holds(Channel other) {
      return channel == null || channel.equals(other);
    }
  }

  /**
   * Until the unit of work ends, nobody else turns a switch of the brokerage; and if exclusively,
   * nobody else counts its attempts. On SQLite the one writer's lock does it.
   */
  public void lock(UnitOfWork work, BrokerageId brokerage, boolean exclusively) {
    if (work.dialect() == Dialect.POSTGRESQL) {
      String function = exclusively ? "pg_advisory_xact_lock" : "pg_advisory_xact_lock_shared";
      statement(
          () ->
              work.handle()
                  .createQuery(
                      "select 1 from (select "
                          + function
                          + "(hashtextextended('vesta/hold/' || :brokerage, 0))) held")
                  .bind("brokerage", brokerage.key())
                  .mapTo(Integer.class)
                  .one());
    }
  }

  /** The switches of a brokerage that are on. */
  public List<Stop> stops(UnitOfWork work, BrokerageId brokerage) {
    return statement(
        () ->
            work.handle()
                .createQuery(
                    "select channel, actor, since from vesta_kill_switch"
                        + " where brokerage = :brokerage order by channel")
                .bind("brokerage", brokerage.key())
                .map(
                    (row, context) ->
                        new Stop(
                            row.getString(1).equals(EVERY) ? null : new Channel(row.getString(1)),
                            row.getString(2),
                            Instant.ofEpochMilli(row.getLong(3))))
                .list());
  }

  /** Turns a switch on; whether it was off. */
  public boolean stop(
      UnitOfWork work, BrokerageId brokerage, @Nullable Channel channel, String actor, Instant at) {
    return statement(
        () ->
            work.handle()
                    .createUpdate(
                        "insert into vesta_kill_switch (brokerage, channel, actor, since)"
                            + " values (:brokerage, :channel, :actor, :since)"
                            + " on conflict (brokerage, channel) do nothing")
                    .bind("brokerage", brokerage.key())
                    .bind("channel", channel == null ? EVERY : channel.name())
                    .bind("actor", actor)
                    .bind("since", at.toEpochMilli())
                    .execute()
                > 0);
  }

  /** Turns a switch off; whether it was on. */
  public boolean start(UnitOfWork work, BrokerageId brokerage, @Nullable Channel channel) {
    return statement(
        () ->
            work.handle()
                    .createUpdate(
                        "delete from vesta_kill_switch where brokerage = :brokerage"
                            + " and channel = :channel")
                    .bind("brokerage", brokerage.key())
                    .bind("channel", channel == null ? EVERY : channel.name())
                    .execute()
                > 0);
  }

  /** When attempts began since a time, oldest first; each draft's attempt once. */
  List<Instant> attempts(
      UnitOfWork work,
      BrokerageId brokerage,
      @Nullable Channel channel,
      @Nullable String recipient,
      Instant since) {
    return statement(
        () -> {
          Query query =
              work.handle()
                  .createQuery(
                      "select begun_at from vesta_send where brokerage = :brokerage"
                          + " and begun_at > :since"
                          + (channel == null ? "" : " and channel = :channel")
                          + (recipient == null ? "" : " and recipient = :recipient")
                          + " group by draft, attempt, begun_at order by begun_at")
                  .bind("brokerage", brokerage.key())
                  .bind("since", since.toEpochMilli());
          if (channel != null) {
            query.bind("channel", channel.name());
          }
          if (recipient != null) {
            query.bind("recipient", recipient);
          }
          return query.map((row, context) -> Instant.ofEpochMilli(row.getLong(1))).list();
        });
  }

  /** Counts one recipient of an attempt. */
  void add(UnitOfWork work, Draft leased, String recipient, Instant at) {
    statement(
        () ->
            work.handle()
                .createUpdate(
                    "insert into vesta_send (brokerage, draft, attempt, recipient, channel,"
                        + " begun_at) values (:brokerage, :draft, :attempt, :recipient, :channel,"
                        + " :at)")
                .bind("brokerage", leased.id().brokerage().key())
                .bind("draft", leased.id().key())
                .bind("attempt", leased.dispatch().attempts())
                .bind("recipient", recipient)
                .bind("channel", leased.channel().name())
                .bind("at", at.toEpochMilli())
                .execute());
  }

  /** Drops what no limit looks at any more. */
  void forget(UnitOfWork work, BrokerageId brokerage, Instant before) {
    statement(
        () ->
            work.handle()
                .createUpdate(
                    "delete from vesta_send where brokerage = :brokerage and begun_at < :before")
                .bind("brokerage", brokerage.key())
                .bind("before", before.toEpochMilli())
                .execute());
  }

  private static <T> T statement(Supplier<T> statement) {
    try {
      return statement.get();
    } catch (JdbiException e) {
      throw new VestaException(
          CoreError.STORAGE_FAILED, "the database refused a statement about sending", e);
    }
  }
}
