package io.vesta.rbac.decide;

import io.vesta.core.access.Action;
import io.vesta.core.access.Actor;
import io.vesta.core.access.Capacity;
import io.vesta.core.access.Resource;
import io.vesta.core.access.Resource.Ownership;
import io.vesta.core.access.ResourceColumns;
import io.vesta.core.access.ResourceType;
import io.vesta.core.access.RowFilter;
import io.vesta.core.id.BrokerageId;
import io.vesta.core.id.MemberId;
import io.vesta.core.id.OfficeId;
import io.vesta.core.id.TeamId;
import io.vesta.core.storage.Database;
import io.vesta.core.storage.UnitOfWork;
import io.vesta.testkit.Engine;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Savepoint;
import java.sql.Types;
import java.time.Instant;
import java.util.BitSet;
import java.util.List;
import java.util.Set;
import java.util.function.Function;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * A host's table of records, in memory and on a real engine, for comparing decisions with filters.
 */
final class World {

  static final BrokerageId ONE = new BrokerageId("one");
  static final BrokerageId TWO = new BrokerageId("two");
  static final ResourceType SHOWING = new ResourceType("Showing");
  static final Instant NOW = Instant.parse("2026-06-30T12:00:00Z");

  static final ResourceColumns COLUMNS =
      ResourceColumns.builder(SHOWING, "s.brokerage_key")
          .owner("s.owner_key")
          .team("s.team_key")
          .office("s.office_key")
          .participants("s.list_agent_key", "s.buyer_agent_key")
          .ownership("s.ownership")
          .linkedToTransaction("s.linked")
          .routedToReview("s.routed")
          .behindBarrier("s.barred")
          .status("s.status")
          .createdAt("s.created_at")
          .build();

  static final String INSERT =
      "insert into showing (brokerage_key, owner_key, team_key, office_key, list_agent_key,"
          + " buyer_agent_key, ownership, linked, created_at, routed, barred, status, id)"
          + " values (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)";
  static final String UPDATE =
      "update showing set brokerage_key = ?, owner_key = ?, team_key = ?, office_key = ?,"
          + " list_agent_key = ?, buyer_agent_key = ?, ownership = ?, linked = ?, created_at = ?,"
          + " routed = ?, barred = ?, status = ? where id = ?";
  static final String DELETE = "delete from showing where id = ?";

  /** One record; null for an unknown fact. */
  record Row(
      BrokerageId brokerage,
      @Nullable String owner,
      @Nullable String team,
      @Nullable String office,
      @Nullable String listAgent,
      @Nullable String buyerAgent,
      @Nullable Ownership ownership,
      boolean linked,
      @Nullable Instant createdAt,
      @Nullable Boolean routed,
      @Nullable Boolean barred,
      @Nullable String status) {

    Row(
        BrokerageId brokerage,
        @Nullable String owner,
        @Nullable String team,
        @Nullable String office,
        @Nullable String listAgent,
        @Nullable String buyerAgent,
        @Nullable Ownership ownership,
        boolean linked,
        @Nullable Instant createdAt) {
      this(
          brokerage,
          owner,
          team,
          office,
          listAgent,
          buyerAgent,
          ownership,
          linked,
          createdAt,
          null,
          null,
          null);
    }

    Resource resource(int id) {
      return Resource.builder(SHOWING, brokerage, "S" + id)
          .owner(owner == null ? null : new MemberId(brokerage, owner))
          .team(team == null ? null : new TeamId(brokerage, team))
          .office(office == null ? null : new OfficeId(brokerage, office))
          .participants(
              Stream.of(listAgent == null ? "" : listAgent, buyerAgent == null ? "" : buyerAgent)
                  .filter(key -> !key.isEmpty())
                  .map(key -> new MemberId(brokerage, key))
                  .collect(Collectors.toSet()))
          .ownership(ownership)
          .linkedToTransaction(linked)
          .createdAt(createdAt)
          .routedToReview(routed)
          .behindBarrier(barred)
          .status(status)
          .build();
    }
  }

  private final Database database;

  private World(Database database) {
    this.database = database;
  }

