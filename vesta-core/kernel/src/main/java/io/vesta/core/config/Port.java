package io.vesta.core.config;

import io.vesta.core.error.CoreError;
import io.vesta.core.error.VestaException;
import java.util.Optional;

/** A port that must be supplied before an artifact can start. */
public final class Port {

  private Port() {}

  /**
   * The implementation of a port.
   *
   * @param found what is bound, if anything
   * @param port the port's interface
   * @param suppliedBy what supplies it, such as {@code "RbacModule of vesta-rbac"}
   * @throws VestaException with code {@code VESTA-CORE-002} and one sentence that names both, if
   *     nothing is bound
   */
  public static <T> T require(Optional<T> found, Class<T> port, String suppliedBy) {
    return found.orElseThrow(
        () ->
            new VestaException(
                CoreError.PORT_MISSING,
                "the port "
                    + port.getName()
                    + " has no implementation; add the "
                    + suppliedBy
                    + " or bind your own"));
  }
}
