package io.vesta.identity.token;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTimeoutPreemptively;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.nimbusds.jose.JOSEException;
import com.nimbusds.jose.jwk.RSAKey;
import io.vesta.core.error.VestaException;
import io.vesta.identity.IdentityError;
import io.vesta.identity.provider.internal.Discovery;
import io.vesta.identity.testkit.Forge;
import io.vesta.identity.testkit.LoopbackProvider;
import io.vesta.identity.token.internal.KeyCache;
import io.vesta.identity.wire.internal.ProviderHttp;
import io.vesta.testkit.MutableClock;
import java.net.URI;
import java.net.http.HttpClient;
import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.security.MessageDigest;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Base64;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.Consumer;
import java.util.function.Function;
import java.util.stream.Stream;
import javax.crypto.Mac;
import javax.crypto.spec.SecretKeySpec;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * Tokens that must be refused, each for its own reason, most before anything leaves the machine.
 */
class TokenAttackTest {

  private static final ObjectMapper JSON = new ObjectMapper();
  private static final Instant NOW = Instant.parse("2026-06-30T12:00:00Z");
  private static final MutableClock CLOCK = new MutableClock(NOW);
  private static final HttpClient CLIENT =
      HttpClient.newBuilder().followRedirects(HttpClient.Redirect.NEVER).build();
  private static final long SECOND = NOW.getEpochSecond();
  private static final String HEADER = "{\"alg\":\"RS256\",\"kid\":\"k1\"}";
  private static final IdTokens.Exchange EXCHANGE =
      new IdTokens.Exchange("vesta", "nonce-Of-This-Login", "the-code", "the-access-token");

  /** Refused without a key: nothing may be fetched for these. */
  private static final Set<IdentityError> AT_THE_GATE =
      Set.of(
          IdentityError.TOKEN_SHAPE,
          IdentityError.TOKEN_TOO_LONG,
          IdentityError.TOKEN_ENCODING,
          IdentityError.TOKEN_HEADER,
          IdentityError.TOKEN_ALGORITHM,
          IdentityError.TOKEN_KEY_REFERENCE,
          IdentityError.TOKEN_CRITICAL,
          IdentityError.TOKEN_TYPE,
          IdentityError.TOKEN_KEY_ID,
          IdentityError.BEARER_MALFORMED);

  private static LoopbackProvider provider;
  private static LoopbackProvider trap;

  record Attack(String number, String what, IdentityError code, String token) {
    @Override
    public String toString() {
      return number + " " + what;
    }
  }

  @BeforeAll
  static void start() {
    open();
  }

  private static void open() {
    if (provider == null) {
      provider = new LoopbackProvider(CLOCK);
      provider.published = List.of(Forge.ONE.toPublicJWK(), Forge.TWO.toPublicJWK());
      trap = new LoopbackProvider(CLOCK);
    }
  }

  @AfterAll
  static void stop() {
    provider.close();
    trap.close();
  }

  private static KeyCache keys() {
    return new KeyCache(http(), CLOCK);
  }

  private static ProviderHttp http() {
    return new ProviderHttp(CLIENT, Duration.ofSeconds(5));
  }

  private static VerifiedToken verify(String token) {
    return new IdTokens(keys(), CLOCK)
        .verify(provider.provider(), URI.create(provider.issuer() + "/jwks"), token, EXCHANGE);
  }

  private static Map<String, Object> claims() {
    Map<String, Object> claims = new LinkedHashMap<>();
    claims.put("iss", provider.issuer());
    claims.put("sub", "ann");
    claims.put("aud", "vesta");
    claims.put("iat", SECOND);
    claims.put("exp", SECOND + 300);
    claims.put("nonce", "nonce-Of-This-Login");
    return claims;
  }

  private static byte[] json(Map<String, Object> claims) {
    try {
      return JSON.writeValueAsBytes(claims);
    } catch (JsonProcessingException e) {
      throw new AssertionError(e);
    }
  }

