package io.vesta.approval.gate.internal;

import io.vesta.approval.ApprovalError;
import io.vesta.approval.draft.Approval;
import io.vesta.approval.draft.Attribution;
import io.vesta.approval.draft.Content;
import io.vesta.approval.draft.Dispatch;
import io.vesta.approval.draft.Draft;
import io.vesta.approval.draft.Terms;
import io.vesta.approval.envelope.Address;
import io.vesta.approval.envelope.internal.Bytes;
import io.vesta.core.error.VestaException;
import io.vesta.core.id.BrokerageId;
import io.vesta.core.id.EntityId;
import io.vesta.core.secret.Secret;
import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.security.MessageDigest;
import java.time.Instant;
import java.util.Collections;
import java.util.HexFormat;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Objects;
import java.util.regex.Pattern;
import javax.crypto.Mac;
import javax.crypto.spec.SecretKeySpec;
import org.jspecify.annotations.Nullable;

/**
 * Seals drafts and approvals with HMAC-SHA-256 (RFC 2104), so that a row that somebody wrote or
 * changed in the database is worth nothing. The first key seals, all of them verify: rotate by
 * putting a new one before the old. Thread-safe.
 *
 * <p><b>Not guaranteed.</b> Anything against somebody who has a key; and that all rows of a draft
 * together are not put back to what they once were, which only the audit log shows.
 */
public final class Seals {

  private static final String ALGORITHM = "HmacSHA256";
  private static final String SEPARATOR = ":";
  private static final int FEWEST_BYTES = 32;
  private static final Pattern KEY_ID = Pattern.compile("[A-Za-z0-9._-]{1,128}");

  private final Map<String, SecretKeySpec> keys;
  private final String current;

  /**
   * @param secrets keys by id, the one that seals first; each of 32 bytes or more
   */
  public Seals(Map<String, Secret> secrets) {
    Map<String, SecretKeySpec> specs = new LinkedHashMap<>();
    secrets.forEach(
        (id, secret) -> {
          byte[] key = secret.reveal();
          if (!KEY_ID.matcher(id).matches()) {
            throw new VestaException(
                ApprovalError.KEY_INVALID,
                "a sealing key has a name of "
                    + id.length()
                    + " characters outside the allowed form; use 1 to 128 of A-Z a-z 0-9 . _ -");
          }
          if (key.length < FEWEST_BYTES) {
            throw new VestaException(
                ApprovalError.KEY_INVALID,
                "the sealing key "
                    + id
                    + " has "
                    + key.length
                    + " bytes; use "
                    + FEWEST_BYTES
                    + " or more");
          }
          specs.put(id, new SecretKeySpec(key, ALGORITHM));
        });
    if (specs.isEmpty()) {
      throw new VestaException(
          ApprovalError.KEY_INVALID, "there is no sealing key; name one in vesta.approval");
    }
    keys = Collections.unmodifiableMap(specs);
    current = specs.keySet().iterator().next();
  }

  /** The id of the key that seals. */
  public String keyId() {
    return current;
  }

  /** An approval whose key id is {@link #keyId}, with its seal. */
  public Approval sealed(Approval unsealed) {
    return unsealed.sealed(mac(unsealed.keyId(), encode(unsealed)));
  }

  /** Whether an approval was sealed by one of our keys and not changed since. */
  public boolean intact(Approval approval) {
    return keys.containsKey(approval.keyId())
        && MessageDigest.isEqual(
            ascii(mac(approval.keyId(), encode(approval))), ascii(approval.seal()));
  }

  /** A draft with its seal, by the key that seals now. */
  public Draft sealed(Draft draft) {
    return draft.sealed(seal(encode(draft)));
  }

  /** Whether a draft was sealed by one of our keys and not changed since. */
  public boolean intact(Draft draft) {
    return intact(encode(draft), draft.seal());
  }

  /**
   * A seal by the key that seals now.
   *
   * @param message an encoding that begins with a domain word of its own
   */
  public String seal(byte[] message) {
    return current + SEPARATOR + mac(current, message);
  }

  /** Whether a seal is one of ours over exactly this message. */
  public boolean intact(byte[] message, String seal) {
    int end = Math.max(seal.lastIndexOf(SEPARATOR), 0);
    String keyId = seal.substring(0, end);
    return keys.containsKey(keyId)
        && MessageDigest.isEqual(ascii(keyId + SEPARATOR + mac(keyId, message)), ascii(seal));
  }

