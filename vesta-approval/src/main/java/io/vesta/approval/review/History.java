package io.vesta.approval.review;

import io.vesta.approval.draft.Approval;
import io.vesta.approval.draft.Content;
import io.vesta.approval.draft.Draft;
import io.vesta.approval.draft.Waiver;
import java.util.List;
import java.util.Objects;

/**
 * A draft with what led to it, as it is stored. An approval or waiver that is shown here may be
 * forged all the same: only the gate judges seals.
 *
 * @param draft as it stands
 * @param revisions oldest first
 * @param approvals those that are not revoked, oldest first
 * @param waivers oldest first, void ones too
 */
public record History(
    Draft draft, List<Content> revisions, List<Approval> approvals, List<Waiver> waivers) {

  /** Copies. */
  public History {
    Objects.requireNonNull(draft, "draft");
    revisions = List.copyOf(revisions);
    approvals = List.copyOf(approvals);
    waivers = List.copyOf(waivers);
  }
}