  private static String signed(String header, byte[] payload) {
    return Forge.jws(header, payload, Forge.rsa(Forge.ONE, "RS256"));
  }

  private static String with(Consumer<Map<String, Object>> change) {
    Map<String, Object> claims = claims();
    change.accept(claims);
    return signed(HEADER, json(claims));
  }

  private static String raw(String from, String to) {
    String text = new String(json(claims()), StandardCharsets.UTF_8);
    assertTrue(text.contains(from), from);
    return signed(HEADER, text.replace(from, to).getBytes(StandardCharsets.UTF_8));
  }

  private static String header(String header) {
    return signed(header, json(claims()));
  }

  private static Function<byte[], byte[]> hmac(byte[] key) {
    return bytes -> {
      try {
        Mac mac = Mac.getInstance("HmacSHA256");
        mac.init(new SecretKeySpec(key, "HmacSHA256"));
        return mac.doFinal(bytes);
      } catch (GeneralSecurityException e) {
        throw new AssertionError(e);
      }
    };
  }

  private static String good() {
    return header(HEADER);
  }

  private static String signature(Function<String, String> change) {
    String token = good();
    int dot = token.lastIndexOf('.') + 1;
    return token.substring(0, dot) + change.apply(token.substring(dot));
  }

  private static String unusedBit(String part) {
    // The last of 342 characters of a 2,048 bit signature has four bits that mean nothing.
    char last = part.charAt(part.length() - 1);
    String alphabet = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_";
    return part.substring(0, part.length() - 1) + alphabet.charAt(alphabet.indexOf(last) ^ 1);
  }

