package io.vesta.identity.vault.internal;

import com.nimbusds.jose.JOSEException;
import com.nimbusds.jose.JWEHeader;
import com.nimbusds.jose.JWEObject;
import com.nimbusds.jose.Payload;
import com.nimbusds.jose.crypto.DirectDecrypter;
import com.nimbusds.jose.crypto.DirectEncrypter;
import com.nimbusds.jose.util.Base64URL;
import io.vesta.core.error.VestaException;
import io.vesta.core.id.Ref;
import io.vesta.core.secret.Secret;
import io.vesta.identity.IdentityError;
import io.vesta.identity.token.internal.Compact;
import io.vesta.identity.vault.Sealed;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.text.ParseException;
import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/**
 * Seals tokens with JWE, {@code dir} and A256GCM. The header, which is authenticated, names the
 * key, the owner and the serial number; when opened it must be, byte for byte, the header that this
 * owner's row must have. So nothing of the stored header is ever interpreted: no algorithm,
 * compression, iteration count or key comes from it. Thread-safe.
 */
public final class TokenVault {

  /** The longest access or refresh token that is kept. */
  public static final int LONGEST = 4_096;

  private final KeyRing ring;

  /** Over the given keys. */
  public TokenVault(KeyRing ring) {
    this.ring = ring;
  }

  /**
   * What is sealed.
   *
   * @param access the access token
   * @param refresh the refresh token; null if the provider gave none
   */
  public record Tokens(Secret access, @Nullable Secret refresh) {}

  /** The keys. */
  public KeyRing ring() {
    return ring;
  }

  /**
   * Seals tokens under the current key.
   *
   * @param owner whose they are
   * @param serial which sealing of the owner's this is
   */
  public Sealed seal(Ref owner, long serial, Tokens tokens) {
    String keyId = ring.current();
    byte[] access = tokens.access.reveal();
    Secret kept = tokens.refresh;
    byte[] refresh = kept == null ? new byte[0] : kept.reveal();
    byte[] plain =
        ByteBuffer.allocate(Integer.BYTES + access.length + refresh.length)
            .putInt(access.length)
            .put(access)
            .put(refresh)
            .array();
    try {
      JWEObject jwe =
          new JWEObject(JWEHeader.parse(header(keyId, owner, serial)), new Payload(plain));
      jwe.encrypt(new DirectEncrypter(ring.sealing(keyId)));
      return new Sealed(keyId, serial, jwe.serialize());
    } catch (ParseException | JOSEException e) {
      throw new IllegalStateException("every Java platform has AES-GCM", e);
    } finally {
      Arrays.fill(access, (byte) 0);
      Arrays.fill(refresh, (byte) 0);
      Arrays.fill(plain, (byte) 0);
    }
  }

  /**
   * Opens what was sealed.
   *
   * @throws VestaException with {@link IdentityError#VAULT_REFUSED} if it is anything but what this
   *     vault sealed for this owner under this number, with {@link IdentityError#VAULT_KEY_INVALID}
   *     if its key is not there
   */
  public Tokens open(Ref owner, Sealed sealed) {
    try {
      String[] parts = Compact.parts(sealed.jwe(), 5);
      Base64URL header = header(sealed.keyId(), owner, sealed.serial());
      if (!parts[0].equals(header.toString()) || !parts[1].isEmpty()) {
        throw refused();
      }
      DirectDecrypter decrypter = new DirectDecrypter(ring.sealing(sealed.keyId()));
      byte[] plain =
          decrypter.decrypt(
              JWEHeader.parse(header),
              null,
              new Base64URL(parts[2]),
              new Base64URL(parts[3]),
              new Base64URL(parts[4]),
              parts[0].getBytes(StandardCharsets.US_ASCII));
      try {
        int length = ByteBuffer.wrap(plain).getInt();
        Secret access = Secret.of(Arrays.copyOfRange(plain, Integer.BYTES, Integer.BYTES + length));
        int rest = Integer.BYTES + length;
        return new Tokens(
            access,
            rest == plain.length ? null : Secret.of(Arrays.copyOfRange(plain, rest, plain.length)));
      } finally {
        Arrays.fill(plain, (byte) 0);
      }
    } catch (VestaException e) {
      throw e.code() == IdentityError.VAULT_KEY_INVALID ? e : refused();
    } catch (ParseException | JOSEException e) {
      throw refused();
    }
  }

  private static VestaException refused() {
    return new VestaException(
        IdentityError.VAULT_REFUSED,
        "the stored tokens are not those that were sealed for this account; look for who changed"
            + " the database, and connect the account again");
  }

  /** Key names and references hold nothing that JSON would have to escape. */
  private static Base64URL header(String keyId, Ref owner, long serial) {
    return Base64URL.encode(
        "{\"alg\":\"dir\",\"enc\":\"A256GCM\",\"kid\":\""
            + keyId
            + "\",\"sub\":\""
            + owner
            + "\",\"ver\":"
            + serial
            + "}");
  }
}
