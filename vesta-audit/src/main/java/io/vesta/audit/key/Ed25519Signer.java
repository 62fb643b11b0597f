package io.vesta.audit.key;

import io.vesta.audit.AuditError;
import io.vesta.audit.note.CheckpointSigner;
import io.vesta.audit.note.Vkey;
import io.vesta.core.error.VestaException;
import io.vesta.core.secret.Secret;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFileAttributes;
import java.nio.file.attribute.PosixFilePermission;
import java.security.GeneralSecurityException;
import java.security.KeyFactory;
import java.security.KeyPair;
import java.security.KeyPairGenerator;
import java.security.PrivateKey;
import java.security.SecureRandom;
import java.security.Signature;
import java.security.interfaces.EdECPrivateKey;
import java.security.spec.NamedParameterSpec;
import java.security.spec.PKCS8EncodedKeySpec;
import java.util.Arrays;
import java.util.Set;

/** A checkpoint signer that holds its Ed25519 key in memory. Immutable and thread-safe. */
public final class Ed25519Signer implements CheckpointSigner {

  private static final String ALGORITHM = "Ed25519";
  private static final int SEED_BYTES = 32;
  private static final int LONGEST_FILE = 4_096;

  private static final Set<PosixFilePermission> OWNERS =
      Set.of(PosixFilePermission.OWNER_READ, PosixFilePermission.OWNER_WRITE);

  private final PrivateKey key;
  private final byte[] publicKey;

  private Ed25519Signer(PrivateKey key, byte[] publicKey) {
    this.key = key;
    this.publicKey = publicKey;
  }

  /**
   * A signer from a private key.
   *
   * @param privateKey base64 (RFC 4648, padded) of either the 32-byte seed of RFC 8032 or the PKCS
   *     #8 form that {@code openssl genpkey -algorithm ed25519 -outform DER} writes
   * @throws VestaException with code {@code VESTA-AUDIT-006} if it is neither
   */
  public static Ed25519Signer of(Secret privateKey) {
    byte[] bytes = privateKey.revealBase64();
    try {
      byte[] seed = bytes.length == SEED_BYTES ? bytes : seedOf(bytes);
      KeyPairGenerator generator = KeyPairGenerator.getInstance(ALGORITHM);
      // The JDK derives a public key only while generating: let it draw our seed.
      generator.initialize(NamedParameterSpec.ED25519, new Given(seed));
      KeyPair pair = generator.generateKeyPair();
      if (!Arrays.equals(seedOf(pair.getPrivate().getEncoded()), seed)) {
        throw new GeneralSecurityException("the provider generated another key");
      }
      byte[] x509 = pair.getPublic().getEncoded();
      return new Ed25519Signer(
          pair.getPrivate(), Arrays.copyOfRange(x509, x509.length - SEED_BYTES, x509.length));
    } catch (GeneralSecurityException e) {
      // Without its cause: a provider's message might quote the key.
      throw new VestaException(
          AuditError.KEY_INVALID,
          "the signing key is no Ed25519 private key; give base64 of the 32-byte seed or of PKCS #8");
    }
  }

  /**
   * A signer from a key file, such as {@code openssl genpkey -algorithm ed25519} writes, or of the
   * base64 that {@link #of} takes.
   *
   * @param file a regular file that only its owner may read and write, in a directory that only its
   *     owner may write
   * @throws VestaException with code {@code VESTA-AUDIT-006} if it is anything else
   */
  public static Ed25519Signer ofFile(Path file) {
    String text;
    try {
      requirePrivate(file.toAbsolutePath());
      text = Files.readString(file, StandardCharsets.US_ASCII);
    } catch (UnsupportedOperationException e) {
      throw invalid("lies on a file system without POSIX permissions; use a secret source");
    } catch (IOException e) {
      throw invalid("is missing or unreadable");
    }
    if (text.length() > LONGEST_FILE) {
      throw invalid("is too long for a key");
    }
    String base64 = text.replaceAll("-----(BEGIN|END) PRIVATE KEY-----|\\s", "");
    if (base64.isEmpty()) {
      throw invalid("is empty");
    }
    return of(Secret.of(base64));
  }

  private static void requirePrivate(Path file) throws IOException {
    PosixFileAttributes own =
        Files.readAttributes(file, PosixFileAttributes.class, LinkOption.NOFOLLOW_LINKS);
    if (!own.isRegularFile()) {
      throw invalid("is no regular file; a link may be turned");
    }
    if (!OWNERS.containsAll(own.permissions())) {
      throw invalid("is open to others than its owner; chmod 600 it and change the key");
    }
    Set<PosixFilePermission> around = Files.getPosixFilePermissions(file.getParent());
    if (around.contains(PosixFilePermission.GROUP_WRITE)
        || around.contains(PosixFilePermission.OTHERS_WRITE)) {
      throw invalid("lies in a directory that others may write; chmod 700 the directory");
    }
  }

  private static VestaException invalid(String why) {
    return new VestaException(AuditError.KEY_INVALID, "the file of the signing key " + why);
  }

  @Override
  public Vkey vkey(String origin) {
    return Vkey.of(origin, Vkey.Kind.LOG, publicKey);
  }

  @Override
  public byte[] sign(byte[] message) {
    try {
      Signature signature = Signature.getInstance(ALGORITHM);
      signature.initSign(key);
      signature.update(message);
      return signature.sign();
    } catch (GeneralSecurityException e) {
      throw new VestaException(AuditError.KEY_INVALID, "the signing key cannot sign", e);
    }
  }

  /** Nothing of the key. */
  @Override
  public String toString() {
    return "Ed25519Signer[hidden]";
  }

  private static byte[] seedOf(byte[] pkcs8) throws GeneralSecurityException {
    PrivateKey parsed =
        KeyFactory.getInstance(ALGORITHM).generatePrivate(new PKCS8EncodedKeySpec(pkcs8));
    return ((EdECPrivateKey) parsed)
        .getBytes()
        .orElseThrow(() -> new GeneralSecurityException("the key shows no seed"));
  }

  /** Randomness that is known in advance. */
  private static final class Given extends SecureRandom {

    private static final long serialVersionUID = 1L;

    private final byte[] seed;

    Given(byte[] seed) {
      this.seed = seed.clone();
    }

    @Override
    public void nextBytes(byte[] bytes) {
      System.arraycopy(seed, 0, bytes, 0, bytes.length);
    }
  }
}