  static List<Attack> attacks() throws JOSEException {
    open();
    List<Attack> all = new ArrayList<>();
    byte[] der = Forge.ONE.toRSAPublicKey().getEncoded();
    String pem =
        "-----BEGIN PUBLIC KEY-----\n"
            + Base64.getMimeEncoder(64, new byte[] {'\n'}).encodeToString(der)
            + "\n-----END PUBLIC KEY-----\n";
    byte[] payload = json(claims());
    String none = Forge.encode("{\"alg\":\"none\"}") + "." + Forge.encode(payload) + ".";
    all.add(new Attack("1", "alg none", IdentityError.TOKEN_ALGORITHM, none));
    all.add(
        new Attack(
            "1",
            "alg none with kid and a signature",
            IdentityError.TOKEN_ALGORITHM,
            header("{\"alg\":\"none\",\"kid\":\"k1\"}")));
    all.add(
        new Attack(
            "1",
            "alg nOnE",
            IdentityError.TOKEN_ALGORITHM,
            header("{\"alg\":\"nOnE\",\"kid\":\"k1\"}")));
    all.add(new Attack("1", "no alg", IdentityError.TOKEN_ALGORITHM, header("{\"kid\":\"k1\"}")));
    all.add(new Attack("1", "stripped signature", IdentityError.TOKEN_SHAPE, signature(s -> "")));
    all.add(
        new Attack(
            "1",
            "two parts",
            IdentityError.TOKEN_SHAPE,
            good().substring(0, good().lastIndexOf('.'))));
    all.add(new Attack("1", "four parts", IdentityError.TOKEN_SHAPE, good() + ".AAAA"));
    all.add(new Attack("1", "empty", IdentityError.TOKEN_SHAPE, ""));
    all.add(
        new Attack(
            "2",
            "JWE around a plain JWT",
            IdentityError.TOKEN_SHAPE,
            Forge.encode("{\"alg\":\"RSA-OAEP-256\",\"enc\":\"A256GCM\",\"cty\":\"JWT\"}")
                + ".AAAA.AAAA.AAAA.AAAA"));
    for (var secret :
        Map.of(
                "DER", der,
                "PEM", pem.getBytes(StandardCharsets.US_ASCII),
                "JWK", Forge.ONE.toPublicJWK().toJSONString().getBytes(StandardCharsets.UTF_8),
                "modulus", Forge.ONE.getModulus().decode())
            .entrySet()) {
      all.add(
          new Attack(
              "3",
              "HS256 keyed with the public key as " + secret.getKey(),
              IdentityError.TOKEN_ALGORITHM,
              Forge.jws("{\"alg\":\"HS256\",\"kid\":\"k1\"}", payload, hmac(secret.getValue()))));
    }
    for (String algorithm : List.of("PS256", "RS512", "RS384")) {
      all.add(
          new Attack(
              "4",
              algorithm + " with the right key",
              IdentityError.TOKEN_ALGORITHM,
              Forge.jws(
                  "{\"alg\":\"" + algorithm + "\",\"kid\":\"k1\"}",
                  payload,
                  Forge.rsa(Forge.ONE, algorithm))));
    }
    all.add(
        new Attack(
            "4",
            "alg a list",
            IdentityError.TOKEN_HEADER,
            header("{\"alg\":[\"RS256\"],\"kid\":\"k1\"}")));
    RSAKey own = Forge.TWO;
    String chain = Base64.getEncoder().encodeToString(der);
    Map<String, String> references =
        Map.of(
            "jwk", own.toPublicJWK().toJSONString(),
            "x5c", "[\"" + chain + "\"]",
            "x5u", "\"" + trap.issuer() + "/cert\"",
            "jku", "\"" + trap.issuer() + "/jwks\"");
    references.forEach(
        (name, value) ->
            all.add(
                new Attack(
                    "5",
                    "embedded " + name,
                    IdentityError.TOKEN_KEY_REFERENCE,
                    header("{\"alg\":\"RS256\",\"kid\":\"k1\",\"" + name + "\":" + value + "}"))));
    all.add(
        new Attack(
            "5",
            "jku to cloud metadata",
            IdentityError.TOKEN_KEY_REFERENCE,
            header(
                "{\"alg\":\"RS256\",\"kid\":\"k1\",\"jku\":\"http://169.254.169.254/latest\"}")));
    all.add(
        new Attack(
            "5",
            "jku null",
            IdentityError.TOKEN_KEY_REFERENCE,
            header("{\"alg\":\"RS256\",\"kid\":\"k1\",\"jku\":null}")));
    for (String kid : List.of("../../dev/null", "' OR 1=1--", "k3", "K1", "k1 ")) {
      all.add(
          new Attack(
              "6",
              "kid " + kid,
              IdentityError.KEY_UNKNOWN,
              header("{\"alg\":\"RS256\",\"kid\":\"" + kid + "\"}")));
    }
    for (String kid :
        List.of(
            "\"\"",
            "\"k1\\u0000\"",
            "[\"k1\"]",
            "1",
            "{}",
            "\"k\\n1\"",
            "\"" + "k".repeat(300) + "\"",
            "null",
            "\"\u043a1\"")) {
      all.add(
          new Attack(
              "6",
              "kid " + kid.substring(0, Math.min(12, kid.length())),
              IdentityError.TOKEN_KEY_ID,
              header("{\"alg\":\"RS256\",\"kid\":" + kid + "}")));
    }
    all.add(
        new Attack(
            "6",
            "kid of 64 KB",
            IdentityError.TOKEN_TOO_LONG,
            header("{\"alg\":\"RS256\",\"kid\":\"" + "k".repeat(65_536) + "\"}")));
    all.add(
        new Attack(
            "7",
            "no kid and two keys",
            IdentityError.KEY_AMBIGUOUS,
            header("{\"alg\":\"RS256\"}")));
    all.add(
        new Attack(
            "8",
            "the other key under this kid",
            IdentityError.SIGNATURE_INVALID,
            Forge.jws(HEADER, payload, Forge.rsa(Forge.TWO, "RS256"))));
    all.add(
        new Attack(
            "12",
            "changed payload",
            IdentityError.SIGNATURE_INVALID,
            good().replace(Forge.encode(payload), Forge.encode(json(Map.of("sub", "eve"))))));
    all.add(
        new Attack(
            "12",
            "truncated signature",
            IdentityError.SIGNATURE_INVALID,
            signature(s -> s.substring(0, 336))));
    all.add(
        new Attack(
            "12",
            "signature of zeros",
            IdentityError.SIGNATURE_INVALID,
            signature(s -> "A".repeat(s.length()))));
    Map<String, Function<String, String>> spellings = new LinkedHashMap<>();
    spellings.put("a space", s -> s.substring(0, 9) + " " + s.substring(9));
    spellings.put("a question mark", s -> s.substring(0, 9) + "?" + s.substring(9));
    spellings.put("!*", s -> s + "!*");
    spellings.put("a newline and padding", s -> s + "\n==");
    spellings.put("padding", s -> s + "==");
    spellings.put("an unused bit", TokenAttackTest::unusedBit);
    spellings.put("the other alphabet", s -> "+/" + s.substring(2));
    spellings.put("a full-width letter", s -> "\uff21" + s.substring(1));
    spellings.put("a length that no bytes have", s -> s.substring(0, 337));
    spellings.forEach(
        (what, change) ->
            all.add(
                new Attack(
                    "12",
                    "signature with " + what,
                    IdentityError.TOKEN_ENCODING,
                    signature(change))));
    all.add(
        new Attack(
            "12",
            "payload with a space",
            IdentityError.TOKEN_ENCODING,
            good().replaceFirst("\\.", ". ")));
    all.add(
        new Attack(
            "12",
            "header with padding",
            IdentityError.TOKEN_ENCODING,
            good().replaceFirst("\\.", "=.")));
    claimAttacks(all);
    typeAndJsonAttacks(all);
    return all;
  }

