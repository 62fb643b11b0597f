package io.vesta.identity;

import io.vesta.core.error.ErrorCode;

/**
 * The error codes of vesta-identity: one for each reason to refuse, so that a host can tell an
 * attack from a clock that is wrong without a token in its log.
 */
public enum IdentityError implements ErrorCode {
  /** A token is not three parts joined by dots. */
  TOKEN_SHAPE(1, Type.DENIED),
  /** A token is longer than any that a provider issues. */
  TOKEN_TOO_LONG(2, Type.DENIED),
  /** A part of a token is not canonical base64url. */
  TOKEN_ENCODING(3, Type.DENIED),
  /** A part of a token is not the strict JSON object that it must be. */
  TOKEN_JSON(4, Type.DENIED),
  /** A token's header has a parameter that is not allowed, or of the wrong type. */
  TOKEN_HEADER(5, Type.DENIED),
  /** A token is signed by an algorithm that its issuer is not pinned to, or by none. */
  TOKEN_ALGORITHM(6, Type.DENIED),
  /** A token brings its own key, or says where to fetch one. */
  TOKEN_KEY_REFERENCE(7, Type.DENIED),
  /** A token asks for an extension to be understood. */
  TOKEN_CRITICAL(8, Type.DENIED),
  /** A token is of another kind than the one that is asked for. */
  TOKEN_TYPE(9, Type.DENIED),
  /** A token's key id cannot be one. */
  TOKEN_KEY_ID(10, Type.DENIED),
  /** No admitted key of the issuer has the token's key id. */
  KEY_UNKNOWN(11, Type.DENIED),
  /** A token names no key and the issuer has several. */
  KEY_AMBIGUOUS(12, Type.DENIED),
  /** The named key is not for the token's algorithm. */
  KEY_MISMATCH(13, Type.DENIED),
  /** The signature is not the key's. */
  SIGNATURE_INVALID(14, Type.DENIED),
  /** A claim that must be there is missing. */
  CLAIM_MISSING(15, Type.DENIED),
  /** A claim is of the wrong type. */
  CLAIM_TYPE(16, Type.DENIED),
  /** The token is of another issuer. */
  ISSUER_WRONG(17, Type.DENIED),
  /** The token is for somebody else. */
  AUDIENCE_WRONG(18, Type.DENIED),
  /** The token is for several and does not say who asked for it. */
  AUTHORIZED_PARTY_MISSING(19, Type.DENIED),
  /** The token was asked for by somebody else. */
  AUTHORIZED_PARTY_WRONG(20, Type.DENIED),
  /** The token's time is over. */
  TOKEN_EXPIRED(21, Type.DENIED),
  /** The token's time has not begun. */
  TOKEN_NOT_YET_VALID(22, Type.DENIED),
  /** The token was issued in the future, or too long ago. */
  ISSUED_AT_IMPLAUSIBLE(23, Type.DENIED),
  /** The token lives longer than any that a provider issues. */
  EXPIRY_IMPLAUSIBLE(24, Type.DENIED),
  /** The subject is empty, too long, or not of printable ASCII. */
  SUBJECT_INVALID(25, Type.DENIED),
  /** The nonce is missing or of another login. */
  NONCE_WRONG(26, Type.DENIED),
  /** The token belongs to another access token or code. */
  HASH_WRONG(27, Type.DENIED),
  /** The issuer's keys cannot be had. */
  KEYS_UNAVAILABLE(28, Type.EXTERNAL),
  /** A provider did not answer, or not in time. */
  PROVIDER_UNAVAILABLE(29, Type.EXTERNAL),
  /** A provider describes itself in a way that is not safe to use. */
  DISCOVERY_INVALID(30, Type.CONFIG),
  /** A provider does not offer PKCE with S256. */
  PKCE_UNSUPPORTED(31, Type.CONFIG),
  /** A callback has a parameter twice, none of those it needs, or some it must not have. */
  CALLBACK_MALFORMED(32, Type.DENIED),
  /** No login waits for this callback: it is invented, over, or was answered before. */
  LOGIN_UNKNOWN(33, Type.DENIED),
  /** The callback came from another browser than the one that began the login. */
  LOGIN_OTHER_BROWSER(34, Type.DENIED),
  /** The login took too long. */
  LOGIN_EXPIRED(35, Type.USER),
  /** A callback does not say which provider it is from, though this provider always does. */
  RESPONSE_ISSUER_MISSING(36, Type.DENIED),
  /** A callback is from another provider than the one that was asked. */
  RESPONSE_ISSUER_WRONG(37, Type.DENIED),
  /** The provider or the person said no. */
  PROVIDER_REFUSED(38, Type.USER),
  /** The provider refused a code or a refresh token: it is used, revoked or invented. */
  GRANT_REFUSED(39, Type.DENIED),
  /** A provider's answer to a token request is not one. */
  TOKEN_RESPONSE_INVALID(40, Type.EXTERNAL),
  /** The provider has not verified the e-mail address that a login brings. */
  EMAIL_UNVERIFIED(41, Type.DENIED),
  /** Nobody is linked to the login's subject. */
  SUBJECT_UNLINKED(42, Type.DENIED),
  /** The login's subject is another member's. */
  SUBJECT_TAKEN(43, Type.USER),
  /** There is no such session, or no more. */
  SESSION_ENDED(44, Type.DENIED),
  /** There is no such account, or it is another's. */
  ACCOUNT_UNKNOWN(45, Type.DENIED),
  /** A vault key is missing, too short, or cannot be retired. */
  VAULT_KEY_INVALID(46, Type.CONFIG),
  /** A sealed token is not what the vault sealed for this account. */
  VAULT_REFUSED(47, Type.INTEGRITY),
  /** A token was used outside the moment for which it was given. */
  TOKEN_SPENT(48, Type.USER),
  /** The client's own key or secret cannot be used. */
  CLIENT_PROOF_INVALID(49, Type.CONFIG),
  /** The authorization header is not one bearer token. */
  BEARER_MALFORMED(50, Type.DENIED);

  private final String code;
  private final Type type;

  IdentityError(int number, Type type) {
    this.code = String.format(java.util.Locale.ROOT, "VESTA-IDENTITY-%03d", number);
    this.type = type;
  }

  @Override
  public String code() {
    return code;
  }

  @Override
  public Type type() {
    return type;
  }
}
