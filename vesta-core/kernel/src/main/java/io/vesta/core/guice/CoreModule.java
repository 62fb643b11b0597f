package io.vesta.core.guice;

import com.google.inject.AbstractModule;
import com.google.inject.Provides;
import com.google.inject.Singleton;
import com.google.inject.multibindings.Multibinder;
import io.vesta.core.config.VestaConfig;
import io.vesta.core.config.VestaModule;
import io.vesta.core.storage.Database;
import io.vesta.core.storage.Schema;
import io.vesta.core.storage.SchemaInstaller;
import java.util.Objects;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * Binds what the host handed over, {@link Database} and {@link SchemaInstaller}. It binds no {@code
 * Clock}, {@code Executor}, {@code DataSource} or {@code ObjectMapper}: those keys are the host's.
 */
public final class CoreModule extends AbstractModule implements VestaModule {

  private final VestaConfig config;

  private CoreModule(VestaConfig config) {
    this.config = Objects.requireNonNull(config, "config");
  }

  /** The kernel's module around what the host handed over. */
  public static CoreModule of(VestaConfig config) {
    return new CoreModule(config);
  }

  @Override
  protected void configure() {
    bind(VestaConfig.class).toInstance(config);
    bind(Database.class).toInstance(config.database());
    bind(Lifecycle.class).in(Singleton.class);
    Multibinder.newSetBinder(binder(), Schema.class);
  }

  @Provides
  @Singleton
  SchemaInstaller schemaInstaller(Set<Schema> schemas) {
    return new SchemaInstaller(config.database(), schemas);
  }

  @Override
  public boolean equals(@Nullable Object other) {
    return other instanceof CoreModule that && config == that.config;
  }

  @Override
  public int hashCode() {
    return System.identityHashCode(config);
  }
}
