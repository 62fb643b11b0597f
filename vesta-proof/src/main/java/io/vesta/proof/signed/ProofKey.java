package io.vesta.proof.signed;

import com.nimbusds.jose.JOSEException;
import com.nimbusds.jose.JOSEObjectType;
import com.nimbusds.jose.JWSAlgorithm;
import com.nimbusds.jose.JWSHeader;
import com.nimbusds.jose.JWSObject;
import com.nimbusds.jose.Payload;
import com.nimbusds.jose.crypto.ECDSASigner;
import com.nimbusds.jose.jwk.Curve;
import com.nimbusds.jose.jwk.ECKey;
import com.nimbusds.jose.jwk.JWKSet;
import com.nimbusds.jose.jwk.gen.ECKeyGenerator;
import io.vesta.core.error.VestaException;
import io.vesta.core.secret.Secret;
import io.vesta.proof.signed.internal.Canonical;
import java.nio.charset.StandardCharsets;
import java.text.ParseException;
import java.time.Instant;
import java.util.Map;
import java.util.TreeMap;

/**
 * A brokerage's key for signing packages: ECDSA over P-256 (JWS {@code ES256}). Thread-safe; prints
 * its id only.
 */
public final class ProofKey {

  /** The JWS type of a signed manifest. */
  static final String MANIFEST = "vesta-proof+json";

  /** The JWS type of a signed retraction. */
  static final String RETRACTION = "vesta-retraction+json";

  private final ECKey key;

  private ProofKey(ECKey key) {
    this.key = key;
  }

  /**
   * A fresh key.
   *
   * @param id names it to verifiers, 1 to 64 letters, digits, dots, dashes and underscores
   */
  public static ProofKey generate(String id) {
    if (!id.matches("[A-Za-z0-9._-]{1,64}")) {
      throw VestaException.invalid(
          "proof key id",
          "a text of " + id.length() + " characters",
          "use 1 to 64 of A-Z a-z 0-9 . _ -");
    }
    try {
      return new ProofKey(new ECKeyGenerator(Curve.P_256).keyID(id).generate());
    } catch (JOSEException e) {
      throw new IllegalStateException("every Java platform has P-256", e);
    }
  }

  /**
   * A key as {@link #secret} gives it.
   *
   * @param jwk a private JWK of RFC 7517 with {@code kty} EC, {@code crv} P-256 and a {@code kid}
   */
  public static ProofKey parse(Secret jwk) {
    try {
      ECKey key = ECKey.parse(new String(jwk.reveal(), StandardCharsets.UTF_8));
      if (key.isPrivate() && Curve.P_256.equals(key.getCurve()) && key.getKeyID() != null) {
        return new ProofKey(key);
      }
    } catch (ParseException | IllegalArgumentException e) {
      // Without its cause, which may quote the key.
    }
    throw VestaException.invalid(
        "proof key", "no private P-256 key with an id", "give a JWK as ProofKey.generate makes it");
  }

  /** The private JWK, for a vault. */
  public Secret secret() {
    return Secret.of(key.toJSONString());
  }

  /** The public half as a JWK set (RFC 7517), for everybody. */
  public String publicKeys() {
    return new JWKSet(key.toPublicJWK()).toString();
  }

  /** Its id; never null. */
  public String id() {
    return key.getKeyID();
  }

  /**
   * Signs a manifest.
   *
   * @return a compact JWS, ASCII; another at every call, since ECDSA is random
   */
  public byte[] sign(Manifest manifest) {
    return sign(MANIFEST, manifest.bytes());
  }

  /**
   * Signs that a release shall not be relied on any more.
   *
   * @param manifest SHA-256 of the release's manifest, 64 digits
   * @param at when it was retracted
   * @return a compact JWS, ASCII, to be published where the package was
   */
  public byte[] signRetraction(String manifest, Instant at) {
    Map<String, Object> payload = new TreeMap<>();
    payload.put("v", 1);
    payload.put("manifest", manifest);
    payload.put("retracted", at.toString());
    return sign(RETRACTION, Canonical.write(payload));
  }

  private byte[] sign(String type, byte[] payload) {
    JWSHeader header =
        new JWSHeader.Builder(JWSAlgorithm.ES256)
            .keyID(key.getKeyID())
            .type(new JOSEObjectType(type))
            .build();
    JWSObject jws = new JWSObject(header, new Payload(payload));
    try {
      jws.sign(new ECDSASigner(key));
    } catch (JOSEException e) {
      throw new IllegalStateException("a checked P-256 key signs", e);
    }
    return jws.serialize().getBytes(StandardCharsets.US_ASCII);
  }

  @Override
  public String toString() {
    return "ProofKey[" + key.getKeyID() + "]";
  }
}
