package io.vesta.identity.account;

import io.vesta.core.error.VestaException;
import io.vesta.core.id.Ref;
import java.util.Set;

/**
 * What a token is for, and the least that the provider must have granted for it.
 *
 * @param name the host's word, in the characters of a {@link Ref} key; the audit log has it
 * @param scopes the provider's scopes; not empty
 */
public record Purpose(String name, Set<String> scopes) {

  /** Checks the name and the scopes. */
  public Purpose {
    scopes = Set.copyOf(scopes);
    if (scopes.isEmpty()
        || !scopes.stream()
            .allMatch(
                scope -> !scope.isEmpty() && scope.chars().allMatch(c -> c > 0x20 && c < 0x7F))) {
      throw VestaException.invalid(
          "purpose scopes", "empty or not printable", "name the provider's scopes");
    }
    var unused = new Ref("Purpose", name); // which checks the name
  }

  /** The reference under which the audit log names it. */
  public Ref ref() {
    return new Ref("Purpose", name);
  }
}
