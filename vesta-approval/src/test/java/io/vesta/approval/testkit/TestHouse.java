package io.vesta.approval.testkit;

import com.google.inject.AbstractModule;
import com.google.inject.multibindings.OptionalBinder;
import io.vesta.approval.draft.Attribution;
import io.vesta.approval.draft.ContextSource;
import io.vesta.approval.draft.Draft;
import io.vesta.approval.draft.DraftContext;
import io.vesta.approval.draft.Result;
import io.vesta.approval.drafting.DraftRequest;
import io.vesta.approval.drafting.Drafter;
import io.vesta.approval.envelope.Address;
import io.vesta.approval.envelope.Channel;
import io.vesta.approval.envelope.Sender;
import io.vesta.approval.exempt.Exemptions;
import io.vesta.approval.guice.ApprovalModule;
import io.vesta.approval.hold.KillSwitch;
import io.vesta.approval.lint.LintReport;
import io.vesta.approval.outbox.Dispatcher;
import io.vesta.approval.report.DeliveryReports;
import io.vesta.approval.review.ReviewDesk;
import io.vesta.approval.review.Seen;
import io.vesta.core.Vesta;
import io.vesta.core.access.Action;
import io.vesta.core.access.Actor;
import io.vesta.core.access.Authorizer;
import io.vesta.core.access.Capacity;
import io.vesta.core.access.Decision;
import io.vesta.core.access.Resource;
import io.vesta.core.access.ResourceColumns;
import io.vesta.core.access.RowFilter;
import io.vesta.core.audit.AuditEvent;
import io.vesta.core.audit.AuditTrail;
import io.vesta.core.config.VestaConfig;
import io.vesta.core.config.VestaModule;
import io.vesta.core.id.BrokerageId;
import io.vesta.core.id.DraftId;
import io.vesta.core.id.MemberId;
import io.vesta.core.id.OfficeId;
import io.vesta.core.id.TeamId;
import io.vesta.core.llm.LanguageModel;
import io.vesta.core.secret.Secret;
import io.vesta.core.storage.SchemaInstaller;
import io.vesta.core.storage.UnitOfWork;
import io.vesta.testkit.Engine;
import io.vesta.testkit.MutableClock;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import java.util.Set;
import java.util.UUID;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.Executor;
import java.util.function.Consumer;

/**
 * A brokerage with vesta-approval over a fresh database, wired as a host would, deterministic. Its
 * audit trail is a table, so that an entry lives and dies with its unit of work; its authorizer
 * knows owner, team lead and broker; what drafts rely on is a map.
 */
public final class TestHouse implements AutoCloseable {

  /** The brokerage. */
  public static final BrokerageId ACME = new BrokerageId("acme");

  /** An agent. */
  public static final MemberId ANN = new MemberId(ACME, "ann");

  /** The agent at work. */
  public static final Actor AGENT = Actor.member(ANN, Capacity.AGENT);

  /** A bot that works for the agent. */
  public static final Actor BOT = Actor.bot("drafter", ANN);

  /** The lead of the agent's team. */
  public static final Actor LEAD = Actor.member(new MemberId(ACME, "lea"), Capacity.TEAM_LEAD);

  /** The broker. */
  public static final Actor BROKER = Actor.member(new MemberId(ACME, "bob"), Capacity.BROKER);

  /** Another agent of the same brokerage. */
  public static final Actor OTHER = Actor.member(new MemberId(ACME, "oli"), Capacity.AGENT);

  /** The broker of another brokerage. */
  public static final Actor STRANGER =
      Actor.member(new MemberId(new BrokerageId("zeta"), "bob"), Capacity.BROKER);

  /** A channel without rules of its own. */
  public static final Channel PAPER = new Channel("PAPER");

  private static final Action OVERRIDE = new Action("override");

  private static final TeamId TEAM = new TeamId(ACME, "t1");

  private final Vesta vesta;
  private final Engine.Fresh fresh;
  private final MutableClock clock;
  private final RecordingChannel channel;
  private final Map<String, String> versions;
  private final Ports ports;

  private TestHouse(
      Vesta vesta,
      Engine.Fresh fresh,
      MutableClock clock,
      RecordingChannel channel,
      Map<String, String> versions,
      Ports ports) {
    this.ports = ports;
    this.vesta = vesta;
    this.fresh = fresh;
    this.clock = clock;
    this.channel = channel;
    this.versions = versions;
  }

  /** A house whose channel answers as told; no language model. */
  public static TestHouse over(Engine.Fresh fresh, RecordingChannel channel) {
    return over(fresh, channel, Optional.empty(), Runnable::run);
  }

  /** A house with a language model that runs on an executor. */
  public static TestHouse over(
      Engine.Fresh fresh,
      RecordingChannel channel,
      Optional<LanguageModel> model,
      Executor executor) {
    return over(fresh, channel, model, executor, host -> {}, module -> {}, true);
  }