  /** Stands for an address where it must be counted and must not be read: 64 hexadecimal digits. */
  public String pseudonym(BrokerageId brokerage, Address address) {
    Bytes.Writer out =
        new Bytes.Writer("vesta/recipient/v1").text(brokerage.key()).text(address.value());
    return mac(current, out.toBytes());
  }

  /**
   * The key by which a provider recognises every attempt to send one approved envelope: it tells
   * nothing about the draft, and a later draft never has it.
   */
  public String dedupeKey(Approval deciding) {
    Bytes.Writer out =
        new Bytes.Writer("vesta/dedupe/v1")
            .text(deciding.draft().brokerage().key())
            .text(deciding.draft().key())
            .text(deciding.id().toString())
            .text(deciding.envelopeDigest());
    return mac(deciding.keyId(), out.toBytes());
  }

  /** All but when it is due, which a store may put off by itself. */
  private static byte[] encode(Draft draft) {
    Attribution attribution = draft.attribution();
    Terms terms = draft.terms();
    Dispatch dispatch = draft.dispatch();
    Bytes.Writer out =
        new Bytes.Writer("vesta/draft/v1")
            .text(draft.id().brokerage().key())
            .text(draft.id().key())
            .number(draft.version())
            .text(draft.state().name())
            .text(draft.channel().name())
            .text(attribution.owner().key())
            .optional(key(attribution.team()))
            .optional(key(attribution.office()))
            .optional(key(attribution.contact()))
            .optional(key(attribution.thread()))
            .number(terms.approvals())
            .number(terms.priority())
            .number(terms.routed() ? 1 : 0)
            .text(terms.creator().toString())
            .number(terms.createdAt().toEpochMilli())
            .number(terms.expiresAt().toEpochMilli())
            .text(draft.context().digest())
            .text(dispatch.key())
            .number(dispatch.attempts())
            .number(dispatch.fence())
            .optional(millis(dispatch.leaseUntil()))
            .optional(millis(dispatch.firstAt()))
            .number(dispatch.maybeOut() ? 1 : 0)
            .text(dispatch.evidence())
            .optional(key(draft.assignee()))
            .text(draft.reason());
    Content content = draft.content();
    if (content != null) {
      out.text(content.envelope().digest())
          .text(content.lint().digest())
          .text(content.author().toString())
          .text(content.model())
          .number(content.writtenAt().toEpochMilli());
    }
    return out.toBytes();
  }

  private static @Nullable String key(@Nullable EntityId id) {
    return id == null ? null : id.key();
  }

  private static @Nullable String millis(@Nullable Instant instant) {
    return instant == null ? null : Long.toString(instant.toEpochMilli());
  }

  private static byte[] encode(Approval approval) {
    Bytes.Writer out =
        new Bytes.Writer("vesta/approval/v1")
            .text(approval.id().toString())
            .text(approval.draft().brokerage().key())
            .text(approval.draft().key())
            .number(approval.revision())
            .text(approval.approver().brokerage().key())
            .text(approval.approver().key())
            .text(approval.capacity().role())
            .text(approval.envelopeDigest())
            .text(approval.contextDigest())
            .text(approval.lintDigest())
            .text(approval.policyVersion())
            .number(approval.needed())
            .number(approval.approvedAt().toEpochMilli())
            .number(approval.expiresAt().toEpochMilli())
            .text(approval.keyId());
    if (!approval.exemption().isEmpty()) {
      out.text(approval.exemption());
    }
    return out.toBytes();
  }

  private String mac(String keyId, byte[] message) {
    try {
      Mac mac = Mac.getInstance(ALGORITHM);
      mac.init(Objects.requireNonNull(keys.get(keyId), "one of ours"));
      return HexFormat.of().formatHex(mac.doFinal(message));
    } catch (GeneralSecurityException e) {
      throw new IllegalStateException("every Java platform has HMAC-SHA-256", e);
    }
  }

  private static byte[] ascii(String text) {
    return text.getBytes(StandardCharsets.US_ASCII);
  }

  /** The ids only. */
  @Override
  public String toString() {
    return "Seals" + keys.keySet();
  }
}
