package io.vesta.identity.account;

import static io.vesta.identity.testkit.IdentityHouse.ACTOR;
import static io.vesta.identity.testkit.IdentityHouse.ANN;
import static io.vesta.identity.testkit.IdentityHouse.BROKER;
import static io.vesta.identity.testkit.IdentityHouse.BROWSER;
import static io.vesta.identity.testkit.IdentityHouse.HOME;
import static io.vesta.identity.testkit.IdentityHouse.MAIL;
import static io.vesta.identity.testkit.IdentityHouse.SEND;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.vesta.core.access.Actor;
import io.vesta.core.access.Capacity;
import io.vesta.core.error.VestaException;
import io.vesta.core.id.BrokerageId;
import io.vesta.core.id.MemberId;
import io.vesta.core.secret.Secret;
import io.vesta.core.storage.Database;
import io.vesta.core.storage.SchemaInstaller;
import io.vesta.core.storage.UnitOfWork;
import io.vesta.identity.IdentityError;
import io.vesta.identity.IdentityTables;
import io.vesta.identity.client.ClientProof;
import io.vesta.identity.login.Callback;
import io.vesta.identity.member.Sessions;
import io.vesta.identity.offboarding.Offboarding;
import io.vesta.identity.provider.Provider;
import io.vesta.identity.testkit.DelegatingStore;
import io.vesta.identity.testkit.Forge;
import io.vesta.identity.testkit.IdentityHouse;
import io.vesta.identity.testkit.LoopbackProvider;
import io.vesta.testkit.Engine;
import io.vesta.testkit.MutableClock;
import java.io.IOException;
import java.net.URI;
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
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.function.UnaryOperator;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Attacks 27 to 35 and 37: the life of a grant. */
class ConnectedAccountsTest {

  private static final Duration OLD = Duration.ofHours(2);

  private static Path template;

  @TempDir Path directory;

  private final MutableClock clock = new MutableClock(Instant.parse("2026-06-30T12:00:00Z"));
  private final LoopbackProvider provider = new LoopbackProvider(clock);
  private Database database;
  private IdentityHouse house;

  @BeforeAll
  static void make(@TempDir Path shared) {
    template = shared.resolve("template.db");
    try (Database database = Database.sqlite(template)) {
      new SchemaInstaller(database, List.of(IdentityTables.schema())).install();
    }
  }

  @BeforeEach
  void start() throws IOException {
    open(Engine.SQLITE);
  }

  /** Each test has its own database; on SQLite it is a copy, since making tables takes its time. */
  private void open(Engine engine) throws IOException {
    if (engine == Engine.SQLITE) {
      Path file = directory.resolve("vesta.db");
      Files.copy(template, file);
      database = Database.sqlite(file);
      house = node(IdentityHouse.Options.usual());
    } else {
      database = engine.fresh(directory).database();
      house = node(IdentityHouse.Options.usual()).install();
    }
  }

  private IdentityHouse node(IdentityHouse.Options options) {
    return new IdentityHouse(database, clock, provider.provider(), options);
  }

  @AfterEach
  void stop() {
    provider.close();
  }

  private static String token(IdentityHouse node, AccountId id) {
    UseOutcome<String> outcome = node.accounts.use(ACTOR, id, MAIL, AccessToken::authorization);
    return assertInstanceOf(UseOutcome.Done.class, outcome, outcome::toString).value().toString();
  }

  private UseOutcome<String> use(AccountId id) {
    return house.accounts.use(ACTOR, id, MAIL, AccessToken::authorization);
  }

  private void fault(LoopbackProvider.Reply reply) {
    provider.override("/token", exchange -> reply);
  }