  /** A house whose module has something more. */
  public static TestHouse with(
      Engine.Fresh fresh, RecordingChannel channel, Consumer<ApprovalModule.Builder> more) {
    return over(fresh, channel, Optional.empty(), Runnable::run, host -> {}, more, true);
  }

  /** A house whose host lets exemptions stand in for approvers. */
  public static TestHouse exempting(
      Engine.Fresh fresh, RecordingChannel channel, Consumer<ApprovalModule.Builder> more) {
    return over(
        fresh,
        channel,
        Optional.empty(),
        Runnable::run,
        host -> host.property("vesta.approval.exemptions", "true"),
        more,
        true);
  }

  /** A house that hands over no clock, as a host does: it lives in real time. */
  public static TestHouse inRealTime(
      Engine.Fresh fresh, RecordingChannel channel, Consumer<ApprovalModule.Builder> more) {
    return over(fresh, channel, Optional.empty(), Runnable::run, host -> {}, more, false);
  }

  private static TestHouse over(
      Engine.Fresh fresh,
      RecordingChannel channel,
      Optional<LanguageModel> model,
      Executor executor,
      Consumer<VestaConfig.Builder> hosting,
      Consumer<ApprovalModule.Builder> more,
      boolean standing) {
    MutableClock clock = new MutableClock(Instant.parse("2026-03-04T15:06:07Z"));
    Map<String, String> versions = new ConcurrentHashMap<>(Map.of("thread", "m1", "consent", "c1"));
    ContextSource contexts =
        (work, draft, attribution) -> {
          if (versions.containsKey("broken")) {
            throw new IllegalStateException("the host's records cannot be read");
          }
          return new DraftContext(versions, Map.of("jurisdiction", "TX"));
        };
    VestaConfig.Builder host = VestaConfig.builder(fresh.database());
    if (standing) {
      host.clock(clock);
    }
    hosting.accept(host);
    VestaConfig config =
        host.random(new Random(7))
            .executor(executor)
            .secrets(name -> Optional.of(Secret.of("0123456789abcdef0123456789abcdef" + name)))
            .build();
    ApprovalModule.Builder module =
        ApprovalModule.builder(contexts)
            .channel(PAPER, channel)
            .channel(Channel.EMAIL, channel)
            .channel(Channel.SMS, channel);
    model.ifPresent(module::model);
    more.accept(module);
    Ports ports = new Ports();
    Vesta vesta = Vesta.create(config, ports, module.build());
    vesta.get(SchemaInstaller.class).install();
    fresh
        .database()
        .write(
            work ->
                work.handle()
                    .execute(
                        "create table if not exists test_audit"
                            + " (action varchar(96), target varchar(200), outcome varchar(16),"
                            + " details varchar(2000))"));
    return new TestHouse(vesta, fresh, clock, channel, versions, ports);
  }

  /** Writes. */
  public Drafter drafter() {
    return vesta.get(Drafter.class);
  }

  /** Decides. */
  public ReviewDesk desk() {
    return vesta.get(ReviewDesk.class);
  }

  /** Sends. */
  public Dispatcher dispatcher() {
    return vesta.get(Dispatcher.class);
  }

  /** Grants what needs no person. */
  public Exemptions exemptions() {
    return vesta.get(Exemptions.class);
  }

  /** Hears what providers tell. */
  public DeliveryReports reports() {
    return vesta.get(DeliveryReports.class);
  }

  /** Stops. */
  public KillSwitch killSwitch() {
    return vesta.get(KillSwitch.class);
  }

  /** The house's clock. */
  public MutableClock clock() {
    return clock;
  }

  /** What was sent. */
  public RecordingChannel channel() {
    return channel;
  }

  /** The database as the host sees it. */
  public Engine.Fresh fresh() {
    return fresh;
  }

  /** Changes what every draft relies on. */
  public void context(String name, String version) {
    versions.put(name, version);
  }

  /** From now on a member may do nothing. */
  public void offboard(Actor actor) {
    ports.gone.add(actor.member().orElseThrow());
  }

  /** What every draft relies on is as before. */
  public void forget(String name) {
    versions.remove(name);
  }

  /** A draft's id. */
  public static DraftId id(String key) {
    return new DraftId(ACME, key);
  }

  /** A request for a message of the agent to a client. */
  public static DraftRequest.Builder request(String key) {
    return request(key, PAPER);
  }

  /** A request for a message of the agent to a client, on a channel without rules of its own. */
  public static DraftRequest.Builder request(String key, Channel by) {
    return DraftRequest.builder(
            id(key),
            new Attribution(ANN, TEAM, new OfficeId(ACME, "o1"), null, null),
            by,
            new Sender(new Address("ann"), "Ann Agent"))
        .to("cleo")
        .subject("Your visit");
  }

