package io.vesta.examples.cli;

import com.google.inject.AbstractModule;
import com.google.inject.multibindings.OptionalBinder;
import io.vesta.audit.export.TlogExport;
import io.vesta.audit.guice.AuditModule;
import io.vesta.audit.log.AuditQuery;
import io.vesta.audit.log.EntryFilter;
import io.vesta.audit.log.Sequencer;
import io.vesta.audit.verify.TlogProof;
import io.vesta.core.Vesta;
import io.vesta.core.access.Action;
import io.vesta.core.access.Actor;
import io.vesta.core.access.Authorizer;
import io.vesta.core.access.Capacity;
import io.vesta.core.access.Decision;
import io.vesta.core.access.Resource;
import io.vesta.core.access.ResourceColumns;
import io.vesta.core.access.RowFilter;
import io.vesta.core.config.VestaConfig;
import io.vesta.core.config.VestaModule;
import io.vesta.core.id.BrokerageId;
import io.vesta.core.id.MemberId;
import io.vesta.core.secret.Secret;
import io.vesta.core.storage.Database;
import io.vesta.core.storage.SchemaInstaller;
import io.vesta.proof.guice.ProofModule;
import io.vesta.proof.protect.Protector;
import io.vesta.proof.publish.ProofPublisher;
import io.vesta.proof.signed.ProofKey;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.security.SecureRandom;
import java.util.Base64;
import java.util.List;
import java.util.Optional;
import java.util.UUID;

/**
 * The private folder of {@code vesta proof}: ledger and log in {@code proof.db}, the keys. Whoever
 * may read it may publish, so it is its owner's alone.
 */
final class ProofState implements AutoCloseable {

  private final Path folder;
  private final ProofKey key;
  private final Actor broker;
  private final Vesta vesta;

  /** Opens the folder, or begins one. */
  ProofState(Path folder, String brokerage, String member) throws IOException {
    this.folder = folder;
    if (!Files.isDirectory(folder)) {
      Files.createDirectories(
          folder,
          PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rwx------")));
    }
    BrokerageId firm = new BrokerageId(brokerage);
    broker = Actor.member(new MemberId(firm, member), Capacity.BROKER);
    byte[] seed = new byte[32];
    new SecureRandom().nextBytes(seed);
    Secret log =
        KeptSecret.of(folder, "log-key", Secret.of(Base64.getEncoder().encodeToString(seed)));
    key =
        ProofKey.parse(
            KeptSecret.of(folder, "proof-key.jwk", ProofKey.generate(brokerage).secret()));
    Files.writeString(folder.resolve("keys.json"), key.publicKeys());
    Authorizer owner = new Owner(broker);
    vesta =
        Vesta.create(
            VestaConfig.builder(Database.sqlite(folder.resolve("proof.db")))
                .secrets(
                    name ->
                        name.equals("vesta.audit.signing-key")
                            ? Optional.of(log)
                            : Optional.empty())
                .property("vesta.audit.originPrefix", "vesta.example/proof")
                .build(),
            new OwnerModule(owner),
            AuditModule.builder().build(),
            ProofModule.builder().key(key).build());
    vesta.get(SchemaInstaller.class).install();
  }

  Actor broker() {
    return broker;
  }

  Protector protector() {
    return vesta.get(Protector.class);
  }

  ProofPublisher publisher() {
    return vesta.get(ProofPublisher.class);
  }

  /** The log's proof of an entry; the log is exported with its key for whoever checks it. */
  TlogProof proof(UUID entry) throws IOException {
    vesta.get(Sequencer.class).sequence(broker.brokerage());
    vesta.get(TlogExport.class).write(broker.brokerage(), folder.resolve("log"));
    AuditQuery query = vesta.get(AuditQuery.class);
    long index =
        query.find(broker, EntryFilter.builder().id(entry).limit(1).build()).entries().stream()
            .findFirst()
            .orElseThrow()
            .index();
    return query.prove(broker, index).orElseThrow();
  }

  @Override
  public void close() {
    vesta.close();
  }

  /** Binds the authorizer. */
  private static final class OwnerModule extends AbstractModule implements VestaModule {

    private final Authorizer owner;

    OwnerModule(Authorizer owner) {
      this.owner = owner;
    }

    @Override
    protected void configure() {
      OptionalBinder.newOptionalBinder(binder(), Authorizer.class).setBinding().toInstance(owner);
    }
  }

  /** Whoever holds the folder is the broker of its brokerage. */
  private record Owner(Actor broker) implements Authorizer {

    @Override
    public Decision decide(Actor actor, Action action, Resource resource) {
      return new Held(actor.equals(broker) && resource.brokerage().equals(broker.brokerage()));
    }

    @Override
    public RowFilter filter(Actor actor, Action action, ResourceColumns columns) {
      return actor.equals(broker)
          ? new RowFilter.All("1 = 1", List.of(), "owner")
          : new RowFilter.None("owner");
    }
  }

  private record Held(boolean allowed) implements Decision {

    @Override
    public String reason() {
      return allowed ? "HOLDS_THE_FOLDER" : "NO_GRANT";
    }

    @Override
    public String policyVersion() {
      return "owner";
    }

    @Override
    public String because() {
      return "whoever holds the folder is the broker";
    }
  }
}
