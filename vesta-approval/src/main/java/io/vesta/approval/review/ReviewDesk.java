package io.vesta.approval.review;

import io.vesta.approval.ApprovalError;
import io.vesta.approval.draft.Approval;
import io.vesta.approval.draft.Content;
import io.vesta.approval.draft.Draft;
import io.vesta.approval.draft.DraftContext;
import io.vesta.approval.draft.Result;
import io.vesta.approval.draft.Waiver;
import io.vesta.approval.envelope.Envelope;
import io.vesta.approval.gate.internal.Moves;
import io.vesta.approval.gate.internal.Review;
import io.vesta.approval.gate.internal.Seals;
import io.vesta.approval.gate.internal.Step;
import io.vesta.approval.gate.internal.Waivers;
import io.vesta.approval.lint.LintReport;
import io.vesta.approval.lint.Verdict;
import io.vesta.approval.state.DraftEvent;
import io.vesta.approval.state.DraftState;
import io.vesta.approval.state.Guard;
import io.vesta.approval.state.Refusal;
import io.vesta.approval.store.DraftQuery;
import io.vesta.approval.store.DraftStore;
import io.vesta.core.access.Action;
import io.vesta.core.access.Actor;
import io.vesta.core.access.Authorizer;
import io.vesta.core.access.Capacity;
import io.vesta.core.access.Decision;
import io.vesta.core.access.RowFilter;
import io.vesta.core.config.Port;
import io.vesta.core.config.VestaConfig;
import io.vesta.core.error.VestaException;
import io.vesta.core.id.DraftId;
import io.vesta.core.id.MemberId;
import io.vesta.core.id.Ref;
import io.vesta.core.storage.UnitOfWork;
import jakarta.inject.Inject;
import java.time.Duration;
import java.time.Instant;
import java.util.Collections;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/**
 * Where people decide on drafts. Thread-safe.
 *
 * <p><b>Guarantees.</b> A decision counts for exactly what its {@link Seen} names; of two decisions
 * on the same version one wins and the other is told what came instead. An approval is bound to the
 * envelope, the context, the findings, the policy, the person and its expiry. Any edit, skip or
 * change of context revokes every approval. Every act, refused ones too, is one audit entry in the
 * unit of work of the act. Who may not read a draft learns nothing of it.
 *
 * <p><b>Not guaranteed.</b> That a person has read what they approved.
 */
public final class ReviewDesk {

  /** So long after its lease, an attempt is not under way any more, even on a halting node. */
  private static final Duration SEND_MARGIN = Duration.ofMinutes(1);

  private static final int MOST_CHOICES = 100;

  /** Nobody decides on one draft so often while a message comes in. */
  private static final int NEWS_TOLD = 5;

  private final VestaConfig config;
  private final DraftStore store;
  private final Authorizer authorizer;
  private final Moves moves;
  private final Review review;
  private final Seals seals;
  private final Waivers waivers;
  private final Coverage coverage;
  private final @Nullable UnitOfWork joined;

  @Inject
  ReviewDesk(
      VestaConfig config,
      DraftStore store,
      Optional<Authorizer> authorizer,
      Moves moves,
      Review review,
      Seals seals,
      Waivers waivers,
      Coverage coverage) {
    this(
        config,
        store,
        Port.require(authorizer, Authorizer.class, "RbacModule of vesta-rbac"),
        moves,
        review,
        seals,
        waivers,
        coverage,
        null);
  }

  private ReviewDesk(
      VestaConfig config,
      DraftStore store,
      Authorizer authorizer,
      Moves moves,
      Review review,
      Seals seals,
      Waivers waivers,
      Coverage coverage,
      @Nullable UnitOfWork joined) {
    this.config = config;
    this.store = store;
    this.authorizer = authorizer;
    this.moves = moves;
    this.review = review;
    this.seals = seals;
    this.waivers = waivers;
    this.coverage = coverage;
    this.joined = joined;
  }

  /**
   * The same desk, but everything done at it is part of the host's unit of work, and is durable or
   * gone with it. Not thread-safe; of no use after the unit of work.
   */
  public ReviewDesk joining(UnitOfWork work) {
    return new ReviewDesk(config, store, authorizer, moves, review, seals, waivers, coverage, work);
  }

  /** A draft; empty if there is none or the actor may not read it. */
  public Optional<Draft> find(Actor actor, DraftId id) {
    return reading(work -> readable(work, actor, id));
  }

