package io.vesta.identity.login;

import static io.vesta.identity.testkit.IdentityHouse.ACTOR;
import static io.vesta.identity.testkit.IdentityHouse.ANN;
import static io.vesta.identity.testkit.IdentityHouse.BROKER;
import static io.vesta.identity.testkit.IdentityHouse.BROWSER;
import static io.vesta.identity.testkit.IdentityHouse.HOME;
import static io.vesta.identity.testkit.IdentityHouse.MAIL;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;

import io.vesta.core.error.VestaException;
import io.vesta.core.id.MemberId;
import io.vesta.core.secret.Secret;
import io.vesta.identity.IdentityError;
import io.vesta.identity.testkit.IdentityHouse;
import io.vesta.identity.testkit.LoopbackProvider;
import io.vesta.testkit.Engine;
import io.vesta.testkit.MutableClock;
import java.net.URI;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.function.UnaryOperator;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.function.Executable;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;

class LoginAttackTest {

  private static final BrowserBinding OTHER = BrowserBinding.of("cookie-of-eve-0123456789");

  @TempDir Path directory;

  private final MutableClock clock = new MutableClock(Instant.parse("2026-06-30T12:00:00Z"));
  private final LoopbackProvider provider = new LoopbackProvider(clock);
  private IdentityHouse house;

  @BeforeEach
  void start() {
    house = house(Engine.SQLITE);
  }

  @AfterEach
  void stop() {
    provider.close();
  }

  private IdentityHouse house(Engine engine) {
    return new IdentityHouse(
            engine.fresh(directory).database(),
            clock,
            provider.provider(),
            IdentityHouse.Options.usual())
        .install();
  }

  private static void refused(IdentityError code, Executable act) {
    assertEquals(code, assertThrows(VestaException.class, act).code());
  }

  private Callback answer(URI request) {
    return Callback.get(provider.consent(request));
  }

  @ParameterizedTest
  @EnumSource(Engine.class)
  void a_login_names_the_subject_and_begins_a_session(Engine engine) {
    IdentityHouse node = house(engine);
    URI request = node.login.begin(BROWSER, new ReturnPath("/listings"));
    Map<String, String> asked = LoopbackProvider.form(request.getRawQuery());
    assertEquals("S256", asked.get("code_challenge_method"));
    assertEquals("code", asked.get("response_type"));
    assertEquals("email openid", asked.get("scope"));
    assertFalse(asked.containsKey("code_verifier"));
    LoginProvider.Login login = node.login.complete(BROWSER, answer(request));
    assertEquals("sub-1", login.token().subject());
    assertEquals("/listings", login.returnTo().path());
    node.config
        .database()
        .write(
            work -> {
              node.links.link(work, BROKER, login.token(), ANN);
              return 0;
            });
    Secret session =
        node.config
            .database()
            .write(work -> node.sessions.begin(work, login.token(), Duration.ofHours(8)));
    assertEquals(ANN, node.config.database().read(work -> node.sessions.require(work, session)));
    clock.advance(Duration.ofHours(9));
    refused(
        IdentityError.SESSION_ENDED,
        () -> node.config.database().read(work -> node.sessions.require(work, session)));
  }

  @Test
  void i21_a_callback_counts_once_in_its_own_browser_and_tabs_do_not_disturb_each_other() {
    URI one = house.login.begin(BROWSER, HOME);
    URI two = house.login.begin(BROWSER, HOME);
    Callback callback = answer(one);
    int before = provider.count("/token");
    refused(IdentityError.LOGIN_OTHER_BROWSER, () -> house.login.complete(OTHER, callback));
    refused(
        IdentityError.LOGIN_UNKNOWN,
        () -> house.login.complete(BROWSER, Callback.get("code=c&state=invented")));
    assertEquals(before, provider.count("/token"), "no code was sent anywhere");
    house.login.complete(BROWSER, callback);
    refused(IdentityError.LOGIN_UNKNOWN, () -> house.login.complete(BROWSER, callback));
    assertEquals(before + 1, provider.count("/token"));
    house.login.complete(BROWSER, answer(two));
  }

  @Test
  void i21_a_login_that_took_too_long_is_over() {
    Callback callback = answer(house.login.begin(BROWSER, HOME));
    clock.advance(Duration.ofMinutes(11));
    refused(IdentityError.LOGIN_EXPIRED, () -> house.login.complete(BROWSER, callback));
    assertEquals(0, provider.count("/token"));
  }

  @Test
  void i21_a_consent_s_callback_ends_no_login_and_a_login_s_no_consent() {
    Callback consent = answer(house.accounts.connect(ACTOR, "acme", MAIL, BROWSER, HOME));
    refused(IdentityError.LOGIN_UNKNOWN, () -> house.login.complete(BROWSER, consent));
    Callback login = answer(house.login.begin(BROWSER, HOME));
    refused(
        IdentityError.LOGIN_UNKNOWN, () -> house.accounts.complete(ACTOR, "acme", BROWSER, login));
    assertEquals(0, provider.count("/token"));
  }

