package io.vesta.audit.guice;

import com.google.inject.AbstractModule;
import com.google.inject.PrivateModule;
import com.google.inject.Provides;
import com.google.inject.Scopes;
import com.google.inject.Singleton;
import com.google.inject.multibindings.Multibinder;
import com.google.inject.multibindings.OptionalBinder;
import io.vesta.audit.export.TlogExport;
import io.vesta.audit.key.Ed25519Signer;
import io.vesta.audit.log.AuditCheck;
import io.vesta.audit.log.AuditConfig;
import io.vesta.audit.log.AuditLog;
import io.vesta.audit.log.AuditQuery;
import io.vesta.audit.log.Fork;
import io.vesta.audit.log.Sequencer;
import io.vesta.audit.log.Witnessing;
import io.vesta.audit.log.internal.LogGuard;
import io.vesta.audit.log.internal.LogKeys;
import io.vesta.audit.log.internal.Testimony;
import io.vesta.audit.note.CheckpointSigner;
import io.vesta.audit.retention.Erasure;
import io.vesta.audit.retention.LegalHolds;
import io.vesta.audit.retention.Pruning;
import io.vesta.audit.retention.VaultRotation;
import io.vesta.audit.vault.Vault;
import io.vesta.audit.witness.Witness;
import io.vesta.core.access.Authorizer;
import io.vesta.core.audit.AuditTrail;
import io.vesta.core.config.VestaConfig;
import io.vesta.core.config.VestaModule;
import io.vesta.core.storage.Schema;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.Optional;

/**
 * The audit log for an injector: implements the port {@link AuditTrail}, and exposes {@link
 * AuditLog}, {@link Sequencer}, {@link Witnessing}, {@link Fork}, {@link Erasure}, {@link
 * LegalHolds}, {@link Pruning}, {@link VaultRotation}, {@link AuditQuery}, {@link AuditCheck} and
 * {@link TlogExport}. Needs {@code CoreModule}, the configuration {@code vesta.audit} (see {@link
 * AuditConfig}) and the port {@link Authorizer}.
 */
public final class AuditModule extends AbstractModule implements VestaModule {

  private final List<CheckpointSigner> signers;
  private final List<Witness> witnesses;

  private AuditModule(Builder b) {
    signers = List.copyOf(b.signers);
    witnesses = List.copyOf(b.witnesses);
  }

  /** Starts a module that signs with the key named in the configuration. */
  public static Builder builder() {
    return new Builder();
  }

  @Override
  protected void configure() {
    OptionalBinder.newOptionalBinder(binder(), Authorizer.class);
    OptionalBinder.newOptionalBinder(binder(), AuditTrail.class).setBinding().to(AuditLog.class);
    Multibinder.newSetBinder(binder(), Schema.class).addBinding().toInstance(AuditLog.schema());
    install(new Services(signers, witnesses));
  }

  /** Collects signers and witnesses; not thread-safe. */
  public static final class Builder {

    private final List<CheckpointSigner> signers = new ArrayList<>();
    private final List<Witness> witnesses = new ArrayList<>();

    private Builder() {}

    /**
     * Signs every checkpoint with this key, instead of the one named in the configuration. Given
     * several times, all sign: change a key by signing with both for a while.
     */
    public Builder signer(CheckpointSigner value) {
      signers.add(Objects.requireNonNull(value, "signer"));
      return this;
    }

    /** Shows every log to this witness, beside others that are given. */
    public Builder witness(Witness value) {
      witnesses.add(Objects.requireNonNull(value, "witness"));
      return this;
    }

    /** The module. */
    public AuditModule build() {
      return new AuditModule(this);
    }
  }

  /** Hides what only the services need. */
  static final class Services extends PrivateModule {

    private final List<CheckpointSigner> signers;
    private final List<Witness> witnesses;

    Services(List<CheckpointSigner> signers, List<Witness> witnesses) {
      this.signers = signers;
      this.witnesses = witnesses;
    }

    @Override
    protected void configure() {
      for (Class<?> service :
          List.of(
              AuditLog.class,
              Sequencer.class,
              Witnessing.class,
              Fork.class,
              AuditQuery.class,
              AuditCheck.class,
              Erasure.class,
              LegalHolds.class,
              Pruning.class,
              VaultRotation.class,
              TlogExport.class)) {
        bind(service).in(Scopes.SINGLETON);
        expose(service);
      }
    }

    @Provides
    @Singleton
    AuditConfig audit(VestaConfig config) {
      return config.bind("vesta.audit", AuditConfig.class);
    }

    @Provides
    @Singleton
    LogKeys keys(VestaConfig config, AuditConfig audit) {
      String key = Objects.requireNonNull(audit.signingKey(), "has a default");
      return new LogKeys(
          audit.originPrefix(),
          signers.isEmpty() ? List.of(Ed25519Signer.of(config.secret(key))) : signers);
    }

    @Provides
    @Singleton
    Vault vault(VestaConfig config, AuditConfig audit) {
      String key = Objects.requireNonNull(audit.vaultKey(), "has a default");
      return new Vault(
          config,
          () -> config.secret(key),
          Optional.ofNullable(audit.otherVaultKey()).map(other -> () -> config.secret(other)));
    }

    @Provides
    @Singleton
    LogGuard guard(LogKeys keys) {
      return new LogGuard(keys, !witnesses.isEmpty());
    }

    @Provides
    @Singleton
    Testimony testimony(VestaConfig config, LogKeys keys, LogGuard guard) {
      return new Testimony(config.database(), keys, guard, witnesses);
    }
  }
}
