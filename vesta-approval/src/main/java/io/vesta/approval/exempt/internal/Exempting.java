package io.vesta.approval.exempt.internal;

import io.vesta.approval.draft.Approval;
import io.vesta.approval.draft.Content;
import io.vesta.approval.draft.Draft;
import io.vesta.approval.draft.Result;
import io.vesta.approval.exempt.Exemption;
import io.vesta.approval.gate.internal.Moves;
import io.vesta.approval.gate.internal.Review;
import io.vesta.approval.gate.internal.Seals;
import io.vesta.approval.gate.internal.Step;
import io.vesta.approval.lint.Verdict;
import io.vesta.approval.state.DraftEvent;
import io.vesta.approval.state.Guard;
import io.vesta.core.access.Action;
import io.vesta.core.access.Actor;
import io.vesta.core.access.Authorizer;
import io.vesta.core.access.Decision;
import io.vesta.core.access.Resource;
import io.vesta.core.access.ResourceType;
import io.vesta.core.config.VestaConfig;
import io.vesta.core.id.BrokerageId;
import io.vesta.core.storage.UnitOfWork;
import java.time.Instant;
import java.util.List;
import java.util.Objects;
import java.util.Optional;

/**
 * Lets exemptions stand in for approvers, and says at the gate whether they still do. If they are
 * switched off it reads nothing, and what an exemption once approved stands no more. Thread-safe.
 */
public final class Exempting {

  private static final ResourceType SENDING = new ResourceType("Sending");
  private static final Action EXEMPT = new Action("exempt");

  private final VestaConfig config;
  private final Authorizer authorizer;
  private final Moves moves;
  private final Review review;
  private final Seals seals;
  private final boolean on;
  private final ExemptionLog log = new ExemptionLog();

  /**
   * @param on whether the host allows exemptions at all
   */
  public Exempting(
      VestaConfig config,
      Authorizer authorizer,
      Moves moves,
      Review review,
      Seals seals,
      boolean on) {
    this.config = Objects.requireNonNull(config, "config");
    this.authorizer = Objects.requireNonNull(authorizer, "authorizer");
    this.moves = Objects.requireNonNull(moves, "moves");
    this.review = Objects.requireNonNull(review, "review");
    this.seals = Objects.requireNonNull(seals, "seals");
    this.on = on;
  }

  /** Whether the host allows exemptions at all. */
  public boolean on() {
    return on;
  }

  /** Whether somebody may grant and end exemptions. */
  public Decision decide(Actor actor) {
    Resource all = Resource.builder(SENDING, actor.brokerage(), "ALL").build();
    return authorizer.decide(actor, EXEMPT, all);
  }

  /** The newest version of each rule whose seal is intact. */
  public List<Exemption> intact(UnitOfWork work, BrokerageId brokerage) {
    return log.newest(work, brokerage).stream()
        .filter(one -> seals.intact(one.bytes(), one.seal()))
        .toList();
  }

  /**
   * Approves a draft that has just become pending, if an exemption covers it. That none does is no
   * refusal: review is the rule.
   *
   * @return the draft as it stands then
   */
  public Result apply(UnitOfWork work, Draft pending) {
    Content content = pending.content();
    if (!on || content == null) {
      return new Result.Done(pending);
    }
    Instant now = config.now(work);
    Optional<Exemption> covering =
        intact(work, pending.id().brokerage()).stream()
            .filter(one -> one.live(now) && one.covers(pending))
            .findFirst();
    if (covering.isEmpty()) {
      return new Result.Done(pending);
    }
    Exemption exemption = covering.get();
    Decision decision = decide(exemption.grantor());
    Approval approval = seal(pending, content, exemption, decision.policyVersion(), now);
    Step step =
        new Step(DraftEvent.EXEMPT, Actor.system(pending.id().brokerage(), "exemption"))
            .policy(decision.policyVersion())
            .holds(Guard.EXEMPTION_LIVE, decision.allowed())
            .holds(Guard.CONTEXT_CURRENT, review.current(work, pending))
            .holds(Guard.NOT_EXPIRED, now.isBefore(pending.terms().expiresAt()))
            .holds(Guard.LINT_NOT_BLOCKING, content.lint().verdict() != Verdict.BLOCK)
            // Nobody is there to take note of anything.
            .holds(Guard.LINT_ACKNOWLEDGED, content.lint().verdict() == Verdict.PASS)
            .holds(
                Guard.ONE_PERSON_ENOUGH,
                pending.terms().approvals() == 1 && !pending.terms().routed())
            .approval(approval, seals.dedupeKey(approval))
            .at(now);
    Result result = moves.take(work, pending, step);
    return result.done() ? result : new Result.Done(result.draft().orElse(pending));
  }

  private Approval seal(
      Draft draft, Content content, Exemption exemption, String policyVersion, Instant now) {
    return seals.sealed(
        new Approval(
            config.newId(),
            draft.id(),
            content.envelope().revision(),
            exemption.grantedBy(),
            exemption.capacity(),
            content.envelope().digest(),
            draft.context().digest(),
            content.lint().digest(),
            policyVersion,
            draft.terms().approvals(),
            now,
            draft.terms().expiresAt(),
            exemption.name(),
            seals.keyId(),
            ""));
  }

  /**
   * Whether the exemption of an approval is in force still: the same version is the newest of its
   * rule, intact, live and covers the draft, and who granted it could grant it still.
   */
  public boolean stands(UnitOfWork work, Draft draft, Approval approval, Instant now) {
    return on
        && intact(work, draft.id().brokerage()).stream()
            .filter(one -> one.name().equals(approval.exemption()))
            .filter(one -> one.grantedBy().equals(approval.approver()))
            .filter(one -> one.live(now) && one.covers(draft))
            .anyMatch(one -> decide(one.grantor()).allowed());
  }
}
