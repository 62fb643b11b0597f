package io.vesta.rbac.guice;

import com.google.inject.AbstractModule;
import com.google.inject.Provides;
import com.google.inject.Singleton;
import com.google.inject.matcher.Matchers;
import com.google.inject.multibindings.Multibinder;
import com.google.inject.spi.ProvisionListener;
import com.google.inject.spi.TypeListener;
import io.vesta.core.access.Actor;
import io.vesta.core.access.Authorizer;
import io.vesta.core.access.Resource;
import io.vesta.core.audit.AuditTrail;
import io.vesta.core.config.VestaConfig;
import io.vesta.core.config.VestaModule;
import io.vesta.core.error.VestaException;
import io.vesta.core.storage.Schema;
import io.vesta.rbac.decide.BreakGlass;
import io.vesta.rbac.decide.EmergencyListener;
import io.vesta.rbac.decide.Guard;
import io.vesta.rbac.org.OrgDirectory;
import io.vesta.rbac.policy.Policy;
import java.util.HashMap;
import java.util.Map;
import java.util.Objects;
import java.util.function.Function;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * Binds the kernel's port {@link Authorizer} to a {@link Guard}, which is bound too so that the
 * host can reload it.
 */
public final class RbacModule extends AbstractModule implements VestaModule {

  private final OrgDirectory organisation;
  private final Policy policy;
  private final @Nullable Supplier<? extends @Nullable Actor> acting;
  private final Map<Class<?>, Function<Object, ? extends @Nullable Resource>> resources;
  private final @Nullable EmergencyListener emergencies;

  private RbacModule(Builder builder) {
    organisation = builder.organisation;
    policy = builder.policy;
    acting = builder.acting;
    emergencies = builder.emergencies;
    Map<Class<?>, Function<Object, ? extends @Nullable Resource>> all =
        new HashMap<>(builder.resources);
    all.putIfAbsent(Resource.class, Resource.class::cast);
    resources = Map.copyOf(all);
  }

  /**
   * Starts a module with the shipped policy, without any of its options.
   *
   * @param organisation asked once at start; a host that changes it calls {@link Guard#reload}
   */
  public static Builder builder(OrgDirectory organisation) {
    return new Builder(organisation);
  }

  @Override
  protected void configure() {
    bind(Authorizer.class).to(Guard.class);
    if (emergencies != null) {
      install(new Emergencies(emergencies));
    }
    if (acting != null) {
      GuardedMethods guarded = new GuardedMethods(resources.keySet());
      bindInterceptor(
          Matchers.any(),
          GuardedMethods.MATCHER,
          new PermissionInterceptor(getProvider(Authorizer.class), acting, resources));
      bindListener(Matchers.any(), (TypeListener) guarded);
      bindListener(Matchers.any(), (ProvisionListener) guarded);
      requestInjection(guarded);
    }
  }

  /** {@link BreakGlass}, its tables and what it needs. */
  private static final class Emergencies extends AbstractModule {

    private final EmergencyListener listener;

    Emergencies(EmergencyListener listener) {
      this.listener = listener;
    }

    @Override
    protected void configure() {
      Multibinder.newSetBinder(binder(), Schema.class).addBinding().toInstance(BreakGlass.schema());
    }

    @Provides
    @Singleton
    BreakGlass breakGlass(Guard guard, VestaConfig config, AuditTrail trail) {
      return new BreakGlass(guard, config, trail, listener);
    }
  }

  @Provides
  @Singleton
  Guard guard(VestaConfig config) {
    return new Guard(policy, organisation.snapshot(), config.clock());
  }

  /** Collects the parts; not thread-safe. */
  public static final class Builder {

    private final OrgDirectory organisation;
    private final Map<Class<?>, Function<Object, ? extends @Nullable Resource>> resources =
        new HashMap<>();
    private Policy policy = Policy.defaults();
    private @Nullable Supplier<? extends @Nullable Actor> acting;
    private @Nullable EmergencyListener emergencies;

    private Builder(OrgDirectory organisation) {
      this.organisation = Objects.requireNonNull(organisation, "organisation");
    }

    /** Another policy than the shipped one. */
    public Builder policy(Policy value) {
      policy = Objects.requireNonNull(value, "policy");
      return this;
    }

    /**
     * Makes {@link BreakGlass} available; needs an {@link AuditTrail} and its tables. The host
     * calls {@link BreakGlass#refresh} at start and every few seconds.
     *
     * @param listener hears of requests and uses, so that agents can be told
     */
    public Builder emergencies(EmergencyListener listener) {
      emergencies = Objects.requireNonNull(listener, "listener");
      return this;
    }

    /**
     * Guards every method with {@link io.vesta.rbac.require.RequiresPermission} of the objects that
     * this injector makes. A {@link Resource} as its argument is taken as it is; other types need
     * {@link #resource}.
     *
     * @param acting who acts in the calling thread now, from a verified login; null for nobody,
     *     whom everything is refused
     */
    public Builder requirePermissions(Supplier<? extends @Nullable Actor> acting) {
      this.acting = Objects.requireNonNull(acting, "acting");
      return this;
    }

    /**
     * Tells the record behind an argument of a guarded method.
     *
     * @param type the type of the parameter, exactly
     * @param told the record as the policy knows it; null if there is none, which is a refusal
     * @throws VestaException if the type has one already
     */
    public <T> Builder resource(
        Class<T> type, Function<? super T, ? extends @Nullable Resource> told) {
      if (resources.put(type, given -> told.apply(type.cast(given))) != null) {
        throw VestaException.invalid(
            "resource", "given twice for " + type.getSimpleName(), "give it once");
      }
      return this;
    }

    /**
     * The module.
     *
     * @throws VestaException if resources are given and no permissions are required
     */
    public RbacModule build() {
      if (acting == null && !resources.isEmpty()) {
        throw VestaException.invalid(
            "resource", "given without an actor", "call requirePermissions too");
      }
      return new RbacModule(this);
    }
  }
}
