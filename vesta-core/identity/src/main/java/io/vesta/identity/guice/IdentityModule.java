package io.vesta.identity.guice;

import com.google.inject.AbstractModule;
import com.google.inject.PrivateModule;
import com.google.inject.Provides;
import com.google.inject.Singleton;
import com.google.inject.multibindings.Multibinder;
import com.google.inject.multibindings.OptionalBinder;
import io.vesta.core.audit.AuditTrail;
import io.vesta.core.config.Port;
import io.vesta.core.config.VestaConfig;
import io.vesta.core.config.VestaModule;
import io.vesta.core.error.VestaException;
import io.vesta.core.secret.Secret;
import io.vesta.core.storage.Schema;
import io.vesta.identity.IdentityTables;
import io.vesta.identity.account.AccountStore;
import io.vesta.identity.account.ConnectedAccounts;
import io.vesta.identity.account.VaultRotation;
import io.vesta.identity.account.internal.JdbcAccountStore;
import io.vesta.identity.account.internal.Refresher;
import io.vesta.identity.client.Client;
import io.vesta.identity.client.Registration;
import io.vesta.identity.client.internal.TokenEndpoint;
import io.vesta.identity.login.LoginProvider;
import io.vesta.identity.login.Logins;
import io.vesta.identity.login.internal.CodeFlow;
import io.vesta.identity.member.Sessions;
import io.vesta.identity.member.SubjectLinks;
import io.vesta.identity.offboarding.Offboarding;
import io.vesta.identity.provider.Provider;
import io.vesta.identity.provider.internal.Discovery;
import io.vesta.identity.service.ServiceTokens;
import io.vesta.identity.token.BearerTokens;
import io.vesta.identity.token.IdTokens;
import io.vesta.identity.token.internal.KeyCache;
import io.vesta.identity.vault.IdentityConfig;
import io.vesta.identity.vault.internal.KeyRing;
import io.vesta.identity.vault.internal.TokenVault;
import io.vesta.identity.wire.internal.ProviderHttp;
import java.net.URI;
import java.net.http.HttpClient;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * Identity for an injector: exposes {@link Logins}, {@link SubjectLinks}, {@link Sessions}, {@link
 * ConnectedAccounts}, {@link VaultRotation}, {@link Offboarding}, {@link ServiceTokens}, and {@link
 * BearerTokens} if they are asked for. Needs {@code CoreModule} and the port {@link AuditTrail};
 * reads the configuration {@code vesta.identity} (see {@link IdentityConfig}).
 */
public final class IdentityModule extends AbstractModule implements VestaModule {

  private final Services services;

  private IdentityModule(Builder b) {
    services = new Services(b);
  }

  /**
   * Starts a module without providers.
   *
   * @param http the host's client, with its executor, proxy and TLS settings; it follows no
   *     redirects. Vesta does not close it
   */
  public static Builder builder(HttpClient http) {
    return new Builder(http);
  }

  @Override
  protected void configure() {
    OptionalBinder.newOptionalBinder(binder(), AuditTrail.class);
    Multibinder.newSetBinder(binder(), Schema.class)
        .addBinding()
        .toInstance(IdentityTables.schema());
    install(services);
  }

  /** Collects the parts; not thread-safe. */
  public static final class Builder {

    private final HttpClient http;
    private final Map<String, Registration> logins = new LinkedHashMap<>();
    private final Map<String, Registration> accounts = new LinkedHashMap<>();
    private AccountStore store = new JdbcAccountStore();
    private @Nullable Provider bearer;
    private @Nullable String audience;

    private Builder(HttpClient http) {
      this.http = Objects.requireNonNull(http, "http");
    }

    /**
     * A provider at which people log in; each once.
     *
     * @param client our registration
     * @param redirect the host's address for this provider's login callbacks, and for nothing else
     */
    public Builder login(Client client, URI redirect) {
      return put(logins, "login provider", client, redirect);
    }

    /**
     * A provider at which members connect accounts; each once.
     *
     * @param client our registration
     * @param redirect the host's address for this provider's consent callbacks, and for nothing
     *     else
     */
    public Builder accounts(Client client, URI redirect) {
      return put(accounts, "account provider", client, redirect);
    }

    private Builder put(Map<String, Registration> to, String what, Client client, URI redirect) {
      if (to.put(client.provider().id(), new Registration(client, redirect)) != null) {
        throw VestaException.invalid(what, "given twice", "give each provider once");
      }
      return this;
    }

    /**
     * Whose bearer tokens the host accepts (RFC 9068).
     *
     * @param issuer who issues them
     * @param name the name of the host's API, which tokens must be for
     */
    public Builder bearerTokens(Provider issuer, String name) {
      bearer = Objects.requireNonNull(issuer, "issuer");
      audience = Objects.requireNonNull(name, "name");
      return this;
    }

    /** Another store of accounts than the built-in one. */
    public Builder store(AccountStore value) {
      store = Objects.requireNonNull(value, "store");
      return this;
    }

    /**
     * The module.
     *
     * @throws VestaException if two providers share a redirect address
     */
    public IdentityModule build() {
      long all = (long) logins.size() + accounts.size();
      long distinct =
          Stream.concat(logins.values().stream(), accounts.values().stream())
              .map(Registration::redirect)
              .distinct()
              .count();
      if (distinct < all) {
        // Which provider a callback is from is told by where it arrives (RFC 9700 section 4.4.2.2).
        throw VestaException.invalid(
            "redirect address", "used twice", "give each provider and each use its own");
      }
      return new IdentityModule(this);
    }
  }

