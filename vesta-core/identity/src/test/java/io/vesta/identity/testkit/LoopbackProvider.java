package io.vesta.identity.testkit;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.nimbusds.jose.jwk.JWK;
import com.nimbusds.jose.jwk.RSAKey;
import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import io.vesta.identity.provider.Provider;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URI;
import java.net.URLDecoder;
import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.time.Clock;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Random;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Function;
import java.util.function.UnaryOperator;
import org.jspecify.annotations.Nullable;

/**
 * A provider on loopback that counts what it is asked, rotates refresh tokens as strictly as the
 * strictest real one, and does whatever a test tells it to.
 */
public final class LoopbackProvider implements AutoCloseable {

  /** What refreshing does to the refresh token. */
  public enum Rotation {
    /** A new one; whoever shows an old one ends the grant (npm oidc-provider). */
    STRICT,
    /** A new one; the old one stays good (Microsoft). */
    KEEPS_OLD,
    /** None (Google). */
    NONE
  }

  /** An answer. */
  public record Reply(int status, String type, String body, Map<String, String> headers) {
    public Reply(int status, String body) {
      this(status, "application/json", body, Map.of());
    }
  }

  private record Grant(
      String challenge, String nonce, String scope, String subject, Family family) {}

  private static final class Family {
    volatile boolean alive = true;
    volatile String current = "";
    String scope = "";
  }

  private static final ObjectMapper JSON = new ObjectMapper();

  private final HttpServer server;
  private final ExecutorService threads = Executors.newCachedThreadPool();
  private final Clock clock;
  private final Random random = new Random(7);
  private final Map<String, AtomicInteger> counts = new ConcurrentHashMap<>();
  private final Map<String, Function<HttpExchange, @Nullable Reply>> overrides =
      new ConcurrentHashMap<>();
  private final Map<String, Grant> codes = new ConcurrentHashMap<>();
  private final Map<String, Family> refreshTokens = new ConcurrentHashMap<>();
  public final List<String> revoked = new ArrayList<>();
  public final List<Map<String, String>> forms = new ArrayList<>();
  public volatile Rotation rotation = Rotation.STRICT;
  public volatile RSAKey signer = Forge.ONE;
  public volatile List<JWK> published = List.of(Forge.ONE.toPublicJWK());
  public volatile UnaryOperator<Map<String, Object>> claims = UnaryOperator.identity();
  public volatile UnaryOperator<Map<String, Object>> metadata = UnaryOperator.identity();
  public volatile UnaryOperator<Map<String, Object>> response = UnaryOperator.identity();
  public volatile Function<HttpExchange, @Nullable Reply> afterToken = exchange -> null;
  public volatile boolean ignoresVerifier;
  public volatile boolean hangsUp;
  public volatile String subject = "sub-1";
  public volatile String prefix = "";
  private final AtomicInteger serial = new AtomicInteger();

