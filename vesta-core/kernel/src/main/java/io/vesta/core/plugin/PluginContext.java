package io.vesta.core.plugin;

import io.vesta.core.secret.Secret;
import java.time.Clock;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.Executor;
import java.util.function.Function;

/**
 * What a plug-in gets to work with.
 *
 * @param properties the configuration under {@code vesta.plugin.<id>.}, without that prefix
 * @param clock the only clock to use
 * @param executor the only place to run things on
 * @param secrets gives the secret of a name, or throws if there is none
 */
public record PluginContext(
    Map<String, String> properties,
    Clock clock,
    Executor executor,
    Function<String, Secret> secrets) {

  /** Checks presence and copies. */
  public PluginContext {
    properties = Map.copyOf(properties);
    Objects.requireNonNull(clock, "clock");
    Objects.requireNonNull(executor, "executor");
    Objects.requireNonNull(secrets, "secrets");
  }

  /** Names only: values may be secrets. */
  @Override
  public String toString() {
    return "PluginContext" + new java.util.TreeSet<>(properties.keySet());
  }
}
