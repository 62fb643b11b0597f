package io.vesta.approval.outbox;

import io.vesta.approval.envelope.Channel;
import io.vesta.core.error.VestaException;
import java.time.Duration;
import java.util.Objects;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * A delivery channel as the dispatcher trusts it: what it declares is asked once and checked, and
 * whatever it does against its contract counts as a lost attempt. Thread-safe.
 */
final class Way {

  private static final Logger LOG = LoggerFactory.getLogger(Way.class);
  private static final Duration SHORTEST = Duration.ofSeconds(1);
  private static final Duration LONGEST = Duration.ofMinutes(10);

  private final DeliveryChannel channel;
  private final Dedupe dedupe;
  private final Duration sendTime;

  /**
   * @throws VestaException if the channel declares nothing usable
   */
  Way(Channel name, DeliveryChannel channel) {
    this.channel = channel;
    dedupe = Objects.requireNonNull(channel.dedupe(), () -> "dedupe of " + name.name());
    sendTime = Objects.requireNonNull(channel.sendTime(), () -> "sendTime of " + name.name());
    if (sendTime.compareTo(SHORTEST) < 0 || sendTime.compareTo(LONGEST) > 0) {
      throw VestaException.invalid(
          "send time of channel " + name.name(),
          sendTime.toString(),
          "use " + SHORTEST + " to " + LONGEST);
    }
  }

  Dedupe dedupe() {
    return dedupe;
  }

  Duration sendTime() {
    return sendTime;
  }

  Delivery send(SendPermit permit) {
    try {
      Delivery delivery = channel.send(permit);
      return delivery == null ? new Delivery.Lost("NO_ANSWER") : delivery;
    } catch (RuntimeException e) {
      // Its message may hold what must not be logged.
      LOG.warn("Sending draft {} threw {}", permit.draft().key(), e.getClass().getName());
      return new Delivery.Lost("EXCEPTION");
    }
  }

  /**
   * A provider's word on a key.
   *
   * @param given whether it answered
   * @param providerId what it calls the message; null if it has none of that key
   */
  record Word(boolean given, @Nullable String providerId) {}

  Word lookup(String key) {
    try {
      Optional<String> found = channel.lookup(key);
      // Its length is checked as that of any provider's id.
      return new Word(true, found.map(id -> new Delivery.Accepted(id).providerId()).orElse(null));
    } catch (RuntimeException e) {
      LOG.warn("Looking a message up threw {}", e.getClass().getName());
      return new Word(false, null);
    }
  }
}
