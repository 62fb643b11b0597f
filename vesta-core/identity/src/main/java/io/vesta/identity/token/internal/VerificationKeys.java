package io.vesta.identity.token.internal;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import com.nimbusds.jose.JOSEException;
import com.nimbusds.jose.JWSAlgorithm;
import com.nimbusds.jose.JWSHeader;
import com.nimbusds.jose.JWSVerifier;
import com.nimbusds.jose.crypto.ECDSAVerifier;
import com.nimbusds.jose.crypto.MACVerifier;
import com.nimbusds.jose.crypto.RSASSAVerifier;
import com.nimbusds.jose.jwk.ECKey;
import com.nimbusds.jose.jwk.JWK;
import com.nimbusds.jose.jwk.KeyOperation;
import com.nimbusds.jose.jwk.KeyUse;
import com.nimbusds.jose.jwk.OctetSequenceKey;
import com.nimbusds.jose.jwk.RSAKey;
import com.nimbusds.jose.util.Base64URL;
import io.vesta.core.error.VestaException;
import io.vesta.identity.IdentityError;
import java.text.ParseException;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/**
 * The keys of a JWK set (RFC 7517) that signatures may be checked with, each with its verifier made
 * once. A key that is weak, ambiguous or meant for something else is left out; the others stay.
 * Immutable and thread-safe.
 */
public final class VerificationKeys {

  private static final int MOST_KEYS = 200;
  private static final int LEAST_RSA_BITS = 2_048;
  private static final int MOST_RSA_BITS = 8_192;

  private static final Map<String, JWSHeader> HEADERS =
      List.of(
              "HS256", "HS384", "HS512", "RS256", "RS384", "RS512", "PS256", "PS384", "PS512",
              "ES256", "ES384", "ES512")
          .stream()
          .collect(
              Collectors.toUnmodifiableMap(
                  name -> name, name -> new JWSHeader(JWSAlgorithm.parse(name))));

  private final Map<String, Admitted> named;
  private final List<Admitted> all;

  /** A key and what it is good for. */
  private record Admitted(Set<String> algorithms, JWSVerifier verifier) {}

  private VerificationKeys(Map<String, Admitted> named, List<Admitted> all) {
    this.named = Map.copyOf(named);
    this.all = List.copyOf(all);
  }

  /**
   * The keys that a provider publishes. A shared secret in public is none, so it is left out before
   * the others are looked at.
   */
  public static VerificationKeys published(ObjectNode jwks) {
    return admit(jwks, true);
  }

  /** Keys of either kind; a set that mixes shared secrets with public keys has none. */
  public static VerificationKeys of(ObjectNode jwks) {
    return admit(jwks, false);
  }

  private static VerificationKeys admit(ObjectNode jwks, boolean published) {
    JsonNode keys = jwks.path("keys");
    Map<String, Admitted> named = new HashMap<>();
    List<Admitted> all = new ArrayList<>();
    Set<String> ids = new HashSet<>();
    Set<String> twice = new HashSet<>();
    Set<Boolean> kinds = new HashSet<>();
    if (!keys.isArray() || keys.size() > MOST_KEYS) {
      return new VerificationKeys(named, all);
    }
    for (JsonNode key : keys) {
      boolean secret = key.path("kty").asText().equals("oct");
      if (published && secret) {
        continue;
      }
      kinds.add(secret);
      JsonNode id = key.get("kid");
      if (id != null && id.isTextual() && !ids.add(id.textValue())) {
        twice.add(id.textValue());
      }
      Admitted admitted = admit(key);
      if (admitted != null) {
        all.add(admitted);
        if (id != null && id.isTextual()) {
          Admitted namesake = named.put(id.textValue(), admitted);
          if (namesake != null) {
            all.remove(namesake);
          }
        }
      }
    }
    if (kinds.size() > 1) {
      return new VerificationKeys(Map.of(), List.of());
    }
    for (String id : twice) {
      // Which of the two was meant cannot be told, so neither is taken.
      all.remove(named.remove(id));
    }
    return new VerificationKeys(named, all);
  }

