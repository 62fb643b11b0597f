package io.vesta.approval.draft;

import io.vesta.approval.envelope.Envelope;
import io.vesta.approval.lint.LintReport;
import io.vesta.core.id.Ref;
import java.time.Instant;
import java.util.Objects;

/**
 * One revision of what would leave.
 *
 * @param envelope the frozen message
 * @param lint what the rules found in {@link Envelope#text}
 * @param author who wrote this revision: a member or a bot
 * @param model the model's own name if a model wrote it; empty if not
 * @param writtenAt when, to the millisecond
 */
public record Content(
    Envelope envelope, LintReport lint, Ref author, String model, Instant writtenAt) {

  /** Checks presence. */
  public Content {
    Objects.requireNonNull(envelope, "envelope");
    Objects.requireNonNull(lint, "lint");
    Objects.requireNonNull(author, "author");
    Objects.requireNonNull(model, "model");
    Objects.requireNonNull(writtenAt, "writtenAt");
  }
}
