package io.vesta.embedding;

import io.vesta.approval.draft.Attribution;
import io.vesta.approval.draft.Draft;
import io.vesta.approval.draft.DraftContext;
import io.vesta.approval.drafting.DraftRequest;
import io.vesta.approval.drafting.Drafter;
import io.vesta.approval.envelope.Address;
import io.vesta.approval.envelope.Channel;
import io.vesta.approval.envelope.Sender;
import io.vesta.approval.guice.ApprovalModule;
import io.vesta.approval.outbox.Dedupe;
import io.vesta.approval.outbox.Delivery;
import io.vesta.approval.outbox.DeliveryChannel;
import io.vesta.approval.outbox.Dispatcher;
import io.vesta.approval.outbox.SendPermit;
import io.vesta.approval.review.ReviewDesk;
import io.vesta.approval.review.Seen;
import io.vesta.approval.state.DraftState;
import io.vesta.audit.guice.AuditModule;
import io.vesta.audit.log.Sequencer;
import io.vesta.core.Vesta;
import io.vesta.core.access.Actor;
import io.vesta.core.access.Capacity;
import io.vesta.core.config.VestaConfig;
import io.vesta.core.config.VestaModule;
import io.vesta.core.id.BrokerageId;
import io.vesta.core.id.DraftId;
import io.vesta.core.id.MemberId;
import io.vesta.core.id.OfficeId;
import io.vesta.core.secret.Secret;
import io.vesta.core.storage.Database;
import io.vesta.core.storage.SchemaInstaller;
import io.vesta.core.storage.UnitOfWork;
import io.vesta.proof.guice.ProofModule;
import io.vesta.rbac.guice.RbacModule;
import io.vesta.rbac.org.OrgSnapshot;
import io.vesta.rbac.org.RoleGrant;
import java.nio.file.Path;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/** The smallest host that uses every artifact. */
public final class SmallHost {

  private static final BrokerageId FIRM = new BrokerageId("firm");
  private static final MemberId ANN = new MemberId(FIRM, "ann");

  private SmallHost() {}

  static VestaConfig.Builder config(Database database) {
    Map<String, String> secrets =
        Map.of(
            "vesta.audit.signing-key", "AAECAwQFBgcICQoLDA0ODxAREhMUFRYXGBkaGxwdHh8=",
            "vesta.approval.sealing-key", "0123456789abcdef0123456789abcdef");
    return VestaConfig.builder(database)
        .secrets(name -> Optional.ofNullable(secrets.get(name)).map(Secret::of))
        .property("vesta.audit.originPrefix", "log.firm.example");
  }

  static List<VestaModule> modules() {
    OrgSnapshot organisation =
        OrgSnapshot.builder()
            .member(ANN, new OfficeId(FIRM, "main"))
            .grant(ANN, Capacity.AGENT, new RoleGrant.Over.Self(), Instant.EPOCH, Instant.MAX)
            .build();
    DeliveryChannel channel =
        new DeliveryChannel() {
          @Override
          public Dedupe dedupe() {
            return new Dedupe.None();
          }

          @Override
          public Delivery send(SendPermit permit) {
            return new Delivery.Accepted(permit.open().digest());
          }
        };
    return List.of(
        RbacModule.builder(() -> organisation).build(),
        AuditModule.builder().build(),
        ApprovalModule.builder((work, draft, about) -> new DraftContext(Map.of(), Map.of()))
            .channel(Channel.EMAIL, channel)
            .build(),
        ProofModule.builder().build());
  }

  static Vesta vesta(Database database) {
    Vesta vesta = Vesta.create(config(database).build(), modules().toArray(new VestaModule[0]));
    vesta.get(SchemaInstaller.class).install();
    return vesta;
  }

  /** Drafts and approves one message as part of a unit of work. */
  static void approveOne(Vesta vesta, UnitOfWork work) {
    Actor ann = Actor.member(ANN, Capacity.AGENT);
    DraftRequest request =
        DraftRequest.builder(
                new DraftId(FIRM, "d1"),
                Attribution.of(ANN),
                Channel.EMAIL,
                new Sender(Address.of(Channel.EMAIL, "ann@firm.example"), "Ann"))
            .to("cleo@client.example")
            .subject("Saturday")
            .build();
    Draft draft =
        vesta
            .get(Drafter.class)
            .propose(work, ann, request, "Shall we say ten?")
            .draft()
            .orElseThrow();
    vesta.get(ReviewDesk.class).joining(work).approve(ann, draft.id(), Seen.of(draft), Set.of());
  }

  /** Drafts, approves and sends one message; how many were sent. */
  static int sendOne(Vesta vesta) {
    vesta
        .get(VestaConfig.class)
        .database()
        .write(
            work -> {
              approveOne(vesta, work);
              return work;
            });
    int sent = vesta.get(Dispatcher.class).dispatch().into(DraftState.SENT);
    vesta.get(Sequencer.class).sequence(FIRM);
    return sent;
  }

  /** For a host in a class loader of its own. */
  public static int run(Path file) {
    try (Vesta vesta = vesta(Database.sqlite(file))) {
      return sendOne(vesta);
    }
  }
}
