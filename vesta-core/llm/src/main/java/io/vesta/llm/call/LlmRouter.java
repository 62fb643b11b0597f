package io.vesta.llm.call;

import io.vesta.core.access.Actor;
import io.vesta.core.audit.AuditAction;
import io.vesta.core.audit.AuditEvent;
import io.vesta.core.audit.AuditTrail;
import io.vesta.core.config.VestaConfig;
import io.vesta.core.error.VestaException;
import io.vesta.core.id.Ref;
import io.vesta.core.llm.Call;
import io.vesta.core.llm.Completion;
import io.vesta.core.llm.LanguageModel;
import io.vesta.core.llm.Prompt;
import io.vesta.core.secret.Secret;
import io.vesta.core.storage.UnitOfWork;
import io.vesta.llm.approve.RouteApprovals;
import io.vesta.llm.call.CallFailed.Fault;
import io.vesta.llm.route.DataClass;
import io.vesta.llm.route.Environment;
import io.vesta.llm.route.Route;
import io.vesta.llm.route.Routes;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.time.Duration;
import java.time.Instant;
import java.util.HashMap;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.locks.LockSupport;
import javax.net.ssl.SSLContext;
import org.apache.hc.client5.http.SystemDefaultDnsResolver;
import org.apache.hc.core5.ssl.SSLContexts;
import org.jspecify.annotations.Nullable;

/**
 * Sends prompts by routes alone. There is no method that takes an address or a key. Thread-safe;
 * close it when the host stops.
 *
 * <p><b>Guarantees.</b> In production a prompt goes over verified TLS to a host of routes that two
 * persons approved, at an address that was checked as it was connected to, and nowhere else: not to
 * a redirect, a proxy of the environment, a private or local address, or a local model. Each
 * attempt is on the audit trail before a byte leaves, without its text, and its outcome before the
 * text is given; if the trail cannot take it, nothing is sent or given. E-mail addresses and
 * telephone numbers do not reach the model. Tokens are taken from the brokerage's day before they
 * are used.
 *
 * <p><b>Not guaranteed.</b> Another library in the same process can open sockets of its own; only
 * the operating system can forbid that.
 */
public final class LlmRouter implements AutoCloseable {

  private static final AuditAction ASKED = new AuditAction("vesta.llm.asked");
  private static final AuditAction ANSWERED = new AuditAction("vesta.llm.answered");
  private static final int ATTEMPTS = 2;
  private static final int BYTES_PER_TOKEN = 2;
  private static final Duration LONGEST_PAUSE = Duration.ofSeconds(2);
  private static final Duration SHORT_PAUSE = Duration.ofMillis(200);

  private static final Duration LOOK = Duration.ofMillis(50);

  /** Waits before a route is asked again; false if the call was over first. */
  @FunctionalInterface
  interface Pause {
    boolean pause(Duration length, Call call);
  }

  private final VestaConfig config;
  private final Routes routes;
  private final AuditTrail trail;
  private final Transport transport;
  private final Pause pause;
  private final Map<String, Lane> lanes = new HashMap<>();
  private volatile boolean approved;

  /**
   * @param config its secrets hold the routes' credentials
   * @param routes where prompts may go
   * @param trail records every attempt
   */
  public LlmRouter(VestaConfig config, Routes routes, AuditTrail trail) {
    this(
        config,
        routes,
        trail,
        transport(config, routes, SSLContexts.createDefault()),
        LlmRouter::wait);
  }

  LlmRouter(VestaConfig config, Routes routes, AuditTrail trail, Transport transport, Pause pause) {
    this.config = Objects.requireNonNull(config, "config");
    this.routes = Objects.requireNonNull(routes, "routes");
    this.trail = Objects.requireNonNull(trail, "trail");
    this.transport = transport;
    this.pause = pause;
    routes.all().forEach(one -> lanes.put(one.id(), new Lane(one.id(), config.clock())));
  }

  private static Transport transport(VestaConfig config, Routes routes, SSLContext tls) {
    return new Transport(
        routes.environment(), config.clock(), SystemDefaultDnsResolver.INSTANCE, tls);
  }

  /**
   * A model for texts of a class.
   *
   * @param dataClass the highest class of what its prompts hold; routes for less are not used
   * @return a model that answers by the first route that can
   */
  public LanguageModel model(DataClass dataClass) {
    Objects.requireNonNull(dataClass, "dataClass");
    return (prompt, call) -> complete(dataClass, prompt, call);
  }

  private Completion complete(DataClass dataClass, Prompt prompt, Call call) {
    requireApproved();
    Redaction redaction = new Redaction(config.random());
    Prompt redacted = redaction.of(prompt);
    CallFailed last = new CallFailed(Fault.NO_ROUTE);
    for (Route route : routes.chain(dataClass)) {
      for (int attempt = 1; attempt <= ATTEMPTS; attempt++) {
        try {
          Completion completion = attempt(route, dataClass, redacted, call);
          return new Completion(
              redaction.restored(completion.text()),
              completion.finish(),
              completion.usage(),
              completion.modelId());
        } catch (CallFailed e) {
          last = e;
          if (!e.fault().passesOn()) {
            throw e.toModelException();
          } else if (!again(e, attempt, call)) {
            break;
          }
        }
      }
    }
    throw last.toModelException();
  }

