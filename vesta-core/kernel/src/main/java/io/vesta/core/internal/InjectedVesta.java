package io.vesta.core.internal;

import com.google.inject.CreationException;
import com.google.inject.Guice;
import com.google.inject.Injector;
import com.google.inject.Key;
import com.google.inject.Module;
import com.google.inject.Stage;
import com.google.inject.spi.Message;
import io.vesta.core.Vesta;
import io.vesta.core.config.ConfigurationException;
import io.vesta.core.config.VestaConfig;
import io.vesta.core.config.VestaModule;
import io.vesta.core.error.CoreError;
import io.vesta.core.error.VestaException;
import io.vesta.core.guice.CoreModule;
import io.vesta.core.guice.Lifecycle;
import java.util.ArrayList;
import java.util.List;

/** Vesta behind a private injector. */
public final class InjectedVesta implements Vesta {

  private final Injector injector;

  private InjectedVesta(Injector injector) {
    this.injector = injector;
  }

  /** See {@link Vesta#create}. */
  public static Vesta create(VestaConfig config, VestaModule... modules) {
    List<Module> all = new ArrayList<>();
    all.add(
        binder -> {
          binder.requireExplicitBindings();
          binder.requireAtInjectOnConstructors();
          binder.requireExactBindingAnnotations();
          binder.disableCircularProxies();
        });
    all.add(CoreModule.of(config));
    for (VestaModule module : modules) {
      if (!(module instanceof Module wired)) {
        throw VestaException.invalid(
            "module", "of " + module.getClass(), "use the modules that Vesta's artifacts offer");
      }
      all.add(wired);
    }
    try {
      Injector injector = Guice.createInjector(Stage.PRODUCTION, all);
      List<String> unclaimed = config.unclaimed();
      if (!unclaimed.isEmpty()) {
        throw new ConfigurationException(
            unclaimed.stream().map(key -> key + " is not a known key").toList());
      }
      return new InjectedVesta(injector);
    } catch (CreationException e) {
      throw translate(e);
    }
  }

  /** Our own exceptions say it better than Guice's report around them. */
  private static RuntimeException translate(CreationException e) {
    List<String> faults = new ArrayList<>();
    for (Message message : e.getErrorMessages()) {
      if (message.getCause() instanceof ConfigurationException fault) {
        faults.addAll(fault.faults());
      } else if (message.getCause() instanceof VestaException fault) {
        return fault;
      }
    }
    return faults.isEmpty() ? e : new ConfigurationException(faults);
  }

  @Override
  public <T> T get(Class<T> service) {
    try {
      return injector.getInstance(Key.get(service));
    } catch (com.google.inject.ConfigurationException e) {
      throw new VestaException(
          CoreError.PORT_MISSING,
          "no artifact in use offers " + service.getName() + "; give its module to Vesta.create",
          e);
    }
  }

  @Override
  public void close() {
    injector.getInstance(Lifecycle.class).close();
  }
}
