package io.vesta.core.plugin;

import java.util.Objects;
import java.util.function.Function;

/**
 * Makes implementations of one SPI.
 *
 * @param <T> the SPI
 * @param spi the SPI's interface
 * @param name how configuration refers to this implementation
 * @param create makes one instance; whoever asked closes it if it is {@link AutoCloseable}
 */
public record SpiFactory<T>(
    Class<T> spi, String name, Function<PluginContext, ? extends T> create) {

  /** Checks presence. */
  public SpiFactory {
    Objects.requireNonNull(spi, "spi");
    Objects.requireNonNull(name, "name");
    Objects.requireNonNull(create, "create");
  }
}
