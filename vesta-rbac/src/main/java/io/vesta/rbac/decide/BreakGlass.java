package io.vesta.rbac.decide;

import io.vesta.core.access.AccessDeniedException;
import io.vesta.core.access.Action;
import io.vesta.core.access.Actor;
import io.vesta.core.access.Capacity;
import io.vesta.core.access.Resource;
import io.vesta.core.access.ResourceType;
import io.vesta.core.audit.AuditAction;
import io.vesta.core.audit.AuditEvent;
import io.vesta.core.audit.AuditTrail;
import io.vesta.core.error.VestaException;
import io.vesta.core.id.MemberId;
import io.vesta.core.id.Ref;
import io.vesta.core.storage.Database;
import io.vesta.rbac.org.RoleGrant;
import io.vesta.rbac.org.RoleGrant.Over;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.Objects;
import java.util.concurrent.atomic.AtomicLong;

/**
 * Emergency authority: one person asks with a reason, another approves, the audit trail records it,
 * and only then may the policy's break-glass rules allow, for at most an hour. Thread-safe.
 *
 * <p><b>Guarantees.</b> If the trail cannot record the opening, nothing is opened. What was opened
 * ends by the clock and needs nobody to close it. It lives in this guard alone: another node and a
 * restarted one do not have it.
 */
public final class BreakGlass {

  /** The longest that an emergency lasts. */
  public static final Duration LONGEST = Duration.ofMinutes(60);

  private static final ResourceType TYPE = new ResourceType("BreakGlass");
  private static final Action REQUEST = new Action("request");
  private static final Action APPROVE = new Action("approve");
  private static final AuditAction REQUESTED = new AuditAction("vesta.rbac.break_glass.requested");
  private static final AuditAction OPENED = new AuditAction("vesta.rbac.break_glass.opened");
  private static final AuditAction REFUSED = new AuditAction("vesta.rbac.break_glass.refused");

  /**
   * What somebody asked for. Made by {@link #request} alone.
   *
   * @see #approve
   */
  public static final class Request {

    private final BreakGlass origin;
    private final Actor who;
    private final Over over;
    private final Ref reason;
    private final Duration length;
    private final Ref ref;
    private final Instant expires;
    private boolean used;

    private Request(
        BreakGlass origin, Actor who, Over over, Ref reason, Duration length, Instant at) {
      this.origin = origin;
      this.who = who;
      this.over = over;
      this.reason = reason;
      this.length = length;
      this.ref = new Ref("BreakGlass", at.toEpochMilli() + "-" + origin.requests.incrementAndGet());
      this.expires = at.plus(LONGEST);
    }

    /** Who asked; never null. */
    public Actor who() {
      return who;
    }

    /** The reference under which the audit log names it; never null. */
    public Ref ref() {
      return ref;
    }

    private synchronized void useOnce() {
      if (used) {
        throw VestaException.invalid("break-glass request", "used already", "ask again");
      }
      used = true;
    }
  }

  private final AtomicLong requests = new AtomicLong();
  private final Guard guard;
  private final AuditTrail trail;
  private final Database database;
  private final Clock clock;

  /**
   * @param guard whose authority is widened for a time
   * @param trail records before anything is allowed
   * @param database holds the trail's entries
   * @param clock bounds the time
   */
  public BreakGlass(Guard guard, AuditTrail trail, Database database, Clock clock) {
    this.guard = Objects.requireNonNull(guard, "guard");
    this.trail = Objects.requireNonNull(trail, "trail");
    this.database = Objects.requireNonNull(database, "database");
    this.clock = Objects.requireNonNull(clock, "clock");
  }

  /**
   * Asks for emergency authority.
   *
   * @param who a person; the emergency is for them, in the capacity in which they ask
   * @param over what it reaches; no more than one of their ordinary grants of that capacity
   * @param reason the ticket or file that holds the reason
   * @param length more than nothing, at most {@link #LONGEST}
   * @return the request, which a second person approves within {@link #LONGEST}
   * @throws AccessDeniedException if the policy does not let them ask
   */
  public Request request(Actor who, Over over, Ref reason, Duration length) {
    MemberId member = who.requirePerson("asking for emergency authority");
    Objects.requireNonNull(reason, "reason");
    if (length.isNegative() || length.isZero() || length.compareTo(LONGEST) > 0) {
      throw VestaException.invalid(
          "length", "not within an hour", "ask for at most " + LONGEST.toMinutes() + " minutes");
    }
    guard.decide(who, REQUEST, resource(member, "new")).orThrow();
    if (!guard.holds(who, over)) {
      throw new AccessDeniedException(
          "BEYOND_GRANT", "an emergency reaches no further than the grant behind it");
    }
    Request request = new Request(this, who, over, reason, length, clock.instant());
    database.write(work -> trail.append(work, event(REQUESTED, who, request).build()));
    return request;
  }

  /**
   * Opens what was asked for: records it, and then lets the break-glass rules count.
   *
   * @param second another person, who may approve
   * @param request what was asked for, unused and not older than {@link #LONGEST}
   * @return the grant that is now live
   * @throws AccessDeniedException if the second person may not approve
   * @throws VestaException if the trail cannot record it; then nothing is opened
   */
  public RoleGrant approve(Actor second, Request request) {
    MemberId approver = second.requirePerson("approving emergency authority");
    MemberId member = request.who.requirePerson("asking for emergency authority");
    Instant now = clock.instant();
    if (request.origin != this || !now.isBefore(request.expires)) {
      throw VestaException.invalid("break-glass request", "from elsewhere or too old", "ask again");
    }
    var decision = guard.decide(second, APPROVE, resource(member, request.ref.key()));
    if (approver.equals(member) || !decision.allowed()) {
      database.write(
          work ->
              trail.append(
                  work,
                  event(REFUSED, second, request).outcome(AuditEvent.Outcome.DENIED).build()));
      decision.orThrow();
      throw new AccessDeniedException("SELF_APPROVAL", "an emergency needs a second person");
    }
    if (!guard.holds(request.who, request.over)) {
      throw new AccessDeniedException("BEYOND_GRANT", "the grant behind the emergency is over");
    }
    request.useOnce();
    RoleGrant grant =
        new RoleGrant(
            member,
            capacity(request),
            request.over,
            now,
            now.plus(request.length),
            RoleGrant.Origin.BREAK_GLASS);
    database.write(
        work ->
            trail.append(
                work, event(OPENED, second, request).with("until", grant.until()).build()));
    guard.admit(grant);
    return grant;
  }

  private static Capacity capacity(Request request) {
    return request.who.capacity().orElseThrow();
  }

  private static Resource resource(MemberId member, String key) {
    return Resource.builder(TYPE, member.brokerage(), key).owner(member).build();
  }

  private static AuditEvent.Builder event(AuditAction action, Actor actor, Request request) {
    return AuditEvent.builder(action, actor, request.ref)
        .with("member", request.who.requirePerson("emergency authority"))
        .with("reason", request.reason)
        .with("minutes", request.length.toMinutes());
  }
}
