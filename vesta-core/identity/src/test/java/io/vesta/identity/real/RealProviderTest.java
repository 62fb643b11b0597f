package io.vesta.identity.real;

import static io.vesta.identity.testkit.IdentityHouse.ACTOR;
import static io.vesta.identity.testkit.IdentityHouse.BROWSER;
import static io.vesta.identity.testkit.IdentityHouse.HOME;
import static io.vesta.identity.testkit.IdentityHouse.MAIL;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.nimbusds.oauth2.sdk.RefreshTokenGrant;
import com.nimbusds.oauth2.sdk.token.RefreshToken;
import io.vesta.core.error.VestaException;
import io.vesta.core.secret.Secret;
import io.vesta.core.storage.Database;
import io.vesta.identity.IdentityError;
import io.vesta.identity.account.AccessToken;
import io.vesta.identity.account.AccountId;
import io.vesta.identity.account.AccountState;
import io.vesta.identity.account.UseOutcome;
import io.vesta.identity.client.Client;
import io.vesta.identity.client.ClientProof;
import io.vesta.identity.client.internal.TokenEndpoint;
import io.vesta.identity.login.Callback;
import io.vesta.identity.provider.Provider;
import io.vesta.identity.service.ServiceTokens;
import io.vesta.identity.testkit.Forge;
import io.vesta.identity.testkit.IdentityHouse;
import io.vesta.testkit.Engine;
import io.vesta.testkit.MutableClock;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStream;
import java.io.InputStreamReader;
import java.net.CookieManager;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.Set;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.EnabledIfSystemProperty;
import org.junit.jupiter.api.io.TempDir;

/**
 * Against a real provider that others wrote and had certified: {@code npm install --prefix DIR
 * oidc-provider@9.13.3}, then {@code -Dvesta.oidc-provider=DIR/node_modules}. Needs Node.
 */
@EnabledIfSystemProperty(named = "vesta.oidc-provider", matches = ".+")
class RealProviderTest {

  /**
   * Over the access token's life, and so short that the provider, whose clock stays, signs ID
   * tokens that are still good for ours.
   */
  private static final Duration OLD = Duration.ofSeconds(91);

  @TempDir Path directory;

  /** Begins at the real time, which the provider goes by. */
  private final MutableClock clock =
      new MutableClock(Instant.ofEpochMilli(Clock.systemUTC().millis()));

  private Process process;
  private int port;
  private Database database;
  private IdentityHouse house;

  @BeforeEach
  void start() throws IOException {
    launch(0, "first");
    database = Engine.SQLITE.fresh(directory).database();
    house = node(IdentityHouse.Options.usual()).install();
  }

  @AfterEach
  void stop() {
    process.destroyForcibly();
    process.onExit().join();
  }

  private void launch(int at, String keyId) throws IOException {
    Path script = directory.resolve("provider.mjs");
    try (InputStream in = RealProviderTest.class.getResourceAsStream("provider.mjs")) {
      Files.write(script, assertNotNull(in, "provider.mjs"));
    }
    process =
        new ProcessBuilder(
                "node",
                script.toString(),
                System.getProperty("vesta.oidc-provider"),
                String.valueOf(at),
                keyId,
                Forge.TWO.toPublicJWK().toJSONString())
            .redirectError(directory.resolve("errors").toFile())
            .start();
    BufferedReader out =
        new BufferedReader(new InputStreamReader(process.getInputStream(), StandardCharsets.UTF_8));
    String line = out.readLine();
    while (line != null && !line.startsWith("READY ")) {
      line = out.readLine();
    }
    if (line == null) {
      throw new AssertionError(Files.readString(directory.resolve("errors")));
    }
    port = Integer.parseInt(line.substring("READY ".length()));
  }

  private static byte[] assertNotNull(InputStream in, String name) throws IOException {
    org.junit.jupiter.api.Assertions.assertNotNull(in, name);
    return in.readAllBytes();
  }

  private Provider provider() {
    return Provider.oidc("acme", "http://127.0.0.1:" + port)
        .consentParameter("prompt", "consent")
        .loopback()
        .build();
  }

  private IdentityHouse node(IdentityHouse.Options options) {
    return new IdentityHouse(
        database,
        clock,
        provider(),
        options,
        new Random(9),
        Map.of("client-key", Secret.of(Forge.TWO.toJSONString())));
  }

  /** A browser that goes where it is sent until it comes back to us. */
  private static Callback browse(URI start) throws Exception {
    HttpClient browser =
        HttpClient.newBuilder()
            .cookieHandler(new CookieManager())
            .followRedirects(HttpClient.Redirect.NEVER)
            .build();
    URI at = start;
    for (int i = 0; i < 10; i++) {
      HttpResponse<String> response =
          browser.send(HttpRequest.newBuilder(at).build(), HttpResponse.BodyHandlers.ofString());
      URI page = at;
      String body = response.body();
      String location =
          response
              .headers()
              .firstValue("Location")
              .orElseThrow(
                  () ->
                      new AssertionError(
                          page.getPath() + " " + response.statusCode() + " " + body));
      at = at.resolve(location);
      if ("crm.acme.example".equals(at.getHost())) {
        return Callback.get(at.getRawQuery());
      }
    }
    throw new AssertionError("sent in circles");
  }

  private String control(String query) throws Exception {
    return HttpClient.newHttpClient()
        .send(
            HttpRequest.newBuilder(URI.create("http://127.0.0.1:" + port + "/control" + query))
                .build(),
            HttpResponse.BodyHandlers.ofString())
        .body();
  }

  private int tokenRequests() throws Exception {
    var node = new com.fasterxml.jackson.databind.ObjectMapper().readTree(control(""));
    return node.path("/token").asInt();
  }