  private static void claimAttacks(List<Attack> all) {
    all.add(
        new Attack(
            "13",
            "two audiences and no azp",
            IdentityError.AUTHORIZED_PARTY_MISSING,
            with(c -> c.put("aud", List.of("vesta", "other")))));
    all.add(
        new Attack(
            "13",
            "azp of another",
            IdentityError.AUTHORIZED_PARTY_WRONG,
            with(c -> c.put("azp", "other"))));
    all.add(
        new Attack(
            "13",
            "two audiences and azp of another",
            IdentityError.AUTHORIZED_PARTY_WRONG,
            with(
                c -> {
                  c.put("aud", List.of("vesta", "other"));
                  c.put("azp", "other");
                })));
    all.add(new Attack("13", "azp a number", IdentityError.CLAIM_TYPE, with(c -> c.put("azp", 1))));
    all.add(
        new Attack("13", "aud empty", IdentityError.AUDIENCE_WRONG, with(c -> c.put("aud", ""))));
    all.add(
        new Attack(
            "13",
            "aud of another",
            IdentityError.AUDIENCE_WRONG,
            with(c -> c.put("aud", "vesta2"))));
    all.add(
        new Attack(
            "13",
            "aud in other case",
            IdentityError.AUDIENCE_WRONG,
            with(c -> c.put("aud", "Vesta"))));
    all.add(
        new Attack(
            "13",
            "aud an empty list",
            IdentityError.AUDIENCE_WRONG,
            with(c -> c.put("aud", List.of()))));
    all.add(
        new Attack(
            "13",
            "aud nested",
            IdentityError.CLAIM_TYPE,
            with(c -> c.put("aud", List.of(List.of("vesta"))))));
    all.add(
        new Attack(
            "13",
            "aud an object",
            IdentityError.CLAIM_TYPE,
            with(c -> c.put("aud", Map.of("vesta", 1)))));
    all.add(
        new Attack("13", "aud missing", IdentityError.CLAIM_MISSING, with(c -> c.remove("aud"))));
    all.add(
        new Attack(
            "14",
            "nbf ahead",
            IdentityError.TOKEN_NOT_YET_VALID,
            with(c -> c.put("nbf", SECOND + 600))));
    all.add(
        new Attack("14", "nbf a text", IdentityError.CLAIM_TYPE, with(c -> c.put("nbf", "now"))));
    all.add(
        new Attack(
            "14",
            "iat ten years ago",
            IdentityError.ISSUED_AT_IMPLAUSIBLE,
            with(c -> c.put("iat", SECOND - 315_360_000))));
    all.add(
        new Attack(
            "14",
            "iat ahead",
            IdentityError.ISSUED_AT_IMPLAUSIBLE,
            with(c -> c.put("iat", SECOND + 61))));
    all.add(
        new Attack("14", "iat missing", IdentityError.CLAIM_MISSING, with(c -> c.remove("iat"))));
    all.add(
        new Attack(
            "14",
            "exp in the year 9999",
            IdentityError.EXPIRY_IMPLAUSIBLE,
            with(c -> c.put("exp", 253_402_300_799L))));
    all.add(
        new Attack(
            "14",
            "exp in two days",
            IdentityError.EXPIRY_IMPLAUSIBLE,
            with(c -> c.put("exp", SECOND + 172_800))));
    for (String exp : List.of("1e12", "1e400", "1e999999999", "-1", "-1e400")) {
      all.add(
          new Attack(
              "14",
              "exp " + exp,
              IdentityError.EXPIRY_IMPLAUSIBLE,
              raw("\"exp\":" + (SECOND + 300), "\"exp\":" + exp)));
    }
    all.add(
        new Attack(
            "14",
            "exp a text",
            IdentityError.CLAIM_TYPE,
            with(c -> c.put("exp", String.valueOf(SECOND + 300)))));
    all.add(
        new Attack("14", "exp null", IdentityError.CLAIM_MISSING, with(c -> c.put("exp", null))));
    all.add(
        new Attack("14", "exp missing", IdentityError.CLAIM_MISSING, with(c -> c.remove("exp"))));
    all.add(
        new Attack(
            "14",
            "exp over by the whole skew",
            IdentityError.TOKEN_EXPIRED,
            with(c -> c.put("exp", SECOND - 60))));
    all.add(new Attack("14", "exp zero", IdentityError.TOKEN_EXPIRED, with(c -> c.put("exp", 0))));
    for (String sub :
        List.of(
            "",
            "a".repeat(256),
            "\u0430lice",
            "caf\u00e9",
            "cafe\u0301",
            "ann\u0000",
            "ann ",
            "a\nb",
            "\u202eann",
            "ann\u200b")) {
      all.add(
          new Attack(
              "15",
              "sub of " + sub.length() + " characters",
              IdentityError.SUBJECT_INVALID,
              with(c -> c.put("sub", sub))));
    }
    all.add(new Attack("15", "sub a number", IdentityError.CLAIM_TYPE, with(c -> c.put("sub", 7))));
    all.add(
        new Attack("15", "sub missing", IdentityError.CLAIM_MISSING, with(c -> c.remove("sub"))));
    String issuer = provider.issuer();
    for (String other :
        List.of(
            issuer + "/",
            issuer.replace("http", "HTTP"),
            issuer.replace("127.0.0.1", "LOCALHOST"),
            issuer.replace("//", "//ann@"),
            issuer.replace("http:", "https:"),
            "https://xn--acme-xyz.example",
            issuer + "#",
            "")) {
      all.add(
          new Attack(
              "16", "iss " + other, IdentityError.ISSUER_WRONG, with(c -> c.put("iss", other))));
    }
    all.add(
        new Attack(
            "16",
            "iss a list",
            IdentityError.CLAIM_TYPE,
            with(c -> c.put("iss", List.of(issuer)))));
    all.add(
        new Attack("16", "iss missing", IdentityError.CLAIM_MISSING, with(c -> c.remove("iss"))));
    all.add(
        new Attack("19", "nonce missing", IdentityError.NONCE_WRONG, with(c -> c.remove("nonce"))));
    all.add(
        new Attack(
            "19",
            "nonce of another login",
            IdentityError.NONCE_WRONG,
            with(c -> c.put("nonce", "another"))));
    all.add(
        new Attack(
            "19",
            "nonce in other case",
            IdentityError.NONCE_WRONG,
            with(c -> c.put("nonce", "nonce-of-this-login"))));
    all.add(
        new Attack(
            "19",
            "nonce a list",
            IdentityError.NONCE_WRONG,
            with(c -> c.put("nonce", List.of("nonce-Of-This-Login")))));
    all.add(
        new Attack(
            "20",
            "at_hash of another token",
            IdentityError.HASH_WRONG,
            with(c -> c.put("at_hash", "AAAAAAAAAAAAAAAAAAAAAA"))));
    all.add(
        new Attack(
            "20",
            "c_hash of another code",
            IdentityError.HASH_WRONG,
            with(c -> c.put("c_hash", "AAAAAAAAAAAAAAAAAAAAAA"))));
    all.add(
        new Attack(
            "20", "at_hash a number", IdentityError.HASH_WRONG, with(c -> c.put("at_hash", 1))));
  }

