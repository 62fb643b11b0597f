package io.vesta.identity.testkit;

import io.vesta.core.access.Actor;
import io.vesta.core.access.Capacity;
import io.vesta.core.audit.AuditEvent;
import io.vesta.core.audit.AuditTrail;
import io.vesta.core.config.VestaConfig;
import io.vesta.core.id.BrokerageId;
import io.vesta.core.id.MemberId;
import io.vesta.core.secret.Secret;
import io.vesta.core.storage.Database;
import io.vesta.core.storage.SchemaInstaller;
import io.vesta.identity.IdentityTables;
import io.vesta.identity.account.AccountId;
import io.vesta.identity.account.AccountStore;
import io.vesta.identity.account.ConnectedAccounts;
import io.vesta.identity.account.Purpose;
import io.vesta.identity.account.StoredAccount;
import io.vesta.identity.account.VaultRotation;
import io.vesta.identity.account.internal.JdbcAccountStore;
import io.vesta.identity.account.internal.Refresher;
import io.vesta.identity.client.Client;
import io.vesta.identity.client.ClientProof;
import io.vesta.identity.client.Registration;
import io.vesta.identity.client.internal.TokenEndpoint;
import io.vesta.identity.login.BrowserBinding;
import io.vesta.identity.login.Callback;
import io.vesta.identity.login.LoginProvider;
import io.vesta.identity.login.ReturnPath;
import io.vesta.identity.login.internal.CodeFlow;
import io.vesta.identity.member.Sessions;
import io.vesta.identity.member.SubjectLinks;
import io.vesta.identity.offboarding.Offboarding;
import io.vesta.identity.provider.Provider;
import io.vesta.identity.provider.internal.Discovery;
import io.vesta.identity.token.IdTokens;
import io.vesta.identity.token.internal.KeyCache;
import io.vesta.identity.vault.internal.KeyRing;
import io.vesta.identity.vault.internal.TokenVault;
import io.vesta.identity.wire.internal.ProviderHttp;
import java.net.URI;
import java.net.http.HttpClient;
import java.nio.charset.StandardCharsets;
import java.time.Clock;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import java.util.Set;
import java.util.concurrent.CopyOnWriteArrayList;

/** One node of a host with identity, wired by hand. */
public final class IdentityHouse {

  public static final MemberId ANN = new MemberId(new BrokerageId("acme"), "ann");
  public static final Actor ACTOR = Actor.member(ANN, Capacity.AGENT);
  public static final Actor BROKER =
      Actor.member(new MemberId(new BrokerageId("acme"), "bea"), Capacity.BROKER);
  public static final BrowserBinding BROWSER = BrowserBinding.of("cookie-of-ann-0123456789");
  public static final URI LOGIN_BACK = URI.create("https://crm.acme.example/login/acme");
  public static final URI CONSENT_BACK = URI.create("https://crm.acme.example/consent/acme");
  public static final Purpose MAIL = new Purpose("READ_MAIL", Set.of("mail.read"));
  public static final Purpose SEND = new Purpose("SEND_MAIL", Set.of("mail.send"));
  public static final ReturnPath HOME = new ReturnPath("/home");

  private static final HttpClient HTTP =
      HttpClient.newBuilder()
          .followRedirects(HttpClient.Redirect.NEVER)
          .connectTimeout(Duration.ofSeconds(2))
          .build();

  public final List<AuditEvent> events = new CopyOnWriteArrayList<>();
  public final VestaConfig config;
  public final Client client;
  public final ProviderHttp http;
  public final KeyCache keys;
  public final Discovery discovery;
  public final IdTokens idTokens;
  public final TokenEndpoint tokens;
  public final TokenVault vault;
  public final CodeFlow flow;
  public final LoginProvider login;
  public final AccountStore store;
  public final ConnectedAccounts accounts;
  public final VaultRotation rotation;
  public final SubjectLinks links;
  public final Sessions sessions;
  public final Offboarding offboarding;

  /** How a house differs from the usual one. */
  public record Options(
      Duration deadline, List<String> vaultKeys, ClientProof proof, AccountStore store) {
    public static Options usual() {
      return new Options(
          Duration.ofSeconds(5),
          List.of("vault-1"),
          new ClientProof.None(),
          new JdbcAccountStore());
    }

    public Options deadline(Duration value) {
      return new Options(value, vaultKeys, proof, store);
    }

    public Options vaultKeys(String... value) {
      return new Options(deadline, List.of(value), proof, store);
    }

    public Options proof(ClientProof value) {
      return new Options(deadline, vaultKeys, value, store);
    }

    public Options store(AccountStore value) {
      return new Options(deadline, vaultKeys, proof, value);
    }
  }

  public IdentityHouse(Database database, Clock clock, Provider provider, Options options) {
    this(database, clock, provider, options, new Random(5), Map.of());
  }

  public IdentityHouse(
      Database database,
      Clock clock,
      Provider provider,
      Options options,
      Random random,
      Map<String, Secret> secrets) {
    config =
        VestaConfig.builder(database)
            .clock(clock)
            .random(random)
            .secrets(name -> Optional.ofNullable(secrets.get(name)))
            .build();
    client = new Client(provider, "vesta", options.proof);
    http = new ProviderHttp(HTTP, options.deadline);
    keys = new KeyCache(http, clock);
    discovery = new Discovery(http, clock);
    idTokens = new IdTokens(keys, clock);
    tokens = new TokenEndpoint(http, config);
    Map<String, Secret> ring = new LinkedHashMap<>();
    options.vaultKeys.forEach(
        name ->
            ring.put(name, Secret.of((name + "-".repeat(40)).getBytes(StandardCharsets.US_ASCII))));
    vault = new TokenVault(new KeyRing(ring));
    flow = new CodeFlow(config, discovery, tokens, idTokens, vault.ring());
    login = new LoginProvider(new Registration(client, LOGIN_BACK), flow);
    store = options.store;
    AuditTrail audit =
        (work, event) -> {
          events.add(event);
          return config.newId();
        };
    Refresher refresher =
        new Refresher(
            config,
            store,
            vault,
            Map.of(provider.id(), client),
            discovery,
            tokens,
            audit,
            options.deadline.multipliedBy(2).plusSeconds(1));
    accounts =
        new ConnectedAccounts(
            config,
            store,
            vault,
            Map.of(provider.id(), new Registration(client, CONSENT_BACK)),
            flow,
            discovery,
            tokens,
            refresher,
            audit);
    rotation = new VaultRotation(config, store, vault);
    links = new SubjectLinks(config, audit);
    sessions = new Sessions(config, links);
    offboarding = new Offboarding(config, links, sessions, accounts, audit);
  }

  /** Makes the tables. */
  public IdentityHouse install() {
    new SchemaInstaller(config.database(), List.of(IdentityTables.schema())).install();
    return this;
  }

  /** Ann connects her account for reading mail. */
  public AccountId connected(LoopbackProvider provider) {
    URI request = accounts.connect(ACTOR, "acme", MAIL, BROWSER, HOME);
    return accounts
        .complete(ACTOR, "acme", BROWSER, Callback.get(provider.consent(request)))
        .account()
        .id();
  }

  /** The account as it is stored. */
  public StoredAccount stored(AccountId id) {
    return config.database().read(work -> store.find(work, id)).orElseThrow();
  }

  /** The refresh token as it is stored. */
  public String refreshToken(AccountId id) {
    return TokenEndpoint.text(
        java.util.Objects.requireNonNull(
            vault.open(id.ref(), stored(id).tokens().orElseThrow()).refresh()));
  }
}