  @ParameterizedTest
  @EnumSource(Engine.class)
  void i27_many_threads_on_four_nodes_refresh_once_for_each_expiry(Engine engine) throws Exception {
    if (engine != Engine.SQLITE) {
      open(engine);
    }
    List<IdentityHouse> nodes = new ArrayList<>();
    for (int i = 0; i < 4; i++) {
      nodes.add(node(IdentityHouse.Options.usual()));
    }
    AccountId id = house.connected(provider);
    int before = provider.count("/token");
    // Each use opens its own connection to PostgreSQL here, which is what takes the time.
    int many = engine == Engine.SQLITE ? 64 : 16;
    ExecutorService threads = Executors.newFixedThreadPool(many);
    try {
      for (int round = 1; round <= 2; round++) {
        clock.advance(OLD);
        List<Future<String>> all = new ArrayList<>();
        for (int i = 0; i < many; i++) {
          IdentityHouse node = nodes.get(i % 4);
          all.add(threads.submit(() -> token(node, id)));
        }
        Set<String> seen = new java.util.HashSet<>();
        for (Future<String> one : all) {
          seen.add(one.get(60, TimeUnit.SECONDS));
        }
        assertEquals(1, seen.size(), "all got the same new token");
        assertEquals(before + round, provider.count("/token"));
      }
    } finally {
      threads.shutdown();
    }
    assertTrue(provider.alive(house.refreshToken(id)));
  }

  @ParameterizedTest
  @EnumSource(Engine.class)
  void the_new_refresh_token_is_durable_before_the_access_token_is_out(Engine engine)
      throws IOException {
    if (engine != Engine.SQLITE) {
      open(engine);
    }
    AccountId id = house.connected(provider);
    String old = house.refreshToken(id);
    clock.advance(OLD);
    UseOutcome<String> outcome =
        house.accounts.use(
            ACTOR, id, MAIL, token -> node(IdentityHouse.Options.usual()).refreshToken(id));
    String stored = assertInstanceOf(UseOutcome.Done.class, outcome).value().toString();
    assertNotEquals(old, stored);
    assertTrue(provider.alive(stored));
    assertEquals(
        List.of("connected", "refreshed", "used"),
        house.events.stream()
            .map(event -> event.action().name())
            .map(name -> name.substring(name.lastIndexOf('.') + 1))
            .toList());
  }

  /** The store of a node that dies: after so many changes it writes no more. */
  private static final class Dying extends DelegatingStore {
    private int left;

    Dying(int after) {
      left = after;
    }

    @Override
    public boolean replace(UnitOfWork work, StoredAccount before, StoredAccount after) {
      if (left-- == 0) {
        throw new IllegalStateException("the node is gone");
      }
      return super.replace(work, before, after);
    }
  }

  @ParameterizedTest
  @EnumSource(LoopbackProvider.Rotation.class)
  void i28_death_between_answer_and_commit_is_told_and_settled_by_the_provider(
      LoopbackProvider.Rotation rotation) {
    provider.rotation = rotation;
    AccountId id = house.connected(provider);
    clock.advance(OLD);
    IdentityHouse dying = node(IdentityHouse.Options.usual().store(new Dying(1)));
    assertThrows(
        IllegalStateException.class,
        () -> dying.accounts.use(ACTOR, id, MAIL, AccessToken::authorization));
    assertEquals(AccountState.REFRESHING, house.stored(id).state());
    int asked = provider.count("/token");
    clock.advance(Duration.ofSeconds(30));
    UseOutcome<String> outcome = use(id);
    assertEquals(asked + 1, provider.count("/token"), "asked once more, and no oftener");
    assertTrue(
        house.events.stream().anyMatch(e -> e.action().name().endsWith("account.abandoned")),
        "that nobody knew is in the log");
    if (rotation == LoopbackProvider.Rotation.STRICT) {
      assertInstanceOf(UseOutcome.NeedsReconnect.class, outcome);
      assertInstanceOf(UseOutcome.NeedsReconnect.class, use(id));
      assertEquals(asked + 1, provider.count("/token"), "no loop");
    } else {
      assertInstanceOf(UseOutcome.Done.class, outcome);
    }
  }

  /** The store of a database that fails for a moment, just when the new token is to be stored. */
  private static final class Faltering extends DelegatingStore {
    private int changes;

    @Override
    public boolean replace(UnitOfWork work, StoredAccount before, StoredAccount after) {
      changes++;
      if (changes == 2 || changes == 3) {
        throw VestaException.invalid("database", "busy", "try again");
      }
      return super.replace(work, before, after);
    }
  }

