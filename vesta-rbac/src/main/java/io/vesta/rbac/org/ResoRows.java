package io.vesta.rbac.org;

import io.vesta.core.access.Capacity;
import io.vesta.core.error.VestaException;
import io.vesta.core.id.BrokerageId;
import io.vesta.core.id.MemberId;
import io.vesta.core.id.OfficeId;
import io.vesta.core.id.TeamId;
import io.vesta.rbac.org.OrganisationInvalid.Fault;
import io.vesta.rbac.org.RoleGrant.Over;
import java.time.DateTimeException;
import java.time.Instant;
import java.time.LocalDate;
import java.time.ZoneId;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.function.Consumer;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/**
 * An organisation from rows in the shape of the RESO Data Dictionary: {@code Office}, {@code
 * Member}, {@code Teams} and {@code TeamMembers}, each a map from field names to texts, whatever
 * table, file or service they come from. Not thread-safe.
 *
 * <p>RESO knows no dates of a team membership; they are expected in the local fields {@code
 * x_EffectiveFrom} (required) and {@code x_EffectiveTo} (empty for no end), as days: a membership
 * begins at the start of the first and ends at the start of the last.
 *
 * <p>Nor has RESO roles. What the rows say becomes these grants, and no other:
 *
 * <ul>
 *   <li>a member with a {@code MemberStateLicenseType} is an {@code AGENT} over their own work
 *   <li>a team's {@code TeamLeadKey} is its {@code TEAM_LEAD} while they are in the team
 *   <li>an office's {@code OfficeBrokerKey} is a {@code BROKER} over the brokerage
 *   <li>an office's {@code OfficeManagerKey} is a {@code BROKER} over the office
 * </ul>
 *
 * <p>A member who is not {@code Active} is known and may do nothing; the memberships of a team that
 * is not are left out. Administrators, coverage, what assistants may do and delegated supervision
 * are the host's to add, by {@link OrgSnapshot#toBuilder()}. Other fields are ignored.
 */
public final class ResoRows {

  private static final String OFFICE = "Office";
  private static final String MEMBER = "Member";
  private static final String TEAMS = "Teams";
  private static final String TEAM_MEMBERS = "TeamMembers";

  /** A row with its place, for the report of its faults. */
  private final class Row {
    private final String resource;
    private final int number;
    private final Map<String, String> fields;

    Row(String resource, int number, Map<String, String> fields) {
      this.resource = resource;
      this.number = number;
      this.fields = fields;
    }

    void fault(String field, String problem) {
      faults.add(new Fault(resource, number, field, problem));
    }

    @Nullable String text(String field) {
      String value = fields.get(field);
      return value == null || value.isBlank() ? null : value.strip();
    }

    /** An id; null, and a fault, if the field is missing or has another shape. */
    <T> @Nullable T id(String field, Function<String, T> of) {
      String key = text(field);
      if (key == null) {
        fault(field, "is missing; give a key");
        return null;
      }
      try {
        return of.apply(key);
      } catch (VestaException e) {
        fault(field, "is a text of " + key.length() + " characters that is no key");
        return null;
      }
    }

    /** An id of a row that is known; null, and a fault, if there is none. */
    <T> @Nullable T known(String field, Function<String, T> of, Map<T, ?> rows, String where) {
      T id = id(field, of);
      if (id != null && !rows.containsKey(id)) {
        fault(field, "names no row of " + where);
        return null;
      }
      return id;
    }

    <T> @Nullable T knownIfGiven(
        String field, Function<String, T> of, Map<T, ?> rows, String where) {
      return text(field) == null ? null : known(field, of, rows, where);
    }

    /** Adds a row under its own key; a fault if that is taken. */
    <T> @Nullable T unique(String field, Function<String, T> of, Map<T, Row> rows) {
      T id = id(field, of);
      if (id != null && rows.putIfAbsent(id, this) != null) {
        fault(field, "is the key of an earlier row too");
        return null;
      }
      return id;
    }

