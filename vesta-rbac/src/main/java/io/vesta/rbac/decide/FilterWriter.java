package io.vesta.rbac.decide;

import io.vesta.core.access.Action;
import io.vesta.core.access.Actor;
import io.vesta.core.access.Capacity;
import io.vesta.core.access.Resource.Ownership;
import io.vesta.core.access.ResourceColumns;
import io.vesta.core.access.RowFilter;
import io.vesta.core.id.MemberId;
import io.vesta.rbac.decide.Authority.Live;
import io.vesta.rbac.org.RoleGrant;
import io.vesta.rbac.org.RoleGrant.Origin;
import io.vesta.rbac.org.RoleGrant.Over;
import io.vesta.rbac.org.Span;
import io.vesta.rbac.policy.Guards;
import io.vesta.rbac.policy.Rule;
import io.vesta.rbac.policy.Scope;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Stream;

/**
 * Writes the policy as an SQL condition. Only positive comparisons with binds: a NULL column makes
 * its comparison unknown and therefore lets nothing through, as a missing fact does in memory. The
 * tenant's condition stands outside whatever the policy says.
 */
final class FilterWriter {

  /** A condition with its binds in order. */
  private record Condition(String sql, List<Object> binds) {

    static final Condition ALWAYS = new Condition("", List.of());
    static final Condition NEVER = new Condition("1 = 0", List.of());

    static Condition equal(Optional<String> column, Object value) {
      return column.map(name -> new Condition(name + " = ?", List.of(value))).orElse(NEVER);
    }

    static Condition any(Stream<Condition> conditions) {
      Set<Condition> distinct = new LinkedHashSet<>(conditions.toList());
      distinct.remove(NEVER);
      if (distinct.contains(ALWAYS)) {
        return ALWAYS;
      }
      return distinct.isEmpty() ? NEVER : joined(distinct, " or ");
    }

    static Condition all(List<Condition> conditions) {
      Set<Condition> distinct = new LinkedHashSet<>(conditions);
      distinct.remove(ALWAYS);
      if (distinct.contains(NEVER)) {
        return NEVER;
      }
      return distinct.isEmpty() ? ALWAYS : joined(distinct, " and ");
    }

    private static Condition joined(Set<Condition> conditions, String word) {
      if (conditions.size() == 1) {
        return conditions.iterator().next();
      }
      String sql = String.join(word, conditions.stream().map(Condition::sql).toList());
      return new Condition(
          "(" + sql + ")", conditions.stream().flatMap(one -> one.binds().stream()).toList());
    }
  }

  private FilterWriter() {}

  static RowFilter write(
      CompiledPolicy policy,
      Authority authority,
      String version,
      Actor actor,
      Action action,
      ResourceColumns columns) {
    Capacity role = actor.capacityOrNull();
    if (role == null || authority.grants().isEmpty()) {
      return new RowFilter.None(version);
    }
    List<Condition> allowed = new ArrayList<>();
    for (CompiledPolicy.Compiled rule : policy.rules(role, columns.type(), action)) {
      for (Live live : authority.grants()) {
        allowed.add(condition(rule.rule, live, authority, columns));
      }
    }
    Condition granted = Condition.any(allowed.stream());
    if (granted.equals(Condition.NEVER)) {
      return new RowFilter.None(version);
    }
    String tenant = columns.brokerage() + " = ?";
    List<Object> binds = new ArrayList<>();
    binds.add(actor.brokerage().key());
    binds.addAll(granted.binds());
    return granted.equals(Condition.ALWAYS)
        ? new RowFilter.All(tenant, binds, version)
        : new RowFilter.Where("(" + tenant + " and " + granted.sql() + ")", binds, version);
  }