  @Test
  void i28_a_database_that_fails_for_a_moment_does_not_lose_the_new_token() {
    AccountId id = house.connected(provider);
    clock.advance(OLD);
    IdentityHouse faltering = node(IdentityHouse.Options.usual().store(new Faltering()));
    int asked = provider.count("/token");
    assertTrue(token(faltering, id).startsWith("Bearer access-"));
    assertEquals(asked + 1, provider.count("/token"));
    assertTrue(provider.alive(house.refreshToken(id)));
  }

  @Test
  void i28_death_before_the_provider_was_asked_loses_nothing() {
    AccountId id = house.connected(provider);
    clock.advance(OLD);
    StoredAccount account = house.stored(id);
    database.write(
        work ->
            house.store.replace(
                work,
                account,
                account.claimed(house.config.newId(), clock.instant().plusSeconds(11))));
    clock.advance(Duration.ofSeconds(12));
    assertInstanceOf(UseOutcome.Done.class, use(id));
  }

  @Test
  void i29_a_sibling_s_result_is_found_and_used_and_a_second_refusal_is_the_end() throws Exception {
    AccountId id = house.connected(provider);
    clock.advance(OLD);
    CountDownLatch asked = new CountDownLatch(1);
    CountDownLatch go = new CountDownLatch(1);
    IdentityHouse slow = node(IdentityHouse.Options.usual());
    provider.afterToken =
        exchange -> {
          asked.countDown();
          await(go);
          // The slow node is told that its refresh token is used up, as the late one is.
          return new LoopbackProvider.Reply(400, "{\"error\":\"invalid_grant\"}");
        };
    ExecutorService thread = Executors.newSingleThreadExecutor();
    try {
      Future<String> late = thread.submit(() -> token(slow, id));
      assertTrue(asked.await(10, TimeUnit.SECONDS));
      provider.afterToken = exchange -> null;
      provider.rotation = LoopbackProvider.Rotation.KEEPS_OLD;
      clock.advance(Duration.ofSeconds(30));
      String sibling = token(house, id);
      go.countDown();
      assertEquals(sibling, late.get(20, TimeUnit.SECONDS));
      assertEquals(AccountState.ACTIVE, house.stored(id).state());
    } finally {
      thread.shutdown();
    }
    clock.advance(OLD);
    fault(new LoopbackProvider.Reply(400, "{\"error\":\"invalid_grant\"}"));
    assertInstanceOf(UseOutcome.NeedsReconnect.class, use(id));
  }

  private static void await(CountDownLatch latch) {
    try {
      assertTrue(latch.await(20, TimeUnit.SECONDS));
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "500|{}|ACTIVE",
        "503|<html></html>|ACTIVE",
        "429|{}|ACTIVE",
        "400|{\"error\":\"temporarily_unavailable\"}|ACTIVE",
        "400|{\"error\":\"invalid_client\"}|ACTIVE",
        "401|{\"error\":\"invalid_client\"}|ACTIVE",
        "302|{}|ACTIVE",
        "200|<html></html>|INDETERMINATE",
        "200|{}|INDETERMINATE",
        "200|{\"access_token\":\"a\",\"token_type\":\"mac\"}|INDETERMINATE",
        "200|{\"access_token\":\"a\"}|INDETERMINATE",
        "200|{\"access_token\":\"a\",\"token_type\":\"DPoP\"}|INDETERMINATE",
        "200|{\"access_token\":\"a b\",\"token_type\":\"Bearer\"}|INDETERMINATE",
        "200|{\"access_token\":\"a\",\"token_type\":\"Bearer\",\"refresh_token\":7}|INDETERMINATE"
      })
  void i30_i33_an_answer_that_is_none_leaves_the_grant_alive_and_waits(
      int status, String body, AccountState state) {
    AccountId id = house.connected(provider);
    clock.advance(OLD);
    fault(new LoopbackProvider.Reply(status, body));
    int before = provider.count("/token");
    UseOutcome.ProviderDown<?> down = assertInstanceOf(UseOutcome.ProviderDown.class, use(id));
    assertEquals(state, house.stored(id).state());
    assertTrue(down.retryAt().isAfter(clock.instant()));
    use(id);
    assertEquals(before + 1, provider.count("/token"), "backed off");
    provider.usual("/token");
    clock.advance(Duration.ofSeconds(2));
    assertInstanceOf(UseOutcome.Done.class, use(id));
  }

