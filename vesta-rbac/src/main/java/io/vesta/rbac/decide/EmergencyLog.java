package io.vesta.rbac.decide;

import io.vesta.core.access.Capacity;
import io.vesta.core.error.CoreError;
import io.vesta.core.error.VestaException;
import io.vesta.core.id.BrokerageId;
import io.vesta.core.id.MemberId;
import io.vesta.core.id.OfficeId;
import io.vesta.core.id.Ref;
import io.vesta.core.id.TeamId;
import io.vesta.core.storage.UnitOfWork;
import io.vesta.rbac.org.RoleGrant.Over;
import io.vesta.rbac.org.Span;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.function.Supplier;
import org.jdbi.v3.core.JdbiException;
import org.jspecify.annotations.Nullable;

/**
 * Emergencies over JDBC. Each step is one statement that takes effect once, whichever node tries
 * it: the second to try is told that there was nothing to do. It has no state.
 */
final class EmergencyLog {

  static final String TYPE = "BreakGlass";

  /** The kinds of scope, as the column names them. */
  private enum Kind {
    BROKERAGE,
    OFFICE,
    TEAM,
    SELF
  }

  void add(UnitOfWork work, Emergency one) {
    statement(
        () ->
            work.handle()
                .createUpdate(
                    "insert into vesta_break_glass (id, brokerage, member, capacity, over_kind,"
                        + " over_key, reason, length_ms, requested_at) values (:id, :brokerage,"
                        + " :member, :capacity, :kind, :key, :reason, :length, :requested)")
                .bind("id", one.ref().key())
                .bind("brokerage", one.member().brokerage().key())
                .bind("member", one.member().key())
                .bind("capacity", one.role().role())
                .bind("kind", kind(one.over()).name())
                .bind("key", key(one.over()))
                .bind("reason", one.reason().toString())
                .bind("length", one.length().toMillis())
                .bind("requested", one.requested().toEpochMilli())
                .execute());
  }

  Optional<Emergency> find(UnitOfWork work, BrokerageId brokerage, Ref ref) {
    return statement(
        () ->
            work.handle()
                .createQuery(
                    "select * from vesta_break_glass where id = :id and brokerage = :brokerage")
                .bind("id", ref.key())
                .bind("brokerage", brokerage.key())
                .map((row, context) -> read(row))
                .findOne());
  }

  /** What was asked for after a time and is neither open nor ended, oldest first. */
  List<Emergency> waiting(UnitOfWork work, BrokerageId brokerage, Instant after) {
    return statement(
        () ->
            work.handle()
                .createQuery(
                    "select * from vesta_break_glass where brokerage = :brokerage"
                        + " and requested_at > :after and opened_at is null and ended_at is null"
                        + " order by requested_at, id")
                .bind("brokerage", brokerage.key())
                .bind("after", after.toEpochMilli())
                .map((row, context) -> read(row))
                .list());
  }

  /** What is open at a time, of every brokerage. */
  List<Emergency> live(UnitOfWork work, Instant now) {
    return statement(
        () ->
            work.handle()
                .createQuery(
                    "select * from vesta_break_glass where until_at > :now and ended_at is null"
                        + " order by id")
                .bind("now", now.toEpochMilli())
                .map((row, context) -> read(row))
                .list());
  }

  /** Whether it is open at a time and nobody has ended it. */
  boolean runs(UnitOfWork work, Emergency one, Instant now) {
    return statement(
        () ->
            work.handle()
                .createQuery(
                    "select count(*) from vesta_break_glass where id = :id"
                        + " and until_at > :now and ended_at is null")
                .bind("id", one.ref().key())
                .bind("now", now.toEpochMilli())
                .mapTo(Integer.class)
                .one()
                .equals(1));
  }

  /** Opens what waits; false if it is open or ended already. */
  boolean open(UnitOfWork work, Emergency opened, MemberId approver) {
    Span span = opened.open().orElseThrow();
    return statement(
        () ->
            work.handle()
                    .createUpdate(
                        "update vesta_break_glass set approved_by = :approver, opened_at = :from,"
                            + " until_at = :until where id = :id and opened_at is null"
                            + " and ended_at is null")
                    .bind("approver", approver.key())
                    .bind("from", span.fromMillis())
                    .bind("until", span.untilMillis())
                    .bind("id", opened.ref().key())
                    .execute()
                == 1);
  }

  /** Ends it; false if it is ended already. */
  boolean end(UnitOfWork work, Emergency one, Instant now) {
    return statement(
        () ->
            work.handle()
                    .createUpdate(
                        "update vesta_break_glass set ended_at = :now where id = :id"
                            + " and ended_at is null")
                    .bind("now", now.toEpochMilli())
                    .bind("id", one.ref().key())
                    .execute()
                == 1);
  }

  private static Kind kind(Over over) {
    if (over instanceof Over.Office) {
      return Kind.OFFICE;
    } else if (over instanceof Over.Team) {
      return Kind.TEAM;
    }
    return over instanceof Over.Brokerage ? Kind.BROKERAGE : Kind.SELF;
  }

  private static @Nullable String key(Over over) {
    if (over instanceof Over.Office office) {
      return office.office().key();
    }
    return over instanceof Over.Team team ? team.team().key() : null;
  }

  private static Emergency read(ResultSet row) throws SQLException {
    BrokerageId brokerage = new BrokerageId(row.getString("brokerage"));
    String key = row.getString("over_key");
    Over over =
        switch (Kind.valueOf(row.getString("over_kind"))) {
          case BROKERAGE -> new Over.Brokerage();
          case OFFICE -> new Over.Office(new OfficeId(brokerage, key));
          case TEAM -> new Over.Team(new TeamId(brokerage, key));
          case SELF -> new Over.Self();
        };
    Emergency asked =
        new Emergency(
            new Ref(TYPE, row.getString("id")),
            new MemberId(brokerage, row.getString("member")),
            new Capacity(row.getString("capacity")),
            over,
            Ref.parse(row.getString("reason")),
            Duration.ofMillis(row.getLong("length_ms")),
            Instant.ofEpochMilli(row.getLong("requested_at")),
            Optional.empty());
    long opened = row.getLong("opened_at");
    return row.wasNull() ? asked : asked.opened(Instant.ofEpochMilli(opened));
  }

  private static <T> T statement(Supplier<T> statement) {
    try {
      return statement.get();
    } catch (JdbiException e) {
      throw new VestaException(
          CoreError.STORAGE_FAILED, "the database refused a statement about emergencies", e);
    }
  }
}
