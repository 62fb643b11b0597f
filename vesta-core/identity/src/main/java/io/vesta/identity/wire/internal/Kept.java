package io.vesta.identity.wire.internal;

import com.github.benmanes.caffeine.cache.Cache;
import com.github.benmanes.caffeine.cache.Caffeine;
import io.vesta.core.error.VestaException;
import java.time.Clock;
import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentMap;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.Predicate;
import java.util.function.Supplier;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * What providers publish, kept by the name of who publishes it. One thread fetches, and not again
 * within a pause; whoever has what serves does not wait for it. What cannot be renewed serves for a
 * day. Thread-safe.
 *
 * @param <V> what is kept; immutable
 */
public final class Kept<V> {

  private static final Logger LOG = LoggerFactory.getLogger(Kept.class);
  private static final Duration LAST = Duration.ofDays(1);

  private final Clock clock;
  private final Duration fresh;
  private final Duration patience;
  private final Cache<String, Held<V>> held;
  private final Cache<String, Boolean> attempts;
  private final ConcurrentMap<String, ReentrantLock> locks = new ConcurrentHashMap<>();

  private record Held<V>(V value, long at) {}

  /**
   * @param fresh after how long it is renewed
   * @param pause how long after one attempt there is no other
   * @param patience how long somebody who has nothing waits for another's attempt
   */
  public Kept(Clock clock, Duration fresh, Duration pause, Duration patience) {
    this.clock = clock;
    this.fresh = fresh;
    this.patience = patience;
    this.held = cache(LAST);
    this.attempts = cache(pause);
  }

  private <T> Cache<String, T> cache(Duration last) {
    return Caffeine.newBuilder()
        .maximumSize(1_000)
        .expireAfterWrite(last)
        .ticker(() -> TimeUnit.MILLISECONDS.toNanos(clock.millis()))
        .build();
  }

  /**
   * What somebody published, fetched anew if what is at hand is old or does not serve, and the last
   * attempt is long enough ago. What comes back need not serve.
   *
   * @param name who publishes it
   * @param serves whether it is of use
   * @param fetch gets it; empty if it cannot be had. What it throws passes through, unless what is
   *     at hand serves
   */
  public Optional<V> get(String name, Predicate<V> serves, Supplier<Optional<V>> fetch) {
    Held<V> now = held.getIfPresent(name);
    boolean serving = now != null && serves.test(now.value);
    if (now != null && serving && fresh(now)) {
      return Optional.of(now.value);
    }
    try {
      renew(name, serving ? Duration.ZERO : patience, serves, fetch);
    } catch (VestaException e) {
      if (!serving) {
        throw e;
      }
      LOG.warn("what a provider publishes could not be renewed: {}", e.getMessage());
    }
    return Optional.ofNullable(held.getIfPresent(name)).map(Held::value);
  }

  private boolean fresh(Held<V> now) {
    return clock.millis() - now.at < fresh.toMillis();
  }

  private void renew(String name, Duration wait, Predicate<V> serves, Supplier<Optional<V>> fetch) {
    ReentrantLock lock = locks.computeIfAbsent(name, none -> new ReentrantLock());
    try {
      if (!lock.tryLock(wait.toMillis(), TimeUnit.MILLISECONDS)) {
        return;
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      return;
    }
    try {
      Held<V> now = held.getIfPresent(name);
      boolean came = now != null && fresh(now) && serves.test(now.value);
      if (!came && attempts.asMap().putIfAbsent(name, Boolean.TRUE) == null) {
        fetch.get().ifPresent(value -> held.put(name, new Held<>(value, clock.millis())));
      }
    } finally {
      lock.unlock();
    }
  }
}