  /** A draft that waits for review. */
  public Draft pending(String key) {
    return pending(request(key).build());
  }

  /** A draft that waits for review. */
  public Draft pending(DraftRequest request) {
    return done(drafter().propose(AGENT, request, "Hello Cleo,\n\nSaturday at ten?"));
  }

  /** A draft that waits to be sent. */
  public Draft approved(String key) {
    Draft draft = pending(key);
    return done(desk().approve(AGENT, draft.id(), Seen.of(draft), Set.of()));
  }

  /** The draft of a result that must be done. */
  public static Draft done(Result result) {
    if (result instanceof Result.Done done) {
      return done.now();
    }
    throw new AssertionError("refused: " + result);
  }

  /** The draft as it is stored. */
  public Draft stored(String key) {
    return desk().find(BROKER, id(key)).orElseThrow();
  }

  /** Changes the tables behind Vesta's back. */
  public int tamper(String sql, Object... binds) {
    return fresh.database().write(work -> work.handle().execute(sql, binds));
  }

  /** What the audit trail says of a draft, oldest first: the action's last word, and DENIED. */
  public List<String> story(String key) {
    return fresh
        .database()
        .read(
            work ->
                work.handle()
                    .createQuery("select action, outcome, details from test_audit where target = ?")
                    .bind(0, "Draft:" + key)
                    .map(
                        (row, context) ->
                            row.getString(1).replace("vesta.approval.draft.", "")
                                + (row.getString(2).equals("SUCCESS")
                                    ? ""
                                    : " " + row.getString(3)))
                    .list());
  }

  /** How many audit entries there are. */
  public int entries() {
    return fresh
        .database()
        .read(
            work ->
                work.handle()
                    .createQuery("select count(*) from test_audit")
                    .mapTo(Integer.class)
                    .one());
  }

  @Override
  public void close() {
    vesta.close();
  }

  /** The ports that other artifacts would supply. */
  static final class Ports extends AbstractModule implements VestaModule, Authorizer, AuditTrail {

    private final Set<MemberId> gone = ConcurrentHashMap.newKeySet();

    @Override
    protected void configure() {
      OptionalBinder.newOptionalBinder(binder(), Authorizer.class).setBinding().toInstance(this);
      OptionalBinder.newOptionalBinder(binder(), AuditTrail.class).setBinding().toInstance(this);
    }

    @Override
    public Decision decide(Actor actor, Action action, Resource resource) {
      boolean own = actor.member().equals(resource.owner()) && !action.equals(OVERRIDE);
      boolean lead =
          actor.equals(LEAD)
              && resource.team().isPresent()
              && !action.equals(OVERRIDE)
              && !action.equals(Action.SEND)
              && !action.equals(Action.CREATE);
      boolean broker =
          actor.capacity().equals(Optional.of(Capacity.BROKER)) && !action.equals(Action.CREATE);
      boolean bot =
          actor.kind() != Actor.Kind.BOT
              || action.equals(Action.CREATE)
              || action.equals(Action.READ);
      boolean allowed =
          actor.brokerage().equals(resource.brokerage())
              && actor.member().stream().noneMatch(gone::contains)
              && bot
              && (own || lead || broker);
      return new Answer(allowed);
    }

    private record Answer(boolean allowed) implements Decision {
      @Override
      public String reason() {
        return allowed ? "rule" : "NO_RULE";
      }

      @Override
      public String policyVersion() {
        return "p1";
      }

      @Override
      public String because() {
        return reason();
      }
    }

    @Override
    public RowFilter filter(Actor actor, Action action, ResourceColumns columns) {
      String tenant = columns.brokerage() + " = ?";
      String key = actor.brokerage().key();
      if (actor.capacity().equals(Optional.of(Capacity.BROKER))) {
        return new RowFilter.All(tenant, List.of(key), "p1");
      }
      if (actor.capacity().equals(Optional.of(Capacity.TEAM_LEAD))) {
        return new RowFilter.Where(
            tenant + " and " + columns.team().orElseThrow() + " = ?",
            List.of(key, TEAM.key()),
            "p1");
      }
      return new RowFilter.Where(
          tenant + " and " + columns.owner().orElseThrow() + " = ?",
          List.of(key, actor.member().orElseThrow().key()),
          "p1");
    }

    @Override
    public UUID append(UnitOfWork work, AuditEvent event) {
      work.handle()
          .execute(
              "insert into test_audit (action, target, outcome, details) values (?, ?, ?, ?)",
              event.action().name(),
              event.target().toString(),
              event.outcome().name(),
              String.valueOf(event.details().get("refusal")));
      return new UUID(0, 0);
    }
  }

  /** Findings that do not matter. */
  public static LintReport clean() {
    return new LintReport(List.of(), "0".repeat(64));
  }
}
