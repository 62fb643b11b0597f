package io.vesta.examples.benchmarks.approval;

import io.vesta.approval.draft.Attribution;
import io.vesta.approval.draft.Draft;
import io.vesta.approval.draft.DraftContext;
import io.vesta.approval.draft.Result;
import io.vesta.approval.drafting.DraftRequest;
import io.vesta.approval.drafting.Drafter;
import io.vesta.approval.envelope.Address;
import io.vesta.approval.envelope.Channel;
import io.vesta.approval.envelope.Sender;
import io.vesta.approval.guice.ApprovalModule;
import io.vesta.approval.outbox.DeliveryChannel;
import io.vesta.approval.outbox.Dispatcher;
import io.vesta.approval.review.ReviewDesk;
import io.vesta.approval.review.Seen;
import io.vesta.audit.guice.AuditModule;
import io.vesta.audit.log.Sequencer;
import io.vesta.audit.note.Checkpoint;
import io.vesta.core.Vesta;
import io.vesta.core.access.Actor;
import io.vesta.core.access.Capacity;
import io.vesta.core.config.VestaConfig;
import io.vesta.core.id.BrokerageId;
import io.vesta.core.id.DraftId;
import io.vesta.core.id.MemberId;
import io.vesta.core.id.OfficeId;
import io.vesta.core.id.TeamId;
import io.vesta.core.secret.Secret;
import io.vesta.core.storage.Database;
import io.vesta.core.storage.SchemaInstaller;
import io.vesta.rbac.guice.RbacModule;
import io.vesta.rbac.org.OrgSnapshot;
import io.vesta.rbac.org.RoleGrant.Over;
import java.time.Instant;
import java.util.Base64;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.Executor;
import javax.sql.DataSource;

/** A brokerage with policy, audit log and approval gate, wired as a host would. Thread-safe. */
final class Desks implements AutoCloseable {

  static final BrokerageId FIRM = new BrokerageId("acme");
  static final TeamId TEAM = new TeamId(FIRM, "t7");
  static final Actor AGENT = Actor.member(member("a7"), Capacity.AGENT);
  static final Actor BROKER = Actor.member(member("bob"), Capacity.BROKER);

  /** A channel without rules of its own: only the gate is measured. */
  static final Channel LETTER = new Channel("LETTER");

  static final String BODY =
      ("Thank you for the visit on Saturday. The seller is glad to answer what is open about the"
              + " roof, and the inspector can come on Tuesday at ten. ")
          .repeat(7);

  private static final OfficeId OFFICE = new OfficeId(FIRM, "o1");

  private final Vesta vesta;

  private Desks(Vesta vesta) {
    this.vesta = vesta;
  }

  /** Makes the tables. */
  static Desks over(DataSource source, DeliveryChannel channel, Executor executor, int sends) {
    Secret key = Secret.of(Base64.getEncoder().encodeToString(new byte[32]));
    VestaConfig config =
        VestaConfig.builder(Database.of(source))
            .property("vesta.audit.originPrefix", "audit.example.com/benchmark")
            .property("vesta.approval.sendsAtOnce", Integer.toString(sends))
            .secrets(name -> Optional.of(key))
            .executor(executor)
            .build();
    DraftContext context =
        new DraftContext(Map.of("thread", "17", "consent", "3"), Map.of("jurisdiction", "TX"));
    Vesta vesta =
        Vesta.create(
            config,
            RbacModule.builder(Desks::organisation).build(),
            AuditModule.builder().build(),
            ApprovalModule.builder((work, draft, attribution) -> context)
                .channel(LETTER, channel)
                .build());
    vesta.get(SchemaInstaller.class).install();
    return new Desks(vesta);
  }

  private static OrgSnapshot organisation() {
    MemberId agent = AGENT.member().orElseThrow();
    MemberId broker = BROKER.member().orElseThrow();
    return OrgSnapshot.builder()
        .member(agent, OFFICE)
        .member(broker, OFFICE)
        .membership(agent, TEAM, Instant.EPOCH, Instant.MAX)
        .grant(agent, Capacity.AGENT, new Over.Self(), Instant.EPOCH, Instant.MAX)
        .grant(broker, Capacity.BROKER, new Over.Brokerage(), Instant.EPOCH, Instant.MAX)
        .build();
  }

  private static MemberId member(String key) {
    return new MemberId(FIRM, key);
  }

  /** A draft that waits for review. */
  Draft propose(String key, String body) {
    DraftRequest request =
        DraftRequest.builder(
                new DraftId(FIRM, key),
                new Attribution(AGENT.member().orElseThrow(), TEAM, OFFICE, null, null),
                LETTER,
                new Sender(new Address("ann"), "Ann Agent"))
            .to("cleo")
            .subject("Your visit")
            .build();
    return done(vesta.get(Drafter.class).propose(AGENT, request, body));
  }

  /** Approves what the agent sees. */
  Draft approve(DraftId id) {
    Draft seen = desk().find(AGENT, id).orElseThrow();
    return approve(seen);
  }

  /** Approves what was seen. */
  Draft approve(Draft seen) {
    return done(desk().approve(AGENT, seen.id(), Seen.of(seen), Set.of()));
  }

  private static Draft done(Result result) {
    if (result instanceof Result.Done done) {
      return done.now();
    }
    throw new IllegalStateException("refused: " + result);
  }

  ReviewDesk desk() {
    return vesta.get(ReviewDesk.class);
  }

  Dispatcher dispatcher() {
    return vesta.get(Dispatcher.class);
  }

  /** Puts all that is committed under a signed checkpoint; gives how many entries that are. */
  long sequence() {
    return Checkpoint.parse(vesta.get(Sequencer.class).sequence(FIRM).text()).size();
  }

  @Override
  public void close() {
    vesta.close();
  }
}
