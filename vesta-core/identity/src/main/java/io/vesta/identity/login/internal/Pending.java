package io.vesta.identity.login.internal;

import io.vesta.core.id.MemberId;
import java.time.Instant;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * A flow that waits for its callback.
 *
 * @param kind login or consent
 * @param provider the id of the provider that was asked
 * @param client our client id there
 * @param keyId the key from which nonce and verifier are derived
 * @param browser the digest of the browser's binding
 * @param returnTo where the browser goes afterwards
 * @param member who connects an account; null for a login
 * @param scopes what was asked for
 * @param expiresAt when it is too late
 */
public record Pending(
    Kind kind,
    String provider,
    String client,
    String keyId,
    String browser,
    String returnTo,
    @Nullable MemberId member,
    Set<String> scopes,
    Instant expiresAt) {

  /** What a flow is for; a callback of one kind never ends the other. */
  public enum Kind {
    /** Somebody proves who they are. */
    LOGIN,
    /** Somebody connects an account. */
    CONSENT
  }
}