  @Test
  void i30_the_pauses_grow_and_differ() {
    AccountId id = house.connected(provider);
    clock.advance(OLD);
    fault(new LoopbackProvider.Reply(503, ""));
    List<Long> pauses = new ArrayList<>();
    for (int i = 0; i < 12; i++) {
      UseOutcome.ProviderDown<?> down = assertInstanceOf(UseOutcome.ProviderDown.class, use(id));
      long pause = Duration.between(clock.instant(), down.retryAt()).toMillis();
      pauses.add(pause);
      clock.advance(Duration.ofMillis(pause));
    }
    assertTrue(
        pauses.get(0) <= 1_000 && pauses.get(5) >= 16_000 && pauses.get(11) <= 256_000,
        pauses::toString);
    assertEquals(12, Set.copyOf(pauses).size(), pauses::toString);
    provider.usual("/token");
    assertInstanceOf(UseOutcome.Done.class, use(id));
  }

  @Test
  void i30_a_provider_that_is_not_there_and_one_that_is_too_slow() {
    IdentityHouse hasty = node(IdentityHouse.Options.usual().deadline(Duration.ofMillis(400)));
    AccountId id = house.connected(provider);
    clock.advance(OLD);
    CountDownLatch end = new CountDownLatch(1);
    provider.override(
        "/token",
        exchange -> {
          await(end);
          return new LoopbackProvider.Reply(200, "{}");
        });
    assertInstanceOf(
        UseOutcome.ProviderDown.class,
        hasty.accounts.use(ACTOR, id, MAIL, AccessToken::authorization));
    assertEquals(AccountState.INDETERMINATE, house.stored(id).state(), "nobody knows");
    end.countDown();
    provider.close();
    clock.advance(Duration.ofSeconds(5));
    assertInstanceOf(
        UseOutcome.ProviderDown.class,
        hasty.accounts.use(ACTOR, id, MAIL, AccessToken::authorization));
    assertEquals(AccountState.INDETERMINATE, house.stored(id).state(), "still nobody knows");
  }

