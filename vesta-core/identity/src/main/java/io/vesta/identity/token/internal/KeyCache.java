package io.vesta.identity.token.internal;

import com.github.benmanes.caffeine.cache.Cache;
import com.github.benmanes.caffeine.cache.Caffeine;
import io.vesta.core.error.VestaException;
import io.vesta.identity.IdentityError;
import io.vesta.identity.wire.internal.ProviderHttp;
import java.net.URI;
import java.time.Clock;
import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentMap;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.ReentrantLock;
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
  private static final Duration LAST = Duration.ofDays(1);
  private static final int LONGEST = 1 << 18;

  private final ProviderHttp http;
  private final Clock clock;
  private final Cache<URI, Held> held;
  private final Cache<URI, Boolean> attempts;
  private final ConcurrentMap<URI, ReentrantLock> locks = new ConcurrentHashMap<>();

  private record Held(VerificationKeys keys, long at) {}

  /** Over the given wire, by the given clock. */
  public KeyCache(ProviderHttp http, Clock clock) {
    this.http = http;
    this.clock = clock;
    this.held = cache(LAST);
    this.attempts = cache(PAUSE);
  }

  private <V> Cache<URI, V> cache(Duration last) {
    return Caffeine.newBuilder()
        .maximumSize(1_000)
        .expireAfterWrite(last)
        .ticker(() -> TimeUnit.MILLISECONDS.toNanos(clock.millis()))
        .build();
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
    Held now = held.getIfPresent(address);
    if (now != null && now.keys.knows(keyId)) {
      if (clock.millis() - now.at >= FRESH.toMillis()) {
        renew(address, Duration.ZERO, null);
        now = held.getIfPresent(address);
      }
    } else {
      renew(address, http.deadline(), keyId);
      now = held.getIfPresent(address);
    }
    if (now == null) {
      throw new VestaException(
          IdentityError.KEYS_UNAVAILABLE, "the issuer's keys cannot be had; try again later");
    }
    return now.keys;
  }

  /** Fetches once, while others with the same wish wait for it as long as they are patient. */
  private void renew(URI address, Duration patience, @Nullable String keyId) {
    ReentrantLock lock = locks.computeIfAbsent(address, none -> new ReentrantLock());
    try {
      if (!lock.tryLock(patience.toMillis(), TimeUnit.MILLISECONDS)) {
        return;
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      return;
    }
    try {
      Held now = held.getIfPresent(address);
      boolean came = now != null && keyId != null && now.keys.knows(keyId);
      if (!came && attempts.asMap().putIfAbsent(address, Boolean.TRUE) == null) {
        fetch(address).ifPresent(keys -> held.put(address, new Held(keys, clock.millis())));
      }
    } finally {
      lock.unlock();
    }
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
