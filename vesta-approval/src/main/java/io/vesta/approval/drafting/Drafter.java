package io.vesta.approval.drafting;

import io.vesta.approval.draft.Attribution;
import io.vesta.approval.draft.Content;
import io.vesta.approval.draft.Dispatch;
import io.vesta.approval.draft.Draft;
import io.vesta.approval.draft.Result;
import io.vesta.approval.draft.Terms;
import io.vesta.approval.envelope.Envelope;
import io.vesta.approval.exempt.internal.Exempting;
import io.vesta.approval.gate.internal.Moves;
import io.vesta.approval.gate.internal.Review;
import io.vesta.approval.gate.internal.Step;
import io.vesta.approval.lint.Finding;
import io.vesta.approval.lint.LintReport;
import io.vesta.approval.lint.Verdict;
import io.vesta.approval.review.Seen;
import io.vesta.approval.state.DraftEvent;
import io.vesta.approval.state.DraftState;
import io.vesta.approval.state.Guard;
import io.vesta.approval.state.Refusal;
import io.vesta.approval.store.DraftStore;
import io.vesta.core.access.Action;
import io.vesta.core.access.Actor;
import io.vesta.core.access.Authorizer;
import io.vesta.core.access.Decision;
import io.vesta.core.config.Port;
import io.vesta.core.config.VestaConfig;
import io.vesta.core.error.VestaException;
import io.vesta.core.id.BrokerageId;
import io.vesta.core.id.DraftId;
import io.vesta.core.id.MemberId;
import io.vesta.core.llm.Call;
import io.vesta.core.llm.Completion;
import io.vesta.core.llm.LanguageModel;
import io.vesta.core.llm.ModelException;
import io.vesta.core.llm.Prompt;
import io.vesta.core.storage.UnitOfWork;
import jakarta.inject.Inject;
import java.time.Duration;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.FutureTask;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.function.Function;

/**
 * Makes drafts, which then wait for a person, unless an exemption that the firm granted covers them
 * ({@link io.vesta.approval.exempt.Exemptions}; none by default). Thread-safe.
 *
 * <p><b>Guarantees.</b> A model sees client text only between fences that are new for each call and
 * decides nothing but the text. A link, address, number or amount that it can have from no trusted
 * source is a finding that a person must take note of. Only a text that the model finished by
 * itself within its time, and in which no lint rule blocks, is shown for review; every other one
 * ends as {@code FAILED}. A draft whose node dies while a model writes is failed by the dispatcher
 * when its time is over.
 */
public final class Drafter {

  private static final int LONGEST_NAME = 200;
  private static final int MOST_REVISIONS = 20;

  private final VestaConfig config;
  private final DraftStore store;
  private final Authorizer authorizer;
  private final Moves moves;
  private final Review review;
  private final Exempting exempting;
  private final Optional<LanguageModel> model;

  @Inject
  Drafter(
      VestaConfig config,
      DraftStore store,
      Optional<Authorizer> authorizer,
      Moves moves,
      Review review,
      Exempting exempting,
      Optional<LanguageModel> model) {
    this.config = config;
    this.store = store;
    this.authorizer = Port.require(authorizer, Authorizer.class, "RbacModule of vesta-rbac");
    this.moves = moves;
    this.review = review;
    this.exempting = exempting;
    this.model = model;
  }

  /**
   * Makes a draft from a text that is already written, in one unit of work of its own.
   *
   * @param actor who proposes it
   * @param request everything but the text
   * @param body the text
   * @return the draft, pending or failed by lint; or why there is none
   * @throws VestaException if the text has the wrong form
   */
  public Result propose(Actor actor, DraftRequest request, String body) {
    return config.database().write(work -> propose(work, actor, request, body));
  }

  /** Makes a draft from a text that is already written, as part of the host's unit of work. */
  public Result propose(UnitOfWork work, Actor actor, DraftRequest request, String body) {
    Envelope envelope = request.envelope(body);
    Result created = create(work, actor, request);
    return created instanceof Result.Done done
        ? complete(work, done.now(), actor, freeze(work, done.now(), actor, envelope, ""))
        : created;
  }

