package io.vesta.approval.testkit;

import io.vesta.approval.envelope.Envelope;
import io.vesta.approval.outbox.Dedupe;
import io.vesta.approval.outbox.Delivery;
import io.vesta.approval.outbox.DeliveryChannel;
import io.vesta.approval.outbox.SendPermit;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Function;

/** A provider that keeps what reached it, and answers as told. Thread-safe. */
public final class RecordingChannel implements DeliveryChannel {

  private final Dedupe dedupe;
  private final Map<String, Envelope> effects = new LinkedHashMap<>();
  private final List<Envelope> sent = new ArrayList<>();
  private final List<String> keys = new ArrayList<>();
  private Function<SendPermit, Delivery> answer = permit -> accept(permit);
  private Function<String, Optional<String>> lookups = key -> known(key);

  /** A provider with a way to deduplicate. */
  public RecordingChannel(Dedupe dedupe) {
    this.dedupe = dedupe;
  }

  /** From now on, answers so. */
  public synchronized void answer(Function<SendPermit, Delivery> value) {
    answer = value;
  }

  /** From now on, says so when it is asked about a key. */
  public synchronized void lookups(Function<String, Optional<String>> value) {
    lookups = value;
  }

  /** Takes the message, as a provider does. */
  public synchronized Delivery accept(SendPermit permit) {
    take(permit);
    return new Delivery.Accepted("provider-" + effects.size());
  }

  /** Takes the message and gives no answer. */
  public synchronized Delivery swallow(SendPermit permit) {
    take(permit);
    return new Delivery.Lost("TIMEOUT");
  }

  private void take(SendPermit permit) {
    Envelope envelope = permit.open();
    keys.add(permit.key());
    boolean known = effects.putIfAbsent(permit.key(), envelope) != null;
    if (!(known && dedupe instanceof Dedupe.Keyed)) {
      sent.add(envelope);
    }
  }

  /** What clients got, oldest first. */
  public synchronized List<Envelope> sent() {
    return List.copyOf(sent);
  }

  /** The key of each attempt that reached the provider. */
  public synchronized List<String> keys() {
    return List.copyOf(keys);
  }

  @Override
  public Dedupe dedupe() {
    return dedupe;
  }

  @Override
  public Delivery send(SendPermit permit) {
    Function<SendPermit, Delivery> now;
    synchronized (this) {
      now = answer;
    }
    return now.apply(permit);
  }

  @Override
  public synchronized Optional<String> lookup(String key) {
    return lookups.apply(key);
  }

  private Optional<String> known(String key) {
    return Optional.ofNullable(effects.get(key)).map(envelope -> "found-" + envelope.revision());
  }
}
