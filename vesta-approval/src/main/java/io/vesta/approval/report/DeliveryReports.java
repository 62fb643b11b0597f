package io.vesta.approval.report;

import io.vesta.approval.draft.Draft;
import io.vesta.approval.draft.Result;
import io.vesta.approval.envelope.Channel;
import io.vesta.approval.gate.internal.Moves;
import io.vesta.approval.gate.internal.Step;
import io.vesta.approval.state.DraftEvent;
import io.vesta.approval.state.DraftState;
import io.vesta.approval.state.Guard;
import io.vesta.approval.state.Refusal;
import io.vesta.approval.store.DraftStore;
import io.vesta.core.access.Actor;
import io.vesta.core.audit.AuditAction;
import io.vesta.core.audit.AuditEvent;
import io.vesta.core.audit.AuditTrail;
import io.vesta.core.config.Port;
import io.vesta.core.config.VestaConfig;
import io.vesta.core.id.BrokerageId;
import io.vesta.core.id.Ref;
import io.vesta.core.storage.UnitOfWork;
import jakarta.inject.Inject;
import java.util.Map;
import java.util.Optional;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Takes what providers tell the host afterwards, and settles with it what is unknown. Thread-safe.
 *
 * <p><b>Guarantees.</b> A report that its reader does not verify changes nothing and is no entry of
 * the audit log, which anybody could fill otherwise. A verified one moves the draft of its key as
 * the state machine allows: an unknown one is found; one that is under way for the first time ends
 * as the provider says, and the node that sends it is then too late. Whatever else it says is
 * refused and audited: the same again, one that comes too late, one about a key that the brokerage
 * and channel do not have, and one that could be about an earlier attempt. No report makes anything
 * be sent.
 */
public final class DeliveryReports {

  private static final Logger LOG = LoggerFactory.getLogger(DeliveryReports.class);
  private static final AuditAction FOREIGN = new AuditAction("vesta.approval.report.refused");
  private static final String NAME = "provider";

  private final VestaConfig config;
  private final DraftStore store;
  private final Moves moves;
  private final AuditTrail audit;
  private final Map<Channel, ReportReader> readers;

  @Inject
  DeliveryReports(
      VestaConfig config,
      DraftStore store,
      Moves moves,
      Optional<AuditTrail> audit,
      Map<Channel, ReportReader> readers) {
    this.config = config;
    this.store = store;
    this.moves = moves;
    this.audit = Port.require(audit, AuditTrail.class, "AuditModule of vesta-audit");
    this.readers = readers;
  }

  /**
   * Takes a report. A host answers the provider with an error if this throws, so that it comes
   * again, and with success otherwise, also for a refusal other than {@link Refusal#FENCED_OUT} and
   * {@link Refusal#VERSION_CHANGED}: after these two the draft may be settled by another report.
   *
   * @param brokerage whose account at the provider it came from; the host knows, not the request
   * @param channel of which channel
   * @param headers of the request, by their names in lower case
   * @param body of the request, byte for byte
   * @return the draft as it stands then, or why nothing changed: {@link Refusal#NOT_AUTHORIZED} for
   *     what is not verified
   */
  public Result take(
      BrokerageId brokerage, Channel channel, Map<String, String> headers, byte[] body) {
    Optional<Report> report = read(channel, headers, body);
    return report.isEmpty()
        ? new Result.Refused(Refusal.NOT_AUTHORIZED, null)
        : config.database().write(work -> take(work, brokerage, channel, report.get()));
  }

  private Optional<Report> read(Channel channel, Map<String, String> headers, byte[] body) {
    ReportReader reader = readers.get(channel);
    if (reader == null) {
      return Optional.empty();
    }
    try {
      return reader.read(headers, body);
    } catch (RuntimeException e) {
      // Its message may hold what must not be logged.
      LOG.warn("Reading a report of {} threw {}", channel.name(), e.getClass().getName());
      return Optional.empty();
    }
  }

  private Result take(UnitOfWork work, BrokerageId brokerage, Channel channel, Report report) {
    Actor actor = Actor.system(brokerage, NAME);
    Optional<Draft> found =
        store
            .keyed(work, brokerage, report.key())
            .flatMap(id -> store.find(work, id))
            .filter(draft -> draft.channel().equals(channel));
    if (found.isEmpty()) {
      audit.append(
          work,
          AuditEvent.builder(FOREIGN, actor, new Ref("Channel", channel.name()))
              .outcome(AuditEvent.Outcome.DENIED)
              .with("refusal", Refusal.NOT_FOUND)
              .build());
      return new Result.Refused(Refusal.NOT_FOUND, null);
    }
    return moves.take(work, found.get(), step(found.get(), actor, report));
  }

  private static Step step(Draft draft, Actor actor, Report report) {
    boolean underWay = draft.state() == DraftState.DISPATCHING;
    // Every attempt has the same key: only of a first one it is sure which attempt is meant.
    boolean held = underWay && draft.dispatch().attempts() == 1;
    if (report instanceof Report.Taken taken) {
      return new Step(underWay ? DraftEvent.ACCEPT : DraftEvent.FIND, actor)
          .holds(Guard.FENCE_HELD, held)
          .evidence(taken.providerId());
    }
    return new Step(DraftEvent.REJECT, actor)
        .holds(Guard.FENCE_HELD, held)
        .reason(((Report.Refused) report).code());
  }
}