  @Test
  void i22_a_provider_without_s256_is_not_used() {
    for (List<String> methods : List.of(List.of("plain"), List.<String>of())) {
      provider.metadata =
          meta -> {
            meta.put("code_challenge_methods_supported", methods);
            return meta;
          };
      IdentityHouse other = house(Engine.SQLITE);
      refused(IdentityError.PKCE_UNSUPPORTED, () -> other.login.begin(BROWSER, HOME));
    }
    provider.metadata =
        meta -> {
          meta.remove("code_challenge_methods_supported");
          return meta;
        };
    IdentityHouse other = house(Engine.SQLITE);
    refused(IdentityError.PKCE_UNSUPPORTED, () -> other.login.begin(BROWSER, HOME));
  }

  @ParameterizedTest
  @ValueSource(booleans = {false, true})
  void i22_a_code_of_another_session_is_refused_even_if_the_provider_ignores_the_verifier(
      boolean ignores) {
    provider.ignoresVerifier = ignores;
    URI mine = house.login.begin(BROWSER, HOME);
    URI eves = house.login.begin(OTHER, HOME);
    String injected = provider.consent(eves).replaceAll("code=([^&]*).*", "$1");
    String state = LoopbackProvider.form(mine.getRawQuery()).get("state");
    Callback callback =
        Callback.get("code=" + injected + "&state=" + state + "&iss=" + provider.issuer());
    refused(
        ignores ? IdentityError.NONCE_WRONG : IdentityError.GRANT_REFUSED,
        () -> house.login.complete(BROWSER, callback));
  }

  @Test
  void i23_a_callback_from_another_provider_sends_no_code_anywhere() {
    URI request = house.login.begin(BROWSER, HOME);
    String answer = provider.consent(request).replaceAll("&iss=.*", "");
    refused(
        IdentityError.RESPONSE_ISSUER_MISSING,
        () -> house.login.complete(BROWSER, Callback.get(answer)));
    String second = provider.consent(house.login.begin(BROWSER, HOME)).replaceAll("&iss=.*", "");
    refused(
        IdentityError.RESPONSE_ISSUER_WRONG,
        () -> house.login.complete(BROWSER, Callback.get(second + "&iss=https://evil.example")));
    String third = provider.consent(house.login.begin(BROWSER, HOME));
    String error = third.replaceAll("code=[^&]*", "error=access_denied").replaceAll("&iss=.*", "");
    refused(
        IdentityError.RESPONSE_ISSUER_MISSING,
        () -> house.login.complete(BROWSER, Callback.get(error)));
    assertEquals(0, provider.count("/token"));
  }

  @Test
  void i23_a_refusal_is_told_and_ends_the_login() {
    String answer =
        provider.consent(house.login.begin(BROWSER, HOME)).replaceAll("code=[^&]*", "error=x");
    refused(
        IdentityError.PROVIDER_REFUSED, () -> house.login.complete(BROWSER, Callback.get(answer)));
    refused(IdentityError.LOGIN_UNKNOWN, () -> house.login.complete(BROWSER, Callback.get(answer)));
  }

  @Test
  void i26_no_address_links_anybody_and_an_unverified_one_prevents_it() {
    MemberId bob = new MemberId(ANN.brokerage(), "bob");
    for (Object verified : List.of("true", 1, false)) {
      provider.claims = put("email_verified", verified);
      LoginProvider.Login login =
          house.login.complete(BROWSER, answer(house.login.begin(BROWSER, HOME)));
      refused(
          IdentityError.EMAIL_UNVERIFIED,
          () ->
              house
                  .config
                  .database()
                  .write(
                      work -> {
                        house.links.link(work, BROKER, login.token(), ANN);
                        return 0;
                      }));
    }
    provider.claims = UnaryOperator.identity();
    LoginProvider.Login ann =
        house.login.complete(BROWSER, answer(house.login.begin(BROWSER, HOME)));
    house
        .config
        .database()
        .write(
            work -> {
              house.links.link(work, BROKER, ann.token(), ANN);
              house.links.link(work, BROKER, ann.token(), ANN);
              return 0;
            });
    refused(
        IdentityError.SUBJECT_TAKEN,
        () ->
            house
                .config
                .database()
                .write(
                    work -> {
                      house.links.link(work, BROKER, ann.token(), bob);
                      return 0;
                    }));
    // The same address, but another subject, then the same subject in other letters.
    for (String subject : List.of("sub-2", "SUB-1", "sub-1.")) {
      provider.subject = subject;
      LoginProvider.Login other =
          house.login.complete(BROWSER, answer(house.login.begin(BROWSER, HOME)));
      assertEquals("ann@acme.example", other.token().verifiedEmail().orElseThrow());
      refused(
          IdentityError.SUBJECT_UNLINKED,
          () -> house.config.database().read(work -> house.links.require(work, other.token())));
    }
    try (LoopbackProvider second = new LoopbackProvider(clock)) {
      IdentityHouse elsewhere =
          new IdentityHouse(
              house.config.database(), clock, second.provider(), IdentityHouse.Options.usual());
      LoginProvider.Login reused =
          elsewhere.login.complete(
              BROWSER, Callback.get(second.consent(elsewhere.login.begin(BROWSER, HOME))));
      assertEquals("sub-1", reused.token().subject());
      refused(
          IdentityError.SUBJECT_UNLINKED,
          () -> house.config.database().read(work -> house.links.require(work, reused.token())));
    }
  }

