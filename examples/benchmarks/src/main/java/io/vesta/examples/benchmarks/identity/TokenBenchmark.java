package io.vesta.examples.benchmarks.identity;

import com.nimbusds.jose.JOSEException;
import com.nimbusds.jose.JOSEObjectType;
import com.nimbusds.jose.JWSAlgorithm;
import com.nimbusds.jose.JWSHeader;
import com.nimbusds.jose.crypto.RSASSASigner;
import com.nimbusds.jose.jwk.JWKSet;
import com.nimbusds.jose.jwk.RSAKey;
import com.nimbusds.jose.jwk.gen.RSAKeyGenerator;
import com.nimbusds.jose.jwk.source.ImmutableJWKSet;
import com.nimbusds.jose.proc.DefaultJOSEObjectTypeVerifier;
import com.nimbusds.jose.proc.JWSVerificationKeySelector;
import com.nimbusds.jose.proc.SecurityContext;
import com.nimbusds.jwt.JWTClaimsSet;
import com.nimbusds.jwt.SignedJWT;
import com.nimbusds.jwt.proc.DefaultJWTClaimsVerifier;
import com.nimbusds.jwt.proc.DefaultJWTProcessor;
import com.sun.net.httpserver.HttpServer;
import io.vesta.core.id.Ref;
import io.vesta.core.secret.Secret;
import io.vesta.identity.provider.Provider;
import io.vesta.identity.provider.internal.Discovery;
import io.vesta.identity.token.BearerTokens;
import io.vesta.identity.token.internal.KeyCache;
import io.vesta.identity.vault.Sealed;
import io.vesta.identity.vault.internal.KeyRing;
import io.vesta.identity.vault.internal.TokenVault;
import io.vesta.identity.wire.internal.ProviderHttp;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.http.HttpClient;
import java.nio.charset.StandardCharsets;
import java.time.Clock;
import java.time.Duration;
import java.util.Date;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Fork;
import org.openjdk.jmh.annotations.Measurement;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.annotations.OutputTimeUnit;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.State;
import org.openjdk.jmh.annotations.TearDown;
import org.openjdk.jmh.annotations.Warmup;
import org.openjdk.jmh.runner.Runner;
import org.openjdk.jmh.runner.RunnerException;
import org.openjdk.jmh.runner.options.OptionsBuilder;

/** An access token of RFC 9068 with warm keys beside bare Nimbus; and a vault that is read. */
@State(Scope.Benchmark)
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.MICROSECONDS)
@Warmup(iterations = 3, time = 2)
@Measurement(iterations = 5, time = 2)
@Fork(2)
public class TokenBenchmark {

  private static final Ref OWNER =
      new Ref("ConnectedAccount", "0190a1b2-0000-7000-8000-000000000001");

  private final DefaultJWTProcessor<SecurityContext> nimbus = new DefaultJWTProcessor<>();
  private HttpServer server;
  private BearerTokens vesta;
  private TokenVault vault;
  private Sealed sealed;
  private String token;

  /** Runs all of it. */
  public static void main(String[] args) throws RunnerException {
    new Runner(new OptionsBuilder().include(TokenBenchmark.class.getName()).build()).run();
  }

  /** Publishes a key, signs a token, and lets both sides see that it is good. */
  @Setup
  public void publish() throws Exception {
    RSAKey key = new RSAKeyGenerator(2_048).keyID("k1").generate();
    server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
    String issuer = "http://127.0.0.1:" + server.getAddress().getPort();
    answer("/jwks", new JWKSet(key.toPublicJWK()).toString());
    answer(
        "/.well-known/openid-configuration",
        """
        {"issuer":"@","authorization_endpoint":"@/a","token_endpoint":"@/t","jwks_uri":"@/jwks",
         "subject_types_supported":["public"],"id_token_signing_alg_values_supported":["RS256"],
         "response_types_supported":["code"],"code_challenge_methods_supported":["S256"]}
        """
            .replace("@", issuer));
    server.start();
    Provider provider = Provider.oidc("acme", issuer).loopback().build();
    HttpClient client = HttpClient.newBuilder().followRedirects(HttpClient.Redirect.NEVER).build();
    ProviderHttp http = new ProviderHttp(client, Duration.ofSeconds(5));
    Clock clock = Clock.systemUTC();
    vesta =
        new BearerTokens(
            provider, "crm-api", new Discovery(http, clock), new KeyCache(http, clock), clock);
    nimbus.setJWSTypeVerifier(new DefaultJOSEObjectTypeVerifier<>(new JOSEObjectType("at+jwt")));
    nimbus.setJWSKeySelector(
        new JWSVerificationKeySelector<>(
            JWSAlgorithm.RS256, new ImmutableJWKSet<>(new JWKSet(key.toPublicJWK()))));
    nimbus.setJWTClaimsSetVerifier(
        new DefaultJWTClaimsVerifier<>(
            "crm-api",
            new JWTClaimsSet.Builder().issuer(issuer).build(),
            Set.of("sub", "exp", "iat", "jti", "client_id")));
    token = signed(key, issuer);
    vault =
        new TokenVault(
            new KeyRing(Map.of("vault-1", Secret.of("32 bytes or more that nobody has"))));
    sealed =
        vault.seal(
            OWNER,
            1,
            new TokenVault.Tokens(Secret.of("a".repeat(1_200)), Secret.of("r".repeat(1_200))));
    if (!vesta().equals(nimbus()) || vault() == null) {
      throw new IllegalStateException("they read different tokens");
    }
  }

  private void answer(String path, String body) {
    byte[] bytes = body.getBytes(StandardCharsets.UTF_8);
    server.createContext(
        path,
        exchange -> {
          exchange.getResponseHeaders().set("Content-Type", "application/json");
          exchange.sendResponseHeaders(200, bytes.length);
          exchange.getResponseBody().write(bytes);
          exchange.close();
        });
  }

  private static String signed(RSAKey key, String issuer) throws JOSEException {
    long now = Clock.systemUTC().millis();
    SignedJWT jwt =
        new SignedJWT(
            new JWSHeader.Builder(JWSAlgorithm.RS256)
                .keyID("k1")
                .type(new JOSEObjectType("at+jwt"))
                .build(),
            new JWTClaimsSet.Builder()
                .issuer(issuer)
                .subject("ann")
                .audience("crm-api")
                .issueTime(new Date(now))
                .expirationTime(new Date(now + 3_600_000))
                .jwtID("j-1")
                .claim("client_id", "app")
                .claim("scope", "listing.read listing.write")
                .build());
    jwt.sign(new RSASSASigner(key));
    return jwt.serialize();
  }

  /** Stops the provider. */
  @TearDown
  public void stop() {
    server.stop(0);
  }

  /** The gate, the signature and the claim policy. */
  @Benchmark
  public String vesta() {
    return vesta.verify(token).subject();
  }

  /** The same key, algorithm, type, issuer, audience and required claims. */
  @Benchmark
  public String nimbus() throws Exception {
    return nimbus.process(token, null).getSubject();
  }

  /** Access and refresh token of 1,200 characters each. */
  @Benchmark
  public TokenVault.Tokens vault() {
    return vault.open(OWNER, sealed);
  }
}
