package io.vesta.approval.exempt;

import io.vesta.approval.draft.Draft;
import io.vesta.approval.envelope.Channel;
import io.vesta.approval.envelope.Envelope;
import io.vesta.approval.envelope.internal.Bytes;
import io.vesta.core.access.Actor;
import io.vesta.core.access.Capacity;
import io.vesta.core.error.VestaException;
import io.vesta.core.id.BrokerageId;
import io.vesta.core.id.MemberId;
import java.time.Instant;
import java.util.Objects;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * One version of a rule that stands in for the approver of some drafts, for a time. It is worth
 * nothing without its seal.
 *
 * @param brokerage whose
 * @param rule its name: 1 to 64 of {@code A-Z a-z 0-9 -}, beginning with a letter
 * @param version from 1; the newest is in force, and an older one never again
 * @param scope what it covers
 * @param from from when on
 * @param until until when; not after {@code from} if this version ends the rule
 * @param grantedBy who answers for it
 * @param capacity as what
 * @param policyVersion by which policy they could grant it
 * @param seal over {@link #bytes}
 */
public record Exemption(
    BrokerageId brokerage,
    String rule,
    int version,
    Scope scope,
    Instant from,
    Instant until,
    MemberId grantedBy,
    Capacity capacity,
    String policyVersion,
    String seal) {

  private static final Pattern RULE = Pattern.compile("[A-Za-z][A-Za-z0-9-]{0,63}");

  /**
   * What a rule covers: all that is given must hold. A scope names an owner, a text or both, so
   * that nobody exempts a whole channel by leaving things out.
   *
   * @param channel messages of this channel
   * @param owner in whose name; null for anybody's
   * @param text the digest of the only text, by {@link Exemption#textDigest}; null for any text
   */
  public record Scope(Channel channel, @Nullable MemberId owner, @Nullable String text) {

    private static final Pattern DIGEST = Pattern.compile("[0-9a-f]{64}");

    /** Checks that it is narrow. */
    public Scope {
      Objects.requireNonNull(channel, "channel");
      if (owner == null && text == null) {
        throw VestaException.invalid(
            "exemption scope", "a whole channel", "name an owner, a text or both");
      }
      if (text != null && !DIGEST.matcher(text).matches()) {
        throw VestaException.invalid(
            "exempt text",
            "a text of " + text.length() + " characters",
            "give Exemption.textDigest of the text, not the text");
      }
    }
  }

  /** Checks the shapes. */
  public Exemption {
    Objects.requireNonNull(brokerage, "brokerage");
    Objects.requireNonNull(scope, "scope");
    Objects.requireNonNull(from, "from");
    Objects.requireNonNull(until, "until");
    Objects.requireNonNull(grantedBy, "grantedBy");
    Objects.requireNonNull(capacity, "capacity");
    Objects.requireNonNull(policyVersion, "policyVersion");
    Objects.requireNonNull(seal, "seal");
    if (!RULE.matcher(Objects.requireNonNull(rule, "rule")).matches()) {
      throw VestaException.invalid(
          "exemption rule",
          "a text of " + rule.length() + " characters outside the allowed form",
          "use 1 to 64 letters, digits and hyphens, beginning with a letter");
    }
    if (version < 1) {
      throw VestaException.invalid("exemption version", Integer.toString(version), "use 1 or more");
    }
  }

  /** The digest of a subject and a text, for a scope that covers only these words. */
  public static String textDigest(String subject, String body) {
    return Bytes.sha256(
        new Bytes.Writer("vesta/exempt-text/v1").text(subject).text(body).toBytes());
  }

  /** Rule and version, as an approval names them. */
  public String name() {
    return rule + "." + version;
  }

  /** Whether it is in force at a time, if it is the newest. */
  public boolean live(Instant now) {
    return !now.isBefore(from) && now.isBefore(until);
  }

  /** Whether it covers what a draft holds now. */
  public boolean covers(Draft draft) {
    return draft.id().brokerage().equals(brokerage)
        && draft.channel().equals(scope.channel())
        && (scope.owner() == null || scope.owner().equals(draft.attribution().owner()))
        && draft.written().filter(content -> says(content.envelope())).isPresent();
  }

  private boolean says(Envelope envelope) {
    return scope.text() == null
        || scope.text().equals(textDigest(envelope.subject(), envelope.body()));
  }

  /** Who answers for it, as the authorizer knows them. */
  public Actor grantor() {
    return Actor.member(grantedBy, capacity);
  }

  /** The same version under a seal. */
  public Exemption sealed(String newSeal) {
    return new Exemption(
        brokerage, rule, version, scope, from, until, grantedBy, capacity, policyVersion, newSeal);
  }

  /** What is sealed: every field but the seal, in their order. */
  public byte[] bytes() {
    MemberId owner = scope.owner();
    return new Bytes.Writer("vesta/exemption/v1")
        .text(brokerage.key())
        .text(rule)
        .number(version)
        .text(scope.channel().name())
        .optional(owner == null ? null : owner.key())
        .optional(scope.text())
        .number(from.toEpochMilli())
        .number(until.toEpochMilli())
        .text(grantedBy.brokerage().key())
        .text(grantedBy.key())
        .text(capacity.role())
        .text(policyVersion)
        .toBytes();
  }
}
