package io.vesta.approval.gate.internal;

import io.vesta.approval.draft.Content;
import io.vesta.approval.draft.Dispatch;
import io.vesta.approval.draft.Draft;
import io.vesta.approval.draft.DraftContext;
import io.vesta.approval.draft.Result;
import io.vesta.approval.draft.Terms;
import io.vesta.approval.draft.Waiver;
import io.vesta.approval.state.DraftEvent;
import io.vesta.approval.state.DraftState;
import io.vesta.approval.state.Effect;
import io.vesta.approval.state.Outcome;
import io.vesta.approval.state.Refusal;
import io.vesta.approval.state.Transitions;
import io.vesta.approval.store.Change;
import io.vesta.approval.store.DraftStore;
import io.vesta.core.access.Actor;
import io.vesta.core.audit.AuditAction;
import io.vesta.core.audit.AuditEvent;
import io.vesta.core.audit.AuditTrail;
import io.vesta.core.id.DraftId;
import io.vesta.core.id.MemberId;
import io.vesta.core.id.Ref;
import io.vesta.core.storage.UnitOfWork;
import java.util.HexFormat;
import java.util.Objects;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * The only place where a draft changes: asks the state machine, applies the effects as one change,
 * and writes exactly one audit entry for it in the same unit of work. A refusal is audited too. A
 * draft whose stored row was changed by anybody else stays as it is. Thread-safe.
 */
public final class Moves {

  private static final String PREFIX = "vesta.approval.draft.";
  private static final HexFormat HEX = HexFormat.of();
  private static final AuditAction WAIVED = new AuditAction(PREFIX + "waived");
  private static final AuditAction REFUSED = new AuditAction(PREFIX + "refused");

  private final DraftStore store;
  private final AuditTrail audit;
  private final Seals seals;
  private final Observed observed;

  /** Moves drafts of a store. */
  public Moves(DraftStore store, AuditTrail audit, Seals seals, Observed observed) {
    this.observed = Objects.requireNonNull(observed, "observed");
    this.store = Objects.requireNonNull(store, "store");
    this.audit = Objects.requireNonNull(audit, "audit");
    this.seals = Objects.requireNonNull(seals, "seals");
  }

  /** Makes a draft that does not exist yet, if the step may be taken. */
  public Result create(UnitOfWork work, Draft unsealed, Step step) {
    Outcome outcome = Transitions.next(null, step.event, step.holding);
    if (outcome instanceof Outcome.Refused refused) {
      return refuse(work, unsealed.id(), null, step, refused.reason());
    }
    Draft draft = seals.sealed(unsealed);
    store.add(work, draft);
    record(work, null, draft, step);
    return new Result.Done(draft);
  }

  /** Takes a step, if it may be taken and nobody was faster. */
  public Result take(UnitOfWork work, Draft before, Step step) {
    if (!seals.intact(before)) {
      return refuse(work, before.id(), before, step, Refusal.APPROVAL_BROKEN);
    }
    Outcome outcome = Transitions.next(before.state(), step.event, step.holding);
    if (outcome instanceof Outcome.Refused refused) {
      return refuse(work, before.id(), before, step, refused.reason());
    }
    Outcome.Moved moved = (Outcome.Moved) outcome;
    Draft after = seals.sealed(after(before, moved, step));
    boolean revoke = moved.effects().contains(Effect.REVOKE);
    boolean approve = moved.effects().contains(Effect.RECORD_APPROVAL);
    Change change = new Change(before, after, revoke, approve ? step.approval : null);
    if (!store.apply(work, change)) {
      Draft newer = store.find(work, before.id()).orElse(null);
      return refuse(work, before.id(), newer, step, Refusal.VERSION_CHANGED);
    }
    record(work, before, after, step);
    observed.moved(before, after, step.event);
    return new Result.Done(after);
  }

  /**
   * Keeps a waiver for exactly what a draft holds now; the draft itself does not move.
   *
   * @param unsealed the waiver
   * @param refusal why it is not given; null if it is
   */
  public Result waive(
      UnitOfWork work, Draft draft, Actor actor, Waiver unsealed, @Nullable Refusal refusal) {
    Refusal reason = seals.intact(draft) ? refusal : Refusal.APPROVAL_BROKEN;
    AuditEvent.Builder event =
        AuditEvent.builder(WAIVED, actor, draft.id().ref())
            .with("rule", new Ref("LintRule", unsealed.rule()))
            .with("reason", new Ref("Reason", unsealed.reason()))
            .with("state", draft.state())
            .with("version", draft.version())
            .with("revision", unsealed.revision())
            .withDigest("envelope", HEX.parseHex(unsealed.envelopeDigest()))
            .withDigest("context", HEX.parseHex(unsealed.contextDigest()))
            .withDigest("lint", HEX.parseHex(unsealed.lintDigest()))
            .with("policy", new Ref("Policy", unsealed.policyVersion()));
    if (reason != null) {
      audit.append(work, event.outcome(AuditEvent.Outcome.DENIED).with("refusal", reason).build());
      return new Result.Refused(reason, draft);
    }
    store.waive(work, unsealed.sealed(seals.seal(unsealed.bytes())));
    audit.append(work, event.with("waiver", new Ref("Waiver", unsealed.id().toString())).build());
    return new Result.Done(draft);
  }