  /**
   * Lets the model write a draft. The request is durable before the model is asked, and no
   * transaction is open while it writes; it runs on the host's executor.
   *
   * @param actor who asks: usually a bot for the member in whose name the message leaves
   * @param request everything but the text
   * @param prompt what to write from; turns that others wrote are marked {@code UNTRUSTED} and are
   *     fenced here
   * @return the draft, pending or failed with its reason; or why there is none
   * @throws VestaException with code {@code VESTA-CORE-002} if there is no language model
   */
  public Result write(Actor actor, DraftRequest request, Prompt prompt) {
    LanguageModel writer =
        Port.require(
            model, LanguageModel.class, "LlmModule of vesta-llm, or ApprovalModule's model");
    Result created = config.database().write(work -> create(work, actor, request));
    if (!(created instanceof Result.Done)) {
      return created;
    }
    Written written = ask(writer, actor.brokerage(), request.writing(), prompt);
    return config
        .database()
        .write(work -> take(work, actor, request.id(), request::envelope, prompt, written));
  }

  /**
   * Lets the model write a draft again, such as after a person's feedback, which the prompt holds.
   * Every approval is gone, the context is taken anew, and the new text is a new revision that must
   * be approved; sender, recipients, channel and subject stay. The person who asks counts as its
   * author. Like {@link #write}, it holds no transaction while the model writes.
   *
   * @param actor the person who asks
   * @param seen what the person had before their eyes
   * @param prompt what to write from
   * @param writing how long the model may write, up to ten minutes
   * @return the draft, pending again or failed with its reason; or why nothing was written
   */
  public Result rewrite(Actor actor, DraftId id, Seen seen, Prompt prompt, Duration writing) {
    LanguageModel writer =
        Port.require(
            model, LanguageModel.class, "LlmModule of vesta-llm, or ApprovalModule's model");
    Duration time = DraftRequest.Builder.writingTime(writing);
    Result begun = config.database().write(work -> begin(work, actor, id, seen, time));
    if (!(begun instanceof Result.Done done)) {
      return begun;
    }
    Envelope before = done.now().written().orElseThrow().envelope();
    Written written = ask(writer, actor.brokerage(), time, prompt);
    return config
        .database()
        .write(
            work ->
                take(
                    work,
                    actor,
                    id,
                    text -> before.revised(before.subject(), text),
                    prompt,
                    written));
  }

  private Result begin(UnitOfWork work, Actor actor, DraftId id, Seen seen, Duration writing) {
    Step step = new Step(DraftEvent.REGENERATE, actor);
    Optional<Draft> found =
        actor.kind() == Actor.Kind.MEMBER && actor.brokerage().equals(id.brokerage())
            ? store
                .find(work, id)
                .filter(draft -> authorizer.decide(actor, Action.READ, draft.resource()).allowed())
            : Optional.empty();
    if (found.isEmpty()) {
      return moves.refuse(work, id, null, step, Refusal.NOT_FOUND);
    }
    Draft draft = found.get();
    Decision decision = authorizer.decide(actor, Action.UPDATE, draft.resource());
    boolean sawIt =
        draft
            .written()
            .map(content -> content.envelope().digest())
            .filter(digest -> digest.equals(seen.digest()) && seen.version() == draft.version())
            .isPresent();
    return moves.take(
        work,
        draft,
        step.holds(Guard.AUTHORIZED, decision.allowed())
            .policy(decision.policyVersion())
            .holds(Guard.VERSION_SEEN, sawIt)
            .holds(Guard.WITHIN_BUDGET, store.revisions(work, id).size() < MOST_REVISIONS)
            .context(review.context(work, id, draft.attribution()))
            .at(config.now(work).plus(writing).truncatedTo(ChronoUnit.MILLIS)));
  }

  /** What a model gave: a text with its model's name, or why there is none. */
  private record Written(String text, String model, String failure) {}

  private Written ask(
      LanguageModel writer, BrokerageId brokerage, Duration writing, Prompt prompt) {
    Instant deadline = config.clock().instant().plus(writing);
    Call.CancelToken cancel = new Call.CancelToken();
    Call call = new Call(config.newId(), brokerage, deadline, cancel);
    Prompt fenced = Fence.around(prompt, config.random());
    FutureTask<Completion> task = new FutureTask<>(() -> writer.complete(fenced, call));
    try {
      config.executor().execute(task);
      Duration left = Duration.between(config.clock().instant(), deadline);
      Completion completion = task.get(Math.max(left.toMillis(), 0), TimeUnit.MILLISECONDS);
      if (!config.clock().instant().isBefore(deadline)) {
        return failed(ModelException.Kind.TIMEOUT);
      }
      if (completion == null) {
        // Against its contract, but the draft must end all the same.
        return failed(ModelException.Kind.OTHER);
      }
      String text = completion.text().replace("\r\n", "\n").stripTrailing();
      String name = name(completion.modelId());
      return completion.finish() == Completion.Finish.STOP
          ? new Written(text, name, "")
          : new Written(text, name, "FINISH_" + completion.finish());
    } catch (TimeoutException e) {
      return failed(ModelException.Kind.TIMEOUT);
    } catch (RejectedExecutionException e) {
      return failed(ModelException.Kind.UNAVAILABLE);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      return failed(ModelException.Kind.CANCELLED);
    } catch (ExecutionException e) {
      return failed(
          e.getCause() instanceof ModelException known ? known.kind() : ModelException.Kind.OTHER);
    } finally {
      // Whatever comes after this is late, and nobody reads it.
      cancel.cancel();
      task.cancel(true);
    }
  }