  /** Hides what only the services need. */
  static final class Services extends PrivateModule {

    private final HttpClient http;
    private final Map<String, Registration> logins;
    private final Map<String, Registration> accounts;
    private final AccountStore store;
    private final @Nullable Provider bearer;
    private final @Nullable String audience;

    Services(Builder b) {
      http = b.http;
      logins = Map.copyOf(b.logins);
      accounts = Map.copyOf(b.accounts);
      store = b.store;
      bearer = b.bearer;
      audience = b.audience;
    }

    @Override
    protected void configure() {
      expose(Logins.class);
      expose(SubjectLinks.class);
      expose(Sessions.class);
      expose(ConnectedAccounts.class);
      expose(VaultRotation.class);
      expose(Offboarding.class);
      expose(ServiceTokens.class);
      Provider issuer = bearer;
      String name = audience;
      if (issuer != null && name != null) {
        var discovery = getProvider(Discovery.class);
        var keys = getProvider(KeyCache.class);
        var config = getProvider(VestaConfig.class);
        bind(BearerTokens.class)
            .toProvider(
                () ->
                    new BearerTokens(
                        issuer, name, discovery.get(), keys.get(), config.get().clock()))
            .in(Singleton.class);
        expose(BearerTokens.class);
      }
    }

    @Provides
    @Singleton
    IdentityConfig identity(VestaConfig config) {
      return config.bind("vesta.identity", IdentityConfig.class);
    }

    @Provides
    @Singleton
    ProviderHttp wire(IdentityConfig identity) {
      return new ProviderHttp(http, deadline(identity));
    }

    private static Duration deadline(IdentityConfig identity) {
      return Objects.requireNonNull(identity.providerDeadline(), "has a default");
    }

    @Provides
    @Singleton
    Discovery discovery(ProviderHttp wire, VestaConfig config) {
      return new Discovery(wire, config.clock());
    }

    @Provides
    @Singleton
    KeyCache keys(ProviderHttp wire, VestaConfig config) {
      return new KeyCache(wire, config.clock());
    }

    @Provides
    @Singleton
    TokenEndpoint tokens(ProviderHttp wire, VestaConfig config) {
      return new TokenEndpoint(wire, config);
    }

    @Provides
    @Singleton
    TokenVault vault(VestaConfig config, IdentityConfig identity) {
      Map<String, Secret> keys = new LinkedHashMap<>();
      for (String name : Objects.requireNonNull(identity.vaultKeys(), "has a default")) {
        keys.put(name, config.secret(name));
      }
      return new TokenVault(new KeyRing(keys));
    }

    @Provides
    @Singleton
    CodeFlow flow(
        VestaConfig config,
        Discovery discovery,
        TokenEndpoint tokens,
        KeyCache keys,
        TokenVault vault) {
      return new CodeFlow(
          config, discovery, tokens, new IdTokens(keys, config.clock()), vault.ring());
    }

    @Provides
    @Singleton
    Logins logins(CodeFlow flow) {
      return new Logins(logins.values().stream().map(at -> new LoginProvider(at, flow)).toList());
    }

    @Provides
    @Singleton
    Refresher refresher(
        VestaConfig config,
        IdentityConfig identity,
        TokenVault vault,
        Discovery discovery,
        TokenEndpoint tokens,
        Optional<AuditTrail> audit) {
      Map<String, Client> clients =
          accounts.entrySet().stream()
              .collect(Collectors.toMap(Map.Entry::getKey, at -> at.getValue().client()));
      // Discovery and exchange have a deadline each; the rest is for a node that is slow.
      Duration lease = deadline(identity).multipliedBy(2).plusSeconds(5);
      return new Refresher(
          config, store, vault, clients, discovery, tokens, required(audit), lease);
    }

    @Provides
    @Singleton
    ConnectedAccounts accounts(
        VestaConfig config,
        TokenVault vault,
        CodeFlow flow,
        Discovery discovery,
        TokenEndpoint tokens,
        Refresher refresher,
        Optional<AuditTrail> audit) {
      return new ConnectedAccounts(
          config, store, vault, accounts, flow, discovery, tokens, refresher, required(audit));
    }

    @Provides
    @Singleton
    VaultRotation rotation(VestaConfig config, TokenVault vault) {
      return new VaultRotation(config, store, vault);
    }

    @Provides
    @Singleton
    SubjectLinks links(VestaConfig config, Optional<AuditTrail> audit) {
      return new SubjectLinks(config, required(audit));
    }

    @Provides
    @Singleton
    Sessions sessions(VestaConfig config, SubjectLinks links) {
      return new Sessions(config, links);
    }

    @Provides
    @Singleton
    Offboarding offboarding(
        VestaConfig config,
        SubjectLinks links,
        Sessions sessions,
        ConnectedAccounts accounts,
        Optional<AuditTrail> audit) {
      return new Offboarding(config, links, sessions, accounts, required(audit));
    }

    @Provides
    @Singleton
    ServiceTokens services(Discovery discovery, TokenEndpoint tokens) {
      return new ServiceTokens(discovery, tokens);
    }

    private static AuditTrail required(Optional<AuditTrail> audit) {
      return Port.require(audit, AuditTrail.class, "AuditModule of vesta-audit");
    }
  }
}
