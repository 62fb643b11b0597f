package io.vesta.approval.draft;

import io.vesta.approval.envelope.internal.Bytes;
import io.vesta.core.access.Capacity;
import io.vesta.core.id.DraftId;
import io.vesta.core.id.MemberId;
import java.time.Instant;
import java.util.Objects;
import java.util.UUID;

/**
 * Somebody's word that a lint rule which blocks does not stop exactly one envelope in one context.
 * It is worth nothing without its seal, and nothing for any other envelope, context or findings.
 *
 * @param id its id
 * @param draft which draft
 * @param revision which revision
 * @param rule the lint rule's id; its version is in what {@code lintDigest} covers
 * @param by who answers for it
 * @param capacity as what
 * @param envelopeDigest for which bytes
 * @param contextDigest in which context
 * @param lintDigest under which findings
 * @param policyVersion by which policy
 * @param reason why, as an upper-case word
 * @param at when, to the millisecond
 * @param seal over {@link #bytes}
 */
public record Waiver(
    UUID id,
    DraftId draft,
    int revision,
    String rule,
    MemberId by,
    Capacity capacity,
    String envelopeDigest,
    String contextDigest,
    String lintDigest,
    String policyVersion,
    String reason,
    Instant at,
    String seal) {

  /** Checks presence. */
  public Waiver {
    Objects.requireNonNull(id, "id");
    Objects.requireNonNull(draft, "draft");
    Objects.requireNonNull(rule, "rule");
    Objects.requireNonNull(by, "by");
    Objects.requireNonNull(capacity, "capacity");
    Objects.requireNonNull(envelopeDigest, "envelopeDigest");
    Objects.requireNonNull(contextDigest, "contextDigest");
    Objects.requireNonNull(lintDigest, "lintDigest");
    Objects.requireNonNull(policyVersion, "policyVersion");
    Objects.requireNonNull(reason, "reason");
    Objects.requireNonNull(at, "at");
    Objects.requireNonNull(seal, "seal");
  }

  /** The same waiver under a seal. */
  public Waiver sealed(String newSeal) {
    return new Waiver(
        id,
        draft,
        revision,
        rule,
        by,
        capacity,
        envelopeDigest,
        contextDigest,
        lintDigest,
        policyVersion,
        reason,
        at,
        newSeal);
  }

  /** Whether it is for exactly what a draft holds now. */
  public boolean covers(Draft now) {
    Content content = now.content();
    return content != null
        && draft.equals(now.id())
        && revision == content.envelope().revision()
        && envelopeDigest.equals(content.envelope().digest())
        && contextDigest.equals(now.context().digest())
        && lintDigest.equals(content.lint().digest());
  }

  /** What is sealed: every field but the seal, in their order. */
  public byte[] bytes() {
    return new Bytes.Writer("vesta/waiver/v1")
        .text(id.toString())
        .text(draft.brokerage().key())
        .text(draft.key())
        .number(revision)
        .text(rule)
        .text(by.brokerage().key())
        .text(by.key())
        .text(capacity.role())
        .text(envelopeDigest)
        .text(contextDigest)
        .text(lintDigest)
        .text(policyVersion)
        .text(reason)
        .number(at.toEpochMilli())
        .toBytes();
  }

  /** Who and what, not the seal. */
  @Override
  public String toString() {
    return "Waiver[" + rule + " of " + draft.key() + " by " + by.key() + "]";
  }
}
