package io.vesta.rbac.decide;

import io.vesta.core.access.AccessDeniedException;
import io.vesta.core.access.Action;
import io.vesta.core.access.Actor;
import io.vesta.core.access.ResourceType;
import io.vesta.core.access.TwoPersons;
import io.vesta.core.audit.AuditAction;
import io.vesta.core.audit.AuditEvent;
import io.vesta.core.audit.AuditTrail;
import io.vesta.core.config.VestaConfig;
import io.vesta.core.error.VestaException;
import io.vesta.core.id.MemberId;
import io.vesta.core.id.Ref;
import io.vesta.core.storage.Schema;
import io.vesta.core.storage.UnitOfWork;
import io.vesta.rbac.decide.EmergencyListener.Kind;
import io.vesta.rbac.decide.EmergencyListener.Notice;
import io.vesta.rbac.decide.EmergencyListener.Target;
import io.vesta.rbac.org.RoleGrant.Over;
import java.time.Duration;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.concurrent.RejectedExecutionException;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Emergency authority: one person asks with a reason, another approves, the audit trail records it,
 * and only then may the policy's break-glass rules allow, for at most an hour. Thread-safe.
 *
 * <p><b>Guarantees.</b> If the trail cannot record the opening, nothing is opened. Whatever is
 * allowed, shown or listed only because of an emergency is recorded before the answer is given; if
 * the trail cannot, there is no answer but its exception. What was opened ends by the clock and
 * needs nobody to end it; what somebody ended is used by no node any more. Emergencies are rows of
 * the database and outlive this process.
 *
 * <p><b>Not guaranteed.</b> A node learns of what another opened when it {@link #refresh
 * refreshes}, which the host calls at start and every few seconds. A use is recorded in a
 * transaction of its own, so on SQLite a decision that takes an emergency must not be asked for
 * inside a write transaction.
 */
public final class BreakGlass {

  /** The longest that an emergency lasts, and that a request waits for its second person. */
  public static final Duration LONGEST = Duration.ofMinutes(60);

  private static final Logger LOG = LoggerFactory.getLogger(BreakGlass.class);
  private static final AuditAction REQUESTED = action("requested");
  private static final AuditAction OPENED = action("opened");
  private static final AuditAction REFUSED = action("refused");
  private static final AuditAction USED = action("used");
  private static final AuditAction ENDED = action("ended");

  private final Guard guard;
  private final VestaConfig config;
  private final AuditTrail trail;
  private final EmergencyListener listener;
  private final TwoPersons persons;
  private final EmergencyLog log = new EmergencyLog();

  /**
   * @param guard whose authority is widened for a time
   * @param config its database holds the emergencies beside the trail's entries, its clock bounds
   *     them
   * @param trail records before anything is allowed
   * @param listener hears of it afterwards
   */
  public BreakGlass(Guard guard, VestaConfig config, AuditTrail trail, EmergencyListener listener) {
    this.guard = Objects.requireNonNull(guard, "guard");
    this.config = Objects.requireNonNull(config, "config");
    this.trail = Objects.requireNonNull(trail, "trail");
    this.listener = Objects.requireNonNull(listener, "listener");
    persons =
        new TwoPersons(
            guard,
            new ResourceType(EmergencyLog.TYPE),
            new Action("request"),
            "emergency authority");
  }

  /** The tables of emergencies. */
  public static Schema schema() {
    return new Schema("rbac", BreakGlass.class, List.of("V1__break_glass.sql"));
  }

  /**
   * Asks for emergency authority.
   *
   * @param who a person; the emergency is for them, in the capacity in which they ask
   * @param over what it reaches; no more than one of their ordinary grants of that capacity
   * @param reason the ticket or file that holds the reason
   * @param length at least a millisecond, at most {@link #LONGEST}
   * @return the request, which a second person approves within {@link #LONGEST}
   * @throws AccessDeniedException if the policy does not let them ask
   */
  public Emergency request(Actor who, Over over, Ref reason, Duration length) {
    String id = config.newId().toString();
    MemberId member = persons.begin(who, id);
    if (length.toMillis() < 1 || length.compareTo(LONGEST) > 0) {
      throw VestaException.invalid(
          "length", "not within an hour", "ask for at most " + LONGEST.toMinutes() + " minutes");
    }
    Emergency asked =
        config
            .database()
            .write(
                work -> {
                  Emergency one =
                      new Emergency(
                          new Ref(EmergencyLog.TYPE, id),
                          member,
                          who.capacity().orElseThrow(),
                          over,
                          reason,
                          Duration.ofMillis(length.toMillis()),
                          config.now(work),
                          Optional.empty());
                  requireHeld(one);
                  log.add(work, one);
                  trail.append(work, event(REQUESTED, who, one).build());
                  return one;
                });
    tell(Kind.REQUESTED, asked, who);
    return asked;
  }

  /** The requests that somebody may approve now, oldest first, whichever node took them. */
  public List<Emergency> waiting(Actor second) {
    return config
        .database()
        .read(work -> log.waiting(work, second.brokerage(), config.now(work).minus(LONGEST)))
        .stream()
        .filter(one -> persons.couldApprove(second, one.member(), one.ref().key()))
        .toList();
  }