  private static UnaryOperator<Map<String, Object>> put(String name, Object value) {
    return claims -> {
      claims.put(name, value);
      return claims;
    };
  }

  @Test
  void a_token_response_without_what_it_needs_is_refused() {
    Map<String, IdentityError> answers =
        Map.of(
            "{}", IdentityError.TOKEN_RESPONSE_INVALID,
            "{\"access_token\":\"a\",\"token_type\":\"Bearer\"}",
                IdentityError.TOKEN_RESPONSE_INVALID,
            "{\"access_token\":\"a\",\"id_token\":\"x\"}", IdentityError.TOKEN_RESPONSE_INVALID,
            "{\"access_token\":\"a\",\"token_type\":\"mac\",\"id_token\":\"x\"}",
                IdentityError.TOKEN_RESPONSE_INVALID,
            "{\"access_token\":\"a\",\"token_type\":\"Bearer\",\"id_token\":\"x\"}",
                IdentityError.TOKEN_SHAPE,
            "<html></html>", IdentityError.TOKEN_RESPONSE_INVALID);
    answers.forEach(
        (body, code) -> {
          provider.override("/token", exchange -> new LoopbackProvider.Reply(200, body));
          URI request = house.login.begin(BROWSER, HOME);
          refused(code, () -> house.login.complete(BROWSER, answer(request)));
        });
    provider.override(
        "/token",
        exchange ->
            new LoopbackProvider.Reply(
                307, "application/json", "{}", Map.of("Location", provider.issuer() + "/else")));
    URI request = house.login.begin(BROWSER, HOME);
    refused(
        IdentityError.PROVIDER_UNAVAILABLE, () -> house.login.complete(BROWSER, answer(request)));
    assertEquals(0, provider.count("/else"));
  }

  @Test
  void a_provider_that_describes_itself_unsafely_is_not_used() {
    Map<String, Object> changes =
        Map.of(
            "issuer", "https://evil.example",
            "token_endpoint", "http://evil.example/token",
            "authorization_endpoint", "https://a@evil.example/",
            "jwks_uri", "file:///etc/passwd",
            "revocation_endpoint", "http://169.254.169.254/");
    changes.forEach(
        (name, value) -> {
          provider.metadata = put(name, value);
          IdentityHouse other = house(Engine.SQLITE);
          refused(IdentityError.DISCOVERY_INVALID, () -> other.login.begin(BROWSER, HOME));
        });
    provider.override(
        "/.well-known/openid-configuration",
        exchange -> new LoopbackProvider.Reply(200, "{\"issuer\":1,\"issuer\":2}"));
    IdentityHouse other = house(Engine.SQLITE);
    refused(IdentityError.DISCOVERY_INVALID, () -> other.login.begin(BROWSER, HOME));
  }

  @Test
  void a_known_provider_that_is_down_or_turns_unsafe_is_asked_once_a_second_and_holds_up_nobody() {
    String document = "/.well-known/openid-configuration";
    house.login.begin(BROWSER, HOME);
    clock.advance(Duration.ofHours(2));
    provider.override(document, exchange -> new LoopbackProvider.Reply(503, ""));
    for (int i = 0; i < 20; i++) {
      house.login.begin(BROWSER, HOME);
    }
    assertEquals(2, provider.count(document));
    provider.usual(document);
    provider.metadata = put("jwks_uri", "file:///etc/passwd");
    clock.advance(Duration.ofSeconds(2));
    house.login.complete(BROWSER, answer(house.login.begin(BROWSER, HOME)));
    assertEquals(3, provider.count(document), "what was said before serves on");
    clock.advance(Duration.ofDays(1));
    refused(IdentityError.DISCOVERY_INVALID, () -> house.login.begin(BROWSER, HOME));
  }

  @Test
  void nothing_in_the_database_helps_to_finish_somebody_s_login() {
    URI request = house.login.begin(BROWSER, HOME);
    Map<String, String> asked = LoopbackProvider.form(request.getRawQuery());
    String rows =
        house
            .config
            .database()
            .read(
                work -> work.handle().select("select * from vesta_pending_flow").mapToMap().list())
            .toString();
    for (String secret : List.of("state", "nonce", "code_challenge")) {
      assertFalse(rows.contains(asked.get(secret)), secret);
    }
    assertFalse(rows.contains("cookie-of-ann"));
  }
}
