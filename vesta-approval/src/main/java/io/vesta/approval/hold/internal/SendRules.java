package io.vesta.approval.hold.internal;

import io.vesta.approval.draft.Draft;
import io.vesta.approval.envelope.Address;
import io.vesta.approval.envelope.Channel;
import io.vesta.approval.envelope.Envelope;
import io.vesta.approval.envelope.Recipient;
import io.vesta.approval.gate.internal.Seals;
import io.vesta.approval.hold.QuietHours;
import io.vesta.approval.hold.RateLimit;
import io.vesta.approval.hold.RecipientZones;
import io.vesta.approval.hold.SuppressionList;
import io.vesta.core.id.BrokerageId;
import io.vesta.core.storage.UnitOfWork;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneId;
import java.util.Comparator;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Stream;

/** Judges in the transaction that takes a draft for sending. Thread-safe. */
public final class SendRules {

  /** Where somebody may be of whom nothing is known: every zone of the United States. */
  private static final Set<ZoneId> ANYWHERE =
      Set.of(
          ZoneId.of("America/Puerto_Rico"),
          ZoneId.of("America/New_York"),
          ZoneId.of("America/Chicago"),
          ZoneId.of("America/Denver"),
          ZoneId.of("America/Phoenix"),
          ZoneId.of("America/Los_Angeles"),
          ZoneId.of("America/Anchorage"),
          ZoneId.of("Pacific/Honolulu"));

  private static final Duration SWITCH_AGAIN = Duration.ofMinutes(5);

  private final Map<Channel, QuietHours> quiet;
  private final Map<Channel, List<RateLimit>> rates;
  private final SuppressionList suppression;
  private final RecipientZones zones;
  private final Seals seals;
  private final SendLog log = new SendLog();

  /** Rules of a host. */
  public SendRules(
      Map<Channel, QuietHours> quiet,
      Map<Channel, List<RateLimit>> rates,
      SuppressionList suppression,
      RecipientZones zones,
      Seals seals) {
    this.quiet = Map.copyOf(quiet);
    this.rates = Map.copyOf(rates);
    this.suppression = Objects.requireNonNull(suppression, "suppression");
    this.zones = Objects.requireNonNull(zones, "zones");
    this.seals = Objects.requireNonNull(seals, "seals");
  }

  /**
   * What holds a message.
   *
   * @param switchedOn whether no kill switch holds it
   * @param now whether hours and rates allow it now
   * @param suppressed whether one of its recipients must not get it at all
   * @param again when to look again if it is held
   */
  public record Verdict(boolean switchedOn, boolean now, boolean suppressed, Instant again) {}

  /** Judges a message; what it finds holds until the unit of work ends. */
  public Verdict judge(UnitOfWork work, Draft draft, Envelope envelope, Instant now) {
    BrokerageId brokerage = draft.id().brokerage();
    Channel channel = envelope.channel();
    List<RateLimit> limits = rates.getOrDefault(channel, List.of());
    log.lock(work, brokerage, !limits.isEmpty());
    boolean on = log.stops(work, brokerage).stream().noneMatch(stop -> stop.holds(channel));
    boolean suppressed =
        envelope.recipients().stream()
            .map(Recipient::address)
            .anyMatch(address -> suppression.suppressed(work, brokerage, channel, address));
    Optional<Instant> loud = loud(work, brokerage, envelope, now);
    Optional<Instant> room =
        limits.stream()
            .flatMap(limit -> full(work, brokerage, envelope, limit, now).stream())
            .max(Comparator.naturalOrder());
    Instant again =
        Stream.of(loud, room)
            .flatMap(Optional::stream)
            .max(Comparator.naturalOrder())
            .orElse(now.plus(SWITCH_AGAIN));
    return new Verdict(on, loud.isEmpty() && room.isEmpty(), suppressed, again);
  }

  /** When the quiet hours of the recipients end; empty if none of them has any now. */
  private Optional<Instant> loud(
      UnitOfWork work, BrokerageId brokerage, Envelope envelope, Instant now) {
    QuietHours hours = quiet.get(envelope.channel());
    if (hours == null) {
      return Optional.empty();
    }
    Set<ZoneId> places = new HashSet<>();
    for (Recipient recipient : envelope.recipients()) {
      Address address = recipient.address();
      Set<ZoneId> known = zones.of(work, brokerage, envelope.channel(), address);
      places.addAll(known.isEmpty() ? ANYWHERE : known);
    }
    return hours.allow(now, places) ? Optional.empty() : Optional.of(hours.next(now, places));
  }

  /** When a limit has room again; empty if it has. */
  private Optional<Instant> full(
      UnitOfWork work, BrokerageId brokerage, Envelope envelope, RateLimit limit, Instant now) {
    Instant since = now.minus(limit.within());
    return (switch (limit.scope()) {
          case BROKERAGE -> Stream.of(log.attempts(work, brokerage, null, null, since));
          case CHANNEL -> Stream.of(log.attempts(work, brokerage, envelope.channel(), null, since));
          case RECIPIENT ->
              envelope.recipients().stream()
                  .map(one -> seals.pseudonym(brokerage, one.address()))
                  .map(who -> log.attempts(work, brokerage, envelope.channel(), who, since));
        })
        .filter(times -> times.size() >= limit.most())
        .map(times -> times.get(times.size() - limit.most()).plus(limit.within()).plusMillis(1))
        .max(Comparator.naturalOrder());
  }

  /** Counts an attempt that begins with this unit of work. */
  public void begun(UnitOfWork work, Draft leased, Envelope envelope, Instant now) {
    if (rates.isEmpty()) {
      return;
    }
    BrokerageId brokerage = leased.id().brokerage();
    Duration longest =
        rates.values().stream()
            .flatMap(List::stream)
            .map(RateLimit::within)
            .max(Comparator.naturalOrder())
            .orElse(Duration.ZERO);
    log.forget(work, brokerage, now.minus(longest));
    for (Recipient recipient : envelope.recipients()) {
      log.add(work, leased, seals.pseudonym(brokerage, recipient.address()), now);
    }
  }
}
