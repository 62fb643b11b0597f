package io.vesta.approval.store;

import io.vesta.approval.draft.Approval;
import io.vesta.approval.draft.Draft;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * One move of a draft, whole or not at all.
 *
 * @param before the draft that the move was decided on
 * @param after the draft as it shall be; its version is one greater
 * @param revoke whether every approval of the draft is revoked
 * @param approval an approval to record; null for none
 */
public record Change(Draft before, Draft after, boolean revoke, @Nullable Approval approval) {

  /** Checks that it is one step of one draft. */
  public Change {
    Objects.requireNonNull(before, "before");
    if (!before.id().equals(after.id()) || after.version() != before.version() + 1) {
      throw new IllegalArgumentException("a change is one step of one draft");
    }
  }
}
