package io.vesta.approval.guice;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotNull;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.databind.ObjectMapper;
import com.google.inject.AbstractModule;
import com.google.inject.Guice;
import com.google.inject.Injector;
import com.google.inject.Module;
import com.google.inject.Stage;
import com.google.inject.multibindings.OptionalBinder;
import io.vesta.approval.draft.DraftContext;
import io.vesta.approval.drafting.Drafter;
import io.vesta.approval.gate.internal.Moves;
import io.vesta.approval.gate.internal.Seals;
import io.vesta.approval.outbox.Dispatcher;
import io.vesta.approval.review.ReviewDesk;
import io.vesta.approval.store.DraftStore;
import io.vesta.core.Vesta;
import io.vesta.core.access.Action;
import io.vesta.core.access.Actor;
import io.vesta.core.access.Authorizer;
import io.vesta.core.access.Decision;
import io.vesta.core.access.Resource;
import io.vesta.core.access.ResourceColumns;
import io.vesta.core.access.RowFilter;
import io.vesta.core.audit.AuditTrail;
import io.vesta.core.config.ConfigurationException;
import io.vesta.core.config.VestaConfig;
import io.vesta.core.config.VestaModule;
import io.vesta.core.error.VestaException;
import io.vesta.core.guice.CoreModule;
import io.vesta.core.secret.Secret;
import io.vesta.core.storage.Database;
import io.vesta.testkit.Engine;
import java.nio.file.Path;
import java.time.Clock;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;
import java.util.concurrent.Executor;
import javax.sql.DataSource;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class ApprovalModuleTest {

  @TempDir Path directory;

  private VestaConfig.Builder config() {
    return VestaConfig.builder(Database.sqlite(directory.resolve("x.db")))
        .secrets(name -> Optional.of(Secret.of("0123456789abcdef0123456789abcdef")));
  }

  private static ApprovalModule module() {
    DraftContext nothing = new DraftContext(Map.of(), Map.of());
    return ApprovalModule.builder((work, draft, attribution) -> nothing).build();
  }

  /** Says no to everything. */
  private static final class Nobody implements Authorizer {
    @Override
    public Decision decide(Actor actor, Action action, Resource resource) {
      throw new IllegalStateException("not asked at the start");
    }

    @Override
    public RowFilter filter(Actor actor, Action action, ResourceColumns columns) {
      throw new IllegalStateException("not asked at the start");
    }
  }

  private static class Ports extends AbstractModule implements VestaModule {

    private final boolean authorizer;
    private final boolean audit;

    Ports(boolean authorizer, boolean audit) {
      this.authorizer = authorizer;
      this.audit = audit;
    }

    @Override
    protected void configure() {
      OptionalBinder<Authorizer> access =
          OptionalBinder.newOptionalBinder(binder(), Authorizer.class);
      if (authorizer) {
        access.setBinding().toInstance(new Nobody());
      }
      OptionalBinder<AuditTrail> trail =
          OptionalBinder.newOptionalBinder(binder(), AuditTrail.class);
      if (audit) {
        trail.setBinding().toInstance((work, event) -> new UUID(0, 0));
      }
    }
  }

  @Test
  void it_lives_under_the_four_strict_switches_in_a_host_that_binds_its_own_things() {
    Engine.Fresh fresh = Engine.SQLITE.fresh(directory);
    VestaConfig config = config().build();
    Module host =
        new AbstractModule() {
          @Override
          protected void configure() {
            binder().requireExplicitBindings();
            binder().requireAtInjectOnConstructors();
            binder().requireExactBindingAnnotations();
            binder().disableCircularProxies();
            bind(Clock.class).toInstance(Clock.systemUTC());
            bind(Executor.class).toInstance(Runnable::run);
            bind(ObjectMapper.class).toInstance(new ObjectMapper());
            bind(DataSource.class).toInstance(fresh.host());
          }
        };
    Injector injector =
        Guice.createInjector(
            Stage.PRODUCTION, host, CoreModule.of(config), new Ports(true, true), module());
    assertNotNull(injector.getInstance(Drafter.class));
    assertSame(injector.getInstance(ReviewDesk.class), injector.getInstance(ReviewDesk.class));
    assertNotNull(injector.getInstance(Dispatcher.class));
    assertSame(fresh.host(), injector.getInstance(DataSource.class));
    for (Class<?> hidden : new Class<?>[] {Seals.class, Moves.class, DraftStore.class}) {
      assertFalse(
          injector.getAllBindings().keySet().stream()
              .anyMatch(key -> key.getTypeLiteral().getRawType().equals(hidden)),
          hidden::getName);
    }
  }

  @Test
  void a_missing_port_is_one_sentence_that_names_it_and_who_supplies_it() {
    for (boolean audit : new boolean[] {true, false}) {
      VestaException refused =
          assertThrows(
              VestaException.class,
              () -> Vesta.create(config().build(), new Ports(!audit, audit), module()));
      String message = refused.getMessage();
      assertTrue(message.contains(audit ? "Authorizer" : "AuditTrail"), message);
      assertTrue(message.contains(audit ? "RbacModule" : "AuditModule"), message);
      assertEquals(1, message.lines().count(), message);
    }
  }

  @Test
  void a_missing_or_short_key_is_told_at_the_start() {
    VestaConfig none = VestaConfig.builder(Database.sqlite(directory.resolve("y.db"))).build();
    VestaException missing =
        assertThrows(
            VestaException.class, () -> Vesta.create(none, new Ports(true, true), module()));
    assertTrue(missing.getMessage().contains("vesta.approval.sealing-key"), missing.getMessage());
    VestaConfig brief =
        VestaConfig.builder(Database.sqlite(directory.resolve("z.db")))
            .secrets(name -> Optional.of(Secret.of("too short")))
            .build();
    VestaException refused =
        assertThrows(
            VestaException.class, () -> Vesta.create(brief, new Ports(true, true), module()));
    assertTrue(refused.getMessage().contains("9 bytes; use 32 or more"), refused.getMessage());
    assertFalse(refused.getMessage().contains("too short"));
  }

  @Test
  void a_configuration_out_of_range_is_refused_with_its_key() {
    VestaConfig config = config().property("vesta.approval.sendsAtOnce", "65").build();
    ConfigurationException refused =
        assertThrows(
            ConfigurationException.class,
            () -> Vesta.create(config, new Ports(true, true), module()));
    assertTrue(refused.getMessage().contains("vesta.approval.sendsAtOnce"), refused.getMessage());
  }
}
