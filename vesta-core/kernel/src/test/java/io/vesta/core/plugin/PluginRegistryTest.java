package io.vesta.core.plugin;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.vesta.core.config.VestaConfig;
import io.vesta.core.error.VestaException;
import io.vesta.core.storage.Database;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ForkJoinPool;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class PluginRegistryTest {

  interface Greeter {
    String greet();
  }

  /** Found by the service loader, by its entry in the test's META-INF. */
  public static final class Discovered implements VestaPlugin {
    @Override
    public PluginDescriptor descriptor() {
      return new PluginDescriptor("found", "1.2", SpiVersion.CURRENT);
    }

    @Override
    public List<SpiFactory<?>> factories() {
      return List.of(
          new SpiFactory<>(
              Greeter.class,
              "polite",
              context -> () -> "good " + context.properties().get("part")));
    }
  }

  private static VestaPlugin plugin(String id, SpiVersion version, SpiFactory<?>... factories) {
    return new VestaPlugin() {
      @Override
      public PluginDescriptor descriptor() {
        return new PluginDescriptor(id, "1", version);
      }

      @Override
      public List<SpiFactory<?>> factories() {
        return List.of(factories);
      }
    };
  }

  private static SpiFactory<Greeter> greeter(String name) {
    return new SpiFactory<>(Greeter.class, name, context -> () -> "hello");
  }

  private static String refusal(VestaPlugin... plugins) {
    VestaException refused =
        assertThrows(VestaException.class, () -> new PluginRegistry(List.of(plugins)));
    assertEquals("VESTA-CORE-003", refused.code().code());
    return refused.getMessage();
  }

  @Test
  void two_plugins_with_one_id_are_refused_and_both_are_named() {
    String message = refusal(plugin("found", SpiVersion.CURRENT), new Discovered());
    assertTrue(message.contains("PluginRegistryTest$1"), message);
    assertTrue(message.contains("PluginRegistryTest$Discovered"), message);
  }

  @Test
  void two_implementations_of_one_name_are_refused_and_both_plugins_are_named() {
    String message =
        refusal(
            plugin("a", SpiVersion.CURRENT, greeter("g")),
            plugin("b", SpiVersion.CURRENT, greeter("g")));
    assertTrue(message.contains("plug-in a") && message.contains("plug-in b"), message);
  }

  @Test
  void another_major_or_a_newer_minor_version_is_refused_with_both_versions() {
    String message =
        refusal(plugin("old", new SpiVersion(2, 0)), plugin("new", new SpiVersion(1, 99)));
    assertTrue(message.contains("2.0") && message.contains("1.99") && message.contains("1.0"));
  }

  @Test
  void an_older_minor_version_runs() {
    assertTrue(new SpiVersion(1, 0).runsOn(new SpiVersion(1, 3)));
  }

  @Test
  void plugins_are_listed_by_id_whatever_the_order_of_installation() {
    PluginRegistry registry =
        new PluginRegistry(
            List.of(plugin("b", SpiVersion.CURRENT), plugin("a", SpiVersion.CURRENT)));
    assertEquals(
        List.of("a", "b"), registry.descriptors().stream().map(PluginDescriptor::id).toList());
  }

  @Test
  void discovery_uses_the_given_class_loader_also_on_a_foreign_thread(@TempDir Path directory)
      throws Exception {
    VestaConfig.Builder builder =
        VestaConfig.builder(Database.sqlite(directory.resolve("x.db")))
            .properties(Map.of("vesta.plugin.found.part", "morning"));
    ClassLoader ours = getClass().getClassLoader();
    VestaConfig config =
        ForkJoinPool.commonPool()
            .submit(
                () -> {
                  Thread thread = Thread.currentThread();
                  ClassLoader before = thread.getContextClassLoader();
                  thread.setContextClassLoader(ClassLoader.getPlatformClassLoader());
                  try {
                    return builder.discoverPlugins(ours).build();
                  } finally {
                    thread.setContextClassLoader(before);
                  }
                })
            .get();
    assertEquals("good morning", config.fromPlugin(Greeter.class, "polite").greet());
    assertEquals(List.of(), config.unclaimed());
  }

  @Test
  void an_unknown_implementation_is_refused_with_what_is_installed(@TempDir Path directory) {
    VestaConfig config =
        VestaConfig.builder(Database.sqlite(directory.resolve("x.db")))
            .plugin(new Discovered())
            .build();
    VestaException refused =
        assertThrows(VestaException.class, () -> config.fromPlugin(Greeter.class, "rude"));
    assertTrue(refused.getMessage().contains("rude") && refused.getMessage().contains("found"));
  }
}
