package io.vesta.proof.signed;

import com.nimbusds.jose.JOSEException;
import com.nimbusds.jose.JWSAlgorithm;
import com.nimbusds.jose.JWSHeader;
import com.nimbusds.jose.JWSObject;
import com.nimbusds.jose.crypto.ECDSAVerifier;
import com.nimbusds.jose.jwk.ECKey;
import com.nimbusds.jose.jwk.JWK;
import com.nimbusds.jose.jwk.JWKSet;
import com.nimbusds.jose.util.Base64URL;
import io.vesta.core.error.VestaException;
import io.vesta.proof.ProofError;
import io.vesta.proof.signed.internal.Canonical;
import io.vesta.proof.signed.internal.Digests;
import java.nio.charset.StandardCharsets;
import java.text.ParseException;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/**
 * Checks a signed package without the rows: signature, form, files, time and retractions.
 * Thread-safe.
 *
 * <p><b>Not checked:</b> that the figures are right, which only {@code recompute} can tell; that
 * there is no later release: compare {@link Manifest#number}.
 */
public final class ProofVerifier {

  /** What is wrong with a package. */
  public enum Fault {
    /** No trusted key signed it, or not with ES256 as a manifest. */
    SIGNATURE,
    /** What was signed is no manifest of version 1. */
    FORM,
    /** A file that the manifest names is missing. */
    FILE_MISSING,
    /** A file has other bytes than were signed, or was not signed at all. */
    FILE_CHANGED,
    /** It is not valid yet: a clock is wrong. */
    EARLY,
    /** It is not valid any more. */
    EXPIRED,
    /** The brokerage has retracted it. */
    RETRACTED
  }

  /**
   * One fault.
   *
   * @param fault what
   * @param detail where, such as a file name; no content of the package
   */
  public record Finding(Fault fault, String detail) {}

  /**
   * What was found.
   *
   * @param manifest what was signed; empty if no trusted key signed one
   * @param findings every fault; empty if all is well
   */
  public record Verdict(Optional<Manifest> manifest, List<Finding> findings) {

    /** Copies the findings. */
    public Verdict {
      findings = List.copyOf(findings);
    }

    /** Whether the package may be relied on. */
    public boolean ok() {
      return findings.isEmpty();
    }
  }

  private static final int LONGEST = 1 << 20;

  /** Nothing else may stand in a header: whatever it is, we would not look at it. */
  private static final Set<String> HEADER = Set.of("alg", "kid", "typ");

  private final Map<String, ECKey> keys = new HashMap<>();

  /**
   * @param jwks the trusted keys as a JWK set, from where you trust it
   */
  public ProofVerifier(String jwks) {
    try {
      for (JWK key : JWKSet.parse(jwks).getKeys()) {
        if (key instanceof ECKey ec && key.getKeyID() != null) {
          keys.put(key.getKeyID(), ec.toPublicJWK());
        }
      }
    } catch (ParseException e) {
      throw VestaException.invalid("trusted keys", "no JWK set", "give the text of RFC 7517");
    }
  }

  /**
   * Checks a package.
   *
   * @param jws the compact JWS
   * @param files all files beside it by name
   * @param retractions the signed retractions that are known; those that no trusted key signed are
   *     ignored
   * @param now the time that counts
   */
  public Verdict verify(
      byte[] jws, Map<String, byte[]> files, Collection<byte[]> retractions, Instant now) {
    Manifest manifest;
    try {
      Optional<byte[]> payload = payload(jws, ProofKey.MANIFEST);
      if (payload.isEmpty()) {
        return new Verdict(
            Optional.empty(),
            List.of(new Finding(Fault.SIGNATURE, "no trusted key signed this as a manifest")));
      }
      manifest = Manifest.parse(payload.get());
    } catch (VestaException e) {
      return new Verdict(
          Optional.empty(), List.of(new Finding(Fault.FORM, String.valueOf(e.getMessage()))));
    }
    List<Finding> findings = new ArrayList<>();
    manifest
        .files()
        .forEach(
            (name, digest) -> {
              byte[] file = files.get(name);
              if (file == null) {
                findings.add(new Finding(Fault.FILE_MISSING, name));
              } else if (!Digests.hex(file).equals(digest)) {
                findings.add(new Finding(Fault.FILE_CHANGED, name));
              }
            });
    files.keySet().stream()
        .filter(name -> !manifest.files().containsKey(name))
        .sorted()
        .forEach(name -> findings.add(new Finding(Fault.FILE_CHANGED, name + " was not signed")));
    if (now.isBefore(manifest.issued())) {
      findings.add(new Finding(Fault.EARLY, "issued " + manifest.issued()));
    }
    if (!now.isBefore(manifest.expires())) {
      findings.add(new Finding(Fault.EXPIRED, "expired " + manifest.expires()));
    }
    for (byte[] retraction : retractions) {
      if (retracts(retraction, manifest)) {
        findings.add(new Finding(Fault.RETRACTED, "retracted by the brokerage"));
      }
    }
    return new Verdict(Optional.of(manifest), findings);
  }

  private boolean retracts(byte[] retraction, Manifest manifest) {
    try {
      return payload(retraction, ProofKey.RETRACTION)
          .map(bytes -> manifest.digest().equals(Canonical.read(bytes).get("manifest")))
          .orElse(false);
    } catch (VestaException e) {
      return false;
    }
  }

  /** What a trusted key signed as a type; empty if none did. */
  private Optional<byte[]> payload(byte[] compact, String type) {
    if (compact.length > LONGEST) {
      return Optional.empty();
    }
    try {
      JWSObject jws = JWSObject.parse(new String(compact, StandardCharsets.US_ASCII).strip());
      JWSHeader header = jws.getHeader();
      ECKey key = keys.get(header.getKeyID());
      boolean ours =
          key != null
              && header.getIncludedParams().equals(HEADER)
              && JWSAlgorithm.ES256.equals(header.getAlgorithm())
              && header.getType() != null
              && type.equals(header.getType().getType())
              // Base64 may end in bits that nobody decodes: then another text would verify.
              && Base64URL.encode(jws.getSignature().decode()).equals(jws.getSignature());
      return ours && jws.verify(new ECDSAVerifier(key))
          ? Optional.of(jws.getPayload().toBytes())
          : Optional.empty();
    } catch (ParseException | JOSEException | IllegalStateException e) {
      return Optional.empty();
    }
  }

  /** Reads what a package says of itself once it has been checked; see {@link #verify}. */
  public Manifest require(
      byte[] jws, Map<String, byte[]> files, Collection<byte[]> retractions, Instant now) {
    Verdict verdict = verify(jws, files, retractions, now);
    if (!verdict.ok()) {
      throw new VestaException(
          ProofError.PACKAGE_INVALID, "the package does not hold: " + verdict.findings().get(0));
    }
    return verdict.manifest().orElseThrow();
  }
}
