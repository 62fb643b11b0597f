package io.vesta.llm.call;

import io.vesta.core.access.Actor;
import io.vesta.core.access.Capacity;
import io.vesta.core.audit.AuditEvent;
import io.vesta.core.audit.AuditTrail;
import io.vesta.core.audit.AuditValue;
import io.vesta.core.config.VestaConfig;
import io.vesta.core.id.BrokerageId;
import io.vesta.core.id.MemberId;
import io.vesta.core.llm.Call;
import io.vesta.core.llm.Prompt;
import io.vesta.core.secret.Secret;
import io.vesta.core.storage.SchemaInstaller;
import io.vesta.core.storage.UnitOfWork;
import io.vesta.llm.approve.ListedAuthorizer;
import io.vesta.llm.approve.RouteApprovals;
import io.vesta.llm.route.Environment;
import io.vesta.llm.route.Routes;
import io.vesta.testkit.Engine;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.UnknownHostException;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.UUID;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.atomic.AtomicInteger;
import javax.net.ssl.SSLContext;
import org.apache.hc.client5.http.DnsResolver;

/** A host whose production routes end on loopback ports, by way of public addresses. */
final class Loopback {

  static final BrokerageId FIRM = new BrokerageId("firm");
  static final String KEY = "sk-canary-7f3a9c";

  /** Remembers entries. */
  static final class Trail implements AuditTrail {
    final List<AuditEvent> events = new CopyOnWriteArrayList<>();
    volatile boolean broken;

    @Override
    public UUID append(UnitOfWork work, AuditEvent event) {
      if (broken) {
        throw new IllegalStateException("the trail is down");
      }
      events.add(event);
      return new UUID(0, events.size());
    }

    List<String> actions() {
      return events.stream().map(event -> event.action().name().replace("vesta.llm.", "")).toList();
    }
  }

  /** Answers what a test wants, in turns. */
  static DnsResolver answering(String... answers) {
    AtomicInteger asked = new AtomicInteger();
    return new DnsResolver() {
      @Override
      public InetAddress[] resolve(String host) throws UnknownHostException {
        String answer = answers[Math.min(asked.getAndIncrement(), answers.length - 1)];
        List<InetAddress> addresses = new ArrayList<>();
        for (String one : answer.split(" ")) {
          addresses.add(InetAddress.getByName(one));
        }
        return addresses.toArray(InetAddress[]::new);
      }

      @Override
      public String resolveCanonicalHostname(String host) {
        return host;
      }
    };
  }

  /** Asks as the checked resolver does, and then dials a loopback port instead. */
  private static DnsResolver dialling(DnsResolver checked, int port) {
    return new DnsResolver() {
      @Override
      public InetAddress[] resolve(String host) throws UnknownHostException {
        return checked.resolve(host);
      }

      @Override
      public List<InetSocketAddress> resolve(String host, int wanted) throws UnknownHostException {
        checked.resolve(host);
        return List.of(new InetSocketAddress(InetAddress.getLoopbackAddress(), port));
      }

      @Override
      public String resolveCanonicalHostname(String host) {
        return host;
      }
    };
  }

  final Trail trail = new Trail();
  final AtomicInteger keyReads = new AtomicInteger();
  final List<Duration> pauses = new CopyOnWriteArrayList<>();
  final VestaConfig config;

  Loopback(Path directory, Clock clock, Engine engine) {
    this(directory, clock, engine, KEY);
  }

  Loopback(Path directory, Clock clock, Engine engine, String key) {
    var database = engine.fresh(directory).database();
    new SchemaInstaller(database, Set.of(RouteApprovals.schema())).install();
    config =
        VestaConfig.builder(database)
            .clock(clock)
            .secrets(
                name -> {
                  keyReads.incrementAndGet();
                  return name.equals("openai") ? Optional.of(Secret.of(key)) : Optional.empty();
                })
            .build();
  }

  static String route(String id, String more) {
    return """
        {"id": "%s", "api": "OPENAI_CHAT", "endpoint": "https://models.acme.com/v1/chat",
         "model": "m-1", "region": "us", "dataClass": "CONFIDENTIAL", "credential": "openai",
         "tokensPerDay": 100000%s}"""
        .formatted(id, more);
  }

  static String document(String... routes) {
    return "{\"hosts\": [\"models.acme.com\", \"localhost\"], \"routes\": ["
        + String.join(", ", routes)
        + "]}";
  }

  /** Production routes that two persons approved. */
  Routes approved(String json) {
    Routes routes = Routes.load(json, Environment.PRODUCTION);
    RouteApprovals approvals =
        new RouteApprovals(
            config,
            new ListedAuthorizer(Set.of(person("ann"), person("ben"))),
            (work, event) -> UUID.randomUUID());
    approvals.propose(person("ann"), routes);
    approvals.approve(person("ben"), routes);
    return routes;
  }

  /** A router whose names are resolved as given and whose connections end at a port. */
  LlmRouter router(Routes routes, DnsResolver names, SSLContext tls, int port) {
    return new LlmRouter(
        config,
        routes,
        trail,
        new Transport(
            routes.environment(),
            config.clock(),
            names,
            tls,
            port == 0 ? checked -> checked : checked -> dialling(checked, port)),
        (length, call) -> pauses.add(length));
  }

  static Actor person(String key) {
    return Actor.member(new MemberId(FIRM, key), Capacity.ADMIN);
  }

  Call call(Duration patience) {
    return new Call(
        new UUID(0, 7), FIRM, config.clock().instant().plus(patience), new Call.CancelToken());
  }

  static Prompt prompt(String text) {
    return new Prompt(
        "Answer.",
        List.of(new Prompt.Turn(Prompt.Role.USER, Prompt.Trust.UNTRUSTED, text)),
        64,
        0.0);
  }

  /** What the last entry says went wrong; empty if nothing did. */
  String lastFault() {
    AuditValue fault = trail.events.get(trail.events.size() - 1).details().get("fault");
    return fault instanceof AuditValue.Code code ? code.name() : "";
  }
}
