package io.vesta.rbac.decide;

import io.vesta.core.access.Action;
import io.vesta.core.access.Actor;
import io.vesta.core.access.Authorizer;
import io.vesta.core.access.Decision;
import io.vesta.core.access.Resource;
import io.vesta.core.access.ResourceColumns;
import io.vesta.core.access.RowFilter;
import io.vesta.rbac.org.OrgSnapshot;
import io.vesta.rbac.policy.Policy;
import java.time.Clock;
import java.time.Instant;
import java.util.Objects;
import java.util.concurrent.atomic.AtomicReference;
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
 * ignores case lets case twins through.
 */
public final class Guard implements Authorizer {

  private record State(
      Policy policy, CompiledPolicy compiled, OrgSnapshot organisation, String version) {

    static State of(Policy policy, OrgSnapshot organisation) {
      String version =
          policy.version().substring(0, 16) + "." + organisation.version().substring(0, 16);
      return new State(policy, new CompiledPolicy(policy), organisation, version);
    }
  }

  private final AtomicReference<State> state;
  private final Clock clock;

  /**
   * @param policy what is allowed
   * @param organisation who works where
   * @param clock decides which grants and memberships are live
   */
  public Guard(Policy policy, OrgSnapshot organisation, Clock clock) {
    this.state = new AtomicReference<>(State.of(policy, organisation));
    this.clock = Objects.requireNonNull(clock, "clock");
  }

  /**
   * Exchanges policy and organisation at once: every later decision sees both new, every running
   * one both old.
   */
  public void reload(Policy policy, OrgSnapshot organisation) {
    state.set(State.of(policy, organisation));
  }

  /** The version of policy and organisation that decide now; never null. */
  public String version() {
    return current().version();
  }

  @Override
  public Decision decide(Actor actor, Action action, Resource resource) {
    State now = current();
    Instant time = clock.instant();
    String rule = now.compiled().allows(now.organisation(), time, actor, action, resource);
    return new Answer(now, time, actor, action, resource, rule);
  }

  @Override
  public RowFilter filter(Actor actor, Action action, ResourceColumns columns) {
    State now = current();
    return FilterWriter.write(
        now.compiled(), now.organisation(), now.version(), clock.instant(), actor, action, columns);
  }

  private State current() {
    return Objects.requireNonNull(state.get());
  }

  /** A decision that explains itself only when asked. */
  private record Answer(
      State state,
      Instant time,
      Actor actor,
      Action action,
      Resource resource,
      @Nullable String rule)
      implements Decision {

    @Override
    public boolean allowed() {
      return rule != null;
    }

    @Override
    public String reason() {
      return rule != null ? rule : verdict().reason();
    }

    @Override
    public String policyVersion() {
      return state.version();
    }

    @Override
    public String because() {
      return verdict().because();
    }

    private ReferenceEvaluator.Verdict verdict() {
      return ReferenceEvaluator.evaluate(
          state.policy(), state.organisation(), time, actor, action, resource);
    }

    @Override
    public String toString() {
      return (allowed() ? "allowed by " : "denied: ") + reason();
    }
  }
}
