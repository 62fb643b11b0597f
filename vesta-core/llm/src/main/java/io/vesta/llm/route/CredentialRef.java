package io.vesta.llm.route;

import io.vesta.core.error.VestaException;
import java.util.Objects;
import java.util.regex.Pattern;

/**
 * The name of a credential in the host's {@link io.vesta.core.secret.SecretSource}; never the
 * credential itself.
 *
 * @param name 1 to 64 letters, digits, dots, dashes and underscores, beginning with a letter
 */
public record CredentialRef(String name) {

  private static final Pattern NAME = Pattern.compile("[A-Za-z][A-Za-z0-9._-]{0,63}");

  /** Checks the shape. */
  public CredentialRef {
    if (!NAME.matcher(Objects.requireNonNull(name, "name")).matches()) {
      // Somebody may have put the credential here: not even its beginning is shown.
      throw VestaException.invalid(
          "credential",
          "a text of " + name.length() + " characters that is no name",
          "name the secret with at most 64 letters, digits, dots, dashes and underscores");
    }
  }
}
