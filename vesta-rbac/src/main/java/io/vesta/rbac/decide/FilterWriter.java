package io.vesta.rbac.decide;

import io.vesta.core.access.Action;
import io.vesta.core.access.Actor;
import io.vesta.core.access.Capacity;
import io.vesta.core.access.Resource.Ownership;
import io.vesta.core.access.ResourceColumns;
import io.vesta.core.access.RowFilter;
import io.vesta.core.id.MemberId;
import io.vesta.rbac.org.OrgSnapshot;
import io.vesta.rbac.org.RoleGrant;
import io.vesta.rbac.org.RoleGrant.Over;
import io.vesta.rbac.policy.Rule;
import io.vesta.rbac.policy.Scope;
import java.time.Instant;
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
      OrgSnapshot org,
      String version,
      Instant now,
      Actor actor,
      Action action,
      ResourceColumns columns) {
    MemberId id = actor.member().orElse(null);
    Capacity role = actor.capacity().orElse(null);
    OrgSnapshot.Member member = id == null ? null : org.member(id).orElse(null);
    if (role == null
        || member == null
        || !member.active()
        || policy.holdsBack(actor, action, columns.type())) {
      return new RowFilter.None(version);
    }
    List<Condition> allowed = new ArrayList<>();
    for (Rule rule : policy.rules(role, columns.type(), action)) {
      for (RoleGrant grant : org.grants(member.id())) {
        if (grant.role().equals(role) && grant.liveAt(now)) {
          allowed.add(condition(rule, grant, member, org, now, columns));
        }
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
      Rule rule,
      RoleGrant grant,
      OrgSnapshot.Member member,
      OrgSnapshot org,
      Instant now,
      ResourceColumns columns) {
    List<Condition> conditions = new ArrayList<>();
    conditions.add(
        Condition.any(
            rule.scopes().stream()
                .sorted()
                .map(scope -> scope(scope, grant, member, org, now, columns))));
    if (!rule.ownership().isEmpty()) {
      conditions.add(
          Condition.any(
              rule.ownership().stream()
                  .sorted()
                  .map(Ownership::name)
                  .map(name -> Condition.equal(columns.ownership(), name))));
    }
    if (rule.linked()) {
      conditions.add(Condition.equal(columns.linkedToTransaction(), 1L));
    }
    if (rule.notOwn()) {
      conditions.add(
          columns
              .owner()
              .map(name -> new Condition(name + " <> ?", List.of(member.id().key())))
              .orElse(Condition.NEVER));
    }
    if (rule.createdDuringGrant()) {
      conditions.add(
          columns
              .createdAt()
              .map(
                  name ->
                      new Condition(
                          "(" + name + " >= ? and " + name + " < ?)",
                          List.of(millisUp(grant.from()), millisUp(grant.until()))))
              .orElse(Condition.NEVER));
    }
    return Condition.all(conditions);
  }

  private static Condition scope(
      Scope scope,
      RoleGrant grant,
      OrgSnapshot.Member member,
      OrgSnapshot org,
      Instant now,
      ResourceColumns columns) {
    return switch (scope) {
      case OWN -> Condition.equal(columns.owner(), member.id().key());
      case DEAL ->
          Condition.any(
              columns.participants().stream()
                  .map(name -> Condition.equal(Optional.of(name), member.id().key())));
      case TEAM ->
          Condition.any(
              org.memberships(member.id()).stream()
                  .filter(membership -> membership.liveAt(now))
                  .map(membership -> Condition.equal(columns.team(), membership.team().key())));
      case OFFICE -> Condition.equal(columns.office(), member.office().key());
      case BROKERAGE -> Condition.ALWAYS;
      case GRANT -> {
        if (grant.over() instanceof Over.Office over) {
          yield Condition.equal(columns.office(), over.office().key());
        } else if (grant.over() instanceof Over.Team over) {
          yield Condition.equal(columns.team(), over.team().key());
        } else if (grant.over() instanceof Over.Self) {
          yield Condition.equal(columns.owner(), member.id().key());
        }
        yield Condition.ALWAYS;
      }
    };
  }

  /** The first whole millisecond at or after a time: rows hold whole milliseconds. */
  private static long millisUp(Instant time) {
    if (time.equals(Instant.MAX) || time.equals(Instant.MIN)) {
      return time.equals(Instant.MAX) ? Long.MAX_VALUE : Long.MIN_VALUE;
    }
    long millis = time.toEpochMilli();
    return time.isAfter(Instant.ofEpochMilli(millis)) ? millis + 1 : millis;
  }
}