  public LoopbackProvider(Clock clock) {
    this.clock = clock;
    try {
      server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    server.setExecutor(threads);
    server.createContext("/", this::handle);
    server.start();
  }

  public String issuer() {
    return "http://127.0.0.1:" + server.getAddress().getPort();
  }

  public Provider provider() {
    return Provider.oidc("acme", issuer()).loopback().build();
  }

  /** How often a path was asked for. */
  public int count(String path) {
    return counts.getOrDefault(path, new AtomicInteger()).get();
  }

  /** How often anything was asked for. */
  public int count() {
    return counts.values().stream().mapToInt(AtomicInteger::get).sum();
  }

  /** Answers a path by something else; a null answer lets the usual one be given. */
  public void override(String path, Function<HttpExchange, @Nullable Reply> answer) {
    overrides.put(path, answer);
  }

  public void usual(String path) {
    overrides.remove(path);
  }

  /** What the browser brings back when the person says yes. */
  public String consent(URI request) {
    Map<String, String> asked = form(request.getRawQuery());
    Family family = new Family();
    family.scope = Objects.requireNonNull(asked.get("scope"));
    String code = token("code");
    codes.put(
        code,
        new Grant(
            asked.getOrDefault("code_challenge", ""),
            asked.getOrDefault("nonce", ""),
            family.scope,
            subject,
            family));
    return "code=" + code + "&state=" + asked.get("state") + "&iss=" + encode(issuer());
  }

  private static String encode(String text) {
    return URLEncoder.encode(text, StandardCharsets.UTF_8);
  }

  /** Whether a refresh token would be taken. */
  public boolean alive(String refreshToken) {
    Family family = refreshTokens.get(refreshToken);
    return family != null && family.alive;
  }

  private String token(String kind) {
    return prefix
        + kind
        + "-"
        + serial.incrementAndGet()
        + "-"
        + Long.toHexString(random.nextLong());
  }

  private void handle(HttpExchange exchange) throws IOException {
    String path = exchange.getRequestURI().getPath();
    counts.computeIfAbsent(path, none -> new AtomicInteger()).incrementAndGet();
    Function<HttpExchange, @Nullable Reply> override = overrides.get(path);
    Reply reply = override == null ? null : override.apply(exchange);
    if (reply == null) {
      reply =
          switch (path) {
            case "/.well-known/openid-configuration" ->
                new Reply(200, json(metadata.apply(meta())));
            case "/jwks" ->
                new Reply(
                    200, json(Map.of("keys", published.stream().map(JWK::toJSONObject).toList())));
            case "/authorize" -> authorize(exchange);
            case "/token" -> token(exchange);
            case "/revoke" -> revoke(exchange);
            default -> new Reply(404, "{}");
          };
    }
    byte[] body = reply.body().getBytes(StandardCharsets.UTF_8);
    exchange.getResponseHeaders().set("Content-Type", reply.type());
    if (hangsUp) {
      exchange.getResponseHeaders().set("Connection", "close");
    }
    reply.headers().forEach(exchange.getResponseHeaders()::set);
    exchange.sendResponseHeaders(reply.status(), body.length == 0 ? -1 : body.length);
    if (body.length > 0) {
      exchange.getResponseBody().write(body);
    }
    exchange.close();
  }

  private Map<String, Object> meta() {
    Map<String, Object> meta = new LinkedHashMap<>();
    meta.put("issuer", issuer());
    meta.put("authorization_endpoint", issuer() + "/authorize");
    meta.put("token_endpoint", issuer() + "/token");
    meta.put("revocation_endpoint", issuer() + "/revoke");
    meta.put("jwks_uri", issuer() + "/jwks");
    meta.put("response_types_supported", List.of("code"));
    meta.put("subject_types_supported", List.of("public"));
    meta.put("id_token_signing_alg_values_supported", List.of("RS256"));
    meta.put("code_challenge_methods_supported", List.of("S256"));
    meta.put("authorization_response_iss_parameter_supported", true);
    return meta;
  }

  /** For a browser in another process: the person says yes at once. */
  private Reply authorize(HttpExchange exchange) {
    URI request = exchange.getRequestURI();
    String back = form(request.getRawQuery()).get("redirect_uri") + "?" + consent(request);
    return new Reply(302, "application/json", "", Map.of("Location", back));
  }

  private Reply revoke(HttpExchange exchange) throws IOException {
    String token = body(exchange).getOrDefault("token", "");
    synchronized (revoked) {
      revoked.add(token);
    }
    Family family = refreshTokens.get(token);
    if (family != null) {
      family.alive = false;
    }
    return new Reply(200, "");
  }

  private Reply token(HttpExchange exchange) throws IOException {
    Map<String, String> form = body(exchange);
    String authorization = exchange.getRequestHeaders().getFirst("Authorization");
    if (authorization != null) {
      form.put("authorization", authorization);
    }
    synchronized (forms) {
      forms.add(form);
    }
    Reply reply = decide(form);
    Reply other = afterToken.apply(exchange);
    return other == null ? reply : other;
  }

  private synchronized Reply decide(Map<String, String> form) {
    return switch (form.getOrDefault("grant_type", "")) {
      case "authorization_code" -> code(form);
      case "refresh_token" -> refresh(form);
      case "client_credentials" ->
          granted(new Family(), null, form.getOrDefault("scope", ""), false);
      default -> new Reply(400, "{\"error\":\"unsupported_grant_type\"}");
    };
  }

  private Reply code(Map<String, String> form) {
    Grant grant = codes.remove(form.getOrDefault("code", ""));
    if (grant == null
        || (!ignoresVerifier
            && !s256(form.getOrDefault("code_verifier", "")).equals(grant.challenge))) {
      return new Reply(400, "{\"error\":\"invalid_grant\"}");
    }
    return granted(grant.family, grant, grant.scope, true);
  }

  private Reply refresh(Map<String, String> form) {
    String shown = form.getOrDefault("refresh_token", "");
    Family family = refreshTokens.get(shown);
    if (family == null || !family.alive) {
      return new Reply(400, "{\"error\":\"invalid_grant\"}");
    }
    if (rotation == Rotation.STRICT && !shown.equals(family.current)) {
      family.alive = false;
      return new Reply(400, "{\"error\":\"invalid_grant\"}");
    }
    return granted(family, null, family.scope, rotation != Rotation.NONE);
  }

  private Reply granted(Family family, @Nullable Grant grant, String scope, boolean refresh) {
    Map<String, Object> answer = new LinkedHashMap<>();
    String access = token("access");
    answer.put("access_token", access);
    answer.put("token_type", "Bearer");
    answer.put("expires_in", 3600);
    answer.put("scope", scope);
    if (refresh) {
      String next = token("refresh");
      family.current = next;
      refreshTokens.put(next, family);
      answer.put("refresh_token", next);
    }
    if (grant != null) {
      answer.put("id_token", idToken(grant));
    }
    return new Reply(200, json(response.apply(answer)));
  }

  private String idToken(Grant grant) {
    long now = clock.instant().getEpochSecond();
    Map<String, Object> said = new LinkedHashMap<>();
    said.put("iss", issuer());
    said.put("sub", grant.subject);
    said.put("aud", "vesta");
    said.put("iat", now);
    said.put("exp", now + 300);
    said.put("nonce", grant.nonce);
    said.put("email", "ann@acme.example");
    said.put("email_verified", true);
    return Forge.jws(
        "{\"alg\":\"RS256\",\"kid\":\"" + signer.getKeyID() + "\"}",
        json(claims.apply(said)).getBytes(StandardCharsets.UTF_8),
        Forge.rsa(signer, "RS256"));
  }

  static String s256(String verifier) {
    try {
      return Forge.encode(
          MessageDigest.getInstance("SHA-256")
              .digest(verifier.getBytes(StandardCharsets.US_ASCII)));
    } catch (NoSuchAlgorithmException e) {
      throw new AssertionError(e);
    }
  }

  private static Map<String, String> body(HttpExchange exchange) throws IOException {
    return form(new String(exchange.getRequestBody().readAllBytes(), StandardCharsets.UTF_8));
  }

  public static Map<String, String> form(String text) {
    Map<String, String> form = new HashMap<>();
    Arrays.stream(text.split("&", -1))
        .map(pair -> pair.split("=", 2))
        .filter(pair -> pair.length == 2)
        .forEach(pair -> form.put(decode(pair[0]), decode(pair[1])));
    return form;
  }

  private static String decode(String text) {
    return URLDecoder.decode(text, StandardCharsets.UTF_8);
  }

  private static String json(Object value) {
    try {
      return JSON.writeValueAsString(value);
    } catch (JsonProcessingException e) {
      throw new AssertionError(e);
    }
  }

  @Override
  public void close() {
    server.stop(0);
    threads.shutdownNow();
  }
}
