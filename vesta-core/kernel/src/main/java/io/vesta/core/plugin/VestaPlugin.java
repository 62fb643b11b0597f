package io.vesta.core.plugin;

import java.util.List;

/**
 * SPI: a bundle of implementations of other SPIs. It is installed by hand ({@code
 * VestaConfig.builder(..).plugin(..)}), or found by {@link java.util.ServiceLoader} when the host
 * asks for that with a class loader of its choice. Guice is no part of it.
 */
public interface VestaPlugin {

  /** Who this is; constant, never null. */
  PluginDescriptor descriptor();

  /** The implementations it offers; each name once per SPI. Called once. */
  default List<SpiFactory<?>> factories() {
    return List.of();
  }
}
