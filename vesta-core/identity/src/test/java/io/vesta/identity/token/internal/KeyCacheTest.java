package io.vesta.identity.token.internal;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTimeoutPreemptively;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import com.nimbusds.jose.jwk.Curve;
import com.nimbusds.jose.jwk.gen.ECKeyGenerator;
import com.nimbusds.jose.jwk.gen.OctetSequenceKeyGenerator;
import com.nimbusds.jose.jwk.gen.RSAKeyGenerator;
import io.vesta.core.error.VestaException;
import io.vesta.identity.IdentityError;
import io.vesta.identity.testkit.Forge;
import io.vesta.identity.testkit.LoopbackProvider;
import io.vesta.identity.wire.internal.ProviderHttp;
import io.vesta.testkit.MutableClock;
import java.math.BigInteger;
import java.net.URI;
import java.net.http.HttpClient;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class KeyCacheTest {

  private static final HttpClient CLIENT =
      HttpClient.newBuilder().followRedirects(HttpClient.Redirect.NEVER).build();

  private final MutableClock clock = new MutableClock(Instant.parse("2026-06-30T12:00:00Z"));
  private final LoopbackProvider provider = new LoopbackProvider(clock);
  private KeyCache cache;
  private URI jwks;

  @BeforeEach
  void start() {
    cache = new KeyCache(new ProviderHttp(CLIENT, Duration.ofMillis(700)), clock);
    jwks = URI.create(provider.issuer() + "/jwks");
  }

  @AfterEach
  void stop() {
    provider.close();
  }

  private static ObjectNode json(String text) {
    try {
      return (ObjectNode) new ObjectMapper().readTree(text);
    } catch (JsonProcessingException e) {
      throw new AssertionError(e);
    }
  }

  private static ObjectNode set(String... keys) {
    return json("{\"keys\":[" + String.join(",", keys) + "]}");
  }

  @Test
  void keys_that_are_weak_or_for_something_else_are_left_out_and_the_others_stay()
      throws Exception {
    String good = Forge.ONE.toPublicJWK().toJSONString();
    String small =
        new RSAKeyGenerator(1_024, true).keyID("small").generate().toPublicJWK().toJSONString();
    String one = good.replace("\"AQAB\"", "\"AQ\"").replace("\"k1\"", "\"e1\"");
    String even = good.replace("\"AQAB\"", "\"AQAA\"").replace("\"k1\"", "\"e2\"");
    String enc = json(good).put("kid", "enc").put("use", "enc").toString();
    ObjectNode ops = json(good).put("kid", "ops");
    ops.putArray("key_ops").add("encrypt");
    String off =
        new ECKeyGenerator(Curve.P_256).keyID("ec").generate().toPublicJWK().toJSONString();
    ObjectNode curve = json(off);
    curve.put("y", curve.get("x").asText());
    String secret = new OctetSequenceKeyGenerator(256).keyID("oct").generate().toJSONString();
    String open = Forge.TWO.toJSONString();
    VerificationKeys keys =
        VerificationKeys.published(
            set(
                small,
                one,
                even,
                enc,
                ops.toString(),
                curve.toString(),
                secret,
                open,
                "{}",
                "7",
                good));
    assertEquals(1, keys.size());
    assertTrue(keys.knows("k1"));
    for (String id : List.of("small", "e1", "e2", "enc", "ops", "ec", "oct", "k2")) {
      assertFalse(keys.knows(id), id);
    }
  }

  @Test
  void of_two_keys_with_one_id_neither_is_taken() {
    String one = Forge.ONE.toPublicJWK().toJSONString();
    String two = Forge.TWO.toPublicJWK().toJSONString();
    String twin = two.replace("\"k2\"", "\"k1\"");
    VerificationKeys keys = VerificationKeys.published(set(one, twin, two));
    assertFalse(keys.knows("k1"));
    assertTrue(keys.knows("k2"));
    assertEquals(0, VerificationKeys.published(set(one, twin)).size(), "nor as the only one");
  }

  @Test
  void a_modulus_with_the_fingerprint_of_cve_2017_15361_is_suspected_and_no_other() {
    BigInteger product = BigInteger.ONE;
    for (int prime = 3; prime <= 167; prime += 2) {
      if (BigInteger.valueOf(prime).isProbablePrime(20)) {
        product = product.multiply(BigInteger.valueOf(prime));
      }
    }
    BigInteger generator = BigInteger.valueOf(65_537);
    assertTrue(Roca.suspects(generator.modPow(BigInteger.valueOf(12_345), product)));
    assertFalse(Roca.suspects(new BigInteger(1, Forge.ONE.getModulus().decode())));
    assertFalse(Roca.suspects(new BigInteger(1, Forge.TWO.getModulus().decode())));
  }

  @Test
  void ten_thousand_unknown_ids_cost_one_request_in_each_window_and_harm_nobody() {
    assertTrue(cache.keys(jwks, "k1").knows("k1"));
    for (int i = 0; i < 10_000; i++) {
      assertFalse(cache.keys(jwks, "unknown-" + i).knows("unknown-" + i));
    }
    assertEquals(1, provider.count("/jwks"), "the first fetch opened the window");
    clock.advance(KeyCache.PAUSE.plusMillis(1));
    for (int i = 0; i < 10_000; i++) {
      cache.keys(jwks, "unknown-" + i);
    }
    assertEquals(2, provider.count("/jwks"));
    assertTrue(cache.keys(jwks, "k1").knows("k1"), "who is known is served");
    assertEquals(2, provider.count("/jwks"));
  }

  @Test
  void a_rotated_key_is_fetched_once_by_many_and_the_old_one_is_forgotten() throws Exception {
    cache.keys(jwks, "k1");
    provider.published = List.of(Forge.TWO.toPublicJWK());
    clock.advance(KeyCache.PAUSE.plusMillis(1));
    ExecutorService threads = Executors.newFixedThreadPool(32);
    try {
      List<Future<Boolean>> all = new ArrayList<>();
      for (int i = 0; i < 200; i++) {
        all.add(threads.submit(() -> cache.keys(jwks, "k2").knows("k2")));
      }
      for (Future<Boolean> one : all) {
        assertTrue(one.get());
      }
    } finally {
      threads.shutdown();
    }
    assertEquals(2, provider.count("/jwks"));
    assertFalse(cache.keys(jwks, "k1").knows("k1"));
  }

  @Test
  void while_the_provider_is_down_its_keys_serve_for_a_day_and_no_longer() {
    cache.keys(jwks, "k1");
    provider.override("/jwks", exchange -> new LoopbackProvider.Reply(503, ""));
    clock.advance(Duration.ofHours(23));
    assertTrue(cache.keys(jwks, "k1").knows("k1"));
    assertEquals(2, provider.count("/jwks"), "renewal was tried");
    clock.advance(Duration.ofHours(2));
    VestaException refused = assertThrows(VestaException.class, () -> cache.keys(jwks, "k1"));
    assertEquals(IdentityError.KEYS_UNAVAILABLE, refused.code());
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "huge",
        "many",
        "trickle",
        "silence",
        "redirect",
        "gzip",
        "html",
        "status",
        "empty"
      })
  void a_hostile_key_set_fails_in_time_and_the_known_keys_serve_on(String kind) {
    cache.keys(jwks, "k1");
    provider.override("/jwks", exchange -> hostile(kind, exchange));
    clock.advance(Duration.ofMinutes(20));
    assertTimeoutPreemptively(
        Duration.ofSeconds(3), () -> assertTrue(cache.keys(jwks, "k1").knows("k1")));
    KeyCache fresh = new KeyCache(new ProviderHttp(CLIENT, Duration.ofMillis(700)), clock);
    VestaException refused =
        assertTimeoutPreemptively(
            Duration.ofSeconds(3),
            () -> assertThrows(VestaException.class, () -> fresh.keys(jwks, "k1")));
    assertEquals(IdentityError.KEYS_UNAVAILABLE, refused.code());
    assertEquals(0, provider.count("/elsewhere"), "no redirect is followed");
  }

  private static LoopbackProvider.Reply hostile(
      String kind, com.sun.net.httpserver.HttpExchange exchange) {
    String key = Forge.ONE.toPublicJWK().toJSONString();
    return switch (kind) {
      case "huge" ->
          new LoopbackProvider.Reply(
              200, "{\"keys\":[" + key + "],\"x\":\"" + "x".repeat(5 << 20) + "\"}");
      case "many" ->
          new LoopbackProvider.Reply(200, "{\"keys\":[" + "{},".repeat(10_000) + key + "]}");
      case "trickle", "silence" -> slow(kind, exchange);
      case "redirect" ->
          new LoopbackProvider.Reply(
              302, "application/json", "{}", Map.of("Location", "/elsewhere"));
      case "gzip" ->
          new LoopbackProvider.Reply(
              200, "application/json", "\u001f\u008b", Map.of("Content-Encoding", "gzip"));
      case "html" -> new LoopbackProvider.Reply(200, "text/html", "<html></html>", Map.of());
      case "status" -> new LoopbackProvider.Reply(500, "{\"keys\":[" + key + "]}");
      default -> new LoopbackProvider.Reply(200, "{\"keys\":[]}");
    };
  }

  /** Writes a byte at a time until nobody reads, or nothing at all. */
  private static LoopbackProvider.Reply slow(
      String kind, com.sun.net.httpserver.HttpExchange exchange) {
    try {
      if (kind.equals("trickle")) {
        exchange.sendResponseHeaders(200, 0);
      }
      long end = System.nanoTime() + Duration.ofSeconds(2).toNanos();
      while (System.nanoTime() < end) {
        if (kind.equals("trickle")) {
          exchange.getResponseBody().write(' ');
          exchange.getResponseBody().flush();
        }
        java.util.concurrent.locks.LockSupport.parkNanos(20_000_000);
      }
    } catch (java.io.IOException e) {
      // The reader went away, as it should.
    }
    return new LoopbackProvider.Reply(200, "{}");
  }

  @Test
  void a_client_that_follows_redirects_is_refused() {
    HttpClient follows =
        HttpClient.newBuilder().followRedirects(HttpClient.Redirect.NORMAL).build();
    assertThrows(VestaException.class, () -> new ProviderHttp(follows, Duration.ofSeconds(1)));
  }
}
