package io.vesta.core.secret;

import io.vesta.core.error.VestaException;
import java.nio.file.Path;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;

/**
 * SPI: where secrets come from (a vault, a mounted file, the environment).
 *
 * <p><b>Contract.</b> Thread-safe. A missing secret is an empty answer; a source that cannot answer
 * now throws. The answer may change over time (rotation), so callers ask each time they need it.
 * Implementations never log names together with values.
 */
public interface SecretSource {

  /**
   * Looks a secret up.
   *
   * @param name the secret's name: letters, digits, dots, dashes and underscores
   * @return the secret, or empty if there is none of that name
   * @throws io.vesta.core.error.VestaException if the source cannot answer
   */
  Optional<Secret> find(String name);

  /**
   * Secrets from environment variables: {@code openai-prod} is {@code <prefix>OPENAI_PROD}.
   *
   * @param prefix what the variables' names begin with, such as {@code VESTA_}
   * @param environment the variables, usually {@code System.getenv()}
   */
  static SecretSource environment(String prefix, Map<String, String> environment) {
    Map<String, String> variables = Map.copyOf(environment);
    return name -> {
      String variable = prefix + name.toUpperCase(Locale.ROOT).replaceAll("[.-]", "_");
      return Optional.ofNullable(variables.get(variable))
          .filter(value -> !value.isEmpty())
          .map(Secret::of);
    };
  }

  /**
   * Secrets from files of a directory, one each, named like the secret. A file counts only if it
   * keeps the rules of {@link CredentialFile}.
   *
   * @param documentRoots the directories that a web server serves; may be empty
   */
  static SecretSource files(Path directory, List<Path> documentRoots) {
    List<Path> roots = List.copyOf(documentRoots);
    return name -> {
      if (!FileName.isOne(name)) {
        throw VestaException.invalid(
            "secret name",
            "a text of " + name.length() + " characters that is no file's name",
            "use letters, digits, dots, dashes and underscores, beginning with a letter or digit");
      }
      return new CredentialFile(directory.resolve(name), roots).read();
    };
  }

  /**
   * Secrets from a PKCS #12 key store: each the bytes of the secret key under its name. The store
   * is read anew each time, and must keep the rules of {@link CredentialFile}.
   *
   * @param password of the store and of its entries
   */
  static SecretSource keyStore(Path file, Secret password, List<Path> documentRoots) {
    CredentialFile store = new CredentialFile(file, documentRoots);
    return name -> KeyStoreEntry.find(store, password, name);
  }
}
