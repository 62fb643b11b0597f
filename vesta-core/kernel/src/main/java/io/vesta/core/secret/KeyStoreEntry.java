package io.vesta.core.secret;

import io.vesta.core.error.CoreError;
import io.vesta.core.error.VestaException;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.security.Key;
import java.security.KeyStore;
import java.util.Arrays;
import java.util.Optional;
import javax.crypto.SecretKey;

/** Reads one secret key out of a key store. */
final class KeyStoreEntry {

  private KeyStoreEntry() {}

  static Optional<Secret> find(CredentialFile file, Secret password, String name) {
    byte[] bytes =
        file.bytes()
            .orElseThrow(
                () ->
                    new VestaException(
                        CoreError.SECRET_UNAVAILABLE, "the key store is not there; put it there"));
    char[] word = new String(password.reveal(), StandardCharsets.UTF_8).toCharArray();
    try {
      KeyStore store = KeyStore.getInstance("PKCS12");
      store.load(new ByteArrayInputStream(bytes), word);
      Key key = store.getKey(name, word);
      return key instanceof SecretKey secret
          ? Optional.of(Secret.of(secret.getEncoded()))
          : Optional.empty();
    } catch (IOException | GeneralSecurityException e) {
      throw new VestaException(
          CoreError.SECRET_UNAVAILABLE, "the key store cannot be opened; check its password", e);
    } finally {
      Arrays.fill(word, '\0');
    }
  }
}