  /** What a model calls itself comes from outside too. */
  private static String name(String modelId) {
    String visible = modelId.replaceAll("[^!-~]", "_");
    return visible.substring(0, Math.min(visible.length(), LONGEST_NAME));
  }

  private static Written failed(ModelException.Kind kind) {
    return new Written("", "", "MODEL_" + kind);
  }

  private Result take(
      UnitOfWork work,
      Actor actor,
      DraftId id,
      Function<String, Envelope> enveloped,
      Prompt prompt,
      Written written) {
    Draft draft =
        store
            .find(work, id)
            .orElseThrow(() -> new IllegalStateException("a draft is never deleted"));
    Envelope envelope;
    try {
      envelope = enveloped.apply(written.text());
    } catch (VestaException e) {
      // A text that no message can have, such as one with control characters or none at all.
      String why = written.failure().isEmpty() ? "TEXT_INVALID" : written.failure();
      return moves.take(work, draft, new Step(DraftEvent.FAIL, actor).reason(why));
    }
    if (!written.failure().isEmpty()) {
      Content partial = freeze(work, draft, actor, envelope, written.model());
      return moves.take(
          work, draft, new Step(DraftEvent.FAIL, actor).reason(written.failure()).content(partial));
    }
    Content content = freeze(work, draft, actor, envelope, written.model());
    return complete(work, draft, actor, unsourced(content, Sources.of(prompt, envelope)));
  }

  /** With a finding for whatever the model can have from no trusted source. */
  private static Content unsourced(Content content, Sources sources) {
    List<Finding> findings = new ArrayList<>(content.lint().findings());
    findings.addAll(sources.missing(content.envelope().text()));
    return new Content(
        content.envelope(),
        new LintReport(findings, content.lint().packDigest()),
        content.author(),
        content.model(),
        content.writtenAt());
  }

  private Result create(UnitOfWork work, Actor actor, DraftRequest request) {
    Instant now = config.now(work);
    Attribution attribution = request.attribution();
    Decision decision =
        authorizer.decide(
            actor, Action.CREATE, attribution.resource(request.id(), now, request.routed()));
    Terms terms =
        new Terms(
            request.approvals(),
            request.priority(),
            request.routed(),
            actor.member().map(MemberId::ref).orElse(actor.ref()),
            now,
            now.plus(request.expiry()).truncatedTo(ChronoUnit.MILLIS));
    Draft draft =
        new Draft(
            request.id(),
            1,
            DraftState.GENERATING,
            request.channel(),
            attribution,
            terms,
            review.context(work, request.id(), attribution),
            null,
            Dispatch.writing(now.plus(request.writing()).truncatedTo(ChronoUnit.MILLIS)),
            null,
            "",
            "");
    return moves.create(
        work,
        draft,
        new Step(DraftEvent.CREATE, actor)
            .holds(
                Guard.AUTHORIZED,
                decision.allowed() && actor.brokerage().equals(draft.id().brokerage()))
            .policy(decision.policyVersion()));
  }

  private Result complete(UnitOfWork work, Draft draft, Actor actor, Content content) {
    if (content.lint().verdict() == Verdict.BLOCK) {
      return moves.take(
          work,
          draft,
          new Step(DraftEvent.FAIL, actor).reason(Refusal.LINT_BLOCKS.name()).content(content));
    }
    Result completed =
        moves.take(
            work,
            draft,
            new Step(DraftEvent.COMPLETE, actor)
                .holds(Guard.MODEL_STOPPED)
                .holds(Guard.LINT_NOT_BLOCKING)
                .content(content));
    // What a person has seen or touched waits for a person.
    return completed instanceof Result.Done done && draft.content() == null
        ? exempting.apply(work, done.now())
        : completed;
  }

  private Content freeze(
      UnitOfWork work, Draft draft, Actor actor, Envelope envelope, String modelId) {
    return review.freeze(envelope, draft.context(), actor.ref(), modelId, config.now(work));
  }
}
