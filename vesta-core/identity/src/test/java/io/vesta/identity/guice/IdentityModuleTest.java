package io.vesta.identity.guice;

import static io.vesta.identity.testkit.IdentityHouse.ACTOR;
import static io.vesta.identity.testkit.IdentityHouse.ANN;
import static io.vesta.identity.testkit.IdentityHouse.BROKER;
import static io.vesta.identity.testkit.IdentityHouse.BROWSER;
import static io.vesta.identity.testkit.IdentityHouse.CONSENT_BACK;
import static io.vesta.identity.testkit.IdentityHouse.HOME;
import static io.vesta.identity.testkit.IdentityHouse.LOGIN_BACK;
import static io.vesta.identity.testkit.IdentityHouse.MAIL;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.google.inject.AbstractModule;
import com.google.inject.multibindings.OptionalBinder;
import io.vesta.core.Vesta;
import io.vesta.core.audit.AuditTrail;
import io.vesta.core.config.ConfigurationException;
import io.vesta.core.config.VestaConfig;
import io.vesta.core.config.VestaModule;
import io.vesta.core.error.VestaException;
import io.vesta.core.secret.Secret;
import io.vesta.core.storage.SchemaInstaller;
import io.vesta.identity.IdentityError;
import io.vesta.identity.account.AccessToken;
import io.vesta.identity.account.AccountId;
import io.vesta.identity.account.ConnectedAccounts;
import io.vesta.identity.account.UseOutcome;
import io.vesta.identity.account.VaultRotation;
import io.vesta.identity.client.Client;
import io.vesta.identity.client.ClientProof;
import io.vesta.identity.login.Callback;
import io.vesta.identity.login.LoginProvider;
import io.vesta.identity.login.Logins;
import io.vesta.identity.member.Sessions;
import io.vesta.identity.member.SubjectLinks;
import io.vesta.identity.offboarding.Offboarding;
import io.vesta.identity.service.ServiceTokens;
import io.vesta.identity.testkit.LoopbackProvider;
import io.vesta.identity.token.BearerTokens;
import io.vesta.testkit.Engine;
import io.vesta.testkit.MutableClock;
import java.net.http.HttpClient;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.Optional;
import java.util.Random;
import java.util.Set;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class IdentityModuleTest {

  private static final HttpClient HTTP =
      HttpClient.newBuilder().followRedirects(HttpClient.Redirect.NEVER).build();

  @TempDir Path directory;

  private final MutableClock clock = new MutableClock(Instant.parse("2026-06-30T12:00:00Z"));
  private final LoopbackProvider provider = new LoopbackProvider(clock);

  @AfterEach
  void stop() {
    provider.close();
  }

  /** A trail that keeps nothing, for hosts without vesta-audit. */
  static final class Trail extends AbstractModule implements VestaModule {
    @Override
    protected void configure() {
      OptionalBinder.newOptionalBinder(binder(), AuditTrail.class)
          .setBinding()
          .toInstance((work, event) -> new java.util.UUID(7, 1));
    }
  }

  private VestaConfig.Builder config() {
    return VestaConfig.builder(Engine.SQLITE.fresh(directory).database())
        .clock(clock)
        .random(new Random(1))
        .secrets(
            name ->
                name.equals("vesta.identity.vault-key")
                    ? Optional.of(Secret.of("32 bytes or more that nobody has"))
                    : name.equals("client-secret")
                        ? Optional.of(Secret.of("client-secret-value"))
                        : Optional.empty());
  }

  private IdentityModule.Builder module() {
    Client client = new Client(provider.provider(), "vesta", new ClientProof.None());
    return IdentityModule.builder(HTTP)
        .login(client, LOGIN_BACK)
        .accounts(client, CONSENT_BACK)
        .bearerTokens(provider.provider(), "crm-api");
  }

  @Test
  void login_consent_use_and_offboarding_work_as_wired() {
    try (Vesta vesta = Vesta.create(config().build(), module().build(), new Trail())) {
      vesta.get(SchemaInstaller.class).install();
      LoginProvider login = vesta.get(Logins.class).at("acme");
      LoginProvider.Login ann =
          login.complete(BROWSER, Callback.get(provider.consent(login.begin(BROWSER, HOME))));
      var database = vesta.get(io.vesta.core.storage.Database.class);
      database.write(
          work -> {
            vesta.get(SubjectLinks.class).link(work, BROKER, ann.token(), ANN);
            return vesta.get(Sessions.class).begin(work, ann.token(), Duration.ofHours(8));
          });
      ConnectedAccounts accounts = vesta.get(ConnectedAccounts.class);
      AccountId id =
          accounts
              .complete(
                  ACTOR,
                  "acme",
                  BROWSER,
                  Callback.get(
                      provider.consent(accounts.connect(ACTOR, "acme", MAIL, BROWSER, HOME))))
              .account()
              .id();
      clock.advance(Duration.ofHours(2));
      assertInstanceOf(
          UseOutcome.Done.class, accounts.use(ACTOR, id, MAIL, AccessToken::authorization));
      assertEquals(0, vesta.get(VaultRotation.class).rewrap(10));
      assertEquals(
          new Offboarding.Taken(1, 1, 1, 1), vesta.get(Offboarding.class).deprovision(BROKER, ANN));
      assertEquals(
          IdentityError.BEARER_MALFORMED,
          assertThrows(
                  VestaException.class, () -> vesta.get(BearerTokens.class).verifyHeader("Basic x"))
              .code());
    }
  }

  @Test
  void a_service_gets_a_token_in_its_own_name_and_only_with_proof() {
    try (Vesta vesta = Vesta.create(config().build(), module().build(), new Trail())) {
      ServiceTokens services = vesta.get(ServiceTokens.class);
      Client proven =
          new Client(provider.provider(), "service", new ClientProof.SharedSecret("client-secret"));
      String header = services.use(proven, Set.of("listing.read"), AccessToken::authorization);
      assertTrue(header.startsWith("Bearer access-"));
      Client open = new Client(provider.provider(), "service", new ClientProof.None());
      assertThrows(
          VestaException.class,
          () -> services.use(open, Set.of("listing.read"), AccessToken::authorization));
      provider.override("/token", exchange -> new LoopbackProvider.Reply(401, "{}"));
      assertEquals(
          IdentityError.PROVIDER_UNAVAILABLE,
          assertThrows(
                  VestaException.class,
                  () -> services.use(proven, Set.of("x"), AccessToken::authorization))
              .code());
    }
  }

  @Test
  void without_an_audit_trail_one_sentence_says_what_supplies_it() {
    VestaException refused =
        assertThrows(VestaException.class, () -> Vesta.create(config().build(), module().build()));
    assertTrue(refused.getMessage().contains("AuditModule of vesta-audit"), refused.getMessage());
  }

  @Test
  void every_fault_of_the_configuration_is_told() {
    VestaConfig wrong =
        config()
            .property("vesta.identity.providerDeadline", "PT2M")
            .property("vesta.identity.vaultKeys", "")
            .property("vesta.identity.unknown", "x")
            .build();
    ConfigurationException refused =
        assertThrows(
            ConfigurationException.class, () -> Vesta.create(wrong, module().build(), new Trail()));
    assertTrue(refused.faults().toString().contains("vesta.identity.unknown"));
  }

  @Test
  void a_missing_or_short_vault_key_is_told_by_its_name() {
    VestaConfig missing = config().property("vesta.identity.vaultKeys.1", "gone").build();
    VestaException refused =
        assertThrows(
            VestaException.class, () -> Vesta.create(missing, module().build(), new Trail()));
    assertTrue(refused.getMessage().contains("gone"), refused.getMessage());
    VestaConfig tooShort = config().property("vesta.identity.vaultKeys.1", "client-secret").build();
    assertEquals(
        IdentityError.VAULT_KEY_INVALID,
        assertThrows(
                VestaException.class, () -> Vesta.create(tooShort, module().build(), new Trail()))
            .code());
  }

  @Test
  void providers_and_redirect_addresses_are_given_once() {
    Client client = new Client(provider.provider(), "vesta", new ClientProof.None());
    assertThrows(VestaException.class, () -> module().login(client, LOGIN_BACK));
    assertThrows(
        VestaException.class,
        () ->
            IdentityModule.builder(HTTP)
                .login(client, LOGIN_BACK)
                .accounts(client, LOGIN_BACK)
                .build());
    assertThrows(
        VestaException.class, () -> new Client(provider.provider(), " ", new ClientProof.None()));
  }
}
