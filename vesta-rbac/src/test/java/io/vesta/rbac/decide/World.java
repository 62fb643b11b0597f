package io.vesta.rbac.decide;

import io.vesta.core.access.Action;
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
import io.vesta.testkit.Engine;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Instant;
import java.util.BitSet;
import java.util.List;
import java.util.Set;
import java.util.stream.Collectors;
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
          .createdAt("s.created_at")
          .build();

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
      @Nullable Instant createdAt) {

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
                          + " created_at bigint)"));
      return world;
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  World holding(List<Row> rows) {
    database.write(
        work -> {
          work.handle().execute("delete from showing");
          try (PreparedStatement insert =
              work.connection()
                  .prepareStatement("insert into showing values (?, ?, ?, ?, ?, ?, ?, ?, ?, ?)")) {
            for (int id = 0; id < rows.size(); id++) {
              Row row = rows.get(id);
              insert.setInt(1, id);
              insert.setString(2, row.brokerage().key());
              insert.setString(3, row.owner());
              insert.setString(4, row.team());
              insert.setString(5, row.office());
              insert.setString(6, row.listAgent());
              insert.setString(7, row.buyerAgent());
              insert.setString(8, row.ownership() == null ? null : row.ownership().name());
              // A row that is not linked may also say so by NULL.
              insert.setObject(
                  9,
                  row.linked() ? Integer.valueOf(1) : id % 2 == 0 ? Integer.valueOf(0) : null,
                  java.sql.Types.INTEGER);
              insert.setObject(
                  10,
                  row.createdAt() == null ? null : row.createdAt().toEpochMilli(),
                  java.sql.Types.BIGINT);
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

  static final Set<Action> READ = Set.of(Action.READ);
  static final Capacity AGENT = Capacity.AGENT;
}