    boolean active(String field) {
      String status = text(field);
      if (!"Active".equals(status) && !"Inactive".equals(status)) {
        fault(field, "is neither Active nor Inactive");
      }
      return "Active".equals(status);
    }

    @Nullable Instant day(String field) {
      String day = text(field);
      try {
        return day == null ? null : LocalDate.parse(day).atStartOfDay(zone).toInstant();
      } catch (DateTimeException e) {
        fault(field, "is no day; write it as 2026-06-30");
        return null;
      }
    }
  }

  private final BrokerageId brokerage;
  private final ZoneId zone;
  private final List<Row> offices = new ArrayList<>();
  private final List<Row> members = new ArrayList<>();
  private final List<Row> teams = new ArrayList<>();
  private final List<Row> teamMembers = new ArrayList<>();
  private final List<Fault> faults = new ArrayList<>();

  private ResoRows(BrokerageId brokerage, ZoneId zone) {
    this.brokerage = Objects.requireNonNull(brokerage, "brokerage");
    this.zone = Objects.requireNonNull(zone, "zone");
  }

  /**
   * Starts without rows.
   *
   * @param brokerage whose rows they are
   * @param zone where its days begin
   */
  public static ResoRows of(BrokerageId brokerage, ZoneId zone) {
    return new ResoRows(brokerage, zone);
  }

  /** Adds a row of {@code Office}. */
  public ResoRows office(Map<String, String> fields) {
    return add(OFFICE, offices, fields);
  }

  /** Adds a row of {@code Member}. */
  public ResoRows member(Map<String, String> fields) {
    return add(MEMBER, members, fields);
  }

  /** Adds a row of {@code Teams}. */
  public ResoRows team(Map<String, String> fields) {
    return add(TEAMS, teams, fields);
  }

  /** Adds a row of {@code TeamMembers}. */
  public ResoRows teamMember(Map<String, String> fields) {
    return add(TEAM_MEMBERS, teamMembers, fields);
  }

  private ResoRows add(String resource, List<Row> rows, Map<String, String> fields) {
    rows.add(new Row(resource, rows.size() + 1, new HashMap<>(fields)));
    return this;
  }

  /**
   * The organisation.
   *
   * @throws OrganisationInvalid with every fault of every row
   */
  public OrgSnapshot organisation() {
    faults.clear();
    List<Consumer<OrgSnapshot.Builder>> org = new ArrayList<>();
    Map<OfficeId, Row> knownOffices = new HashMap<>();
    Map<MemberId, Row> knownMembers = new HashMap<>();
    Map<TeamId, Row> knownTeams = new HashMap<>();
    Map<TeamId, List<OrgSnapshot.Membership>> memberships = new HashMap<>();
    offices.forEach(row -> row.unique("OfficeKey", this::officeId, knownOffices));
    members.forEach(row -> member(row, org, knownOffices, knownMembers));
    offices.forEach(row -> brokers(row, org, keyOf(row, knownOffices), knownMembers));
    teams.forEach(row -> row.unique("TeamKey", this::teamId, knownTeams));
    Map<String, Row> keys = new HashMap<>();
    for (Row row : teamMembers) {
      row.unique("TeamMemberKey", key -> key, keys);
      OrgSnapshot.Membership membership = membership(row, knownTeams, knownMembers);
      if (membership != null) {
        memberships.computeIfAbsent(membership.team(), id -> new ArrayList<>()).add(membership);
      }
    }
    for (Row row : teams) {
      TeamId team = keyOf(row, knownTeams);
      team(row, org, knownMembers, team == null ? null : memberships.getOrDefault(team, List.of()));
    }
    if (!faults.isEmpty()) {
      throw new OrganisationInvalid(faults);
    }
    OrgSnapshot.Builder builder = OrgSnapshot.builder();
    org.forEach(step -> step.accept(builder));
    return builder.build();
  }

