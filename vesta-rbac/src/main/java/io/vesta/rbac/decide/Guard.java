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
import io.vesta.core.id.Ref;
import io.vesta.core.storage.Dialect;
import io.vesta.core.storage.UnitOfWork;
import io.vesta.rbac.RbacError;
import io.vesta.rbac.decide.EmergencyListener.Target;
import io.vesta.rbac.decide.Holders.Holder;
import io.vesta.rbac.org.Offboarding;
import io.vesta.rbac.org.OrgSnapshot;
import io.vesta.rbac.org.OrgSnapshot.Member;
import io.vesta.rbac.org.RoleGrant;
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
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.BiFunction;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * The {@link Authorizer} of vesta-rbac: a policy over an organisation, both immutable, exchanged
 * together by {@link #reload}. Thread-safe; readers take no lock.
 *
 * <p><b>Guarantees.</b> What no rule allows is denied. No decision or filter reaches another
 * brokerage, whatever the policy says. An actor acts in exactly the capacity that it names and
 * needs a live grant of it at the time of the decision. A filter lets through the rows on which the
 * decision is yes. No decision is cached, so a revoked grant counts at once after the reload. What
 * an emergency adds to an answer is on the audit trail before the answer is given; if the trail
 * cannot take it, there is no answer but its exception.
 *
 * <p><b>Not guaranteed.</b> Filters compare keys as the column does: a column whose collation
 * ignores case lets case twins through. {@link ColumnCheck} finds such columns.
 */
public final class Guard implements Authorizer {

  /** Emergencies that are open, and where each use of them is recorded. */
  private record Opened(BreakGlass recorder, List<Emergency> emergencies) {

    List<Emergency> of(Actor actor, long now) {
      return emergencies.stream().filter(one -> one.counts(actor, now)).toList();
    }

    /** Those that still count when the directory is another; null if none. */
    @Nullable Opened under(OrgSnapshot directory, long now) {
      List<Emergency> left =
          emergencies.stream()
              .filter(one -> one.grant().span().untilMillis() > now)
              .filter(one -> directory.member(one.member()).filter(Member::active).isPresent())
              .toList();
      return left.isEmpty() ? null : new Opened(recorder, left);
    }
  }

  /**
   * @param directory what the host's directory told
   * @param opened what counts beside it; null if nothing does
   * @param organisation both together
   * @param ordinary the same without what is open; null if nothing is
   */
  private record State(
      Policy policy,
      CompiledPolicy compiled,
      OrgSnapshot directory,
      @Nullable Opened opened,
      OrgSnapshot organisation,
      CompiledOrg people,
      String version,
      @Nullable State ordinary,
      @Nullable State next,
      long nextFrom) {

    static State of(Policy policy, OrgSnapshot directory, @Nullable Opened opened) {
      Separation.check(policy, directory);
      State ordinary =
          new State(
              policy,
              new CompiledPolicy(policy),
              directory,
              null,
              directory,
              new CompiledOrg(directory),
              version(policy, directory),
              null,
              null,
              Long.MAX_VALUE);
      return opened == null ? ordinary : ordinary.with(opened);
    }

    private State with(Opened opened) {
      OrgSnapshot.Builder builder = directory.toBuilder();
      opened.emergencies().forEach(one -> builder.grant(one.grant()));
      OrgSnapshot both = builder.build();
      Separation.check(policy, both);
      return new State(
          policy,
          compiled,
          directory,
          opened,
          both,
          new CompiledOrg(both),
          version(policy, both),
          this,
          null,
          Long.MAX_VALUE);
    }

    private static String version(Policy policy, OrgSnapshot organisation) {
      return policy.version().substring(0, 16) + "." + organisation.version().substring(0, 16);
    }

    /** The same with other people; what was scheduled stays scheduled. */
    State with(OrgSnapshot directory, @Nullable Opened opened) {
      State changed = of(policy, directory, opened);
      State then = next;
      return then == null ? changed : changed.then(then.policy, nextFrom);
    }

    State then(Policy policy, long from) {
      return new State(
          this.policy,
          compiled,
          directory,
          opened,
          organisation,
          people,
          version,
          ordinary,
          of(policy, directory, opened),
          from);
    }

    State at(long now) {
      State then = next;
      return then != null && now >= nextFrom ? then : this;
    }

    @Nullable Opened openedUnder(OrgSnapshot directory, long now) {
      return opened == null ? null : opened.under(directory, now);
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

  private static final Action ENTER = new Action("enter");

  /** Something that can be asked of a state. */
  @FunctionalInterface
  private interface Question<T> {
    T ask(State state, long time);
  }

  private final AtomicReference<State> state;
  private final Clock clock;

  /**
   * @param policy what is allowed
   * @param organisation who works where
   * @param clock decides which grants and memberships are live
   * @throws VestaException if a member holds roles that the policy keeps apart, or the organisation
   *     brings emergency grants along
   */
  public Guard(Policy policy, OrgSnapshot organisation, Clock clock) {
    this(State.of(policy, requireAssigned(organisation), null), clock);
  }

  private Guard(State state, Clock clock) {
    this.clock = Objects.requireNonNull(clock, "clock");
    this.state = new AtomicReference<>(state);
  }

  /** One over a made-up organisation, whose emergency grants nobody approved or recorded. */
  static Guard unrecorded(Policy policy, OrgSnapshot organisation, Clock clock) {
    return new Guard(State.of(policy, organisation, null), clock);
  }

  private static OrgSnapshot requireAssigned(OrgSnapshot directory) {
    if (directory.members().stream()
        .flatMap(member -> directory.grants(member.id()).stream())
        .anyMatch(grant -> grant.origin() != RoleGrant.Origin.ASSIGNED)) {
      throw VestaException.invalid(
          "organisation",
          "with a grant for an emergency, which no directory can give",
          "hand in assigned grants alone; BreakGlass opens emergencies");
    }
    return directory;
  }

  /**
   * Exchanges policy and organisation at once: every later decision sees both new, every running
   * one both old. A policy that was scheduled is forgotten; emergency grants of members who still
   * work here run on.
   *
   * @throws VestaException if a member holds roles that the policy keeps apart, or the organisation
   *     brings emergency grants along; what was there before goes on deciding
   */
  public void reload(Policy policy, OrgSnapshot organisation) {
    long time = clock.millis();
    requireAssigned(organisation);
    state.updateAndGet(now -> State.of(policy, organisation, now.openedUnder(organisation, time)));
  }

  /**
   * Exchanges the organisation alone: the policy stays, and so does one that was scheduled.
   *
   * @throws VestaException if a member holds roles that the policy keeps apart, or the organisation
   *     brings emergency grants along; what was there before goes on deciding
   */
  public void reload(OrgSnapshot organisation) {
    long time = clock.millis();
    requireAssigned(organisation);
    state.updateAndGet(now -> now.with(organisation, now.openedUnder(organisation, time)));
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
      State after = before.with(directory, before.openedUnder(directory, time));
      if (state.compareAndSet(before, after)) {
        return left;
      }
    }
  }

  /** Exchanges what is open; {@link BreakGlass} alone calls it, after the audit entries. */
  void admit(BreakGlass recorder, List<Emergency> emergencies) {
    Opened opened = new Opened(recorder, emergencies);
    long time = clock.millis();
    state.updateAndGet(now -> now.with(now.directory(), opened.under(now.directory(), time)));
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

  /** Whether somebody holds an assigned live grant that reaches as far as the emergency. */
  boolean holds(Emergency emergency) {
    long time = clock.millis();
    OrgSnapshot directory = current(time).directory();
    Instant now = Instant.ofEpochMilli(time);
    return directory.member(emergency.member()).filter(Member::active).isPresent()
        && directory.grants(emergency.member()).stream()
            .filter(grant -> grant.liveAt(now) && grant.role().equals(emergency.role()))
            .anyMatch(grant -> grant.over().covers(emergency.over()));
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
    State now = current(time);
    Answer answer = answer(now, time, actor, action, resource);
    return now.opened() == null || !answer.allowed()
        ? answer
        : recorded(
            actor,
            action,
            (state, at) -> answer(state, at, actor, action, resource),
            (with, without) -> with.allowed() == without.allowed() ? List.of() : on(resource));
  }

  /**
   * Decides the same act on many records, all by one policy, organisation and time.
   *
   * @return a decision for each record, in their order
   */
  public List<Decision> decideEach(Actor actor, Action action, List<Resource> resources) {
    return recorded(
        actor,
        action,
        (state, at) ->
            resources.stream().<Decision>map(one -> answer(state, at, actor, action, one)).toList(),
        (with, without) ->
            IntStream.range(0, resources.size())
                .filter(i -> with.get(i).allowed() != without.get(i).allowed())
                .mapToObj(resources::get)
                .flatMap(one -> on(one).stream())
                .toList());
  }

  /** Whether {@link #decide} allows, without an object for the answer, for the hottest loops. */
  public boolean allows(Actor actor, Action action, Resource resource) {
    long time = clock.millis();
    State now = current(time);
    return now.opened() == null
        ? now.compiled().allows(now.people(), time, actor, action, resource) != null
        : decide(actor, action, resource).allowed();
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
    return recorded(
        actor,
        Action.UPDATE,
        (state, at) -> change(state, at, actor, before, after),
        (with, without) -> with.allowed() == without.allowed() ? List.of() : on(after));
  }

  private static Answer change(State now, long time, Actor actor, Resource before, Resource after) {
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
    Permission permission = new Permission(columns.type(), action);
    return recorded(
        actor,
        action,
        (state, at) ->
            FilterWriter.write(
                state.compiled(),
                state.authority(at, actor, permission),
                state.version(),
                actor,
                action,
                columns),
        (with, without) ->
            with.sql().equals(without.sql()) && with.binds().equals(without.binds())
                ? List.of()
                : all(columns.type().name()));
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
    Map<Permission, Authority> authorities =
        recorded(
            actor,
            ENTER,
            (state, at) -> authorities(state, at, work, actor, security),
            (with, without) -> with.equals(without) ? List.of() : all("RowSecurity"));
    security.apply(work.connection(), actor, authorities);
  }

  private static Map<Permission, Authority> authorities(
      State now, long time, UnitOfWork work, Actor actor, RowSecurity security) {
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
    return authorities;
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
    return recorded(
        actor,
        Action.READ,
        (state, at) ->
            View.of(
                projection.values(record),
                state.policy().fieldClasses(resource.type()),
                state.compiled().levels(state.people(), at, actor, resource)),
        (with, without) -> with.equals(without) ? List.of() : on(resource));
  }

  /** How much the actor sees of each field of a record; what is not named is hidden. */
  public Map<String, Level> levels(Actor actor, Resource resource) {
    return recorded(
        actor,
        Action.READ,
        (state, at) -> Map.copyOf(state.compiled().levels(state.people(), at, actor, resource)),
        (with, without) -> with.equals(without) ? List.of() : on(resource));
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

  /**
   * Asks with everything that counts. What an emergency adds to the answer is told only when its
   * use is on record; if it was ended meanwhile, it is asked again without it.
   *
   * @param gained the records for which the answer with emergencies says more than the one without
   */
  private <T> T recorded(
      Actor actor, Action action, Question<T> question, BiFunction<T, T, List<Target>> gained) {
    long time = clock.millis();
    State now = current(time);
    T answer = question.ask(now, time);
    Opened opened = now.opened();
    State ordinary = now.ordinary();
    List<Emergency> counting = opened == null ? List.of() : opened.of(actor, time);
    if (opened == null || ordinary == null || counting.isEmpty()) {
      return answer;
    }
    List<Target> targets = gained.apply(answer, question.ask(ordinary, time));
    return targets.isEmpty() || opened.recorder().use(counting, actor, action, targets)
        ? answer
        : recorded(actor, action, question, gained);
  }

  private static List<Target> on(Resource resource) {
    return List.of(new Target(resource.ref(), resource.owner()));
  }

  private static List<Target> all(String type) {
    return List.of(new Target(new Ref(type, "ALL"), Optional.empty()));
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