  @Test
  void i31_only_what_was_asked_and_granted_is_usable() {
    provider.response = put("scope", "openid mail.read calendar.admin");
    AccountId id = house.connected(provider);
    assertEquals(Set.of("mail.read"), house.stored(id).scopes());
    UseOutcome.NeedsConsent<?> needs =
        assertInstanceOf(
            UseOutcome.NeedsConsent.class,
            house.accounts.use(ACTOR, id, SEND, AccessToken::authorization));
    assertEquals(Set.of("mail.send"), needs.missing());
    assertInstanceOf(
        UseOutcome.NeedsConsent.class,
        house.accounts.use(
            ACTOR, id, new Purpose("CAL", Set.of("calendar.admin")), AccessToken::authorization));
    provider.response = UnaryOperator.identity();
    URI more = house.accounts.extend(ACTOR, id, SEND, BROWSER, HOME);
    assertEquals(
        "mail.read mail.send openid", LoopbackProvider.form(more.getRawQuery()).get("scope"));
    ConnectedAccounts.Consent consent =
        house.accounts.complete(ACTOR, "acme", BROWSER, Callback.get(provider.consent(more)));
    assertEquals(id, consent.account().id(), "the same account");
    assertInstanceOf(
        UseOutcome.Done.class, house.accounts.use(ACTOR, id, SEND, AccessToken::authorization));
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "\"mail.read\"|true",
        "[\"mail.read\",\"openid\"]|true",
        "\"openid\"|false",
        "\"Mail.Read\"|false",
        "[]|false",
        "7|true",
        "\"\"|false"
      })
  void i31_scopes_in_other_shapes(String scope, boolean usable) throws Exception {
    Object value = new com.fasterxml.jackson.databind.ObjectMapper().readValue(scope, Object.class);
    provider.response = put("scope", value);
    AccountId id = house.connected(provider);
    Class<?> expected = usable ? UseOutcome.Done.class : UseOutcome.NeedsConsent.class;
    assertInstanceOf(expected, use(id));
  }

  @Test
  void i31_a_refresh_may_take_scopes_away_and_never_adds() {
    AccountId id = house.connected(provider);
    clock.advance(OLD);
    provider.response = put("scope", "mail.send");
    assertInstanceOf(UseOutcome.NeedsConsent.class, use(id));
    assertEquals(Set.of(), house.stored(id).scopes());
  }

  private static UnaryOperator<Map<String, Object>> put(String name, Object value) {
    return answer -> {
      answer.put(name, value);
      return answer;
    };
  }

  @ParameterizedTest
  @CsvSource({
    "0,270",
    "-1,270",
    "1000000000000,270",
    "7200,7170",
    "60,30",
    "2,1",
    "999999999,86370"
  })
  void i32_odd_lifetimes_are_taken_for_short_ones(long told, long fresh) {
    provider.response = put("expires_in", told);
    AccountId id = house.connected(provider);
    assertEquals(clock.instant().plusSeconds(fresh), house.stored(id).freshUntil());
  }

  @Test
  void i32_a_lifetime_that_is_a_text_or_missing() {
    provider.response = put("expires_in", "3600");
    assertEquals(
        clock.instant().plusSeconds(3_570), house.stored(house.connected(provider)).freshUntil());
    provider.response =
        answer -> {
          answer.remove("expires_in");
          return answer;
        };
    assertEquals(
        clock.instant().plusSeconds(270), house.stored(house.connected(provider)).freshUntil());
  }

  @Test
  void i34_tokens_of_another_account_of_an_older_time_or_touched_by_a_bit_do_not_open() {
    AccountId one = house.connected(provider);
    provider.subject = "sub-2";
    AccountId two = house.connected(provider);
    StoredAccount first = house.stored(one);
    String foreign = house.stored(two).tokens().orElseThrow().jwe();
    clock.advance(OLD);
    use(one);
    StoredAccount now = house.stored(one);
    String right = now.tokens().orElseThrow().jwe();
    String header = right.substring(0, right.indexOf('.'));
    List<String> wrong =
        new ArrayList<>(
            List.of(
                foreign,
                first.tokens().orElseThrow().jwe(),
                right.substring(0, right.length() - 2),
                right.replace(header, header("\"alg\":\"RSA1_5\",\"enc\":\"A256GCM\"")),
                right.replace(header, header("\"alg\":\"PBES2-HS256+A128KW\",\"p2c\":1000000000")),
                right.replace(
                    header, header("\"alg\":\"dir\",\"enc\":\"A256GCM\",\"zip\":\"DEF\"")),
                "",
                "....",
                right + "."));
    Random random = new Random(3);
    for (int i = 0; i < 60; i++) {
      char[] chars = right.toCharArray();
      int at = random.nextInt(chars.length);
      chars[at] = (char) (chars[at] ^ (1 << random.nextInt(6)));
      if (!right.equals(new String(chars))) {
        wrong.add(new String(chars));
      }
    }
    for (String jwe : wrong) {
      database.write(
          work ->
              work.handle()
                  .execute(
                      "update vesta_account set sealed = ? where id = ?",
                      jwe,
                      one.value().toString()));
      VestaException refused = assertThrows(VestaException.class, () -> use(one));
      assertEquals(IdentityError.VAULT_REFUSED, refused.code());
    }
    database.write(
        work ->
            work.handle()
                .execute(
                    "update vesta_account set sealed = ? where id = ?",
                    right,
                    one.value().toString()));
    IdentityHouse without = node(IdentityHouse.Options.usual().vaultKeys("vault-9"));
    VestaException keyless =
        assertThrows(
            VestaException.class,
            () -> without.accounts.use(ACTOR, one, MAIL, AccessToken::authorization));
    assertEquals(IdentityError.VAULT_KEY_INVALID, keyless.code());
  }

  private static String header(String json) {
    return Forge.encode("{" + json + "}");
  }

  @ParameterizedTest
  @EnumSource(Engine.class)
  void i35_a_key_is_changed_while_accounts_are_used_and_two_workers_lose_nothing(Engine engine)
      throws Exception {
    if (engine != Engine.SQLITE) {
      open(engine);
    }
    List<AccountId> ids = new ArrayList<>();
    for (int i = 0; i < 8; i++) {
      provider.subject = "sub-" + i;
      ids.add(house.connected(provider));
    }
    IdentityHouse both = node(IdentityHouse.Options.usual().vaultKeys("vault-2", "vault-1"));
    VestaException early =
        assertThrows(VestaException.class, () -> both.rotation.requireUnused("vault-1"));
    assertEquals(IdentityError.VAULT_KEY_INVALID, early.code());
    assertEquals(3, both.rotation.rewrap(3), "stopped half-way");
    ExecutorService threads = Executors.newFixedThreadPool(3);
    try {
      Future<Integer> first = threads.submit(() -> both.rotation.rewrap(100));
      Future<Integer> second = threads.submit(() -> both.rotation.rewrap(100));
      Future<String> user = threads.submit(() -> token(both, ids.get(7)));
      assertTrue(user.get(20, TimeUnit.SECONDS).startsWith("Bearer access-"));
      assertEquals(5, first.get() + second.get());
    } finally {
      threads.shutdown();
    }
    both.rotation.requireUnused("vault-1");
    assertThrows(VestaException.class, () -> both.rotation.requireUnused("vault-2"));
    IdentityHouse fresh = node(IdentityHouse.Options.usual().vaultKeys("vault-2"));
    for (AccountId id : ids) {
      assertTrue(token(fresh, id).startsWith("Bearer access-"));
    }
  }

  @Test
  void i37_no_token_leaves_after_the_tombstone_even_if_a_refresh_is_in_flight() throws Exception {
    AccountId id = house.connected(provider);
    clock.advance(OLD);
    CountDownLatch asked = new CountDownLatch(1);
    CountDownLatch go = new CountDownLatch(1);
    provider.afterToken =
        exchange -> {
          asked.countDown();
          await(go);
          return null;
        };
    ExecutorService thread = Executors.newSingleThreadExecutor();
    try {
      Future<UseOutcome<String>> late = thread.submit(() -> use(id));
      assertTrue(asked.await(10, TimeUnit.SECONDS));
      Offboarding.Taken taken = house.offboarding.deprovision(BROKER, ANN);
      assertEquals(1, taken.accounts());
      assertEquals(1, taken.toldProviders());
      go.countDown();
      assertInstanceOf(UseOutcome.Revoked.class, late.get(20, TimeUnit.SECONDS));
    } finally {
      thread.shutdown();
    }
    StoredAccount gone = house.stored(id);
    assertEquals(AccountState.REVOKED, gone.state());
    assertNull(gone.sealed());
    assertEquals(2, provider.revoked.size(), "what came late was given back too");
    provider.revoked.forEach(token -> assertFalse(provider.alive(token)));
    assertEquals(List.of(), house.accounts.list(ACTOR));
  }

  @Test
  void i29_a_result_that_comes_late_ends_nothing_of_the_sibling_s() throws Exception {
    provider.rotation = LoopbackProvider.Rotation.KEEPS_OLD;
    AccountId id = house.connected(provider);
    clock.advance(OLD);
    CountDownLatch asked = new CountDownLatch(1);
    CountDownLatch go = new CountDownLatch(1);
    IdentityHouse slow = node(IdentityHouse.Options.usual());
    provider.afterToken =
        exchange -> {
          asked.countDown();
          await(go);
          return null;
        };
    ExecutorService thread = Executors.newSingleThreadExecutor();
    try {
      Future<String> late = thread.submit(() -> token(slow, id));
      assertTrue(asked.await(10, TimeUnit.SECONDS));
      provider.afterToken = exchange -> null;
      clock.advance(Duration.ofSeconds(30));
      String sibling = token(house, id);
      go.countDown();
      assertEquals(sibling, late.get(20, TimeUnit.SECONDS));
    } finally {
      thread.shutdown();
    }
    assertEquals(List.of(), provider.revoked);
    assertTrue(provider.alive(house.refreshToken(id)));
  }

  @Test
  void a_node_without_the_registration_leaves_the_grant_to_those_that_have_it() {
    AccountId id = house.connected(provider);
    clock.advance(OLD);
    IdentityHouse other =
        new IdentityHouse(
            database,
            clock,
            Provider.oidc("other", provider.issuer()).loopback().build(),
            IdentityHouse.Options.usual());
    assertInstanceOf(
        UseOutcome.ProviderDown.class,
        other.accounts.use(ACTOR, id, MAIL, AccessToken::authorization));
    clock.advance(Duration.ofSeconds(2));
    assertInstanceOf(UseOutcome.Done.class, use(id));
  }

  @Test
  void what_a_provider_needs_for_lasting_access_is_asked_for_and_is_no_scope_of_the_account() {
    IdentityHouse lasting =
        new IdentityHouse(
            database,
            clock,
            Provider.oidc("acme", provider.issuer())
                .consentScope("offline_access")
                .consentParameter("prompt", "consent")
                .loopback()
                .build(),
            IdentityHouse.Options.usual());
    URI request = lasting.accounts.connect(ACTOR, "acme", MAIL, BROWSER, HOME);
    Map<String, String> asked = LoopbackProvider.form(request.getRawQuery());
    assertEquals("mail.read offline_access openid", asked.get("scope"));
    assertEquals("consent", asked.get("prompt"));
    ConnectedAccounts.Consent consent =
        lasting.accounts.complete(ACTOR, "acme", BROWSER, Callback.get(provider.consent(request)));
    assertEquals(Set.of("mail.read"), consent.account().scopes());
  }

  @Test
  void i37_a_consent_that_waits_when_its_member_goes_connects_nothing() {
    URI request = house.accounts.connect(ACTOR, "acme", MAIL, BROWSER, HOME);
    house.offboarding.deprovision(BROKER, ANN);
    VestaException refused =
        assertThrows(
            VestaException.class,
            () ->
                house.accounts.complete(
                    ACTOR, "acme", BROWSER, Callback.get(provider.consent(request))));
    assertEquals(IdentityError.LOGIN_UNKNOWN, refused.code());
    assertEquals(0, provider.count("/token"));
  }

  @Test
  void offboarding_ends_links_sessions_and_accounts_even_if_the_provider_is_down() {
    URI request = house.login.begin(BROWSER, HOME);
    var login = house.login.complete(BROWSER, Callback.get(provider.consent(request)));
    Sessions sessions = house.sessions;
    Secret session =
        database.write(
            work -> {
              house.links.link(work, BROKER, login.token(), ANN);
              return sessions.begin(work, login.token(), Duration.ofHours(8));
            });
    AccountId id = house.connected(provider);
    provider.override("/revoke", exchange -> new LoopbackProvider.Reply(503, ""));
    assertEquals(new Offboarding.Taken(1, 1, 1, 0), house.offboarding.deprovision(BROKER, ANN));
    assertEquals(
        IdentityError.SESSION_ENDED,
        assertThrows(
                VestaException.class, () -> database.read(work -> sessions.require(work, session)))
            .code());
    assertEquals(
        IdentityError.SUBJECT_UNLINKED,
        assertThrows(
                VestaException.class,
                () ->
                    database.write(
                        work -> sessions.begin(work, login.token(), Duration.ofHours(1))))
            .code());
    assertInstanceOf(UseOutcome.Revoked.class, use(id));
    assertEquals(new Offboarding.Taken(0, 0, 0, 0), house.offboarding.deprovision(BROKER, ANN));
  }

  @Test
  void an_account_is_its_owner_s_and_a_model_s_that_acts_for_them() {
    AccountId id = house.connected(provider);
    Actor bot = Actor.bot("drafter", ANN);
    assertInstanceOf(
        UseOutcome.Done.class, house.accounts.use(bot, id, MAIL, AccessToken::authorization));
    Actor namesake = Actor.member(new MemberId(new BrokerageId("other"), "ann"), Capacity.AGENT);
    for (Actor other : List.of(BROKER, namesake, Actor.system(ANN.brokerage(), "job"))) {
      assertEquals(
          IdentityError.ACCOUNT_UNKNOWN,
          assertThrows(
                  VestaException.class,
                  () -> house.accounts.use(other, id, MAIL, AccessToken::authorization))
              .code());
    }
    assertThrows(
        VestaException.class, () -> house.accounts.connect(bot, "acme", MAIL, BROWSER, HOME));
    assertThrows(VestaException.class, () -> house.accounts.revoke(namesake, id));
  }

  @Test
  void a_token_is_of_no_use_after_its_moment_and_prints_nothing() {
    AccountId id = house.connected(provider);
    List<AccessToken> kept = new ArrayList<>();
    UseOutcome<String> sasl =
        house.accounts.use(
            ACTOR,
            id,
            MAIL,
            token -> {
              kept.add(token);
              assertEquals("AccessToken[hidden]", token.toString());
              assertThrows(VestaException.class, () -> token.xoauth2("ann\u0001@acme.example"));
              return token.xoauth2("ann@acme.example");
            });
    String text =
        new String(
            java.util.Base64.getDecoder()
                .decode(assertInstanceOf(UseOutcome.Done.class, sasl).value().toString()),
            java.nio.charset.StandardCharsets.US_ASCII);
    assertTrue(text.startsWith("user=ann@acme.example\u0001auth=Bearer access-"));
    assertTrue(text.endsWith("\u0001\u0001"));
    assertEquals(
        IdentityError.TOKEN_SPENT,
        assertThrows(VestaException.class, () -> kept.get(0).reveal()).code());
    assertTrue(house.accounts.onlyOauth(ANN.brokerage()));
  }

  @Test
  void a_member_s_revocation_tells_the_provider_and_holds_anyway() {
    AccountId id = house.connected(provider);
    String refresh = house.refreshToken(id);
    assertTrue(house.accounts.revoke(ACTOR, id).provider());
    assertEquals(List.of(refresh), provider.revoked);
    assertFalse(house.accounts.revoke(ACTOR, id).provider(), "twice does no harm");
    assertInstanceOf(UseOutcome.Revoked.class, use(id));
  }

  @ParameterizedTest
  @ValueSource(booleans = {true, false})
  void we_prove_who_we_are_by_a_key_or_a_secret_from_the_source(boolean byKey) throws Exception {
    Map<String, Secret> secrets =
        Map.of(
            "client-key",
            Secret.of(Forge.TWO.toJSONString()),
            "client-secret",
            Secret.of("s3cret/+"));
    ClientProof proof =
        byKey
            ? new ClientProof.PrivateKey("client-key", "PS256")
            : new ClientProof.SharedSecret("client-secret");
    IdentityHouse other =
        new IdentityHouse(
            database,
            clock,
            provider.provider(),
            IdentityHouse.Options.usual().proof(proof),
            new Random(1),
            secrets);
    other.connected(provider);
    Map<String, String> form = provider.forms.get(provider.forms.size() - 1);
    if (byKey) {
      assertEquals(
          "urn:ietf:params:oauth:client-assertion-type:jwt-bearer",
          form.get("client_assertion_type"));
      var jwt = com.nimbusds.jwt.SignedJWT.parse(form.get("client_assertion"));
      assertTrue(
          jwt.verify(new com.nimbusds.jose.crypto.RSASSAVerifier(Forge.TWO.toRSAPublicKey())));
      assertEquals("vesta", jwt.getJWTClaimsSet().getSubject());
      assertEquals(List.of(provider.issuer() + "/token"), jwt.getJWTClaimsSet().getAudience());
    } else {
      assertTrue(form.get("authorization").startsWith("Basic "));
      assertFalse(form.containsKey("client_secret"));
    }
    IdentityHouse without =
        new IdentityHouse(
            database,
            clock,
            provider.provider(),
            IdentityHouse.Options.usual().proof(proof),
            new Random(2),
            Map.of("client-key", Secret.of("{}"), "client-secret", Secret.of("x")));
    if (byKey) {
      VestaException unusable =
          assertThrows(VestaException.class, () -> without.connected(provider));
      assertEquals(IdentityError.CLIENT_PROOF_INVALID, unusable.code());
    }
  }

  @Test
  void the_wall_clock_serves_as_well() {
    IdentityHouse real =
        new IdentityHouse(
            database, Clock.systemUTC(), provider.provider(), IdentityHouse.Options.usual());
    clock.advance(
        Duration.between(clock.instant(), Instant.ofEpochMilli(System.currentTimeMillis())));
    AccountId id = real.connected(provider);
    assertTrue(token(real, id).startsWith("Bearer "));
  }
}
