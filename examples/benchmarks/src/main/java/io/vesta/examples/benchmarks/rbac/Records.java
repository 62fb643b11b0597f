package io.vesta.examples.benchmarks.rbac;

import io.vesta.core.access.Capacity;
import io.vesta.core.access.Resource;
import io.vesta.core.access.Resource.Ownership;
import io.vesta.core.access.ResourceColumns;
import io.vesta.core.access.ResourceType;
import io.vesta.core.id.BrokerageId;
import io.vesta.core.id.MemberId;
import io.vesta.core.id.OfficeId;
import io.vesta.core.id.TeamId;
import io.vesta.rbac.org.Coverage;
import io.vesta.rbac.org.OrgSnapshot;
import io.vesta.rbac.org.RoleGrant.Over;
import io.vesta.rbac.org.Span;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Instant;
import java.util.HashSet;
import java.util.Optional;
import java.util.Set;

/**
 * A host's table of a million records, half of them one firm's with 500 members in 50 teams, and
 * the indexes that a careful host gives it.
 */
final class Records {

  static final BrokerageId ACME = new BrokerageId("acme");
  static final int MEMBERS = 500;
  static final int TEAMS = 50;

  private static final long YEAR_2025 = 1_735_689_600_000L;
  private static final long TWO_YEARS = 63_072_000_000L;

  private static final String TABLE =
      """
      create table record (
        id        bigint not null primary key,
        brokerage varchar(40) not null,
        owner     varchar(40) not null,
        team      varchar(40),
        office    varchar(40) not null,
        ownership varchar(10) not null,
        linked    integer not null,
        barred    integer not null default 0,
        buying    varchar(40) not null,
        selling   varchar(40) not null,
        status    varchar(20) not null,
        created   bigint not null,
        title     text not null
      )\
      """;

  private static final String ROWS =
      """
      insert into record
      select n, case when n %% 2 = 0 then 'acme' else 'firm-' || n %% 19 end,
        'm' || m, case when o < 0.3 then 't' || m %% 50 end, 'o' || m %% 5,
        case when o < 0.3 then 'TEAM' when o < 0.8 then 'AGENT' else 'BROKERAGE' end,
        (l < 0.15)::int, 0, 'm' || b, 'm' || s,
        case when n %% 3 = 0 then 'Closed' else 'Active' end,
        %d + (c * %d)::bigint, repeat('x', 80)
      from (select n, (random() * 499)::int as m, random() as o, random() as l,
              (random() * 499)::int as b, (random() * 499)::int as s, random() as c
            from generate_series(1, %d) as n) as made
      """;

  private Records() {}

  /** Makes the table. */
  static void make(Connection connection, int rows) throws SQLException {
    try (Statement statement = connection.createStatement()) {
      statement.execute("select setseed(0.42)");
      statement.execute(TABLE);
      statement.execute(String.format(ROWS, YEAR_2025, TWO_YEARS, rows));
      for (String facts :
          new String[] {
            "brokerage",
            "brokerage, owner",
            "brokerage, team",
            "brokerage, buying",
            "brokerage, selling"
          }) {
        statement.execute("create index on record (" + facts + ", created desc, id desc)");
      }
      statement.execute("vacuum analyze record");
      statement.execute("create role app");
      statement.execute("grant select on record to app");
    }
  }

  /** A time between the first and the last record's. */
  static long time(double share) {
    return YEAR_2025 + (long) (share * TWO_YEARS);
  }

  /** Where the facts are, for records of a type. */
  static ResourceColumns columns(ResourceType type) {
    return ResourceColumns.builder(type, "brokerage")
        .owner("owner")
        .team("team")
        .office("office")
        .participants("buying", "selling")
        .ownership("ownership")
        .linkedToTransaction("linked")
        .behindBarrier("barred")
        .status("status")
        .createdAt("created")
        .build();
  }

  /** A row as the policy knows it. */
  static Resource resource(ResourceType type, ResultSet row) throws SQLException {
    BrokerageId firm = new BrokerageId(row.getString("brokerage"));
    Set<MemberId> participants = new HashSet<>();
    participants.add(new MemberId(firm, row.getString("buying")));
    participants.add(new MemberId(firm, row.getString("selling")));
    return Resource.builder(type, firm, "r" + row.getLong("id"))
        .owner(new MemberId(firm, row.getString("owner")))
        .team(
            Optional.ofNullable(row.getString("team"))
                .map(key -> new TeamId(firm, key))
                .orElse(null))
        .office(new OfficeId(firm, row.getString("office")))
        .participants(participants)
        .ownership(Ownership.valueOf(row.getString("ownership")))
        .linkedToTransaction(row.getInt("linked") == 1)
        .behindBarrier(row.getInt("barred") != 0)
        .status(row.getString("status"))
        .createdAt(Instant.ofEpochMilli(row.getLong("created")))
        .build();
  }

  /**
   * Who works at the firm: the first of each team leads it, two are brokers, and each member with
   * an odd number stands in for the one before.
   */
  static OrgSnapshot organisation() {
    OrgSnapshot.Builder org = OrgSnapshot.builder();
    for (int i = 0; i < MEMBERS; i++) {
      MemberId member = member(i);
      org.member(member, new OfficeId(ACME, "o" + i % 5))
          .membership(member, team(i), Instant.EPOCH, Instant.MAX)
          .grant(member, Capacity.AGENT, new Over.Self(), Instant.EPOCH, Instant.MAX);
      if (i < TEAMS) {
        org.grant(member, Capacity.TEAM_LEAD, new Over.Team(team(i)), Instant.EPOCH, Instant.MAX);
      }
      if (i < 2) {
        org.grant(member, Capacity.BROKER, new Over.Brokerage(), Instant.EPOCH, Instant.MAX);
      }
      if (i % 2 == 1) {
        org.coverage(
            new Coverage(member(i - 1), member, Set.of(), new Span(Instant.EPOCH, Instant.MAX)));
      }
    }
    return org.build();
  }

  static MemberId member(int number) {
    return new MemberId(ACME, "m" + number);
  }

  static TeamId team(int member) {
    return new TeamId(ACME, "t" + member % TEAMS);
  }
}