  /**
   * What the actor may read, the most urgent first: greater priority, then earlier expiry.
   *
   * @param query which states and which page; {@link DraftQuery#open} for what waits for a person
   */
  public List<Draft> queue(Actor actor, DraftQuery query) {
    RowFilter filter = authorizer.filter(actor, Action.READ, store.columns());
    if (filter instanceof RowFilter.None) {
      return List.of();
    }
    return reading(
        work -> {
          DraftId after = query.after();
          if (after != null && readable(work, actor, after).isEmpty()) {
            // The same words as for one that is not there.
            throw VestaException.invalid(
                "page start", "a draft that is not there", "begin at the first page again");
          }
          return store.page(work, actor.brokerage(), filter, query);
        });
  }

  /** Every revision of a draft, oldest first; empty if the actor may not read it. */
  public List<Content> revisions(Actor actor, DraftId id) {
    return reading(
        work ->
            readable(work, actor, id).map(draft -> store.revisions(work, id)).orElse(List.of()));
  }

  /**
   * Approves exactly what was seen. With the last approval that is needed, the draft is due to be
   * sent.
   *
   * @param seen what the person had before their eyes
   * @param acknowledged the ids of the lint rules whose findings the person took note of; every
   *     finding of severity {@code REVIEW} must be among them
   */
  public Result approve(Actor actor, DraftId id, Seen seen, Set<String> acknowledged) {
    return act(
        DraftEvent.APPROVE,
        Action.DECIDE,
        actor,
        id,
        (work, draft, step) -> {
          Content content = draft.content();
          if (content == null) {
            return moves.take(work, draft, step);
          }
          Instant now = config.now(work);
          LintReport lint = content.lint();
          Waivers.Ruling waived = waivers.rule(work, draft);
          List<Approval> given = given(work, draft, content);
          MemberId person = actor.requirePerson("approving a draft");
          Approval approval = seal(draft, content, actor, person, step.policyVersion(), now);
          step.holds(Guard.VERSION_SEEN, seen.version() == draft.version())
              .holds(Guard.DIGEST_SEEN, seen.digest().equals(content.envelope().digest()))
              .holds(Guard.LINT_NOT_BLOCKING, waived.covered() && waived.standing())
              .holds(Guard.LINT_ACKNOWLEDGED, acknowledged.containsAll(lint.rules(Verdict.REVIEW)))
              .holds(Guard.CONTEXT_CURRENT, review.current(work, draft))
              .holds(Guard.NOT_EXPIRED, now.isBefore(draft.terms().expiresAt()))
              .holds(Guard.SECOND_PERSON, second(work, draft, person))
              .holds(
                  Guard.NOT_VOTED, given.stream().noneMatch(one -> one.approver().equals(person)))
              .holds(Guard.QUORUM, given.size() + 1 >= draft.terms().approvals())
              .approval(approval, seals.dedupeKey(approval))
              .at(now);
          return moves.take(work, draft, step);
        });
  }

  /**
   * Waives a lint rule that blocks, for exactly what was seen; edited by a byte, in another context
   * or under other findings, the text is blocked again. It approves nothing: the draft stays, and
   * can then be approved by whoever may decide on it.
   *
   * @param actor who answers for it: somebody whom the authorizer allows {@code override}
   * @param seen what the person had before their eyes
   * @param rule the lint rule's id
   * @param reason why it does not apply
   * @return the draft as it stands; or why the waiver is not given
   */
  public Result waive(Actor actor, DraftId id, Seen seen, String rule, WaiveReason reason) {
    return onReadable(
        DraftEvent.APPROVE,
        actor,
        id,
        (work, draft, step) -> {
          Content content = draft.content();
          if (content == null || draft.state() != DraftState.PENDING) {
            return moves.refuse(work, id, draft, step, Refusal.WRONG_STATE);
          }
          if (!content.lint().rules(Verdict.BLOCK).contains(rule)) {
            // The rule's name is whatever was given, so it goes into no log.
            return moves.refuse(work, id, draft, step, Refusal.NOTHING_TO_WAIVE);
          }
          Decision decision = waivers.decide(actor, draft);
          Refusal refusal = null;
          if (!decision.allowed()) {
            refusal = Refusal.NOT_AUTHORIZED;
          } else if (!matches(seen, draft, content)) {
            refusal = Refusal.VERSION_CHANGED;
          }
          Waiver waiver = waiver(work, draft, content, actor, rule, reason, decision);
          return moves.waive(work, draft, actor, waiver, refusal);
        });
  }

  private Waiver waiver(
      UnitOfWork work,
      Draft draft,
      Content content,
      Actor actor,
      String rule,
      WaiveReason reason,
      Decision decision) {
    return new Waiver(
        config.newId(),
        draft.id(),
        content.envelope().revision(),
        rule,
        actor.requirePerson("waiving a rule"),
        actor.capacity().orElseThrow(),
        content.envelope().digest(),
        draft.context().digest(),
        content.lint().digest(),
        decision.policyVersion(),
        reason.name(),
        config.now(work),
        "");
  }

