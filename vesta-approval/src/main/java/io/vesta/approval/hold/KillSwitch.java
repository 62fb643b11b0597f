package io.vesta.approval.hold;

import io.vesta.approval.envelope.Channel;
import io.vesta.approval.hold.internal.SendLog;
import io.vesta.core.access.Action;
import io.vesta.core.access.Actor;
import io.vesta.core.access.Authorizer;
import io.vesta.core.access.Resource;
import io.vesta.core.access.ResourceType;
import io.vesta.core.audit.AuditAction;
import io.vesta.core.audit.AuditEvent;
import io.vesta.core.audit.AuditTrail;
import io.vesta.core.config.Port;
import io.vesta.core.config.VestaConfig;
import io.vesta.core.id.Ref;
import io.vesta.core.storage.UnitOfWork;
import jakarta.inject.Inject;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * Stops all sending of a brokerage, or of one of its channels, at once. It may be turned by whoever
 * the authorizer allows {@code stop} on the resource {@code Sending} of the whole brokerage, and by
 * the host's own system actors; each turn and each refused one is audited. Thread-safe.
 *
 * <p><b>Guarantees.</b> When {@link #stop} has returned, no node takes another draft for sending.
 *
 * <p><b>Not guaranteed.</b> That messages which nodes had taken before do not still leave: at most
 * as many as they send at once.
 */
public final class KillSwitch {

  private static final ResourceType SENDING = new ResourceType("Sending");
  private static final Action STOP = new Action("stop");

  private final VestaConfig config;
  private final Authorizer authorizer;
  private final AuditTrail audit;
  private final SendLog log = new SendLog();

  @Inject
  KillSwitch(VestaConfig config, Optional<Authorizer> authorizer, Optional<AuditTrail> audit) {
    this.config = config;
    this.authorizer = Port.require(authorizer, Authorizer.class, "RbacModule of vesta-rbac");
    this.audit = Port.require(audit, AuditTrail.class, "AuditModule of vesta-audit");
  }

  /**
   * A stop that is in force.
   *
   * @param channel which channel; null for all
   * @param actor who stopped it
   * @param since when
   */
  public record Stop(@Nullable Channel channel, Ref actor, Instant since) {}

  /**
   * Stops sending.
   *
   * @param channel which channel; null for all
   * @return whether the actor may; it is stopped then, if it was not before
   */
  public boolean stop(Actor actor, @Nullable Channel channel) {
    return turn(
        "stopped",
        actor,
        channel,
        work ->
            log.stop(work, actor.brokerage(), channel, actor.ref().toString(), config.now(work)));
  }

  /**
   * Lets sending go on. What waited is taken up within minutes.
   *
   * @param channel which channel; null for the stop of all, which says nothing of single ones
   * @return whether the actor may; the stop is gone then, if there was one
   */
  public boolean start(Actor actor, @Nullable Channel channel) {
    return turn("started", actor, channel, work -> log.start(work, actor.brokerage(), channel));
  }

  /** The stops in force in the actor's brokerage. */
  public List<Stop> stops(Actor actor) {
    return config
        .database()
        .read(
            work ->
                log.stops(work, actor.brokerage()).stream()
                    .map(stop -> new Stop(stop.channel(), Ref.parse(stop.actor()), stop.since()))
                    .toList());
  }

  /** Turns a switch; whether that changed anything. */
  private interface Turn {
    boolean in(UnitOfWork work);
  }

  private boolean turn(String verb, Actor actor, @Nullable Channel channel, Turn turn) {
    Ref target = new Ref("Sending", channel == null ? "ALL" : channel.name());
    AuditAction action = new AuditAction("vesta.approval.sending." + verb);
    return config
        .database()
        .write(
            work -> {
              boolean may = may(actor);
              if (may) {
                log.lock(work, actor.brokerage(), true);
                if (!turn.in(work)) {
                  return true;
                }
              }
              audit.append(
                  work,
                  AuditEvent.builder(action, actor, target)
                      .outcome(may ? AuditEvent.Outcome.SUCCESS : AuditEvent.Outcome.DENIED)
                      .build());
              return may;
            });
  }

  private boolean may(Actor actor) {
    Resource all = Resource.builder(SENDING, actor.brokerage(), "ALL").build();
    return actor.kind() == Actor.Kind.SYSTEM
        || (actor.kind() == Actor.Kind.MEMBER && authorizer.decide(actor, STOP, all).allowed());
  }
}
