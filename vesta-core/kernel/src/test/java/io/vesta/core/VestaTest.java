package io.vesta.core;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotSame;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.google.inject.AbstractModule;
import com.google.inject.Provides;
import com.google.inject.Singleton;
import com.google.inject.multibindings.OptionalBinder;
import io.vesta.core.access.Authorizer;
import io.vesta.core.config.Port;
import io.vesta.core.config.VestaConfig;
import io.vesta.core.config.VestaModule;
import io.vesta.core.error.VestaException;
import io.vesta.core.guice.Lifecycle;
import io.vesta.core.storage.Database;
import io.vesta.core.storage.SchemaInstaller;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class VestaTest {

  @TempDir Path directory;

  private VestaConfig config() {
    return VestaConfig.builder(Database.sqlite(directory.resolve("x.db"))).build();
  }

  record Feature(Authorizer authorizer) {}

  /** Needs the authorizer's port. */
  static final class NeedyModule extends AbstractModule implements VestaModule {
    @Override
    protected void configure() {
      OptionalBinder.newOptionalBinder(binder(), Authorizer.class);
    }

    @Provides
    @Singleton
    Feature feature(Optional<Authorizer> authorizer) {
      return new Feature(Port.require(authorizer, Authorizer.class, "RbacModule of vesta-rbac"));
    }
  }

  @Test
  void a_missing_port_is_one_sentence_that_names_it_and_its_supplier() {
    VestaException refused =
        assertThrows(VestaException.class, () -> Vesta.create(config(), new NeedyModule()));
    assertEquals(
        "VESTA-CORE-002: the port io.vesta.core.access.Authorizer has no implementation;"
            + " add the RbacModule of vesta-rbac or bind your own",
        refused.getMessage());
  }

  @Test
  void an_unknown_service_is_refused_by_name() {
    try (Vesta vesta = Vesta.create(config())) {
      VestaException refused = assertThrows(VestaException.class, () -> vesta.get(Feature.class));
      assertTrue(refused.getMessage().contains("VestaTest$Feature"));
    }
  }

  @Test
  void a_module_that_is_not_ours_is_refused() {
    VestaModule stranger = new VestaModule() {};
    assertThrows(VestaException.class, () -> Vesta.create(config(), stranger));
  }

  @Test
  void two_live_side_by_side_and_share_nothing() {
    try (Vesta one = Vesta.create(config());
        Vesta two = Vesta.create(config())) {
      assertNotSame(one.get(SchemaInstaller.class), two.get(SchemaInstaller.class));
      assertSame(one.get(SchemaInstaller.class), one.get(SchemaInstaller.class));
    }
  }

  @Test
  void closing_closes_what_was_made_in_reverse_order_and_once() {
    List<String> closed = new ArrayList<>();
    Vesta vesta = Vesta.create(config());
    Lifecycle lifecycle = vesta.get(Lifecycle.class);
    lifecycle.closing(() -> closed.add("first"));
    lifecycle.closing(
        () -> {
          closed.add("second");
          throw new IllegalArgumentException("broken");
        });
    IllegalStateException failure = assertThrows(IllegalStateException.class, vesta::close);
    assertEquals("broken", failure.getSuppressed()[0].getMessage());
    vesta.close();
    assertEquals(List.of("second", "first"), closed);
  }
}