  /** The approvals of this revision so far; none are possible where one is enough. */
  private List<Approval> given(UnitOfWork work, Draft draft, Content content) {
    if (draft.terms().approvals() == 1) {
      return List.of();
    }
    return store.approvals(work, draft.id()).stream()
        .filter(one -> one.revision() == content.envelope().revision())
        .filter(seals::intact)
        .toList();
  }

  /**
   * Decides on several drafts, each as if it were alone: with what was seen of it, in a unit of
   * work of its own unless the desk {@link #joining joins} one, and with a result of its own. What
   * the database fails at ends the list; what was done until then is done.
   *
   * @param choices at most 100, each draft once
   * @return what came of each, in the order of the choices
   */
  public List<Result> decide(Actor actor, List<Choice> choices) {
    Set<DraftId> ids = new HashSet<>();
    choices.forEach(choice -> ids.add(choice.id()));
    if (choices.size() > MOST_CHOICES || ids.size() < choices.size()) {
      throw VestaException.invalid(
          "choices",
          choices.size() + " for " + ids.size() + " drafts",
          "use at most " + MOST_CHOICES + ", each draft once");
    }
    return choices.stream().map(choice -> decide(actor, choice)).toList();
  }

  private Result decide(Actor actor, Choice choice) {
    try {
      if (choice instanceof Choice.Approve approve) {
        return approve(actor, approve.id(), approve.seen(), approve.acknowledged());
      }
      Choice.Skip skip = (Choice.Skip) choice;
      return skip(actor, skip.id(), skip.seen(), skip.reason());
    } catch (VestaException e) {
      if (e.code() != ApprovalError.TAMPERED || joined != null) {
        throw e;
      }
      // One row that cannot be read does not keep the others waiting.
      Step step = new Step(DraftEvent.APPROVE, actor);
      return writing(work -> moves.refuse(work, choice.id(), null, step, Refusal.APPROVAL_BROKEN));
    }
  }

  /**
   * What was changed from one revision to another; empty if the actor may not read the draft.
   *
   * @throws VestaException if there is no such revision
   */
  public Optional<Revised> changes(Actor actor, DraftId id, int from, int to) {
    List<Content> revisions = revisions(actor, id);
    return revisions.isEmpty()
        ? Optional.empty()
        : Optional.of(Revised.between(revision(revisions, from), revision(revisions, to)));
  }

  private static Content revision(List<Content> revisions, int number) {
    return revisions.stream()
        .filter(content -> content.envelope().revision() == number)
        .findFirst()
        .orElseThrow(
            () ->
                VestaException.invalid(
                    "revision",
                    Integer.toString(number),
                    "use one of the " + revisions.size() + " that there are"));
  }

  /**
   * What is known of a draft's way so far: its revisions, the approvals that stand and the waivers;
   * empty if the actor may not read it. Every single step, refused ones too, is in the audit log
   * under the draft's reference.
   */
  public Optional<History> history(Actor actor, DraftId id) {
    return reading(
        work ->
            readable(work, actor, id)
                .map(
                    draft ->
                        new History(
                            draft,
                            store.revisions(work, id),
                            store.approvals(work, id),
                            store.waivers(work, id))));
  }

  /**
   * How many drafts wait for a person in each state, and since when, of those the actor may read.
   */
  public Map<DraftState, DraftStore.Waiting> waiting(Actor actor) {
    RowFilter filter = authorizer.filter(actor, Action.READ, store.columns());
    return filter instanceof RowFilter.None
        ? Map.of()
        : reading(work -> store.waiting(work, actor.brokerage(), filter, DraftQuery.OPEN));
  }

  /**
   * Changes subject and text. The draft becomes a new revision, linted anew, and every approval is
   * gone; it can then be approved as it is now.
   *
   * @throws VestaException if the text has the wrong form
   */
  public Result edit(Actor actor, DraftId id, Seen seen, String subject, String body) {
    return act(
        DraftEvent.EDIT,
        Action.UPDATE,
        actor,
        id,
        (work, draft, step) -> {
          Content content = draft.content();
          if (content != null) {
            Envelope revised = content.envelope().revised(subject, body);
            step.holds(Guard.VERSION_SEEN, matches(seen, draft, content))
                .content(
                    review.freeze(revised, draft.context(), actor.ref(), "", config.now(work)));
          }
          return moves.take(work, draft, step);
        });
  }

