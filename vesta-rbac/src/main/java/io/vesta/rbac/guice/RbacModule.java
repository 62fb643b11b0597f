package io.vesta.rbac.guice;

import com.google.inject.AbstractModule;
import com.google.inject.Provides;
import com.google.inject.Singleton;
import io.vesta.core.access.Authorizer;
import io.vesta.core.config.VestaConfig;
import io.vesta.core.config.VestaModule;
import io.vesta.rbac.decide.Guard;
import io.vesta.rbac.org.OrgDirectory;
import io.vesta.rbac.policy.Policy;
import java.util.Objects;

/**
 * Binds the kernel's port {@link Authorizer} to a {@link Guard}, which is bound too so that the
 * host can reload it.
 */
public final class RbacModule extends AbstractModule implements VestaModule {

  private final OrgDirectory organisation;
  private final Policy policy;

  private RbacModule(OrgDirectory organisation, Policy policy) {
    this.organisation = organisation;
    this.policy = policy;
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
  }

  @Provides
  @Singleton
  Guard guard(VestaConfig config) {
    return new Guard(policy, organisation.snapshot(), config.clock());
  }

  /** Collects the parts; not thread-safe. */
  public static final class Builder {

    private final OrgDirectory organisation;
    private Policy policy = Policy.defaults();

    private Builder(OrgDirectory organisation) {
      this.organisation = Objects.requireNonNull(organisation, "organisation");
    }

    /** Another policy than the shipped one. */
    public Builder policy(Policy value) {
      policy = Objects.requireNonNull(value, "policy");
      return this;
    }

    /** The module. */
    public RbacModule build() {
      return new RbacModule(organisation, policy);
    }
  }
}
