package io.vesta.core;

import io.vesta.core.config.VestaConfig;
import io.vesta.core.config.VestaModule;
import io.vesta.core.internal.InjectedVesta;

/**
 * Vesta, wired for a host that does not use Guice. Several may live in one JVM and share nothing.
 * Thread-safe.
 *
 * <pre>{@code
 * try (Vesta vesta = Vesta.create(config, RbacModule.builder()..., AuditModule.builder()...)) {
 *   vesta.get(SchemaInstaller.class).install();
 *   ...
 * }
 * }</pre>
 */
public interface Vesta extends AutoCloseable {

  /**
   * Wires the given artifacts.
   *
   * @param config what the host hands over
   * @param modules the artifacts in use, each once
   * @return the wired whole; the caller closes it
   * @throws io.vesta.core.config.ConfigurationException with every fault of every module's
   *     configuration
   * @throws io.vesta.core.error.VestaException with one sentence if a port has no implementation
   */
  static Vesta create(VestaConfig config, VestaModule... modules) {
    return InjectedVesta.create(config, modules);
  }

  /**
   * A service of one of the artifacts.
   *
   * @param service the service's interface or class, as its artifact's module documents
   * @throws io.vesta.core.error.VestaException if no artifact in use has it
   */
  <T> T get(Class<T> service);

  /**
   * Closes what Vesta made, in reverse order; nothing that the host handed over. Further calls do
   * nothing.
   */
  @Override
  void close();
}