  /** Takes a draft to look after it. */
  public Result claim(Actor actor, DraftId id, Seen seen) {
    return act(
        DraftEvent.ASSIGN,
        Action.DECIDE,
        actor,
        id,
        (work, draft, step) -> {
          MemberId person = actor.requirePerson("claiming a draft");
          return assign(work, draft, step, seen, person, actor);
        });
  }

  /** Looks after a draft no more, or takes it from who does. */
  public Result release(Actor actor, DraftId id, Seen seen) {
    return act(
        DraftEvent.ASSIGN,
        Action.DECIDE,
        actor,
        id,
        (work, draft, step) -> assign(work, draft, step, seen, null, actor));
  }

  /**
   * Gives a draft to somebody, who must be one that may decide on it.
   *
   * @param to who looks after it then
   * @param capacity as what
   */
  public Result assign(Actor actor, DraftId id, Seen seen, MemberId to, Capacity capacity) {
    return act(
        DraftEvent.ASSIGN,
        Action.DECIDE,
        actor,
        id,
        (work, draft, step) -> assign(work, draft, step, seen, to, Actor.member(to, capacity)));
  }

  /**
   * Moves a draft up in the queue, for whoever takes it next.
   *
   * @param priority the new one, greater than the old and at most 100
   */
  public Result escalate(Actor actor, DraftId id, Seen seen, int priority) {
    return act(
        DraftEvent.ASSIGN,
        Action.READ,
        actor,
        id,
        (work, draft, step) -> {
          if (priority <= draft.terms().priority()) {
            throw VestaException.invalid(
                "priority",
                priority + " and not above " + draft.terms().priority(),
                "use a greater one, up to 100");
          }
          return assign(work, draft, step.priority(priority), seen, null, actor);
        });
  }

  private Result assign(
      UnitOfWork work, Draft draft, Step step, Seen seen, @Nullable MemberId to, Actor as) {
    boolean eligible =
        to == null
            || (to.brokerage().equals(draft.id().brokerage())
                && authorizer.decide(as, Action.DECIDE, draft.resource()).allowed()
                && second(work, draft, to));
    return moves.take(
        work,
        draft,
        step.holds(Guard.VERSION_SEEN, seen.version() == draft.version())
            .holds(Guard.ASSIGNEE_ELIGIBLE, eligible)
            .assignee(to));
  }

  /** Decides against a draft, for good. */
  public Result skip(Actor actor, DraftId id, Seen seen, SkipReason reason) {
    return act(
        DraftEvent.SKIP,
        Action.DECIDE,
        actor,
        id,
        (work, draft, step) ->
            moves.take(
                work,
                draft,
                step.holds(Guard.VERSION_SEEN, seen.version() == draft.version())
                    .holds(Guard.REASON_GIVEN)
                    .reason(reason.name())));
  }

  /**
   * Takes the context as it is now for the same text, which is linted under it anew and must be
   * approved anew.
   */
  public Result refresh(Actor actor, DraftId id, Seen seen) {
    return act(
        DraftEvent.REFRESH,
        Action.UPDATE,
        actor,
        id,
        (work, draft, step) -> {
          DraftContext context = review.context(work, id, draft.attribution());
          Content content = draft.content();
          if (content != null) {
            step.holds(Guard.VERSION_SEEN, matches(seen, draft, content))
                .context(context)
                .content(review.again(content, context));
          }
          return moves.take(work, draft, step);
        });
  }

  /**
   * Tells that what a draft relies on may have changed: a message of the client came in, a consent
   * was withdrawn, a listing was changed. The host calls it in the unit of work of that change. If
   * the context is another one now, every approval is gone and a person must look again.
   *
   * @param actor a member or bot that may read the draft, or a system actor of the host's
   * @return done if the draft became stale; refused if nothing it relies on has changed, or it is
   *     past changing
   */
  public Result contextChanged(Actor actor, DraftId id) {
    return writing(
        work -> {
          Result result = tell(work, actor, id);
          // Who decided meanwhile decided before they could know: the news is not lost to them.
          for (int i = 1; i < NEWS_TOLD && overtaken(result); i++) {
            result = tell(work, actor, id);
          }
          return result;
        });
  }

  private Result tell(UnitOfWork work, Actor actor, DraftId id) {
    Step step = new Step(DraftEvent.CONTEXT_CHANGE, actor);
    boolean host = actor.kind() == Actor.Kind.SYSTEM;
    Optional<Draft> found =
        host && actor.brokerage().equals(id.brokerage())
            ? store.find(work, id)
            : readable(work, actor, id);
    return found
        .map(
            draft ->
                moves.take(
                    work, draft, step.holds(Guard.CONTEXT_CHANGED, !review.current(work, draft))))
        .orElseGet(() -> moves.refuse(work, id, null, step, Refusal.NOT_FOUND));
  }

