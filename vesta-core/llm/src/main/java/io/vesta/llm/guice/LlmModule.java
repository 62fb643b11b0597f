package io.vesta.llm.guice;

import com.google.inject.AbstractModule;
import com.google.inject.Provider;
import com.google.inject.Provides;
import com.google.inject.Singleton;
import com.google.inject.multibindings.Multibinder;
import com.google.inject.multibindings.OptionalBinder;
import io.vesta.core.access.Authorizer;
import io.vesta.core.audit.AuditTrail;
import io.vesta.core.config.Port;
import io.vesta.core.config.VestaConfig;
import io.vesta.core.config.VestaModule;
import io.vesta.core.guice.Lifecycle;
import io.vesta.core.llm.LanguageModel;
import io.vesta.core.storage.Schema;
import io.vesta.llm.approve.RouteApprovals;
import io.vesta.llm.call.LlmRouter;
import io.vesta.llm.route.DataClass;
import io.vesta.llm.route.Routes;
import java.util.Objects;
import java.util.Optional;

/**
 * Binds the kernel's port {@link LanguageModel} to an {@link LlmRouter} for texts up to {@link
 * DataClass#CONFIDENTIAL}, and exposes the router and {@link RouteApprovals}. Needs {@code
 * CoreModule} and the ports {@link Authorizer} and {@link AuditTrail}.
 */
public final class LlmModule extends AbstractModule implements VestaModule {

  private final Routes routes;

  /**
   * @param routes loaded for the environment in which the host runs
   */
  public LlmModule(Routes routes) {
    this.routes = Objects.requireNonNull(routes, "routes");
  }

  @Override
  protected void configure() {
    OptionalBinder.newOptionalBinder(binder(), Authorizer.class);
    OptionalBinder.newOptionalBinder(binder(), AuditTrail.class);
    OptionalBinder.newOptionalBinder(binder(), LanguageModel.class)
        .setBinding()
        .toProvider(confidential(getProvider(LlmRouter.class)));
    Multibinder.newSetBinder(binder(), Schema.class)
        .addBinding()
        .toInstance(RouteApprovals.schema());
  }

  private static Provider<LanguageModel> confidential(Provider<LlmRouter> router) {
    return () -> router.get().model(DataClass.CONFIDENTIAL);
  }

  @Provides
  @Singleton
  LlmRouter router(VestaConfig config, Lifecycle lifecycle, Optional<AuditTrail> trail) {
    return lifecycle.closing(
        new LlmRouter(
            config, routes, Port.require(trail, AuditTrail.class, "AuditModule of vesta-audit")));
  }

  @Provides
  @Singleton
  RouteApprovals approvals(
      VestaConfig config, Optional<Authorizer> authorizer, Optional<AuditTrail> trail) {
    return new RouteApprovals(
        config,
        Port.require(authorizer, Authorizer.class, "RbacModule of vesta-rbac"),
        Port.require(trail, AuditTrail.class, "AuditModule of vesta-audit"));
  }
}
