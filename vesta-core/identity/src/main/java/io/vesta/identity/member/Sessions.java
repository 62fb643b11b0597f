package io.vesta.identity.member;

import io.vesta.core.config.VestaConfig;
import io.vesta.core.error.VestaException;
import io.vesta.core.id.BrokerageId;
import io.vesta.core.id.MemberId;
import io.vesta.core.secret.Secret;
import io.vesta.core.storage.UnitOfWork;
import io.vesta.identity.IdentityError;
import io.vesta.identity.login.internal.Digests;
import io.vesta.identity.token.VerifiedToken;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.util.Base64;

/**
 * Sessions of members, for hosts that have none of their own: a random token for the browser's
 * cookie, whose digest is stored. A session ends when it is over, when it is ended, or when its
 * member loses access; every request asks, so it ends everywhere at once. Thread-safe.
 */
public final class Sessions {

  private final VestaConfig config;
  private final SubjectLinks links;

  /** Of the given parts; the module of vesta-identity makes it. */
  public Sessions(VestaConfig config, SubjectLinks links) {
    this.config = config;
    this.links = links;
  }

  /**
   * Begins a session of the member whom a login is linked to.
   *
   * @param lasts how long it lasts
   * @return the token for the cookie, 43 characters
   * @throws VestaException with {@link IdentityError#SUBJECT_UNLINKED} if it is nobody's login
   */
  public Secret begin(UnitOfWork work, VerifiedToken login, Duration lasts) {
    MemberId member = links.require(work, login);
    byte[] random = new byte[32];
    config.random().nextBytes(random);
    String token = Base64.getUrlEncoder().withoutPadding().encodeToString(random);
    Instant now = config.now(work);
    work.handle()
        .createUpdate("delete from vesta_session where expires_at <= :now")
        .bind("now", now.toEpochMilli())
        .execute();
    work.handle()
        .createUpdate(
            "insert into vesta_session (token, brokerage, member, begun_at, expires_at) values"
                + " (:token, :brokerage, :member, :begun, :expires)")
        .bind("token", digest(token))
        .bind("brokerage", member.brokerage().key())
        .bind("member", member.key())
        .bind("begun", now.toEpochMilli())
        .bind("expires", now.plus(lasts).toEpochMilli())
        .execute();
    return Secret.of(token);
  }

  /**
   * Whose session a token is.
   *
   * @throws VestaException with {@link IdentityError#SESSION_ENDED} if it is none, or no more
   */
  public MemberId require(UnitOfWork work, Secret token) {
    return work.handle()
        .createQuery(
            "select brokerage, member from vesta_session where token = :token"
                + " and expires_at > :now")
        .bind("token", digest(new String(token.reveal(), StandardCharsets.UTF_8)))
        .bind("now", config.now(work).toEpochMilli())
        .map(
            (row, context) ->
                new MemberId(new BrokerageId(row.getString("brokerage")), row.getString("member")))
        .findOne()
        .orElseThrow(
            () ->
                new VestaException(
                    IdentityError.SESSION_ENDED, "the session is over; log in again"));
  }

  /** Ends a session; does nothing if it is over. */
  public void end(UnitOfWork work, Secret token) {
    work.handle()
        .createUpdate("delete from vesta_session where token = :token")
        .bind("token", digest(new String(token.reveal(), StandardCharsets.UTF_8)))
        .execute();
  }

  /** Ends all sessions of a member; how many there were. */
  public int endAll(UnitOfWork work, MemberId member) {
    return work.handle()
        .createUpdate("delete from vesta_session where brokerage = :brokerage and member = :member")
        .bind("brokerage", member.brokerage().key())
        .bind("member", member.key())
        .execute();
  }

  private static String digest(String token) {
    return Digests.sha256("session:" + token);
  }
}