  private static boolean overtaken(Result result) {
    return result instanceof Result.Refused refused && refused.reason() == Refusal.VERSION_CHANGED;
  }

  /**
   * Settles a draft of which nobody knows whether it went out. It is never sent again: a message
   * that did not go out is proposed anew.
   *
   * @param sent whether the person found that it went out
   * @param reason how they know
   */
  public Result resolve(Actor actor, DraftId id, boolean sent, ResolveReason reason) {
    return act(
        sent ? DraftEvent.RESOLVE_SENT : DraftEvent.RESOLVE_NOT_SENT,
        Action.DECIDE,
        actor,
        id,
        (work, draft, step) -> {
          Instant lease = draft.dispatch().leaseUntil();
          boolean over = lease != null && config.now(work).isAfter(lease.plus(SEND_MARGIN));
          return moves.take(
              work,
              draft,
              step.holds(Guard.REASON_GIVEN)
                  .holds(Guard.SEND_TIME_OVER, over)
                  .reason(reason.name())
                  .evidence(actor.ref() + " " + reason));
        });
  }

  /** What is particular to one kind of act. */
  private interface Act {
    Result on(UnitOfWork work, Draft draft, Step step);
  }

  private Result act(DraftEvent event, Action action, Actor actor, DraftId id, Act act) {
    return onReadable(
        event,
        actor,
        id,
        (work, draft, step) -> {
          Decision decision = authorizer.decide(actor, action, draft.resource());
          step.holds(Guard.AUTHORIZED, decision.allowed()).policy(decision.policyVersion());
          return act.on(work, draft, step);
        });
  }

  /** An act of a member on a draft that they may read. */
  private Result onReadable(DraftEvent event, Actor actor, DraftId id, Act act) {
    Step step = new Step(event, actor);
    return writing(
        work -> {
          if (actor.kind() != Actor.Kind.MEMBER) {
            return moves.refuse(work, id, null, step, Refusal.NOT_AUTHORIZED);
          }
          Optional<Draft> found = readable(work, actor, id);
          if (found.isEmpty()) {
            return moves.refuse(work, id, null, step, Refusal.NOT_FOUND);
          }
          return act.on(work, found.get(), step);
        });
  }

  private Optional<Draft> readable(UnitOfWork work, Actor actor, DraftId id) {
    return actor.brokerage().equals(id.brokerage())
        ? store
            .find(work, id)
            .filter(draft -> authorizer.decide(actor, Action.READ, draft.resource()).allowed())
        : Optional.empty();
  }

  private Approval seal(
      Draft draft,
      Content content,
      Actor actor,
      MemberId person,
      String policyVersion,
      Instant now) {
    Capacity capacity = actor.capacity().orElseThrow();
    return seals.sealed(
        new Approval(
            config.newId(),
            draft.id(),
            content.envelope().revision(),
            person,
            capacity,
            content.envelope().digest(),
            draft.context().digest(),
            content.lint().digest(),
            policyVersion,
            draft.terms().approvals(),
            now,
            draft.terms().expiresAt(),
            "",
            seals.keyId(),
            ""));
  }

  /**
   * Where several must approve, whoever wrote any revision or asked for the draft is not one: who
   * wrote the text does not become its second pair of eyes by another's comma, nor through whoever
   * stands in for them, nor through whom they stand in for.
   */
  private boolean second(UnitOfWork work, Draft draft, MemberId person) {
    if (draft.terms().approvals() == 1) {
      return true;
    }
    Set<Ref> first = new HashSet<>();
    first.add(draft.terms().creator());
    store.revisions(work, draft.id()).forEach(content -> first.add(content.author()));
    Set<Ref> same = new HashSet<>(Set.of(person.ref()));
    coverage.pairedWith(work, person).forEach(member -> same.add(member.ref()));
    return Collections.disjoint(first, same);
  }

  private static boolean matches(Seen seen, Draft draft, Content content) {
    return seen.version() == draft.version() && seen.digest().equals(content.envelope().digest());
  }

  private <T> T reading(Function<UnitOfWork, T> reads) {
    UnitOfWork work = joined;
    return work == null ? config.database().read(reads) : reads.apply(work);
  }

  private <T> T writing(Function<UnitOfWork, T> writes) {
    UnitOfWork work = joined;
    return work == null ? config.database().write(writes) : writes.apply(work);
  }
}
