package io.vesta.core.plugin;

import io.vesta.core.error.CoreError;
import io.vesta.core.error.VestaException;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.ServiceLoader;
import java.util.TreeMap;

/**
 * The installed plug-ins, by id. Two with one id, two implementations of one SPI under one name,
 * and a plug-in of an SPI version that this library does not serve are refused with a reason that
 * names both sides. Immutable.
 */
public final class PluginRegistry {

  private final TreeMap<String, VestaPlugin> plugins = new TreeMap<>();
  private final Map<String, Map.Entry<String, SpiFactory<?>>> factories = new HashMap<>();

  /**
   * @param plugins what is installed, in any order
   * @throws VestaException with code {@code VESTA-CORE-003} that lists every refusal
   */
  public PluginRegistry(Collection<? extends VestaPlugin> plugins) {
    List<String> refusals = new ArrayList<>();
    for (VestaPlugin plugin : plugins) {
      PluginDescriptor descriptor = plugin.descriptor();
      VestaPlugin twin = this.plugins.putIfAbsent(descriptor.id(), plugin);
      if (twin != null) {
        refusals.add(
            "plug-in "
                + descriptor.id()
                + " comes from "
                + source(twin)
                + " and from "
                + source(plugin));
      } else if (!descriptor.compiledFor().runsOn(SpiVersion.CURRENT)) {
        refusals.add(
            "plug-in "
                + descriptor.id()
                + " "
                + descriptor.version()
                + " was compiled for SPI "
                + descriptor.compiledFor()
                + " and this library serves "
                + SpiVersion.CURRENT);
      } else {
        register(descriptor.id(), plugin.factories(), refusals);
      }
    }
    if (!refusals.isEmpty()) {
      throw new VestaException(CoreError.PLUGIN_REFUSED, String.join("; ", refusals));
    }
  }

  private void register(String id, List<SpiFactory<?>> offered, List<String> refusals) {
    for (SpiFactory<?> factory : offered) {
      String key = key(factory.spi(), factory.name());
      Map.Entry<String, SpiFactory<?>> twin = factories.putIfAbsent(key, Map.entry(id, factory));
      if (twin != null) {
        refusals.add(key + " is offered by plug-in " + twin.getKey() + " and by plug-in " + id);
      }
    }
  }

  /**
   * Finds plug-ins by {@link ServiceLoader}.
   *
   * @param loader the class loader to look in; never the thread's by default, which is the wrong
   *     one in many hosts
   */
  public static List<VestaPlugin> discover(ClassLoader loader) {
    Objects.requireNonNull(loader, "loader");
    return ServiceLoader.load(VestaPlugin.class, loader).stream()
        .map(ServiceLoader.Provider::get)
        .toList();
  }

  /** What is installed, ordered by id; never null. */
  public List<PluginDescriptor> descriptors() {
    return plugins.values().stream().map(VestaPlugin::descriptor).toList();
  }

  /**
   * Makes an implementation of an SPI.
   *
   * @param spi the SPI
   * @param name the implementation's name
   * @param context given the plug-in's id, what it works with
   * @return the implementation; the caller closes it if it is {@link AutoCloseable}
   * @throws VestaException if none of that name is installed
   */
  public <T> T create(
      Class<T> spi, String name, java.util.function.Function<String, PluginContext> context) {
    Map.Entry<String, SpiFactory<?>> found = factories.get(key(spi, name));
    if (found == null) {
      throw new VestaException(
          CoreError.PLUGIN_REFUSED,
          "no plug-in offers " + key(spi, name) + "; installed are " + plugins.keySet());
    }
    return spi.cast(found.getValue().create().apply(context.apply(found.getKey())));
  }

  private static String key(Class<?> spi, String name) {
    return spi.getSimpleName() + " \"" + name + "\"";
  }

  private static String source(VestaPlugin plugin) {
    var domain = plugin.getClass().getProtectionDomain().getCodeSource();
    return plugin.getClass().getName() + (domain == null ? "" : " in " + domain.getLocation());
  }
}