  private AccountId connected() throws Exception {
    URI request = house.accounts.connect(ACTOR, "acme", MAIL, BROWSER, HOME);
    return house.accounts.complete(ACTOR, "acme", BROWSER, browse(request)).account().id();
  }

  private UseOutcome<String> use(IdentityHouse node, AccountId id) {
    return node.accounts.use(ACTOR, id, MAIL, AccessToken::authorization);
  }

  private TokenEndpoint.Answer refresh(String token) {
    return house.tokens.exchange(
        house.client,
        house.discovery.of(provider()),
        new RefreshTokenGrant(new RefreshToken(token)),
        Set.of());
  }

  @Test
  void login_and_a_callback_that_is_used_twice() throws Exception {
    Callback callback = browse(house.login.begin(BROWSER, HOME));
    assertEquals("ann", house.login.complete(BROWSER, callback).token().subject());
    VestaException refused =
        assertThrows(VestaException.class, () -> house.login.complete(BROWSER, callback));
    assertEquals(IdentityError.LOGIN_UNKNOWN, refused.code());
  }

  @Test
  void refresh_rotates_once_over_sixty_four_threads_of_two_nodes_and_the_grant_lives_on()
      throws Exception {
    AccountId id = connected();
    IdentityHouse second = node(IdentityHouse.Options.usual());
    ExecutorService threads = Executors.newFixedThreadPool(64);
    try {
      for (int round = 0; round < 3; round++) {
        String old = house.refreshToken(id);
        int before = tokenRequests();
        clock.advance(OLD);
        List<Future<UseOutcome<String>>> all = new ArrayList<>();
        for (int i = 0; i < 64; i++) {
          IdentityHouse node = i % 2 == 0 ? house : second;
          all.add(threads.submit(() -> use(node, id)));
        }
        for (Future<UseOutcome<String>> one : all) {
          assertInstanceOf(UseOutcome.Done.class, one.get(30, TimeUnit.SECONDS));
        }
        assertEquals(before + 1, tokenRequests());
        assertNotEquals(old, house.refreshToken(id));
      }
    } finally {
      threads.shutdown();
    }
  }

  @Test
  void the_provider_finds_reuse_and_we_say_so() throws Exception {
    AccountId id = connected();
    String old = house.refreshToken(id);
    clock.advance(OLD);
    assertInstanceOf(UseOutcome.Done.class, use(house, id));
    assertInstanceOf(TokenEndpoint.Answer.GrantRefused.class, refresh(old));
    clock.advance(OLD);
    assertInstanceOf(UseOutcome.NeedsReconnect.class, use(house, id));
    URI again = house.accounts.extend(ACTOR, id, MAIL, BROWSER, HOME);
    assertEquals(id, house.accounts.complete(ACTOR, "acme", BROWSER, browse(again)).account().id());
    assertInstanceOf(UseOutcome.Done.class, use(house, id));
  }

  @Test
  void what_was_revoked_is_revoked_there_too() throws Exception {
    AccountId id = connected();
    String token = house.refreshToken(id);
    assertTrue(house.accounts.revoke(ACTOR, id).provider());
    assertInstanceOf(TokenEndpoint.Answer.GrantRefused.class, refresh(token));
  }

  @Test
  void another_key_is_found_and_the_old_one_is_no_longer_taken() throws Exception {
    Callback before = browse(house.login.begin(BROWSER, HOME));
    house.login.complete(BROWSER, before);
    stop();
    launch(port, "second");
    clock.advance(Duration.ofSeconds(11));
    assertEquals(
        "ann",
        house.login.complete(BROWSER, browse(house.login.begin(BROWSER, HOME))).token().subject());
  }

  @Test
  void a_provider_that_is_down_harms_no_grant() throws Exception {
    AccountId id = connected();
    clock.advance(OLD);
    stop();
    assertInstanceOf(UseOutcome.ProviderDown.class, use(house, id));
    assertEquals(AccountState.ACTIVE, house.stored(id).state());
    launch(port, "third");
    clock.advance(Duration.ofSeconds(5));
    // It has forgotten everybody: that is for it to say.
    assertInstanceOf(UseOutcome.NeedsReconnect.class, use(house, id));
  }

  @Test
  void a_provider_that_is_too_slow_leaves_a_doubt_that_it_settles_itself() throws Exception {
    AccountId id = connected();
    IdentityHouse hasty = node(IdentityHouse.Options.usual().deadline(Duration.ofMillis(500)));
    clock.advance(OLD);
    control("?slow=1500");
    assertInstanceOf(UseOutcome.ProviderDown.class, use(hasty, id));
    assertEquals(AccountState.INDETERMINATE, house.stored(id).state());
    control("?slow=0");
    clock.advance(Duration.ofSeconds(5));
    // Whether the abandoned request reached it decides; either way it is said truthfully.
    UseOutcome<String> settled = use(hasty, id);
    assertTrue(
        settled instanceof UseOutcome.Done || settled instanceof UseOutcome.NeedsReconnect,
        settled::toString);
    assertEquals(
        settled instanceof UseOutcome.Done ? AccountState.ACTIVE : AccountState.NEEDS_RECONNECT,
        house.stored(id).state());
  }

  @Test
  void a_service_proves_itself_by_its_key() {
    Client service =
        new Client(provider(), "service", new ClientProof.PrivateKey("client-key", "PS256"));
    ServiceTokens services = new ServiceTokens(house.discovery, house.tokens);
    assertTrue(
        services
            .use(service, Set.of("mail.read"), AccessToken::authorization)
            .startsWith("Bearer "));
  }
}
