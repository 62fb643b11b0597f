package io.vesta.audit.note;

import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.security.KeyFactory;
import java.security.MessageDigest;
import java.security.PublicKey;
import java.security.Signature;
import java.security.SignatureException;
import java.security.spec.X509EncodedKeySpec;
import java.util.Arrays;
import java.util.Base64;
import java.util.HexFormat;
import org.jspecify.annotations.Nullable;

/**
 * A verifier key of C2SP signed-note: the name of who signs, and their Ed25519 public key. Written
 * as {@code <name>+<8 hex digits>+<base64>}. Immutable and thread-safe.
 */
public final class Vkey {

  /** What a key signs. */
  public enum Kind {
    /** The note's text. */
    LOG(1),
    /** A time and the checkpoint, as a witness does (C2SP tlog-cosignature, {@code v1}). */
    WITNESS(4);

    private final byte type;

    Kind(int type) {
      this.type = (byte) type;
    }
  }

  /** What stands before the 32 bytes of an Ed25519 key in its X.509 form. */
  private static final byte[] X509_PREFIX = HexFormat.of().parseHex("302a300506032b6570032100");

  /** A control character that Unicode counts as white space, and Java's methods do not. */
  private static final int NEXT_LINE = 0x85;

  private static final int KEY_BYTES = 32;
  private static final int SIGNATURE_BYTES = 64;

  private final String name;
  private final Kind kind;
  private final byte[] key;
  private final PublicKey verifier;
  private final byte[] fingerprint;
  private final int id;

  private Vkey(String name, Kind kind, byte[] key) {
    requireName(name);
    if (key.length != KEY_BYTES) {
      throw new IllegalArgumentException("an Ed25519 public key has 32 bytes");
    }
    this.name = name;
    this.kind = kind;
    this.key = key.clone();
    try {
      byte[] x509 = Arrays.copyOf(X509_PREFIX, X509_PREFIX.length + KEY_BYTES);
      System.arraycopy(key, 0, x509, X509_PREFIX.length, KEY_BYTES);
      verifier = KeyFactory.getInstance("Ed25519").generatePublic(new X509EncodedKeySpec(x509));
      MessageDigest digest = MessageDigest.getInstance("SHA-256");
      digest.update((name + "\n").getBytes(StandardCharsets.UTF_8));
      digest.update(kind.type);
      fingerprint = digest.digest(key);
      id = ByteBuffer.wrap(fingerprint).getInt();
    } catch (GeneralSecurityException e) {
      throw new IllegalArgumentException("the bytes are no Ed25519 public key", e);
    }
  }

  /**
   * A key.
   *
   * @param name who signs; not empty, without spaces and {@code +}
   * @param kind what they sign
   * @param publicKey the 32 bytes of RFC 8032
   */
  public static Vkey of(String name, Kind kind, byte[] publicKey) {
    return new Vkey(name, kind, publicKey);
  }

  /** The same public key in the hands of a witness of the same name; never null. */
  public Vkey ofWitness() {
    return new Vkey(name, Kind.WITNESS, key);
  }

  /**
   * Reads the written form.
   *
   * @throws IllegalArgumentException if it is no key of a known kind, or its hexadecimal id does
   *     not belong to it
   */
  public static Vkey parse(String text) {
    String[] parts = text.split("\\+", 3);
    if (parts.length != 3 || parts[2].isEmpty()) {
      throw new IllegalArgumentException("a verifier key is <name>+<id>+<base64>");
    }
    byte[] typed = SignedNote.base64(parts[2]);
    for (Kind kind : Kind.values()) {
      if (typed.length == 1 + KEY_BYTES && typed[0] == kind.type) {
        Vkey vkey = new Vkey(parts[0], kind, Arrays.copyOfRange(typed, 1, typed.length));
        if (!vkey.hexId().equals(parts[1])) {
          throw new IllegalArgumentException("the verifier key's id does not belong to it");
        }
        return vkey;
      }
    }
    throw new IllegalArgumentException("the verifier key is of an unknown kind");
  }

  /** Who signs; never null. */
  public String name() {
    return name;
  }

  /** What they sign; never null. */
  public Kind kind() {
    return kind;
  }

  /** The key id: with the name it says which key made a signature. */
  public int id() {
    return id;
  }

  /** The SHA-256 of name, kind and key, of which the id is the beginning; a copy of 32 bytes. */
  public byte[] fingerprint() {
    return fingerprint.clone();
  }

  /**
   * Whether a signature over a note's text is this key's.
   *
   * @param text the text of the note with its final newline, in UTF-8
   * @param signature what follows the key id in the signature line
   */
  boolean verifies(byte[] text, byte[] signature) {
    return switch (kind) {
      case LOG -> verifiesRaw(text, signature);
      case WITNESS -> {
        if (signature.length != Long.BYTES + SIGNATURE_BYTES) {
          yield false;
        }
        byte[] message = cosigned(ByteBuffer.wrap(signature).getLong(), text);
        yield verifiesRaw(message, Arrays.copyOfRange(signature, Long.BYTES, signature.length));
      }
    };
  }

  /** What a witness signs: a time in seconds since 1970, unsigned, and a checkpoint's text. */
  static byte[] cosigned(long seconds, byte[] text) {
    String time = "cosignature/v1\ntime " + Long.toUnsignedString(seconds) + "\n";
    byte[] head = time.getBytes(StandardCharsets.UTF_8);
    byte[] message = Arrays.copyOf(head, head.length + text.length);
    System.arraycopy(text, 0, message, head.length, text.length);
    return message;
  }

  private boolean verifiesRaw(byte[] message, byte[] signature) {
    if (signature.length != SIGNATURE_BYTES) {
      return false;
    }
    try {
      Signature check = Signature.getInstance("Ed25519");
      check.initVerify(verifier);
      check.update(message);
      return check.verify(signature);
    } catch (SignatureException e) {
      // The JDK throws for a signature that is no pair of point and scalar.
      return false;
    } catch (GeneralSecurityException e) {
      throw new IllegalStateException("every Java 17 platform has Ed25519", e);
    }
  }

  static void requireName(String name) {
    boolean allowed =
        !name.isEmpty()
            && name.codePoints()
                .noneMatch(
                    c ->
                        c == '+'
                            || c < ' '
                            || c == NEXT_LINE
                            || Character.isWhitespace(c)
                            || Character.isSpaceChar(c)
                            || Character.getType(c) == Character.SURROGATE);
    if (!allowed) {
      throw new IllegalArgumentException("a key name is not empty and has no space and no +");
    }
  }

  private String hexId() {
    return HexFormat.of().toHexDigits(id);
  }

  @Override
  public boolean equals(@Nullable Object other) {
    return other instanceof Vkey that
        && name.equals(that.name)
        && kind == that.kind
        && Arrays.equals(key, that.key);
  }

  @Override
  public int hashCode() {
    return id;
  }

  /** The written form. */
  @Override
  public String toString() {
    byte[] typed = new byte[1 + KEY_BYTES];
    typed[0] = kind.type;
    System.arraycopy(key, 0, typed, 1, KEY_BYTES);
    return name + "+" + hexId() + "+" + Base64.getEncoder().encodeToString(typed);
  }
}