  static World on(Engine engine) {
    try {
      Path directory = Files.createTempDirectory("vesta-rbac");
      directory.toFile().deleteOnExit();
      World world = new World(engine.fresh(directory).database());
      world.database.write(
          work ->
              work.handle()
                  .execute(
                      "create table showing (id integer primary key, brokerage_key text not null,"
                          + " owner_key text, team_key text, office_key text, list_agent_key text,"
                          + " buyer_agent_key text, ownership text, linked integer,"
                          + " created_at bigint, routed integer, barred integer, status text)"));
      return world;
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  World holding(List<Row> rows) {
    database.write(
        work -> {
          work.handle().execute("delete from showing");
          try (PreparedStatement insert = work.connection().prepareStatement(INSERT)) {
            for (int id = 0; id < rows.size(); id++) {
              Row row = rows.get(id);
              // A row that is not linked may also say so by NULL.
              facts(
                  insert,
                  row,
                  row.linked() ? Integer.valueOf(1) : id % 2 == 0 ? Integer.valueOf(0) : null);
              insert.setInt(13, id);
              insert.addBatch();
            }
            insert.executeBatch();
          } catch (SQLException e) {
            throw new IllegalStateException(e);
          }
          return null;
        });
    return this;
  }

  private static @Nullable Integer number(@Nullable Boolean value) {
    return value == null ? null : value ? Integer.valueOf(1) : Integer.valueOf(0);
  }

  /** The rows that each of many filters lets through, asked in one statement. */
  List<BitSet> matchingEach(List<RowFilter> filters) {
    // One bit for each filter: a single column is read much faster than many.
    String bits =
        IntStream.range(0, filters.size())
            .mapToObj(
                i -> "case when " + filters.get(i).sql() + " then " + (1 << i) + " else 0 end")
            .collect(Collectors.joining(" + "));
    List<Object> binds = filters.stream().flatMap(filter -> filter.binds().stream()).toList();
    return database.read(
        work -> {
          try (PreparedStatement query =
              work.connection().prepareStatement("select s.id, " + bits + " from showing s")) {
            for (int i = 0; i < binds.size(); i++) {
              query.setObject(i + 1, binds.get(i));
            }
            List<BitSet> found = filters.stream().map(filter -> new BitSet()).toList();
            try (ResultSet rows = query.executeQuery()) {
              while (rows.next()) {
                int id = rows.getInt(1);
                int mask = rows.getInt(2);
                for (int i = 0; i < found.size(); i++) {
                  found.get(i).set(id, (mask & 1 << i) != 0);
                }
              }
            }
            return found;
          } catch (SQLException e) {
            throw new IllegalStateException(e);
          }
        });
  }

  Database database() {
    return database;
  }

  BitSet matching(String sql, List<Object> binds) {
    return database.read(
        work -> {
          try (PreparedStatement query =
              work.connection()
                  .prepareStatement("select s.id from showing s where 1 = 1 and " + sql)) {
            for (int i = 0; i < binds.size(); i++) {
              query.setObject(i + 1, binds.get(i));
            }
            BitSet ids = new BitSet();
            try (ResultSet found = query.executeQuery()) {
              while (found.next()) {
                ids.set(found.getInt(1));
              }
            }
            return ids;
          } catch (SQLException e) {
            throw new IllegalStateException(sql, e);
          }
        });
  }

  BitSet matching(RowFilter filter) {
    return matching(filter.sql(), filter.binds());
  }

  /** Switches row-level security to a policy, for a role that is not held to be above it. */
  void protect(RowSecurity security) {
    database.write(
        work -> {
          work.handle()
              .execute(
                  "do $$ begin if not exists (select from pg_roles where rolname = 'vesta_app')"
                      + " then create role vesta_app; end if; end $$");
          work.handle().execute("grant all on showing to vesta_app");
          security.install().forEach(work.handle()::execute);
          return null;
        });
  }

  /** Does something as the application's role, acting for somebody, and rolls it back. */
  <T> T as(Guard guard, Actor actor, RowSecurity security, Function<UnitOfWork, T> what) {
    return database.read(
        work -> {
          work.handle().execute("set local role vesta_app");
          guard.enter(work, actor, security);
          return what.apply(work);
        });
  }

  static BitSet visible(UnitOfWork work) {
    try (PreparedStatement query = work.connection().prepareStatement("select id from showing");
        ResultSet found = query.executeQuery()) {
      BitSet ids = new BitSet();
      while (found.next()) {
        ids.set(found.getInt(1));
      }
      return ids;
    } catch (SQLException e) {
      throw new IllegalStateException(e);
    }
  }

  /** Whether one row is written; a refusal of row-level security is a no and leaves no trace. */
  static boolean writes(UnitOfWork work, String sql, int id, Row row) {
    try {
      Savepoint before = work.connection().setSavepoint();
      try (PreparedStatement statement = work.connection().prepareStatement(sql)) {
        if (sql.startsWith("delete")) {
          statement.setInt(1, id);
        } else {
          facts(statement, row, row.linked() ? 1 : 0);
          statement.setInt(13, id);
        }
        return statement.executeUpdate() == 1;
      } catch (SQLException e) {
        if (!"42501".equals(e.getSQLState())) {
          throw new IllegalStateException(sql, e);
        }
        return false;
      } finally {
        work.connection().rollback(before);
      }
    } catch (SQLException e) {
      throw new IllegalStateException(sql, e);
    }
  }

  private static void facts(PreparedStatement statement, Row row, @Nullable Integer linked)
      throws SQLException {
    statement.setString(1, row.brokerage().key());
    statement.setString(2, row.owner());
    statement.setString(3, row.team());
    statement.setString(4, row.office());
    statement.setString(5, row.listAgent());
    statement.setString(6, row.buyerAgent());
    statement.setString(7, row.ownership() == null ? null : row.ownership().name());
    statement.setObject(8, linked, Types.INTEGER);
    Instant created = row.createdAt();
    statement.setObject(9, created == null ? null : created.toEpochMilli(), Types.BIGINT);
    statement.setObject(10, number(row.routed()), Types.INTEGER);
    statement.setObject(11, number(row.barred()), Types.INTEGER);
    statement.setString(12, row.status());
  }

  static final Set<Action> READ = Set.of(Action.READ);
  static final Capacity AGENT = Capacity.AGENT;
}