  private void member(
      Row row,
      List<Consumer<OrgSnapshot.Builder>> org,
      Map<OfficeId, Row> knownOffices,
      Map<MemberId, Row> knownMembers) {
    MemberId id = row.unique("MemberKey", this::memberId, knownMembers);
    OfficeId office = row.known("OfficeKey", this::officeId, knownOffices, OFFICE);
    boolean active = row.active("MemberStatus");
    if (id != null && office != null) {
      org.add(builder -> builder.member(new OrgSnapshot.Member(id, office, active)));
      if (row.text("MemberStateLicenseType") != null) {
        org.add(always(id, Capacity.AGENT, new Over.Self()));
      }
    }
  }

  /** Under which key a row is known; null if under none. */
  private static <T> @Nullable T keyOf(Row row, Map<T, Row> rows) {
    for (Map.Entry<T, Row> entry : rows.entrySet()) {
      if (entry.getValue() == row) {
        return entry.getKey();
      }
    }
    return null;
  }

  private void brokers(
      Row row,
      List<Consumer<OrgSnapshot.Builder>> org,
      @Nullable OfficeId office,
      Map<MemberId, Row> knownMembers) {
    MemberId broker = row.knownIfGiven("OfficeBrokerKey", this::memberId, knownMembers, MEMBER);
    MemberId manager = row.knownIfGiven("OfficeManagerKey", this::memberId, knownMembers, MEMBER);
    if (broker != null) {
      org.add(always(broker, Capacity.BROKER, new Over.Brokerage()));
    }
    if (manager != null && office != null) {
      org.add(always(manager, Capacity.BROKER, new Over.Office(office)));
    }
  }

  private static Consumer<OrgSnapshot.Builder> always(MemberId member, Capacity role, Over over) {
    return builder -> builder.grant(member, role, over, Instant.MIN, Instant.MAX);
  }

  private OrgSnapshot.@Nullable Membership membership(
      Row row, Map<TeamId, Row> knownTeams, Map<MemberId, Row> knownMembers) {
    TeamId team = row.known("TeamKey", this::teamId, knownTeams, TEAMS);
    MemberId member = row.known("MemberKey", this::memberId, knownMembers, MEMBER);
    if (row.text("x_EffectiveFrom") == null) {
      row.fault("x_EffectiveFrom", "is missing; give the first day");
    }
    Instant from = row.day("x_EffectiveFrom");
    Instant until = row.text("x_EffectiveTo") == null ? Instant.MAX : row.day("x_EffectiveTo");
    if (from != null && until != null && !from.isBefore(until)) {
      row.fault("x_EffectiveTo", "is not after x_EffectiveFrom");
      return null;
    }
    return team == null || member == null || from == null || until == null
        ? null
        : new OrgSnapshot.Membership(member, team, from, until);
  }

  private void team(
      Row row,
      List<Consumer<OrgSnapshot.Builder>> org,
      Map<MemberId, Row> knownMembers,
      @Nullable List<OrgSnapshot.Membership> memberships) {
    boolean active = row.active("TeamStatus");
    MemberId lead = row.known("TeamLeadKey", this::memberId, knownMembers, MEMBER);
    if (lead == null || memberships == null || !active) {
      return;
    }
    boolean inTeam = false;
    for (OrgSnapshot.Membership one : memberships) {
      org.add(b -> b.membership(one.member(), one.team(), one.from(), one.until()));
      if (one.member().equals(lead)) {
        inTeam = true;
        Over over = new Over.Team(one.team());
        org.add(b -> b.grant(lead, Capacity.TEAM_LEAD, over, one.from(), one.until()));
      }
    }
    if (!inTeam) {
      row.fault("TeamLeadKey", "names nobody of the team; give the lead a row of " + TEAM_MEMBERS);
    }
  }

  private OfficeId officeId(String key) {
    return new OfficeId(brokerage, key);
  }

  private MemberId memberId(String key) {
    return new MemberId(brokerage, key);
  }

  private TeamId teamId(String key) {
    return new TeamId(brokerage, key);
  }
}