  private static @Nullable Admitted admit(JsonNode node) {
    try {
      JWK key = JWK.parse(node.toString());
      boolean use = key.getKeyUse() == null || key.getKeyUse().equals(KeyUse.SIGNATURE);
      boolean operation =
          key.getKeyOperations() == null || key.getKeyOperations().contains(KeyOperation.VERIFY);
      if (!use || !operation) {
        return null;
      }
      Set<String> able;
      JWSVerifier verifier;
      if (key instanceof RSAKey rsa && !rsa.isPrivate() && strong(rsa)) {
        able = Set.of("RS256", "RS384", "RS512", "PS256", "PS384", "PS512");
        verifier = new RSASSAVerifier(rsa.toRSAPublicKey());
      } else if (key instanceof ECKey ec && !ec.isPrivate()) {
        ECDSAVerifier ecdsa = new ECDSAVerifier(ec);
        able =
            ecdsa.supportedJWSAlgorithms().stream()
                .map(JWSAlgorithm::getName)
                .collect(Collectors.toSet());
        verifier = ecdsa;
      } else if (key instanceof OctetSequenceKey secret && key.getAlgorithm() != null) {
        able = longEnough(secret, key.getAlgorithm().getName());
        if (able.isEmpty()) {
          return null;
        }
        verifier = new MACVerifier(secret);
      } else {
        return null;
      }
      if (key.getAlgorithm() == null) {
        return new Admitted(able, verifier);
      }
      String only = key.getAlgorithm().getName();
      return able.contains(only) ? new Admitted(Set.of(only), verifier) : null;
    } catch (ParseException | JOSEException | IllegalArgumentException e) {
      // A key that cannot be read is not admitted, whatever is wrong with it.
      return null;
    }
  }

  private static boolean strong(RSAKey rsa) throws JOSEException {
    var key = rsa.toRSAPublicKey();
    int bits = key.getModulus().bitLength();
    var exponent = key.getPublicExponent();
    return bits >= LEAST_RSA_BITS
        && bits <= MOST_RSA_BITS
        && key.getModulus().testBit(0)
        && exponent.testBit(0)
        && exponent.bitLength() > 1
        && exponent.bitLength() <= 64
        && !Roca.suspects(key.getModulus());
  }

  /** RFC 7518 section 3.2: a key as long as the hash. */
  private static Set<String> longEnough(OctetSequenceKey secret, String algorithm) {
    int bits =
        switch (algorithm) {
          case "HS256" -> 256;
          case "HS384" -> 384;
          case "HS512" -> 512;
          default -> Integer.MAX_VALUE;
        };
    return secret.size() >= bits ? Set.of(algorithm) : Set.of();
  }

  /** How many keys were admitted. */
  public int size() {
    return all.size();
  }

  /** Whether there is a key of that id, or for null exactly one key at all. */
  public boolean knows(@Nullable String keyId) {
    return find(keyId).isPresent();
  }

  private Optional<Admitted> find(@Nullable String keyId) {
    if (keyId != null) {
      return Optional.ofNullable(named.get(keyId));
    }
    return all.size() == 1 ? Optional.of(all.get(0)) : Optional.empty();
  }

  /**
   * Checks a token's signature.
   *
   * @throws VestaException with the reason to refuse it
   */
  public void verify(Compact token) {
    String keyId = token.keyId();
    if (keyId == null && all.size() > 1) {
      throw Compact.refused(
          IdentityError.KEY_AMBIGUOUS, "key is not named and its issuer has several");
    }
    Admitted key =
        find(keyId)
            .orElseThrow(
                () -> Compact.refused(IdentityError.KEY_UNKNOWN, "key is none of its issuer's"));
    JWSHeader header = HEADERS.get(token.algorithm());
    if (header == null || !key.algorithms.contains(token.algorithm())) {
      throw Compact.refused(IdentityError.KEY_MISMATCH, "key is not for its algorithm");
    }
    boolean valid;
    try {
      valid = key.verifier.verify(header, token.signedBytes(), new Base64URL(token.signature()));
    } catch (JOSEException e) {
      valid = false;
    }
    if (!valid) {
      throw Compact.refused(IdentityError.SIGNATURE_INVALID, "signature is not its issuer's");
    }
  }
}
