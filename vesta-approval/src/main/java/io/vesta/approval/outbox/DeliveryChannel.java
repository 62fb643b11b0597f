package io.vesta.approval.outbox;

import java.time.Duration;
import java.util.Optional;

/**
 * SPI: a way out, such as a mail server or a text-message provider.
 *
 * <p><b>Contract.</b> Thread-safe. {@link #send} is called by Vesta's dispatcher alone, on its
 * thread, with no transaction open. It reads what to send by {@link SendPermit#open}, which checks
 * once more that it was approved, and sends exactly that: same sender, recipients, subject and
 * text, nothing added. It gives the provider {@link SendPermit#key} if the provider deduplicates.
 * It returns within {@link #sendTime} and does not begin after {@link SendPermit#deadline}. It says
 * {@link Delivery.NotSent} only if no byte can have left, and {@link Delivery.Lost} when in doubt;
 * an exception counts as lost. Nothing that it throws or logs holds text or address.
 */
public interface DeliveryChannel {

  /** What the provider does with a second message under the same key; constant, never null. */
  Dedupe dedupe();

  /** The longest time that a send takes, one second to ten minutes; one minute by default. */
  default Duration sendTime() {
    return Duration.ofMinutes(1);
  }

  /**
   * Sends what a permit holds.
   *
   * @return how it ended; never null
   */
  Delivery send(SendPermit permit);

  /**
   * Asks the provider for a key. Called only if {@link #dedupe} is {@link Dedupe.Lookup}.
   *
   * @param key as in {@link SendPermit#key}
   * @return what the provider calls the message; empty if it has none of that key
   * @throws RuntimeException if the provider does not answer; it is then asked again later
   */
  default Optional<String> lookup(String key) {
    return Optional.empty();
  }
}
