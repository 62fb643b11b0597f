package io.vesta.approval.gate.internal;

import io.vesta.approval.ApprovalError;
import io.vesta.approval.draft.Approval;
import io.vesta.approval.envelope.internal.Bytes;
import io.vesta.core.error.VestaException;
import io.vesta.core.secret.Secret;
import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.security.MessageDigest;
import java.util.Collections;
import java.util.HexFormat;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Objects;
import javax.crypto.Mac;
import javax.crypto.spec.SecretKeySpec;

/**
 * Seals approvals with HMAC-SHA-256 (RFC 2104), so that a row that somebody wrote or changed in the
 * database is worth nothing. The first key seals, all of them verify: rotate by putting a new one
 * before the old. Thread-safe.
 *
 * <p><b>Not guaranteed.</b> Anything against somebody who has a key.
 */
public final class Seals {

  private static final String ALGORITHM = "HmacSHA256";
  private static final int FEWEST_BYTES = 32;

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

  private static byte[] encode(Approval approval) {
    return new Bytes.Writer("vesta/approval/v1")
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
        .text(approval.keyId())
        .toBytes();
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
