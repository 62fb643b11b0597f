package io.vesta.identity.vault.internal;

import io.vesta.core.error.VestaException;
import io.vesta.core.secret.Secret;
import io.vesta.identity.IdentityError;
import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.util.LinkedHashMap;
import java.util.Map;
import javax.crypto.Mac;
import javax.crypto.SecretKey;
import javax.crypto.spec.SecretKeySpec;

/** The vault's keys by name: the first seals, all of them open. Immutable and thread-safe. */
public final class KeyRing {

  private static final int LEAST_BYTES = 32;

  private final String current;
  private final Map<String, SecretKey> sealing = new LinkedHashMap<>();
  private final Map<String, SecretKey> deriving = new LinkedHashMap<>();

  /**
   * @param secrets by name, the one that seals first; each of 32 bytes or more
   * @throws VestaException if there is none, or one is too short
   */
  public KeyRing(Map<String, Secret> secrets) {
    if (secrets.isEmpty()) {
      throw new VestaException(
          IdentityError.VAULT_KEY_INVALID,
          "the vault has no key; name one in vesta.identity.vaultKeys");
    }
    current = secrets.keySet().iterator().next();
    secrets.forEach(
        (name, secret) -> {
          byte[] bytes = secret.reveal();
          if (bytes.length < LEAST_BYTES) {
            throw new VestaException(
                IdentityError.VAULT_KEY_INVALID,
                "the vault key " + name + " has " + bytes.length + " bytes; use 32 or more");
          }
          SecretKey root = new SecretKeySpec(bytes, "HmacSHA256");
          sealing.put(name, new SecretKeySpec(mac(root, "vesta.identity.vault.v1"), "AES"));
          deriving.put(name, new SecretKeySpec(mac(root, "vesta.identity.flow.v1"), "HmacSHA256"));
          java.util.Arrays.fill(bytes, (byte) 0);
        });
  }

  /** The name of the key that seals now; never null. */
  public String current() {
    return current;
  }

  /** 32 bytes that only who has the key can compute from a text. */
  public byte[] derive(String keyId, String text) {
    return mac(required(deriving, keyId), text);
  }

  SecretKey sealing(String keyId) {
    return required(sealing, keyId);
  }

  private static SecretKey required(Map<String, SecretKey> keys, String keyId) {
    SecretKey key = keys.get(keyId);
    if (key == null) {
      throw new VestaException(
          IdentityError.VAULT_KEY_INVALID,
          "what is stored needs a key that the vault does not have; put it back into"
              + " vesta.identity.vaultKeys until everything was sealed anew");
    }
    return key;
  }

  private static byte[] mac(SecretKey key, String text) {
    try {
      Mac mac = Mac.getInstance("HmacSHA256");
      mac.init(key);
      return mac.doFinal(text.getBytes(StandardCharsets.UTF_8));
    } catch (GeneralSecurityException e) {
      throw new IllegalStateException("every Java platform has HmacSHA256", e);
    }
  }
}