  private static Condition condition(
      Rule rule, Live live, Authority authority, ResourceColumns columns) {
    RoleGrant grant = live.grant();
    Guards guards = rule.guards();
    if (rule.breakGlass() != (grant.origin() == Origin.BREAK_GLASS)
        || (guards.delegated() && !grant.member().equals(authority.actor()))) {
      return Condition.NEVER;
    }
    List<Condition> conditions = new ArrayList<>();
    conditions.add(
        Condition.any(rule.scopes().stream().sorted().map(scope -> scope(scope, live, columns))));
    if (!guards.ownership().isEmpty()) {
      conditions.add(
          Condition.any(
              guards.ownership().stream()
                  .sorted()
                  .map(one -> Condition.equal(columns.ownership(), one.name()))));
    }
    if (!guards.status().isEmpty()) {
      conditions.add(
          Condition.any(
              guards.status().stream()
                  .sorted()
                  .map(one -> Condition.equal(columns.status(), one))));
    }
    if (guards.linked()) {
      conditions.add(Condition.equal(columns.linkedToTransaction(), 1L));
    }
    Boolean routed = guards.routed();
    if (routed != null) {
      conditions.add(Condition.equal(columns.routedToReview(), routed ? 1L : 0L));
    }
    if (guards.notOwn()) {
      authority.standsFor().forEach(one -> conditions.add(notOwnedBy(one, columns)));
    }
    if (guards.duringGrant()) {
      conditions.add(during(grant, columns));
    }
    if (guards.delegated()) {
      conditions.add(
          Condition.any(authority.delegated().stream().map(over -> lies(over, columns))));
    }
    if (guards.barrier()) {
      conditions.add(
          Condition.any(
              Stream.of(
                  Condition.equal(columns.behindBarrier(), 0L),
                  participates(authority.actor(), columns))));
    }
    return Condition.all(conditions);
  }

  private static Condition scope(Scope scope, Live live, ResourceColumns columns) {
    return switch (scope) {
      case OWN -> owns(live, columns);
      case DEAL -> participates(live.grant().member(), columns);
      case TEAM -> inTeams(live, columns);
      case OFFICE -> Condition.equal(columns.office(), live.office().key());
      case BROKERAGE -> Condition.ALWAYS;
      case GRANT ->
          live.grant().over() instanceof Over.Self
              ? owns(live, columns)
              : lies(live.grant().over(), columns);
    };
  }

  /** What a team owns is the holder's own only while they are in the team (P3). */
  private static Condition owns(Live live, ResourceColumns columns) {
    Condition owner = Condition.equal(columns.owner(), live.grant().member().key());
    Condition free =
        columns
            .ownership()
            .map(
                name ->
                    new Condition(
                        "(" + name + " is null or " + name + " <> ?)",
                        List.of(Ownership.TEAM.name())))
            .orElse(Condition.ALWAYS);
    return Condition.all(List.of(owner, Condition.any(Stream.of(free, inTeams(live, columns)))));
  }

  private static Condition inTeams(Live live, ResourceColumns columns) {
    return Condition.any(
        live.teams().stream().map(team -> Condition.equal(columns.team(), team.key())));
  }

  private static Condition participates(MemberId member, ResourceColumns columns) {
    return Condition.any(
        columns.participants().stream()
            .map(name -> Condition.equal(Optional.of(name), member.key())));
  }

  private static Condition lies(Over over, ResourceColumns columns) {
    if (over instanceof Over.Office office) {
      return Condition.equal(columns.office(), office.office().key());
    } else if (over instanceof Over.Team team) {
      return Condition.equal(columns.team(), team.team().key());
    }
    return over instanceof Over.Brokerage ? Condition.ALWAYS : Condition.NEVER;
  }

  private static Condition notOwnedBy(MemberId member, ResourceColumns columns) {
    return columns
        .owner()
        .map(name -> new Condition(name + " <> ?", List.of(member.key())))
        .orElse(Condition.NEVER);
  }

  private static Condition during(RoleGrant grant, ResourceColumns columns) {
    Span span = grant.span();
    return columns
        .createdAt()
        .map(
            name ->
                new Condition(
                    "(" + name + " >= ? and " + name + " < ?)",
                    List.of(span.fromMillis(), span.untilMillis())))
        .orElse(Condition.NEVER);
  }
}
