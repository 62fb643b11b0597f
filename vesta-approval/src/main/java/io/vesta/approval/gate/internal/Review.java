package io.vesta.approval.gate.internal;

import io.vesta.approval.draft.Attribution;
import io.vesta.approval.draft.Content;
import io.vesta.approval.draft.ContextSource;
import io.vesta.approval.draft.Draft;
import io.vesta.approval.draft.DraftContext;
import io.vesta.approval.envelope.Envelope;
import io.vesta.approval.lint.Finding;
import io.vesta.approval.lint.LintInput;
import io.vesta.approval.lint.LintReport;
import io.vesta.approval.lint.Linter;
import io.vesta.approval.lint.Verdict;
import io.vesta.core.id.DraftId;
import io.vesta.core.id.Ref;
import io.vesta.core.storage.UnitOfWork;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;

/** What rooms establish about a draft before they take a step. Thread-safe. */
public final class Review {

  /** How the rule of every finding about a text's sources begins. */
  public static final String SOURCE_RULE = "SRC-";

  private static final Set<String> HOURS =
      Set.of("recipientLocalTime", "recipientZone", "recipientPhone");

  private final Linter linter;
  private final ContextSource contexts;

  /** Establishes facts by rules and by the host's word. */
  public Review(Linter linter, ContextSource contexts) {
    this.linter = Objects.requireNonNull(linter, "linter");
    this.contexts = Objects.requireNonNull(contexts, "contexts");
  }

  /** What a draft relies on now. */
  public DraftContext context(UnitOfWork work, DraftId id, Attribution attribution) {
    return Objects.requireNonNull(contexts.current(work, id, attribution), "context");
  }

  /** Whether a draft relies on what it was written from. */
  public boolean current(UnitOfWork work, Draft draft) {
    return context(work, draft.id(), draft.attribution()).equals(draft.context());
  }

  /** A revision, frozen and linted. */
  public Content freeze(
      Envelope envelope, DraftContext context, Ref author, String model, Instant now) {
    return new Content(envelope, lint(envelope, context), author, model, now);
  }

  /** The same text in another context, linted anew; what was found of its sources stays. */
  public Content again(Content content, DraftContext context) {
    LintReport report = lint(content.envelope(), context);
    List<Finding> findings = new ArrayList<>(report.findings());
    content.lint().findings().stream()
        .filter(finding -> finding.rule().startsWith(SOURCE_RULE))
        .forEach(findings::add);
    return new Content(
        content.envelope(),
        new LintReport(findings, report.packDigest()),
        content.author(),
        content.model(),
        content.writtenAt());
  }

  private LintReport lint(Envelope envelope, DraftContext context) {
    Map<String, String> facts = new HashMap<>(context.facts());
    String text = envelope.text();
    holds(facts, "hasPostalAddress", text, "postalAddress");
    holds(facts, "hasUnsubscribe", text, "unsubscribe");
    LintReport report = linter.lint(new LintInput(envelope.channel().name(), text, facts));
    if (report.rules(Verdict.DEFER).isEmpty()) {
      return report;
    }
    // The hour passes, and the gate waits for it; what else there is to say has to be said now.
    facts.keySet().removeAll(HOURS);
    LintReport later = linter.lint(new LintInput(envelope.channel().name(), text, facts));
    Set<Finding> findings = new LinkedHashSet<>(report.findings());
    findings.addAll(later.findings());
    return new LintReport(List.copyOf(findings), report.packDigest());
  }

  /** Whether the text holds what the context says it must; unknown if the context does not say. */
  private static void holds(Map<String, String> facts, String fact, String text, String needed) {
    String wanted = facts.remove(needed);
    if (wanted != null && !wanted.isBlank()) {
      facts.put(fact, Boolean.toString(words(text).contains(words(wanted))));
    }
  }

  private static String words(String text) {
    return text.strip().replaceAll("\\s+", " ");
  }
}
