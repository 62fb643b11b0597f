package io.vesta.identity.member;

import io.vesta.core.access.Actor;
import io.vesta.core.audit.AuditAction;
import io.vesta.core.audit.AuditEvent;
import io.vesta.core.audit.AuditTrail;
import io.vesta.core.config.VestaConfig;
import io.vesta.core.error.VestaException;
import io.vesta.core.id.BrokerageId;
import io.vesta.core.id.MemberId;
import io.vesta.core.storage.UnitOfWork;
import io.vesta.identity.IdentityError;
import io.vesta.identity.token.VerifiedToken;
import java.util.Optional;

/**
 * Which member a subject at a provider is. A link is made by somebody, for a login that was
 * verified; an e-mail address never makes one. Issuer and subject are compared character by
 * character. Thread-safe.
 */
public final class SubjectLinks {

  private final VestaConfig config;
  private final AuditTrail audit;

  /** Of the given parts; the module of vesta-identity makes it. */
  public SubjectLinks(VestaConfig config, AuditTrail audit) {
    this.config = config;
    this.audit = audit;
  }

  /**
   * Links a login's subject to a member.
   *
   * @param work the open unit of work
   * @param actor who says that they are the same person; whether they may is the host's to decide
   * @param login the verified login
   * @param member who it is, of the actor's brokerage
   * @throws VestaException with {@link IdentityError#EMAIL_UNVERIFIED} if the provider tells an
   *     address that it did not verify, with {@link IdentityError#SUBJECT_TAKEN} if the subject is
   *     another member's
   */
  public void link(UnitOfWork work, Actor actor, VerifiedToken login, MemberId member) {
    if (!member.brokerage().equals(actor.brokerage())) {
      throw VestaException.invalid(
          "member", "of another brokerage than the actor's", "link members of one's own");
    }
    if (login.text("email").isPresent() && login.verifiedEmail().isEmpty()) {
      throw new VestaException(
          IdentityError.EMAIL_UNVERIFIED,
          "the provider did not verify the login's e-mail address; have it verified there first");
    }
    Optional<MemberId> before = find(work, login);
    if (before.isPresent()) {
      if (before.get().equals(member)) {
        return;
      }
      throw new VestaException(
          IdentityError.SUBJECT_TAKEN, "the login is another member's; unlink it there first");
    }
    work.handle()
        .createUpdate(
            "insert into vesta_subject (issuer, subject, brokerage, member, linked_at) values"
                + " (:issuer, :subject, :brokerage, :member, :now)")
        .bind("issuer", login.issuer())
        .bind("subject", login.subject())
        .bind("brokerage", member.brokerage().key())
        .bind("member", member.key())
        .bind("now", config.now(work).toEpochMilli())
        .execute();
    audit.append(
        work,
        AuditEvent.builder(new AuditAction("vesta.identity.member.linked"), actor, member.ref())
            .build());
  }

  /**
   * Whose login it is.
   *
   * @throws VestaException with {@link IdentityError#SUBJECT_UNLINKED} if it is nobody's
   */
  public MemberId require(UnitOfWork work, VerifiedToken login) {
    return find(work, login)
        .orElseThrow(
            () ->
                new VestaException(
                    IdentityError.SUBJECT_UNLINKED,
                    "nobody is linked to this login; ask an administrator for a link"));
  }

  /** Whose login it is; empty if nobody's. */
  public Optional<MemberId> find(UnitOfWork work, VerifiedToken login) {
    return work.handle()
        .createQuery(
            "select brokerage, member from vesta_subject where issuer = :issuer"
                + " and subject = :subject")
        .bind("issuer", login.issuer())
        .bind("subject", login.subject())
        .map(
            (row, context) ->
                new MemberId(new BrokerageId(row.getString("brokerage")), row.getString("member")))
        .findOne();
  }

  /** Takes all links of a member away; how many there were. */
  public int unlinkAll(UnitOfWork work, MemberId member) {
    return work.handle()
        .createUpdate("delete from vesta_subject where brokerage = :brokerage and member = :member")
        .bind("brokerage", member.brokerage().key())
        .bind("member", member.key())
        .execute();
  }
}
