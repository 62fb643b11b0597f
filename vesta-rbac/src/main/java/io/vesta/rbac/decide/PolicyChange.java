package io.vesta.rbac.decide;

import io.vesta.core.access.AccessDeniedException;
import io.vesta.core.access.Action;
import io.vesta.core.access.Actor;
import io.vesta.core.access.Resource;
import io.vesta.core.access.ResourceType;
import io.vesta.core.access.TwoPersons;
import io.vesta.core.audit.AuditAction;
import io.vesta.core.audit.AuditEvent;
import io.vesta.core.audit.AuditTrail;
import io.vesta.core.error.VestaException;
import io.vesta.core.id.MemberId;
import io.vesta.core.storage.Database;
import io.vesta.rbac.policy.Policy;
import java.time.Clock;
import java.time.Instant;
import java.util.HexFormat;
import java.util.Objects;

/**
 * A new policy takes two persons and a stated time: one who may propose, another who may approve,
 * and an entry in the audit trail before anything changes. Thread-safe.
 */
public final class PolicyChange {

  private static final AuditAction PROPOSED = new AuditAction("vesta.rbac.policy.proposed");
  private static final AuditAction APPROVED = new AuditAction("vesta.rbac.policy.approved");
  private static final AuditAction REFUSED = new AuditAction("vesta.rbac.policy.refused");

  /** A policy that somebody proposed. Made by {@link #propose} alone. */
  public static final class Proposal {

    private final PolicyChange origin;
    private final MemberId proposer;
    private final Policy policy;
    private final Instant effective;
    private final String basis;

    private Proposal(
        PolicyChange origin, MemberId proposer, Policy policy, Instant effective, String basis) {
      this.origin = origin;
      this.proposer = proposer;
      this.policy = policy;
      this.effective = effective;
      this.basis = basis;
    }

    /** What is proposed; never null. */
    public Policy policy() {
      return policy;
    }

    /** When it would take effect; never null. */
    public Instant effective() {
      return effective;
    }
  }

  private final Guard guard;
  private final AuditTrail trail;
  private final Database database;
  private final Clock clock;
  private final TwoPersons persons;

  /**
   * @param guard whose policy is changed
   * @param trail records before anything changes
   * @param database holds the trail's entries
   * @param clock says what has begun
   */
  public PolicyChange(Guard guard, AuditTrail trail, Database database, Clock clock) {
    this.guard = Objects.requireNonNull(guard, "guard");
    this.trail = Objects.requireNonNull(trail, "trail");
    this.database = Objects.requireNonNull(database, "database");
    this.clock = Objects.requireNonNull(clock, "clock");
    persons =
        new TwoPersons(
            guard, new ResourceType("Policy"), new Action("propose"), "a change of policy");
  }

  /**
   * Proposes a policy.
   *
   * @param who a person who may propose
   * @param policy the new policy
   * @param effective when it takes effect; not in the past
   * @throws AccessDeniedException if they may not propose
   */
  public Proposal propose(Actor who, Policy policy, Instant effective) {
    MemberId proposer = persons.begin(who, policy.version());
    if (effective.isBefore(clock.instant())) {
      throw VestaException.invalid("effective", "in the past", "name a time to come");
    }
    Proposal proposal = new Proposal(this, proposer, policy, effective, guard.policy().version());
    record(PROPOSED, who, proposal, AuditEvent.Outcome.SUCCESS);
    return proposal;
  }

  /**
   * Approves a proposal; the guard decides by it from its time on.
   *
   * @param second another person, who may approve
   * @param proposal made here, against the policy that decides now
   * @throws AccessDeniedException if they may not approve
   * @throws VestaException if the proposal is stale, or somebody holds roles that it keeps apart
   */
  public void approve(Actor second, Proposal proposal) {
    persons.approve(
        second,
        proposal.proposer,
        proposal.policy.version(),
        () -> record(REFUSED, second, proposal, AuditEvent.Outcome.DENIED));
    if (proposal.origin != this || !proposal.basis.equals(guard.policy().version())) {
      throw VestaException.invalid(
          "proposal", "made elsewhere or against another policy", "propose again");
    }
    guard.requireApart(proposal.policy);
    record(APPROVED, second, proposal, AuditEvent.Outcome.SUCCESS);
    guard.schedule(proposal.policy, proposal.effective);
  }

  private void record(
      AuditAction action, Actor actor, Proposal proposal, AuditEvent.Outcome outcome) {
    Resource resource = persons.resource(proposal.proposer, proposal.policy.version());
    AuditEvent event =
        AuditEvent.builder(action, actor, resource.ref())
            .outcome(outcome)
            .with("proposer", proposal.proposer)
            .with("effective", proposal.effective)
            .withDigest("policy", HexFormat.of().parseHex(proposal.policy.version()))
            .withDigest("replaces", HexFormat.of().parseHex(proposal.basis))
            .build();
    database.write(work -> trail.append(work, event));
  }
}