  /** Audits that an act was refused before a draft was looked at. */
  public Result refuse(
      UnitOfWork work, DraftId id, @Nullable Draft now, Step step, Refusal reason) {
    AuditEvent.Builder event =
        AuditEvent.builder(REFUSED, step.actor, id.ref())
            .outcome(AuditEvent.Outcome.DENIED)
            .with("event", step.event)
            .with("refusal", reason);
    if (now != null) {
      event.with("state", now.state()).with("version", now.version());
    }
    audit.append(work, event.build());
    return new Result.Refused(reason, now);
  }

  private static Draft after(Draft before, Outcome.Moved moved, Step step) {
    Set<Effect> effects = moved.effects();
    Content content = before.content();
    DraftContext context = before.context();
    Dispatch dispatch = before.dispatch();
    Terms terms = before.terms();
    MemberId assignee = before.assignee();
    if (effects.contains(Effect.ASSIGN)) {
      assignee = step.assignee;
      terms = step.priority == null ? terms : terms.prioritised(step.priority);
    }
    if (effects.contains(Effect.FREEZE) || effects.contains(Effect.LINT)) {
      content = Objects.requireNonNull(step.content, "content");
    }
    if (effects.contains(Effect.KEEP_TEXT) && step.content != null) {
      content = step.content;
    }
    if (effects.contains(Effect.TAKE_CONTEXT)) {
      context = Objects.requireNonNull(step.context, "context");
    }
    if (effects.contains(Effect.LEASE)) {
      dispatch =
          dispatch.leased(
              Objects.requireNonNull(step.now, "now"), Objects.requireNonNull(step.at, "at"));
    }
    if (effects.contains(Effect.UNLEASE)) {
      dispatch = dispatch.ended();
    }
    if (effects.contains(Effect.LOSE)) {
      dispatch = dispatch.lost(step.at);
    }
    if (effects.contains(Effect.NOTHING_OUT)) {
      dispatch = dispatch.missed();
    }
    if (effects.contains(Effect.DEQUEUE) || before.state() == DraftState.GENERATING) {
      // The end of writing ends its lease too.
      dispatch = dispatch.notDue();
    }
    if (effects.contains(Effect.ENQUEUE)) {
      dispatch = dispatch.due(step.dedupeKey, Objects.requireNonNull(step.at, "at"));
    }
    if (moved.to() == DraftState.GENERATING) {
      dispatch = Dispatch.writing(Objects.requireNonNull(step.at, "at"));
    }
    if (effects.contains(Effect.KEEP_EVIDENCE)) {
      dispatch = dispatch.proven(step.evidence);
    }
    return new Draft(
        before.id(),
        before.version() + 1,
        moved.to(),
        before.channel(),
        before.attribution(),
        terms,
        context,
        content,
        dispatch,
        assignee,
        step.reason,
        "");
  }

  private void record(UnitOfWork work, @Nullable Draft before, Draft after, Step step) {
    AuditEvent.Builder event =
        AuditEvent.builder(action(step.event), step.actor, after.id().ref())
            .with("to", after.state())
            .with("version", after.version())
            .with("owner", after.attribution().owner());
    if (before != null) {
      event.with("from", before.state());
    }
    Content content = after.content();
    if (content != null) {
      event
          .with("revision", content.envelope().revision())
          .withDigest("envelope", HEX.parseHex(content.envelope().digest()));
    }
    event.withDigest("context", HEX.parseHex(after.context().digest()));
    if (step.approval != null) {
      event
          .with("approval", new Ref("Approval", step.approval.id().toString()))
          .withDigest("lint", HEX.parseHex(step.approval.lintDigest()));
      if (!step.approval.exemption().isEmpty()) {
        event
            .with("exemption", new Ref("Exemption", step.approval.exemption()))
            .with("grantedBy", step.approval.approver());
      }
    }
    if (!step.policyVersion.isEmpty()) {
      event.with("policy", new Ref("Policy", step.policyVersion));
    }
    MemberId assignee = after.assignee();
    if (step.event == DraftEvent.ASSIGN) {
      event.with("priority", after.terms().priority());
      if (assignee != null) {
        event.with("assignee", assignee);
      }
    }
    if (after.dispatch().attempts() > 0) {
      event.with("attempt", after.dispatch().attempts());
    }
    if (!step.reason.isEmpty()) {
      event.with("reason", new Ref("Reason", step.reason));
    }
    audit.append(work, event.build());
  }

  private static AuditAction action(DraftEvent event) {
    return new AuditAction(
        PREFIX
            + switch (event) {
              case CREATE -> "created";
              case COMPLETE -> "completed";
              case FAIL -> "failed";
              case ASSIGN -> "assigned";
              case EDIT -> "edited";
              case REGENERATE -> "regenerated";
              case APPROVE -> "approved";
              case SKIP -> "skipped";
              case CONTEXT_CHANGE -> "staled";
              case REFRESH -> "refreshed";
              case EXPIRE -> "expired";
              case EXEMPT -> "exempted";
              case CLAIM -> "claimed";
              case ACCEPT -> "sent";
              case REJECT -> "rejected";
              case DEFER -> "deferred";
              case LOSE -> "lost";
              case RETRY -> "retried";
              case FIND -> "found";
              case MISS -> "missed";
              case RESOLVE_SENT -> "resolved_sent";
              case RESOLVE_NOT_SENT -> "resolved_not_sent";
            });
  }
}
