package io.vesta.examples.quickstart;

import io.vesta.approval.draft.DraftContext;
import io.vesta.approval.envelope.Channel;
import io.vesta.approval.guice.ApprovalModule;
import io.vesta.approval.mail.MailboxFolder;
import io.vesta.audit.guice.AuditModule;
import io.vesta.core.Vesta;
import io.vesta.core.config.VestaConfig;
import io.vesta.core.id.BrokerageId;
import io.vesta.core.secret.Secret;
import io.vesta.core.storage.Database;
import io.vesta.core.storage.SchemaInstaller;
import io.vesta.examples.quickstart.reso.BrokerageData;
import io.vesta.proof.guice.ProofModule;
import io.vesta.rbac.guice.RbacModule;
import java.nio.file.Path;
import java.security.SecureRandom;
import java.time.Clock;
import java.time.LocalDate;
import java.util.Base64;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;

/**
 * All of Vesta, wired as a plain Java host does it: a database, two secrets, one property, four
 * modules.
 */
final class House implements AutoCloseable {

  static final BrokerageId BROKERAGE = new BrokerageId("hearthline");

  /** The day on which the brokerage's files were exported. */
  static final LocalDate AS_OF = LocalDate.of(2026, 6, 30);

  /** Must stand in every mail; made up, like the brokerage. */
  static final String POSTAL_ADDRESS = "100 Example Street, Plano, TX 75024";

  static final String UNSUBSCRIBE = "https://hearthline.example/unsubscribe";

  final Clock clock = Clock.systemUTC();
  final BrokerageData data = BrokerageData.read(House.class, "brokerage", AS_OF);
  final Organisation organisation = new Organisation(BROKERAGE, data, clock);
  final Database database;
  final ContactBook contacts;
  final MailboxFolder mailbox;
  final Vesta vesta;

  House(Database database, Path mailboxFolder) {
    this.database = database;
    contacts = new ContactBook(BROKERAGE, database, organisation);
    mailbox = new MailboxFolder(mailboxFolder, clock);
    Map<String, Secret> secrets =
        Map.of("vesta.audit.signing-key", key(), "vesta.approval.sealing-key", key());
    vesta =
        Vesta.create(
            VestaConfig.builder(database)
                .secrets(name -> Optional.ofNullable(secrets.get(name)))
                .property("vesta.audit.originPrefix", "log.hearthline.example")
                .build(),
            RbacModule.builder(organisation).build(),
            AuditModule.builder().build(),
            ApprovalModule.builder(
                    (work, draft, attribution) ->
                        context(
                            contacts.versions(work, Objects.requireNonNull(attribution.contact()))))
                .channel(Channel.EMAIL, mailbox)
                .model(new TemplateModel(clock))
                .build(),
            ProofModule.builder().build());
    vesta.get(SchemaInstaller.class).install();
    contacts.fill(data.contacts().rows());
  }

  /** What a draft relies on, and what lint has to know. */
  private static DraftContext context(ContactBook.Versions now) {
    return new DraftContext(
        Map.of("thread", "" + now.thread(), "consent", "" + now.consent()),
        Map.of(
            "jurisdiction",
            "TX",
            "purpose",
            "MARKETING",
            "postalAddress",
            POSTAL_ADDRESS,
            "unsubscribe",
            UNSUBSCRIBE));
  }

  <T> T get(Class<T> service) {
    return vesta.get(service);
  }

  @Override
  public void close() {
    vesta.close();
  }

  /** A fresh key; a real host reads its keys from a vault, and keeps them. */
  private static Secret key() {
    byte[] seed = new byte[32];
    new SecureRandom().nextBytes(seed);
    return Secret.of(Base64.getEncoder().encodeToString(seed));
  }
}