  /** Whether the same route may be asked once more, after a pause. */
  private boolean again(CallFailed failure, int attempt, Call call) {
    boolean momentary =
        failure.fault() == Fault.RATE
            || failure.fault() == Fault.DOWN
            || failure.fault() == Fault.BROKEN
            || failure.fault() == Fault.CONNECTION;
    Duration asked = failure.retryAfter() == null ? SHORT_PAUSE : failure.retryAfter();
    return momentary
        && attempt < ATTEMPTS
        && asked.compareTo(LONGEST_PAUSE) <= 0
        && config.clock().instant().plus(asked).isBefore(call.deadline())
        && pause.pause(asked, call);
  }

  private Completion attempt(Route route, DataClass dataClass, Prompt prompt, Call call) {
    requireTime(call);
    Lane lane = Objects.requireNonNull(lanes.get(route.id()), "lane");
    return lane.call(() -> recorded(route, dataClass, prompt, call));
  }

  private void requireTime(Call call) {
    if (call.cancel().cancelled()) {
      throw new CallFailed(Fault.CANCELLED);
    } else if (!config.clock().instant().isBefore(call.deadline())) {
      throw new CallFailed(Fault.TIMEOUT);
    }
  }

  private Completion recorded(Route route, DataClass dataClass, Prompt prompt, Call call) {
    Wire wire = Wire.of(route.api());
    byte[] request = wire.request(route, prompt);
    long most = request.length / BYTES_PER_TOKEN + (long) prompt.maxOutputTokens();
    Instant taken =
        config
            .database()
            .write(
                work -> {
                  Instant now = config.now(work);
                  if (!Budget.take(work, call.brokerage(), route, now, most)) {
                    throw new CallFailed(Fault.BUDGET);
                  }
                  trail.append(work, event(ASKED, route, call).with("class", dataClass).build());
                  return now;
                });
    try {
      byte[] answer =
          transport.post(route.endpoint(), request, call, wire::headers, () -> credential(route));
      Completion completion = wire.answer(answer, routes.environment() == Environment.PRODUCTION);
      long used = used(completion, most);
      settle(route, call, taken, most - used, null, used);
      return completion;
    } catch (CallFailed e) {
      settle(route, call, taken, e.fault().charged() ? 0 : most, e.fault(), 0);
      throw e;
    }
  }

  private static long used(Completion completion, long most) {
    Completion.Usage usage = completion.usage();
    return usage.inputTokens() < 0 || usage.outputTokens() < 0
        ? most
        : (long) usage.inputTokens() + usage.outputTokens();
  }

  private void settle(
      Route route, Call call, Instant taken, long tooMuch, @Nullable Fault fault, long used) {
    config
        .database()
        .write(
            work -> {
              Budget.settle(work, call.brokerage(), route, taken, tooMuch);
              return appendOutcome(work, route, call, fault, used);
            });
  }

  private Object appendOutcome(
      UnitOfWork work, Route route, Call call, @Nullable Fault fault, long used) {
    AuditEvent.Builder event = event(ANSWERED, route, call).with("tokens", used);
    if (fault != null) {
      event.with("fault", fault).outcome(AuditEvent.Outcome.FAILURE);
    }
    return trail.append(work, event.build());
  }

  private static AuditEvent.Builder event(AuditAction action, Route route, Call call) {
    return AuditEvent.builder(
            action,
            Actor.system(call.brokerage(), "llm"),
            new Ref("ModelCall", call.requestId().toString()))
        .with("route", new Ref("LlmRoute", route.id()));
  }

  private Secret credential(Route route) {
    try {
      return config.secret(route.credential().name());
    } catch (VestaException e) {
      throw new CallFailed(Fault.CREDENTIAL);
    }
  }

  private void requireApproved() {
    if (!approved) {
      config
          .database()
          .read(
              work -> {
                RouteApprovals.require(work, routes);
                return true;
              });
      approved = true;
    }
  }

  /** Looks for cancellation now and then; an interrupt ends it too. */
  private static boolean wait(Duration length, Call call) {
    long end = System.nanoTime() + length.toNanos();
    for (long left = length.toNanos(); left > 0; left = end - System.nanoTime()) {
      if (call.cancel().cancelled() || Thread.currentThread().isInterrupted()) {
        return false;
      }
      LockSupport.parkNanos(Math.min(left, LOOK.toNanos()));
    }
    return true;
  }

  /** Closes its connections. */
  @Override
  public void close() {
    try {
      transport.close();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
