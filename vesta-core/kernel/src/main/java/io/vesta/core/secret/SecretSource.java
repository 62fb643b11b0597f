package io.vesta.core.secret;

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
}