  /**
   * Opens what was asked for: records it, and then lets the break-glass rules count.
   *
   * @param second another person, who may approve
   * @param request the reference of a request that is neither opened nor ended, and not older than
   *     {@link #LONGEST}
   * @return the emergency, now open
   * @throws AccessDeniedException if the second person may not approve
   * @throws VestaException if there is no such request, or the trail cannot record it; then nothing
   *     is opened
   */
  public Emergency approve(Actor second, Ref request) {
    Emergency asked = find(second, request);
    MemberId approver =
        persons.approve(
            second,
            asked.member(),
            request.key(),
            () -> {
              record(event(REFUSED, second, asked).outcome(AuditEvent.Outcome.DENIED).build());
              tell(Kind.REFUSED, asked, second);
            });
    requireHeld(asked);
    Emergency opened = config.database().write(work -> open(work, second, approver, asked));
    refresh();
    tell(Kind.OPENED, opened, second);
    return opened;
  }

  private Emergency open(UnitOfWork work, Actor second, MemberId approver, Emergency asked) {
    Emergency opened = asked.opened(config.now(work));
    if (!opened.grant().from().isBefore(asked.requested().plus(LONGEST))
        || !log.open(work, opened, approver)) {
      throw VestaException.invalid("break-glass request", "used already or too old", "ask again");
    }
    trail.append(work, event(OPENED, second, opened).with("until", opened.grant().until()).build());
    return opened;
  }

  private void requireHeld(Emergency asked) {
    if (!guard.holds(asked)) {
      throw new AccessDeniedException(
          "BEYOND_GRANT", "an emergency reaches no further than the grant behind it");
    }
  }

  /**
   * Ends an emergency before its time, or takes a request back. Nothing happens if it has ended.
   *
   * @param actor whose it is, or who may approve it
   * @param emergency its reference
   * @throws AccessDeniedException if they are neither
   */
  public void end(Actor actor, Ref emergency) {
    Emergency one = find(actor, emergency);
    if (!actor.requirePerson("ending emergency authority").equals(one.member())
        && !persons.couldApprove(actor, one.member(), emergency.key())) {
      throw new AccessDeniedException("NOT_YOURS", "the emergency is another person's");
    }
    if (config.database().write(work -> end(work, actor, one))) {
      refresh();
      tell(Kind.ENDED, one, actor);
    }
  }

  /**
   * Learns what is open now, whichever node opened it. If the database cannot be asked, it throws,
   * and what this node knows goes on until its time.
   */
  public synchronized void refresh() {
    guard.admit(this, config.database().read(work -> log.live(work, config.now(work))));
  }

  /**
   * Records that emergencies make a difference. False if one of them is over, also by the
   * database's clock or another node's word; nothing was recorded then, and this node knows it now.
   */
  boolean use(List<Emergency> emergencies, Actor actor, Action action, List<Target> targets) {
    boolean runs =
        config
            .database()
            .write(
                work -> {
                  for (Emergency one : emergencies) {
                    if (!log.runs(work, one, config.now(work))) {
                      return false;
                    }
                  }
                  for (Emergency one : emergencies) {
                    targets.forEach(target -> trail.append(work, used(one, actor, action, target)));
                  }
                  return true;
                });
    if (!runs) {
      refresh();
      return false;
    }
    for (Emergency one : emergencies) {
      targets.forEach(target -> tell(new Notice(Kind.USED, one, actor, Optional.of(target))));
    }
    return true;
  }

  private static AuditEvent used(Emergency one, Actor actor, Action action, Target target) {
    return AuditEvent.builder(USED, actor, target.ref())
        .correlation(one.ref())
        .with("action", new Ref("Action", action.name()))
        .build();
  }

  private boolean end(UnitOfWork work, Actor actor, Emergency one) {
    boolean ended = log.end(work, one, config.now(work));
    if (ended) {
      trail.append(work, event(ENDED, actor, one).build());
    }
    return ended;
  }

  private Emergency find(Actor actor, Ref emergency) {
    return config
        .database()
        .read(work -> log.find(work, actor.brokerage(), emergency))
        .orElseThrow(
            () ->
                VestaException.invalid(
                    "break-glass request", "unknown in this brokerage", "ask again"));
  }

  private void record(AuditEvent event) {
    config.database().write(work -> trail.append(work, event));
  }

  private void tell(Kind kind, Emergency emergency, Actor actor) {
    tell(new Notice(kind, emergency, actor, Optional.empty()));
  }

  private void tell(Notice notice) {
    try {
      config
          .executor()
          .execute(
              () -> {
                try {
                  listener.told(notice);
                } catch (RuntimeException e) {
                  LOG.warn("The host did not take a notice of {}", notice.emergency().ref(), e);
                }
              });
    } catch (RejectedExecutionException e) {
      LOG.warn("The host's executor took no notice of {}", notice.emergency().ref(), e);
    }
  }

  private static AuditAction action(String verb) {
    return new AuditAction("vesta.rbac.break_glass." + verb);
  }

  private static AuditEvent.Builder event(AuditAction action, Actor actor, Emergency emergency) {
    return AuditEvent.builder(action, actor, emergency.ref())
        .with("member", emergency.member())
        .with("reason", emergency.reason())
        .with("minutes", emergency.length().toMinutes());
  }
}