  private static void typeAndJsonAttacks(List<Attack> all) {
    String text = new String(json(claims()), StandardCharsets.UTF_8);
    all.add(
        new Attack(
            "17",
            "sub twice",
            IdentityError.TOKEN_JSON,
            raw("\"sub\":\"ann\"", "\"sub\":\"ann\",\"sub\":\"eve\"")));
    all.add(
        new Attack(
            "17",
            "sub twice, once escaped",
            IdentityError.TOKEN_JSON,
            raw("\"sub\":\"ann\"", "\"sub\":\"ann\",\"s\\u0075b\":\"eve\"")));
    all.add(
        new Attack(
            "17",
            "alg twice",
            IdentityError.TOKEN_JSON,
            header("{\"alg\":\"none\",\"alg\":\"RS256\",\"kid\":\"k1\"}")));
    all.add(
        new Attack(
            "17",
            "byte order mark",
            IdentityError.TOKEN_JSON,
            signed(HEADER, ("\uFEFF" + text).getBytes(StandardCharsets.UTF_8))));
    byte[] broken = text.getBytes(StandardCharsets.UTF_8);
    broken[text.indexOf("ann")] = (byte) 0xC3;
    all.add(new Attack("17", "invalid UTF-8", IdentityError.TOKEN_JSON, signed(HEADER, broken)));
    all.add(
        new Attack(
            "17",
            "overlong UTF-8",
            IdentityError.TOKEN_JSON,
            signed(HEADER, concat("{\"sub\":\"", new byte[] {(byte) 0xC0, (byte) 0xAF}, "\"}"))));
    all.add(
        new Attack(
            "17",
            "20,000 deep",
            IdentityError.TOKEN_TOO_LONG,
            signed(HEADER, ("{\"a\":" + "[".repeat(20_000)).getBytes(StandardCharsets.UTF_8))));
    all.add(
        new Attack(
            "17",
            "5,000 deep",
            IdentityError.TOKEN_JSON,
            signed(
                HEADER,
                ("{\"a\":" + "[".repeat(5_000) + "]".repeat(5_000) + "}")
                    .getBytes(StandardCharsets.UTF_8))));
    all.add(
        new Attack(
            "17",
            "header 5,000 deep",
            IdentityError.TOKEN_JSON,
            header("{\"alg\":\"RS256\",\"x\":" + "[".repeat(5_000) + "]".repeat(5_000) + "}")));
    all.add(
        new Attack(
            "17",
            "a claim of 1 MB",
            IdentityError.TOKEN_TOO_LONG,
            with(c -> c.put("x", "x".repeat(1 << 20)))));
    for (String other :
        List.of(
            "[]",
            "null",
            "\"text\"",
            text + "{}",
            "",
            "{\"a\":NaN}",
            "{\"a\":1,}",
            "{'a':1}",
            "{\"a\":0x1}",
            "{\"a\":1}//",
            "{\"a\":" + "9".repeat(40) + "}")) {
      all.add(
          new Attack(
              "17",
              "payload " + other.substring(0, Math.min(9, other.length())),
              IdentityError.TOKEN_JSON,
              signed(HEADER, other.getBytes(StandardCharsets.UTF_8))));
    }
    all.add(new Attack("17", "header a list", IdentityError.TOKEN_JSON, header("[]")));
    for (String type : List.of("at+jwt", "logout+jwt", "application/at+jwt", "secevent+jwt", "")) {
      all.add(
          new Attack(
              "18",
              "typ " + type,
              IdentityError.TOKEN_TYPE,
              header("{\"alg\":\"RS256\",\"kid\":\"k1\",\"typ\":\"" + type + "\"}")));
    }
    all.add(
        new Attack(
            "18",
            "typ a number",
            IdentityError.TOKEN_HEADER,
            header("{\"alg\":\"RS256\",\"kid\":\"k1\",\"typ\":1}")));
    all.add(
        new Attack(
            "18",
            "crit",
            IdentityError.TOKEN_CRITICAL,
            header("{\"alg\":\"RS256\",\"kid\":\"k1\",\"crit\":[\"x\"]}")));
    for (String name : List.of("b64", "zip", "cty", "enc", "epk", "p2c", "x")) {
      all.add(
          new Attack(
              "18",
              "header " + name,
              IdentityError.TOKEN_HEADER,
              header("{\"alg\":\"RS256\",\"kid\":\"k1\",\"" + name + "\":false}")));
    }
  }

