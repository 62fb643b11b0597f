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
import io.vesta.proof.protect.DisclosurePolicy;
import io.vesta.proof.protect.ProofConfig;
import io.vesta.proof.protect.Protector;
import io.vesta.proof.publish.ProofPublisher;
import io.vesta.proof.publish.internal.AuditedPublisher;
import java.util.Optional;

/**
 * Public figures for an injector: exposes {@link Protector} and {@link ProofPublisher}. Needs
 * {@code CoreModule} and the ports {@link Authorizer} and {@link AuditTrail}; reads the
 * configuration {@code vesta.proof} (see {@link ProofConfig}).
 */
public final class ProofModule extends AbstractModule implements VestaModule {

  private ProofModule() {}

  /** Starts the module; it has nothing to set yet. */
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
    install(new Services());
  }

  /** Makes the module; not thread-safe. */
  public static final class Builder {

    private Builder() {}

    /** The module. */
    public ProofModule build() {
      return new ProofModule();
    }
  }

  /** Hides what only the services need. */
  static final class Services extends PrivateModule {

    @Override
    protected void configure() {
      bind(Protector.class).in(Scopes.SINGLETON);
      expose(Protector.class);
      expose(ProofPublisher.class);
    }

    @Provides
    @Singleton
    DisclosurePolicy policy(VestaConfig config) {
      return config.bind("vesta.proof", ProofConfig.class).policy();
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
          Port.require(authorizer, Authorizer.class, "RbacModule of vesta-rbac"),
          Port.require(audit, AuditTrail.class, "AuditModule of vesta-audit"));
    }
  }
}
