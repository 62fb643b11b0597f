package io.vesta.identity.token.internal;

import io.vesta.core.error.VestaException;
import io.vesta.identity.IdentityError;
import io.vesta.identity.wire.internal.Kept;
import io.vesta.identity.wire.internal.ProviderHttp;
import java.net.URI;
import java.time.Clock;
import java.time.Duration;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * Providers' published keys. They are fetched when first needed, when they are a quarter of an hour
 * old and when a token names an unknown one, but never more often than every ten seconds, whatever
 * tokens name; while a provider is down, those it had serve for a day. Thread-safe.
 */
public final class KeyCache {

  /** How long after one attempt to fetch a provider's keys there is no other. */
  public static final Duration PAUSE = Duration.ofSeconds(10);

  private static final Duration FRESH = Duration.ofMinutes(15);
  private static final int LONGEST = 1 << 18;

  private final ProviderHttp http;
  private final Kept<VerificationKeys> kept;

  /** Over the given wire, by the given clock. */
  public KeyCache(ProviderHttp http, Clock clock) {
    this.http = http;
    this.kept = new Kept<>(clock, FRESH, PAUSE, http.deadline());
  }

  /**
   * A provider's keys, fetched anew if a token's key is not among those at hand and the last
   * attempt is long enough ago.
   *
   * @param address where the provider publishes them
   * @param keyId the key that a token names; null if it names none
   * @throws VestaException with {@link IdentityError#KEYS_UNAVAILABLE} if there are none
   */
  public VerificationKeys keys(URI address, @Nullable String keyId) {
    return kept.get(address.toString(), keys -> keys.knows(keyId), () -> fetch(address))
        .orElseThrow(
            () ->
                new VestaException(
                    IdentityError.KEYS_UNAVAILABLE,
                    "the issuer's keys cannot be had; try again later"));
  }

  private Optional<VerificationKeys> fetch(URI address) {
    if (http.get(address, LONGEST) instanceof ProviderHttp.Answer.Replied replied
        && replied.status() == 200) {
      // Some providers call a key set application/jwk-set+json, others JSON: the form decides.
      return replied.object().map(VerificationKeys::published).filter(keys -> keys.size() > 0);
    }
    return Optional.empty();
  }
}