  private static byte[] concat(String before, byte[] middle, String after) {
    byte[] head = before.getBytes(StandardCharsets.UTF_8);
    byte[] tail = after.getBytes(StandardCharsets.UTF_8);
    byte[] all = Arrays.copyOf(head, head.length + middle.length + tail.length);
    System.arraycopy(middle, 0, all, head.length, middle.length);
    System.arraycopy(tail, 0, all, head.length + middle.length, tail.length);
    return all;
  }

  @ParameterizedTest(name = "{0}")
  @MethodSource("attacks")
  void is_refused_with_its_own_code_and_without_a_needless_request(Attack attack) {
    int before = provider.count();
    VestaException refused =
        assertTimeoutPreemptively(
            Duration.ofSeconds(5),
            () -> assertThrows(VestaException.class, () -> verify(attack.token)));
    assertEquals(attack.code, refused.code(), refused.getMessage());
    boolean header = attack.code == IdentityError.TOKEN_JSON && provider.count() == before;
    int most = AT_THE_GATE.contains(attack.code) || header ? 0 : 1;
    assertTrue(provider.count() - before <= most, "requests");
    assertEquals(0, trap.count(), "no address of a token's own is ever asked");
    for (String part : attack.token.split("\\.", -1)) {
      assertFalse(part.length() > 8 && refused.getMessage().contains(part), "no token in messages");
    }
  }

