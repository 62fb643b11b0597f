package io.vesta.approval.exempt;

import io.vesta.approval.exempt.internal.Exempting;
import io.vesta.approval.exempt.internal.ExemptionLog;
import io.vesta.approval.gate.internal.Seals;
import io.vesta.approval.hold.internal.SendLog;
import io.vesta.core.access.Actor;
import io.vesta.core.access.Decision;
import io.vesta.core.audit.AuditAction;
import io.vesta.core.audit.AuditEvent;
import io.vesta.core.audit.AuditTrail;
import io.vesta.core.config.Port;
import io.vesta.core.config.VestaConfig;
import io.vesta.core.error.VestaException;
import io.vesta.core.id.MemberId;
import io.vesta.core.id.Ref;
import io.vesta.core.storage.UnitOfWork;
import jakarta.inject.Inject;
import java.time.Duration;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.List;
import java.util.Objects;
import java.util.Optional;

/**
 * Grants and ends the rules under which a draft needs no person, such as for an acknowledgement
 * whose words never change. They do nothing unless {@code vesta.approval.exemptions} is true, and
 * are granted by whoever the authorizer allows {@code exempt} on the resource {@code Sending} of
 * the whole brokerage. Thread-safe.
 *
 * <p><b>Guarantees.</b> An exemption applies once, when a draft becomes pending, and never after a
 * person touched it; never to a draft with any finding, that was routed, or that several must
 * approve. The approval names the rule and its version, is bound and sealed as a person's is, and
 * the gate asks once more: when the rule has ended, was changed, or who granted it may grant it no
 * more, the draft waits for a person. When {@link #end} has returned, no node takes another draft
 * by the rule. A version is never changed, only followed by another. Each act, refused ones too, is
 * one audit entry.
 */
public final class Exemptions {

  /** Within a year somebody must want it again. */
  private static final Duration LONGEST = Duration.ofDays(366);

  private final VestaConfig config;
  private final AuditTrail audit;
  private final Exempting exempting;
  private final Seals seals;
  private final ExemptionLog log = new ExemptionLog();
  private final SendLog sending = new SendLog();

  @Inject
  Exemptions(VestaConfig config, Optional<AuditTrail> audit, Exempting exempting, Seals seals) {
    this.config = config;
    this.audit = Port.require(audit, AuditTrail.class, "AuditModule of vesta-audit");
    this.exempting = exempting;
    this.seals = seals;
  }

  /**
   * Grants an exemption from now on; the next version of its rule, if there was one.
   *
   * @param actor the member who answers for it
   * @param rule its name
   * @param scope what it covers
   * @param lasting how long, up to 366 days
   * @return the version; empty if the actor may not
   */
  public Optional<Exemption> grant(
      Actor actor, String rule, Exemption.Scope scope, Duration lasting) {
    if (lasting.isNegative() || lasting.isZero() || lasting.compareTo(LONGEST) > 0) {
      throw VestaException.invalid(
          "exemption's time", lasting.toString(), "use more than none and at most " + LONGEST);
    }
    MemberId owner = scope.owner();
    if (owner != null && !owner.brokerage().equals(actor.brokerage())) {
      throw VestaException.invalid(
          "exemption's owner", "a member of another brokerage", "name one of the actor's");
    }
    return config.database().write(work -> add(work, actor, rule, scope, lasting));
  }

  /**
   * Ends an exemption, also for what it has approved and was not sent yet.
   *
   * @return whether the actor may and there was one
   */
  public boolean end(Actor actor, String rule) {
    return config
        .database()
        .write(
            work -> {
              Optional<Exemption> last = newest(work, actor, rule);
              return last.isPresent()
                  && add(work, actor, rule, last.get().scope(), Duration.ZERO).isPresent();
            });
  }

  /** The exemptions in force in the actor's brokerage, for whoever may grant them. */
  public List<Exemption> live(Actor actor) {
    if (!may(exempting.decide(actor), actor)) {
      return List.of();
    }
    return config
        .database()
        .read(
            work -> {
              Instant now = config.now(work);
              return exempting.intact(work, actor.brokerage()).stream()
                  .filter(one -> one.live(now))
                  .toList();
            });
  }

  private Optional<Exemption> newest(UnitOfWork work, Actor actor, String rule) {
    return log.newest(work, actor.brokerage()).stream()
        .filter(one -> one.rule().equals(rule))
        .findFirst();
  }

  private static boolean may(Decision decision, Actor actor) {
    return decision.allowed() && actor.kind() == Actor.Kind.MEMBER;
  }

  private Optional<Exemption> add(
      UnitOfWork work, Actor actor, String rule, Exemption.Scope scope, Duration lasting) {
    Decision decision = exempting.decide(actor);
    MemberId person = actor.requirePerson("exempting drafts from review");
    boolean may = may(decision, actor);
    if (may) {
      // Nobody takes a draft for sending while a rule changes.
      sending.lock(work, actor.brokerage(), true);
    }
    Instant now = config.now(work);
    Exemption unsealed =
        new Exemption(
            actor.brokerage(),
            rule,
            newest(work, actor, rule).map(Exemption::version).orElse(0) + 1,
            scope,
            now,
            now.plus(lasting).truncatedTo(ChronoUnit.MILLIS),
            person,
            actor.capacity().orElseThrow(),
            decision.policyVersion(),
            "");
    Exemption exemption = unsealed.sealed(seals.seal(unsealed.bytes()));
    if (may) {
      log.add(work, exemption);
    }
    AuditAction action =
        new AuditAction("vesta.approval.exemption." + (lasting.isZero() ? "ended" : "granted"));
    AuditEvent.Builder event =
        AuditEvent.builder(action, actor, new Ref("Exemption", exemption.name()))
            .outcome(may ? AuditEvent.Outcome.SUCCESS : AuditEvent.Outcome.DENIED)
            .with("channel", new Ref("Channel", scope.channel().name()))
            .with("until", exemption.until())
            .with("policy", new Ref("Policy", decision.policyVersion()));
    if (scope.owner() != null) {
      event.with("owner", Objects.requireNonNull(scope.owner(), "checked"));
    }
    audit.append(work, event.build());
    return may ? Optional.of(exemption) : Optional.empty();
  }
}
