package io.vesta.approval.review;

import io.vesta.approval.changes.Changes;
import io.vesta.approval.draft.Content;
import io.vesta.core.id.Ref;
import java.util.Objects;

/**
 * What was changed from one revision to another.
 *
 * @param from the older revision's number
 * @param to the newer revision's number
 * @param writtenBy who wrote the older one
 * @param changedBy who wrote the newer one
 * @param subject in the subject
 * @param body in the text
 */
public record Revised(
    int from, int to, Ref writtenBy, Ref changedBy, Changes subject, Changes body) {

  /** Checks presence. */
  public Revised {
    Objects.requireNonNull(writtenBy, "writtenBy");
    Objects.requireNonNull(changedBy, "changedBy");
    Objects.requireNonNull(subject, "subject");
    Objects.requireNonNull(body, "body");
  }

  static Revised between(Content before, Content after) {
    return new Revised(
        before.envelope().revision(),
        after.envelope().revision(),
        before.author(),
        after.author(),
        Changes.between(before.envelope().subject(), after.envelope().subject()),
        Changes.between(before.envelope().body(), after.envelope().body()));
  }
}
