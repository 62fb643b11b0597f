package io.vesta.approval.draft;

import io.vesta.core.access.Capacity;
import io.vesta.core.id.DraftId;
import io.vesta.core.id.MemberId;
import java.time.Instant;
import java.util.Objects;
import java.util.UUID;

/**
 * One person's yes to exactly one envelope in one context, as it is stored. It is worth nothing
 * without its seal, which only the configured keys can make.
 *
 * @param id its id
 * @param draft which draft
 * @param revision which revision
 * @param approver who
 * @param capacity as what
 * @param envelopeDigest of which bytes
 * @param contextDigest in which context
 * @param lintDigest under which findings
 * @param policyVersion by which policy
 * @param needed how many approvals the draft needs, 1 to 5
 * @param approvedAt when, to the millisecond
 * @param expiresAt from when on it is worth nothing, to the millisecond
 * @param exemption by which exemption, as its rule and version; empty if the approver decided by
 *     themselves. The approver answers for the exemption then
 * @param keyId which key sealed it
 * @param seal HMAC-SHA-256 over all of the above, in hexadecimal digits
 */
public record Approval(
    UUID id,
    DraftId draft,
    int revision,
    MemberId approver,
    Capacity capacity,
    String envelopeDigest,
    String contextDigest,
    String lintDigest,
    String policyVersion,
    int needed,
    Instant approvedAt,
    Instant expiresAt,
    String exemption,
    String keyId,
    String seal) {

  /** Checks presence. */
  public Approval {
    Objects.requireNonNull(id, "id");
    Objects.requireNonNull(draft, "draft");
    Objects.requireNonNull(approver, "approver");
    Objects.requireNonNull(capacity, "capacity");
    Objects.requireNonNull(envelopeDigest, "envelopeDigest");
    Objects.requireNonNull(contextDigest, "contextDigest");
    Objects.requireNonNull(lintDigest, "lintDigest");
    Objects.requireNonNull(policyVersion, "policyVersion");
    Objects.requireNonNull(approvedAt, "approvedAt");
    Objects.requireNonNull(expiresAt, "expiresAt");
    Objects.requireNonNull(exemption, "exemption");
    Objects.requireNonNull(keyId, "keyId");
    Objects.requireNonNull(seal, "seal");
  }

  /** The same approval under a seal. */
  public Approval sealed(String newSeal) {
    return new Approval(
        id,
        draft,
        revision,
        approver,
        capacity,
        envelopeDigest,
        contextDigest,
        lintDigest,
        policyVersion,
        needed,
        approvedAt,
        expiresAt,
        exemption,
        keyId,
        newSeal);
  }

  /** Who and what, not the seal. */
  @Override
  public String toString() {
    return "Approval["
        + id
        + " of "
        + draft.key()
        + " revision "
        + revision
        + " by "
        + approver.key()
        + "]";
  }
}
