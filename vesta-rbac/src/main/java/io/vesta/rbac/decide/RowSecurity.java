package io.vesta.rbac.decide;

import io.vesta.core.access.Action;
import io.vesta.core.access.Actor;
import io.vesta.core.access.Capacity;
import io.vesta.core.access.Resource.Ownership;
import io.vesta.core.access.ResourceColumns;
import io.vesta.core.access.ResourceType;
import io.vesta.core.error.CoreError;
import io.vesta.core.error.VestaException;
import io.vesta.core.id.EntityId;
import io.vesta.rbac.decide.Authority.Live;
import io.vesta.rbac.org.RoleGrant;
import io.vesta.rbac.org.RoleGrant.Origin;
import io.vesta.rbac.org.RoleGrant.Over;
import io.vesta.rbac.org.Span;
import io.vesta.rbac.policy.Guards;
import io.vesta.rbac.policy.Permission;
import io.vesta.rbac.policy.Policy;
import io.vesta.rbac.policy.Rule;
import io.vesta.rbac.policy.Scope;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.SQLException;
import java.time.Instant;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * The policy as row-level security of PostgreSQL: statements that the host runs once, and settings
 * of an actor for one transaction. The database then refuses what the policy does not allow,
 * whichever query is run; a transaction without settings, or with those of another policy version,
 * sees and writes nothing.
 *
 * <p>{@code select}, {@code insert}, {@code update} and {@code delete} ask for the actions {@code
 * read}, {@code create}, {@code update} and {@code delete}. An update asks for the old row and for
 * the new one. PostgreSQL asks for {@code read} too, on both rows, whenever a statement reads a
 * column; {@link Guard#decideChange} does the same.
 *
 * <p><b>Not guaranteed.</b> Superusers and roles with {@code BYPASSRLS} are not held back, nor is
 * anybody who may change the settings: the host's application role must be neither, and must not
 * hold {@code truncate}, which knows no rows. Immutable.
 */
public final class RowSecurity {

  private static final Pattern TABLE = Pattern.compile("[a-z_][a-z0-9_]{0,45}");
  private static final String TENANT = "vesta.brokerage";
  private static final String POLICY = "vesta.policy";
  private static final String STANDS_FOR = "vesta.stands_for";
  private static final String ACTOR = "vesta.actor";

  private static final Map<String, Action> COMMANDS =
      Map.of(
          "select", Action.READ,
          "insert", Action.CREATE,
          "update", Action.UPDATE,
          "delete", new Action("delete"));

  private record Protected(String table, ResourceColumns columns) {}

  private final Policy policy;
  private final Map<String, Protected> tables;

  private RowSecurity(Policy policy, Map<String, Protected> tables) {
    this.policy = policy;
    this.tables = Map.copyOf(tables);
  }

  /** Starts without tables. */
  public static RowSecurity of(Policy policy) {
    return new RowSecurity(policy, Map.of());
  }

  /**
   * The same, protecting one more table.
   *
   * @param table its name: lower-case letters, digits and underscores, at most 46
   * @param columns where its rows keep their facts; what stands before a dot is ignored
   * @throws VestaException if the name has another shape or is taken
   */
  public RowSecurity protect(String table, ResourceColumns columns) {
    if (!TABLE.matcher(table).matches()) {
      throw VestaException.invalid(
          "table name",
          "a text of " + table.length() + " characters that is no plain identifier",
          "use at most 46 lower-case letters, digits and underscores");
    }
    Map<String, Protected> more = new TreeMap<>(tables);
    if (more.put(table, new Protected(table, plain(columns))) != null) {
      throw VestaException.invalid("table name", "protected already", "protect it once");
    }
    return new RowSecurity(policy, more);
  }

  /**
   * The statements that switch the protection on; each may be run again. Run them in one
   * transaction, as the tables' owner.
   */
  public List<String> install() {
    List<String> statements = new ArrayList<>();
    for (Protected one : new TreeMap<>(tables).values()) {
      statements.addAll(drop(one.table()));
      statements.add("alter table " + one.table() + " enable row level security");
      statements.add("alter table " + one.table() + " force row level security");
      String tenant =
          one.columns().brokerage()
              // One value: the planner would take a comparison of versions to pass one row in 200.
              + " = (select case when current_setting('"
              + POLICY
              + "', true) = '"
              + policy.version()
              + "' then current_setting('"
              + TENANT
              + "', true) end)";
      statements.add(
          "create policy vesta_tenant on "
              + one.table()
              + " as restrictive for all using ("
              + tenant
              + ") with check ("
              + tenant
              + ")");
      for (String command : List.of("select", "insert", "update", "delete")) {
        permissive(one, command).ifPresent(statements::add);
      }
    }
    return statements;
  }

  /** The statements that switch the protection off. */
  public List<String> uninstall() {
    List<String> statements = new ArrayList<>();
    for (String table : new TreeMap<>(tables).keySet()) {
      statements.addAll(drop(table));
      statements.add("alter table " + table + " no force row level security");
      statements.add("alter table " + table + " disable row level security");
    }
    return statements;
  }

  /** Whether it was made from a policy. */
  boolean isOf(Policy other) {
    return policy.version().equals(other.version());
  }

  /** Gives an actor's settings to the connection's transaction, and to nothing beyond it. */
  void apply(Connection connection, Actor actor, Map<Permission, Authority> authorities) {
    Map<String, String> settings = settings(actor, authorities);
    String calls =
        settings.keySet().stream()
            .map(name -> "set_config(?, ?, true)")
            .collect(Collectors.joining(", "));
    try {
      if (connection.getAutoCommit()) {
        throw VestaException.invalid(
            "connection", "in auto-commit mode", "begin a transaction, which bounds the settings");
      }
      try (PreparedStatement statement = connection.prepareStatement("select " + calls)) {
        int bind = 1;
        for (Map.Entry<String, String> entry : settings.entrySet()) {
          statement.setString(bind++, entry.getKey());
          statement.setString(bind++, entry.getValue());
        }
        statement.executeQuery().close();
      }
    } catch (SQLException e) {
      throw new VestaException(
          CoreError.STORAGE_FAILED, "the settings of row-level security were not taken", e);
    }
  }

  /**
   * What authority is needed to fill the settings: each type with each action that has a policy.
   */
  Set<Permission> permissions() {
    Set<Permission> permissions = new LinkedHashSet<>();
    for (Protected one : tables.values()) {
      for (Action action : COMMANDS.values()) {
        permissions.add(new Permission(one.columns().type(), action));
      }
    }
    return permissions;
  }

  /**
   * The settings of an actor; every rule that any policy reads gets one, empty if it gives none.
   */
  private Map<String, String> settings(Actor actor, Map<Permission, Authority> authorities) {
    Map<String, String> settings = new LinkedHashMap<>();
    settings.put(TENANT, actor.brokerage().key());
    settings.put(POLICY, policy.version());
    // Whoever may do nothing at all stands for nobody, and the conditions refuse that.
    Optional<Authority> any =
        authorities.values().stream().filter(one -> !one.standsFor().isEmpty()).findFirst();
    settings.put(ACTOR, any.map(one -> one.actor().key()).orElse(""));
    settings.put(STANDS_FOR, any.map(one -> keys(one.standsFor())).orElse(""));
    Capacity capacity = actor.capacityOrNull();
    authorities.forEach(
        (permission, authority) ->
            rules(permission.type(), permission.action())
                .forEach(
                    number -> {
                      Rule rule = policy.rules().get(number);
                      settings.put(
                          name(number, permission.action()),
                          rule.role().equals(capacity) ? entries(rule, authority) : "");
                    }));
    return settings;
  }

  private static List<String> drop(String table) {
    return List.of("vesta_tenant", "vesta_select", "vesta_insert", "vesta_update", "vesta_delete")
        .stream()
        .map(name -> "drop policy if exists " + name + " on " + table)
        .toList();
  }

  private Optional<String> permissive(Protected one, String command) {
    Action action = COMMANDS.get(command);
    if (action == null) {
      return Optional.empty();
    }
    List<String> allowed =
        rules(one.columns().type(), action)
            .mapToObj(
                number -> condition(policy.rules().get(number), number, action, one.columns()))
            .flatMap(Optional::stream)
            .toList();
    if (allowed.isEmpty()) {
      return Optional.empty();
    }
    String condition = String.join("\n    or ", allowed);
    String using = command.equals("insert") ? "" : " using (\n    " + condition + ")";
    String check =
        command.equals("insert") || command.equals("update")
            ? " with check (\n    " + condition + ")"
            : "";
    return Optional.of(
        "create policy vesta_"
            + command
            + " on "
            + one.table()
            + " as permissive for "
            + command
            + using
            + check);
  }

  private IntStream rules(ResourceType type, Action action) {
    return IntStream.range(0, policy.rules().size())
        .filter(
            number ->
                policy.rules().get(number).type().equals(type)
                    && policy.rules().get(number).actions().contains(action));
  }

  private static String name(int number, Action action) {
    return "vesta.rule_" + number + "_" + action.name();
  }

  /**
   * What a rule reaches for an actor: one entry of comma-separated keys between bars, or, where the
   * time of a grant counts, one entry for each grant. Keys hold neither commas, bars, slashes nor
   * semicolons.
   */
  private static String entries(Rule rule, Authority authority) {
    List<Entry> entries = new ArrayList<>();
    for (Live live : authority.grants()) {
      RoleGrant grant = live.grant();
      if (rule.breakGlass() != (grant.origin() == Origin.BREAK_GLASS)
          || (rule.guards().delegated() && !grant.member().equals(authority.actor()))) {
        continue;
      }
      Entry entry = new Entry();
      rule.scopes().forEach(scope -> entry.add(scope, live));
      entry.span = grant.span();
      entries.add(entry);
    }
    if (rule.guards().delegated()) {
      Entry watched = new Entry();
      authority.delegated().forEach(watched::add);
      entries.forEach(entry -> entry.watched = watched);
    }
    if (!rule.guards().duringGrant() && !entries.isEmpty()) {
      Entry merged = new Entry();
      entries.forEach(merged::merge);
      return merged.text();
    }
    return entries.stream().map(Entry::text).collect(Collectors.joining(";"));
  }

  /** The parts of an entry, in the order in which conditions pick them. */
  private static final class Entry {

    boolean everything;
    final Set<String> owners = new LinkedHashSet<>();
    final Set<String> owned = new LinkedHashSet<>();
    final Set<String> participants = new LinkedHashSet<>();
    final Set<String> teams = new LinkedHashSet<>();
    final Set<String> offices = new LinkedHashSet<>();
    Span span = new Span(Instant.MIN, Instant.MAX);
    @Nullable Entry watched;

    void add(Scope scope, Live live) {
      String holder = live.grant().member().key();
      switch (scope) {
        case OWN -> own(live);
        case DEAL -> participants.add(holder);
        case TEAM -> live.teams().forEach(team -> teams.add(team.key()));
        case OFFICE -> offices.add(live.office().key());
        case BROKERAGE -> everything = true;
        case GRANT -> {
          if (live.grant().over() instanceof Over.Self) {
            own(live);
          } else {
            add(live.grant().over());
          }
        }
      }
    }

    void add(Over over) {
      if (over instanceof Over.Office office) {
        offices.add(office.office().key());
      } else if (over instanceof Over.Team team) {
        teams.add(team.team().key());
      } else if (over instanceof Over.Brokerage) {
        everything = true;
      }
    }

    private void own(Live live) {
      String holder = live.grant().member().key();
      owners.add(holder);
      live.teams().forEach(team -> owned.add(holder + "/" + team.key()));
    }

    void merge(Entry other) {
      everything |= other.everything;
      owners.addAll(other.owners);
      owned.addAll(other.owned);
      participants.addAll(other.participants);
      teams.addAll(other.teams);
      offices.addAll(other.offices);
      watched = other.watched;
    }

    String text() {
      Entry seen = watched == null ? new Entry() : watched;
      return String.join(
          "|",
          everything ? "1" : "0",
          String.join(",", owners),
          String.join(",", owned),
          String.join(",", participants),
          String.join(",", teams),
          String.join(",", offices),
          String.valueOf(span.fromMillis()),
          String.valueOf(span.untilMillis()),
          seen.everything ? "1" : "0",
          String.join(",", seen.teams),
          String.join(",", seen.offices));
    }
  }

  /** The condition of one rule; empty if the table lacks a fact that it needs. */
  private Optional<String> condition(
      Rule rule, int number, Action action, ResourceColumns columns) {
    Guards guards = rule.guards();
    String setting = "current_setting('" + name(number, action) + "', true)";
    List<String> all = new ArrayList<>();
    // A rule that gives the actor nothing costs one look instead of all its parts for each row.
    all.add("(select " + setting + " <> '')");
    if (guards.duringGrant()) {
      if (columns.createdAt().isEmpty()) {
        return Optional.empty();
      }
      String created = columns.createdAt().get();
      Optional<String> scope = any(scopes(rule, "g.entry", false, columns));
      if (scope.isEmpty()) {
        return Optional.empty();
      }
      all.add(
          "exists (select 1 from unnest(string_to_array("
              + setting
              + ", ';')) as g(entry) where "
              + scope.get()
              + " and "
              + created
              + " >= split_part(g.entry, '|', 7)::bigint and "
              + created
              + " < split_part(g.entry, '|', 8)::bigint)");
    } else {
      Optional<String> scope = any(scopes(rule, setting, true, columns));
      if (scope.isEmpty()) {
        return Optional.empty();
      }
      all.add(scope.get());
    }
    if (!guards.ownership().isEmpty()) {
      all.add(in(columns.ownership(), guards.ownership().stream().map(Ownership::name)));
    }
    if (!guards.status().isEmpty()) {
      all.add(in(columns.status(), guards.status().stream()));
    }
    if (guards.linked()) {
      all.add(equal(columns.linkedToTransaction(), "1"));
    }
    Boolean routed = guards.routed();
    if (routed != null) {
      all.add(equal(columns.routedToReview(), routed ? "1" : "0"));
    }
    if (guards.notOwn()) {
      all.add(
          columns
              .owner()
              .map(
                  owner ->
                      "("
                          + setting(STANDS_FOR)
                          + " <> '' and "
                          + owner
                          + " <> all ((select string_to_array(current_setting('"
                          + STANDS_FOR
                          + "', true), ','))::text[]))")
              .orElse("false"));
    }
    if (guards.delegated()) {
      // Every entry carries the same delegations, so the first one's are asked.
      String first = "split_part(" + setting + ", ';', 1)";
      List<String> watched = new ArrayList<>();
      watched.add(flag(first, 9, true));
      columns.team().ifPresent(team -> watched.add(member(team, first, 10, true)));
      columns.office().ifPresent(office -> watched.add(member(office, first, 11, true)));
      all.add(any(watched).orElse("false"));
    }
    if (guards.barrier()) {
      List<String> open = new ArrayList<>();
      columns.behindBarrier().ifPresent(barred -> open.add(barred + " = 0"));
      columns.participants().forEach(name -> open.add(name + " = " + setting(ACTOR)));
      all.add(any(open).orElse("false"));
    }
    return Optional.of("(" + String.join(" and ", all) + ")");
  }

  private static List<String> scopes(
      Rule rule, String entry, boolean once, ResourceColumns columns) {
    Set<Scope> scopes = rule.scopes();
    boolean grant = scopes.contains(Scope.GRANT);
    List<String> any = new ArrayList<>();
    if (grant || scopes.contains(Scope.BROKERAGE)) {
      any.add(flag(entry, 1, once));
    }
    if (columns.owner().isPresent() && (grant || scopes.contains(Scope.OWN))) {
      String owner = columns.owner().get();
      any.add(owns(owner, entry, once, columns));
    }
    if (scopes.contains(Scope.DEAL)) {
      columns.participants().forEach(name -> any.add(member(name, entry, 4, once)));
    }
    if (grant || scopes.contains(Scope.TEAM)) {
      columns.team().ifPresent(team -> any.add(member(team, entry, 5, once)));
    }
    if (grant || scopes.contains(Scope.OFFICE)) {
      columns.office().ifPresent(office -> any.add(member(office, entry, 6, once)));
    }
    return any;
  }

  /** What a team owns is the holder's own only while they are in the team (P3). */
  private static String owns(String owner, String entry, boolean once, ResourceColumns columns) {
    String mine = member(owner, entry, 2, once);
    if (columns.ownership().isEmpty()) {
      return mine;
    }
    String kind = columns.ownership().get();
    String free = "(" + kind + " is null or " + kind + " <> '" + Ownership.TEAM + "')";
    return columns
        .team()
        .map(
            team ->
                "("
                    + mine
                    + " and ("
                    + free
                    + " or "
                    + member(owner + " || '/' || " + team, entry, 3, once)
                    + "))")
        .orElse("(" + mine + " and " + free + ")");
  }

  /** A setting, read once for a statement rather than once for a row. */
  private static String setting(String name) {
    return "(select current_setting('" + name + "', true))";
  }

  private static String flag(String entry, int part, boolean once) {
    String value = "split_part(" + entry + ", '|', " + part + ")";
    return (once ? "(select " + value + ")" : value) + " = '1'";
  }

  private static String member(String column, String entry, int part, boolean once) {
    String value = "string_to_array(split_part(" + entry + ", '|', " + part + "), ',')";
    return column + " = any (" + (once ? "(select " + value + ")::text[]" : value) + ")";
  }

  private static String equal(Optional<String> column, String value) {
    return column.map(name -> name + " = " + value).orElse("false");
  }

  /** Words of a closed alphabet: they need no escape in a literal. */
  private static String in(Optional<String> column, Stream<String> words) {
    String list = words.sorted().map(word -> "'" + word + "'").collect(Collectors.joining(", "));
    return column.map(name -> name + " in (" + list + ")").orElse("false");
  }

  private static Optional<String> any(List<String> conditions) {
    return conditions.isEmpty()
        ? Optional.empty()
        : Optional.of("(" + String.join(" or ", conditions) + ")");
  }

  private static String keys(Set<? extends EntityId> ids) {
    return ids.stream().map(EntityId::key).collect(Collectors.joining(","));
  }

  /** Policies name columns without the alias that a query gives to the table. */
  private static ResourceColumns plain(ResourceColumns columns) {
    ResourceColumns.Builder plain =
        ResourceColumns.builder(columns.type(), bare(columns.brokerage()));
    columns.owner().ifPresent(name -> plain.owner(bare(name)));
    columns.team().ifPresent(name -> plain.team(bare(name)));
    columns.office().ifPresent(name -> plain.office(bare(name)));
    plain.participants(
        columns.participants().stream().map(RowSecurity::bare).toArray(String[]::new));
    columns.ownership().ifPresent(name -> plain.ownership(bare(name)));
    columns.linkedToTransaction().ifPresent(name -> plain.linkedToTransaction(bare(name)));
    columns.routedToReview().ifPresent(name -> plain.routedToReview(bare(name)));
    columns.behindBarrier().ifPresent(name -> plain.behindBarrier(bare(name)));
    columns.status().ifPresent(name -> plain.status(bare(name)));
    columns.createdAt().ifPresent(name -> plain.createdAt(bare(name)));
    return plain.build();
  }

  private static String bare(String column) {
    return column.substring(column.indexOf('.') + 1);
  }
}