  @Test
  void there_are_more_than_eighty_and_no_two_tokens_are_the_same() throws JOSEException {
    List<Attack> all = attacks();
    assertTrue(all.size() >= 80, () -> all.size() + " attacks");
    assertEquals(all.size(), all.stream().map(Attack::token).distinct().count());
  }

  /** OpenID Connect Core 1.0 section 3.1.3.6: the left half of the hash. */
  private static String hash(String text) {
    try {
      byte[] all =
          MessageDigest.getInstance("SHA-256").digest(text.getBytes(StandardCharsets.US_ASCII));
      return Forge.encode(Arrays.copyOf(all, 16));
    } catch (GeneralSecurityException e) {
      throw new AssertionError(e);
    }
  }

  static Stream<String> accepted() {
    open();
    return Stream.of(
        good(),
        header("{\"typ\":\"JWT\",\"alg\":\"RS256\",\"kid\":\"k1\",\"x5t\":\"AAAA\"}"),
        Forge.jws(
            "{\"alg\":\"RS256\",\"kid\":\"k2\"}", json(claims()), Forge.rsa(Forge.TWO, "RS256")),
        with(c -> c.put("aud", List.of("vesta"))),
        with(
            c -> {
              c.put("aud", List.of("other", "vesta"));
              c.put("azp", "vesta");
            }),
        with(c -> c.put("exp", SECOND - 59)),
        with(c -> c.put("nbf", SECOND + 60)),
        with(c -> c.put("iat", SECOND + 60)),
        with(c -> c.put("iat", SECOND - 80_000)),
        with(c -> c.put("sub", "a".repeat(255))),
        raw("\"exp\":" + (SECOND + 300), "\"exp\":" + (SECOND + 300) + ".5"),
        with(c -> c.put("at_hash", hash("the-access-token"))),
        with(c -> c.put("c_hash", hash("the-code"))));
  }

