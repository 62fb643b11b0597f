package io.vesta.identity.login;

import io.vesta.core.error.VestaException;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.function.Function;
import java.util.stream.Collectors;

/** The providers at which people may log in. Immutable and thread-safe. */
public final class Logins {

  private final Map<String, LoginProvider> providers;

  /** Of the given providers, each id once. */
  public Logins(Collection<LoginProvider> providers) {
    this.providers =
        providers.stream()
            .collect(Collectors.toUnmodifiableMap(LoginProvider::id, Function.identity()));
  }

  /**
   * Login at one of them.
   *
   * @param id the provider's id
   * @throws VestaException if it is none of them
   */
  public LoginProvider at(String id) {
    LoginProvider found = providers.get(id);
    if (found == null) {
      throw VestaException.invalid(
          "provider", "none that people log in at", "give it to IdentityModule");
    }
    return found;
  }

  /** Their ids in alphabetical order. */
  public List<String> ids() {
    return providers.keySet().stream().sorted().toList();
  }
}
