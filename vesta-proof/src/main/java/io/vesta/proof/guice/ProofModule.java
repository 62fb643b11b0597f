package io.vesta.proof.guice;

import com.google.inject.AbstractModule;
import com.google.inject.PrivateModule;
import com.google.inject.Provides;
import com.google.inject.Scopes;
import com.google.inject.Singleton;
import com.google.inject.multibindings.Multibinder;
import com.google.inject.multibindings.OptionalBinder;
import io.vesta.core.access.Authorizer;
import io.vesta.core.audit.AuditTrail;
import io.vesta.core.config.Port;
import io.vesta.core.config.VestaConfig;
import io.vesta.core.config.VestaModule;
import io.vesta.core.storage.Schema;
import io.vesta.proof.ledger.ReleaseLedger;
import io.vesta.proof.ledger.internal.JdbcReleaseLedger;
import io.vesta.proof.protect.DisclosurePolicy;
import io.vesta.proof.protect.ProofConfig;
import io.vesta.proof.protect.Protector;
import io.vesta.proof.publish.ProofPublisher;
import io.vesta.proof.publish.internal.AuditedPublisher;
import io.vesta.proof.signed.ProofKey;
import java.util.Objects;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * Public figures for an injector: exposes {@link Protector} and {@link ProofPublisher}. Needs
 * {@code CoreModule} and the ports {@link Authorizer} and {@link AuditTrail}; reads the
 * configuration {@code vesta.proof} (see {@link ProofConfig}).
 */
public final class ProofModule extends AbstractModule implements VestaModule {

  private final Optional<ProofKey> key;
  private final Optional<ReleaseLedger> ledger;

  private ProofModule(Builder builder) {
    key = Optional.ofNullable(builder.key);
    ledger = Optional.ofNullable(builder.ledger);
  }

  /** Starts the module. */
  public static Builder builder() {
    return new Builder();
  }

  @Override
  protected void configure() {
    OptionalBinder.newOptionalBinder(binder(), Authorizer.class);
    OptionalBinder.newOptionalBinder(binder(), AuditTrail.class);
    Multibinder.newSetBinder(binder(), Schema.class)
        .addBinding()
        .toInstance(ProofPublisher.schema());
    install(new Services(key, ledger));
  }

  /** Makes the module; not thread-safe. */
  public static final class Builder {

    private @Nullable ProofKey key;
    private @Nullable ReleaseLedger ledger;

    private Builder() {}

    /** Signs every release; without it, releases are in the ledger but nobody else can check. */
    public Builder key(ProofKey value) {
      key = Objects.requireNonNull(value, "key");
      return this;
    }

    /** Another ledger than the built-in one, which lies in the host's database. */
    public Builder ledger(ReleaseLedger value) {
      ledger = Objects.requireNonNull(value, "ledger");
      return this;
    }

    /** The module. */
    public ProofModule build() {
      return new ProofModule(this);
    }
  }

  /** Hides what only the services need. */
  static final class Services extends PrivateModule {

    private final Optional<ProofKey> key;
    private final Optional<ReleaseLedger> ledger;

    Services(Optional<ProofKey> key, Optional<ReleaseLedger> ledger) {
      this.key = key;
      this.ledger = ledger;
    }

    @Override
    protected void configure() {
      bind(Protector.class).in(Scopes.SINGLETON);
      expose(Protector.class);
      expose(ProofPublisher.class);
    }

    @Provides
    @Singleton
    DisclosurePolicy policy(VestaConfig config) {
      return settings(config).policy();
    }

    private static ProofConfig settings(VestaConfig config) {
      return config.bind("vesta.proof", ProofConfig.class);
    }

    @Provides
    @Singleton
    ProofPublisher publisher(
        VestaConfig config,
        DisclosurePolicy policy,
        Optional<Authorizer> authorizer,
        Optional<AuditTrail> audit) {
      return new AuditedPublisher(
          config,
          policy,
          settings(config).validity(),
          Port.require(authorizer, Authorizer.class, "RbacModule of vesta-rbac"),
          Port.require(audit, AuditTrail.class, "AuditModule of vesta-audit"),
          ledger.orElseGet(() -> new JdbcReleaseLedger(config.random())),
          key);
    }
  }
}
