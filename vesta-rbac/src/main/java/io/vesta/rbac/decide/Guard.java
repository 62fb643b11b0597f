package io.vesta.rbac.decide;

import io.vesta.core.access.AccessDeniedException;
import io.vesta.core.access.Action;
import io.vesta.core.access.Actor;
import io.vesta.core.access.Authorizer;
import io.vesta.core.access.Capacity;
import io.vesta.core.access.Decision;
import io.vesta.core.access.Resource;
import io.vesta.core.access.ResourceColumns;
import io.vesta.core.access.RowFilter;
import io.vesta.core.error.VestaException;
import io.vesta.core.id.MemberId;
import io.vesta.core.storage.Dialect;
import io.vesta.core.storage.UnitOfWork;
import io.vesta.rbac.RbacError;
import io.vesta.rbac.decide.Holders.Holder;
import io.vesta.rbac.org.Offboarding;
import io.vesta.rbac.org.OrgSnapshot;
import io.vesta.rbac.org.OrgSnapshot.Member;
import io.vesta.rbac.org.RoleGrant;
import io.vesta.rbac.org.RoleGrant.Over;
import io.vesta.rbac.org.Span;
import io.vesta.rbac.policy.FieldRule.Level;
import io.vesta.rbac.policy.Permission;
import io.vesta.rbac.policy.Policy;
import io.vesta.rbac.view.Projection;
import io.vesta.rbac.view.View;
import java.time.Clock;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.concurrent.atomic.AtomicReference;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * The {@link Authorizer} of vesta-rbac: a policy over an organisation, both immutable, exchanged
 * together by {@link #reload}. Thread-safe; readers take no lock.
 *
 * <p><b>Guarantees.</b> What no rule allows is denied. No decision or filter reaches another
 * brokerage, whatever the policy says. An actor acts in exactly the capacity that it names and
 * needs a live grant of it at the time of the decision. A filter lets through the rows on which the
 * decision is yes. No decision is cached, so a revoked grant counts at once after the reload.
 *
 * <p><b>Not guaranteed.</b> Filters compare keys as the column does: a column whose collation
 * ignores case lets case twins through. {@link ColumnCheck} finds such columns.
 */
public final class Guard implements Authorizer {

  private record State(
      Policy policy,
      CompiledPolicy compiled,
      OrgSnapshot directory,
      List<RoleGrant> emergencies,
      OrgSnapshot organisation,
      CompiledOrg people,
      String version,
      @Nullable State next,
      long nextFrom) {

    static State of(Policy policy, OrgSnapshot directory, List<RoleGrant> emergencies) {
      OrgSnapshot.Builder builder = directory.toBuilder();
      emergencies.forEach(builder::grant);
      OrgSnapshot organisation = emergencies.isEmpty() ? directory : builder.build();
      Separation.check(policy, organisation);
      return new State(
          policy,
          new CompiledPolicy(policy),
          directory,
          List.copyOf(emergencies),
          organisation,
          new CompiledOrg(organisation),
          policy.version().substring(0, 16) + "." + organisation.version().substring(0, 16),
          null,
          Long.MAX_VALUE);
    }

    /** The same with other people; what was scheduled stays scheduled. */
    State with(OrgSnapshot directory, List<RoleGrant> emergencies) {
      State changed = of(policy, directory, emergencies);
      State then = next;
      return then == null ? changed : changed.then(then.policy, nextFrom);
    }

    State then(Policy policy, long from) {
      return new State(
          this.policy,
          compiled,
          directory,
          emergencies,
          organisation,
          people,
          version,
          of(policy, directory, emergencies),
          from);
    }

    State at(long now) {
      State then = next;
      return then != null && now >= nextFrom ? then : this;
    }

    List<RoleGrant> emergenciesFor(OrgSnapshot directory, long now) {
      return emergencies.stream()
          .filter(grant -> grant.span().untilMillis() > now)
          .filter(grant -> directory.member(grant.member()).filter(Member::active).isPresent())
          .toList();
    }

    /** The roles that a member, or somebody for whom they stand in, holds at some time. */
    List<Capacity> capacities(MemberId member) {
      return Stream.concat(
              Stream.of(member),
              organisation.coveragesBy(member).stream().map(coverage -> coverage.absent()))
          .flatMap(one -> organisation.grants(one).stream())
          .map(RoleGrant::role)
          .distinct()
          .sorted(Comparator.comparing(Capacity::role))
          .toList();
    }

    Authority authority(long now, Actor actor, Permission permission) {
      Instant time = Instant.ofEpochMilli(now);
      return Authority.of(
          policy, organisation, time, actor, permission.type(), permission.action());
    }
  }

  private final AtomicReference<State> state;
  private final Clock clock;

  /**
   * @param policy what is allowed
   * @param organisation who works where
   * @param clock decides which grants and memberships are live
   * @throws VestaException if a member holds roles that the policy keeps apart
   */
  public Guard(Policy policy, OrgSnapshot organisation, Clock clock) {
    this.clock = Objects.requireNonNull(clock, "clock");
    this.state = new AtomicReference<>(State.of(policy, organisation, List.of()));
  }

  /**
   * Exchanges policy and organisation at once: every later decision sees both new, every running
   * one both old. A policy that was scheduled is forgotten; emergency grants of members who still
   * work here run on.
   *
   * @throws VestaException if a member holds roles that the policy keeps apart; what was there
   *     before goes on deciding
   */
  public void reload(Policy policy, OrgSnapshot organisation) {
    long time = clock.millis();
    state.updateAndGet(
        now -> State.of(policy, organisation, now.emergenciesFor(organisation, time)));
  }

  /**
   * Exchanges the organisation alone: the policy stays, and so does one that was scheduled.
   *
   * @throws VestaException if a member holds roles that the policy keeps apart; what was there
   *     before goes on deciding
   */
  public void reload(OrgSnapshot organisation) {
    long time = clock.millis();
    state.updateAndGet(now -> now.with(organisation, now.emergenciesFor(organisation, time)));
  }

  /**
   * Takes a leaving member's authority away at once, and reports everything that ended. The host
   * records the same in its directory before it reloads.
   *
   * @param member who leaves
   * @throws VestaException if the organisation does not know them
   */
  public Offboarding offboard(MemberId member) {
    while (true) {
      State before = Objects.requireNonNull(state.get());
      if (before.directory().member(member).isEmpty()) {
        throw VestaException.invalid("member", "not in the organisation", "name a known member");
      }
      Offboarding left = Offboarding.of(before.organisation(), member, clock.instant());
      OrgSnapshot directory =
          Offboarding.of(before.directory(), member, clock.instant()).organisation();
      long time = clock.millis();
      State after = before.with(directory, before.emergenciesFor(directory, time));
      if (state.compareAndSet(before, after)) {
        return left;
      }
    }
  }

  /** Adds an emergency grant; {@link BreakGlass} alone calls it, after the audit entry. */
  void admit(RoleGrant grant) {
    state.updateAndGet(
        now -> {
          long time = clock.millis();
          List<RoleGrant> all = new ArrayList<>(now.emergenciesFor(now.directory(), time));
          all.add(grant);
          return now.with(now.directory(), all);
        });
  }

  /** Nothing if the organisation keeps apart what a policy keeps apart; else throws. */
  void requireApart(Policy policy) {
    Separation.check(policy, current(clock.millis()).organisation());
  }

  /** Lets a policy decide from a time on; {@link PolicyChange} alone calls it. */
  void schedule(Policy policy, Instant from) {
    state.updateAndGet(
        now -> now.at(clock.millis()).then(policy, new Span(from, Instant.MAX).fromMillis()));
  }

  /** Whether the actor holds an ordinary live grant of their capacity that reaches as far. */
  boolean holds(Actor actor, Over over) {
    State now = current(clock.millis());
    MemberId member = actor.member().orElseThrow();
    Instant time = Instant.ofEpochMilli(clock.millis());
    return now.organisation().grants(member).stream()
        .filter(grant -> grant.liveAt(time) && grant.origin() == RoleGrant.Origin.ASSIGNED)
        .filter(grant -> actor.capacity().filter(grant.role()::equals).isPresent())
        .anyMatch(grant -> grant.over().covers(over));
  }

  /** The policy that decides now; never null. */
  public Policy policy() {
    return current(clock.millis()).policy();
  }

  /** The version of policy and organisation that decide now; never null. */
  public String version() {
    return current(clock.millis()).version();
  }

  @Override
  public Decision decide(Actor actor, Action action, Resource resource) {
    long time = clock.millis();
    return answer(current(time), time, actor, action, resource);
  }

  /**
   * Decides the same act on many records, all by one policy, organisation and time.
   *
   * @return a decision for each record, in their order
   */
  public List<Decision> decideEach(Actor actor, Action action, List<Resource> resources) {
    long time = clock.millis();
    State now = current(time);
    return resources.stream().<Decision>map(one -> answer(now, time, actor, action, one)).toList();
  }

  /** Whether {@link #decide} allows, without an object for the answer, for the hottest loops. */
  public boolean allows(Actor actor, Action action, Resource resource) {
    long time = clock.millis();
    State now = current(time);
    return now.compiled().allows(now.people(), time, actor, action, resource) != null;
  }

  /**
   * Decides whether a record may become another: the actor may read and update it as it is and as
   * it would be, so that nobody can move a record out of their reach or into another brokerage.
   *
   * @param actor who
   * @param before the record as it is
   * @param after the record as it would be, of the same type and key
   * @return the first refusal, or the permission to update what it would be
   */
  public Decision decideChange(Actor actor, Resource before, Resource after) {
    if (!before.ref().equals(after.ref())) {
      throw VestaException.invalid("change", "from one record to another", "keep type and key");
    }
    long time = clock.millis();
    State now = current(time);
    for (Resource resource : List.of(before, after)) {
      Answer read = answer(now, time, actor, Action.READ, resource);
      if (!read.allowed()) {
        return read;
      }
    }
    Answer leave = answer(now, time, actor, Action.UPDATE, before);
    return leave.allowed() ? answer(now, time, actor, Action.UPDATE, after) : leave;
  }

  @Override
  public RowFilter filter(Actor actor, Action action, ResourceColumns columns) {
    long time = clock.millis();
    State now = current(time);
    return FilterWriter.write(
        now.compiled(),
        now.authority(time, actor, new Permission(columns.type(), action)),
        now.version(),
        actor,
        action,
        columns);
  }

  /**
   * Lets an open transaction act for somebody under row-level security, to the transaction's end:
   * what the actor holds now is what counts in it.
   *
   * @param work an open unit of work on PostgreSQL
   * @param actor for whom it acts
   * @param security made from the policy that decides now
   * @throws VestaException if it was made from another policy, or the engine has no row-level
   *     security
   */
  public void enter(UnitOfWork work, Actor actor, RowSecurity security) {
    long time = clock.millis();
    State now = current(time);
    if (work.dialect() != Dialect.POSTGRESQL || !security.isOf(now.policy())) {
      throw new VestaException(
          RbacError.ROW_SECURITY_STALE,
          "row-level security must be PostgreSQL's and of the policy that decides now; install it"
              + " again");
    }
    Map<Permission, Authority> authorities = new LinkedHashMap<>();
    for (Permission permission : security.permissions()) {
      authorities.put(permission, now.authority(time, actor, permission));
    }
    security.apply(work.connection(), actor, authorities);
  }

  /**
   * What the actor sees of a record.
   *
   * @param actor who looks
   * @param resource the record as the policy knows it
   * @param projection how its fields are classified; of the resource's type
   * @param record the record
   * @return the fields that are shown; empty if none is
   */
  public <T extends Record> View view(
      Actor actor, Resource resource, Projection<T> projection, T record) {
    if (!projection.type().equals(resource.type())) {
      throw VestaException.invalid("projection", "of another type", "project the same type");
    }
    long time = clock.millis();
    State now = current(time);
    return View.of(
        projection.values(record),
        now.policy().fieldClasses(resource.type()),
        now.compiled().levels(now.people(), time, actor, resource));
  }

  /** How much the actor sees of each field of a record; what is not named is hidden. */
  public Map<String, Level> levels(Actor actor, Resource resource) {
    long time = clock.millis();
    State now = current(time);
    return Map.copyOf(now.compiled().levels(now.people(), time, actor, resource));
  }

  /**
   * Who may do an act on a record: every member of its brokerage, in every capacity in which they
   * may, also by standing in for somebody.
   *
   * @param action what
   * @param resource on what
   * @param limit the most that are told, at least one
   */
  public Holders whoCan(Action action, Resource resource, int limit) {
    if (limit < 1) {
      throw VestaException.invalid("limit", "below one", "ask for at least one");
    }
    long time = clock.millis();
    State now = current(time);
    List<Holder> holders = new ArrayList<>();
    List<Member> members =
        now.organisation().members().stream()
            .filter(member -> member.id().brokerage().equals(resource.brokerage()))
            .sorted(Comparator.comparing(member -> member.id().key()))
            .toList();
    for (Member member : members) {
      for (Capacity role : now.capacities(member.id())) {
        Actor actor = Actor.member(member.id(), role);
        String rule = now.compiled().allows(now.people(), time, actor, action, resource);
        if (rule != null && holders.size() == limit) {
          return new Holders(holders, false, now.version());
        } else if (rule != null) {
          holders.add(new Holder(member.id(), role, rule));
        }
      }
    }
    return new Holders(holders, true, now.version());
  }

  private State current(long now) {
    return Objects.requireNonNull(state.get()).at(now);
  }

  private static Answer answer(
      State now, long time, Actor actor, Action action, Resource resource) {
    String rule = now.compiled().allows(now.people(), time, actor, action, resource);
    return new Answer(now, time, actor, action, resource, rule);
  }

  /** A decision that explains itself only when asked. */
  private record Answer(
      State state, long time, Actor actor, Action action, Resource resource, @Nullable String rule)
      implements Decision {

    /** These depend on who asks and on the policy, never on the record. */
    private static final Set<String> PUBLIC =
        Set.of(
            "SYSTEM_ACTOR",
            "BOT_NOT_CAPABLE",
            "UNKNOWN_MEMBER",
            "INACTIVE_MEMBER",
            "NO_GRANT",
            "NO_RULE");

    @Override
    public boolean allowed() {
      return rule != null;
    }

    @Override
    public String reason() {
      return rule != null ? rule : verdict().reason();
    }

    @Override
    public String publicReason() {
      String reason = reason();
      return allowed() || PUBLIC.contains(reason) ? reason : "OUT_OF_REACH";
    }

    @Override
    public String policyVersion() {
      return state.version();
    }

    @Override
    public String because() {
      return verdict().because();
    }

    /** Asks the specification again; an answer of its own would be a defect, and is told. */
    private Verdict verdict() {
      Verdict verdict =
          new ReferenceEvaluator(
                  state.policy(), state.organisation(), Instant.ofEpochMilli(time), actor)
              .evaluate(action, resource);
      if (verdict.allowed() != allowed()) {
        throw new VestaException(
            RbacError.INTERPRETERS_DIFFER,
            "a decision of policy " + state.version() + " contradicts its specification");
      }
      return verdict;
    }

    @Override
    public void orThrow() {
      if (!allowed()) {
        throw new AccessDeniedException(
            publicReason(),
            "the actor may not " + action.name() + " this " + resource.type().name());
      }
    }

    @Override
    public String toString() {
      return (allowed() ? "allowed by " : "denied: ") + reason();
    }
  }
}