  @ParameterizedTest
  @MethodSource("accepted")
  void what_is_good_is_accepted(String token) {
    assertEquals(provider.issuer(), verify(token).issuer());
  }

  @Test
  void without_a_key_id_the_only_key_is_taken() {
    try (LoopbackProvider single = new LoopbackProvider(CLOCK)) {
      Map<String, Object> claims = claims();
      claims.put("iss", single.issuer());
      VerifiedToken token =
          new IdTokens(keys(), CLOCK)
              .verify(
                  single.provider(),
                  URI.create(single.issuer() + "/jwks"),
                  signed("{\"alg\":\"RS256\"}", json(claims)),
                  EXCHANGE);
      assertEquals("ann", token.subject());
    }
  }

  private static BearerTokens bearer() {
    return new BearerTokens(
        provider.provider(), "crm-api", new Discovery(http(), CLOCK), keys(), CLOCK);
  }

  private static String access(Consumer<Map<String, Object>> change) {
    Map<String, Object> claims = claims();
    claims.put("aud", "crm-api");
    claims.put("jti", "j-1");
    claims.put("client_id", "app");
    claims.put("scope", "listing.read listing.write");
    change.accept(claims);
    return signed("{\"alg\":\"RS256\",\"kid\":\"k1\",\"typ\":\"at+jwt\"}", json(claims));
  }

  @Test
  void a_bearer_token_of_rfc_9068_is_accepted() {
    VerifiedToken token = bearer().verifyHeader("Bearer " + access(c -> {}));
    assertEquals(Set.of("listing.read", "listing.write"), token.scopes());
    assertEquals("ann", token.subject());
  }

  @Test
  void no_other_token_passes_for_a_bearer_token() {
    Map<String, IdentityError> refused = new LinkedHashMap<>();
    refused.put("Bearer " + good(), IdentityError.TOKEN_TYPE);
    refused.put("Bearer " + access(c -> c.remove("jti")), IdentityError.CLAIM_MISSING);
    refused.put("Bearer " + access(c -> c.remove("client_id")), IdentityError.CLAIM_MISSING);
    refused.put("Bearer " + access(c -> c.put("aud", "vesta")), IdentityError.AUDIENCE_WRONG);
    refused.put("Bearer " + access(c -> c.put("exp", SECOND - 60)), IdentityError.TOKEN_EXPIRED);
    refused.put("Basic YW5uOmh1bnRlcjI=", IdentityError.BEARER_MALFORMED);
    refused.put("Bearer", IdentityError.BEARER_MALFORMED);
    refused.put("Bearer  " + good(), IdentityError.BEARER_MALFORMED);
    refused.put("Bearer a, Bearer b", IdentityError.BEARER_MALFORMED);
    refused.put("Bearer a.b\n", IdentityError.BEARER_MALFORMED);
    refused.put("DPoP " + good(), IdentityError.BEARER_MALFORMED);
    refused.forEach(
        (header, code) ->
            assertEquals(
                code,
                assertThrows(VestaException.class, () -> bearer().verifyHeader(header)).code()));
  }
}
