package io.vesta.proof.guice;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.databind.ObjectMapper;
import com.google.inject.AbstractModule;
import com.google.inject.CreationException;
import com.google.inject.Guice;
import com.google.inject.Injector;
import com.google.inject.multibindings.OptionalBinder;
import io.vesta.core.Vesta;
import io.vesta.core.access.Actor;
import io.vesta.core.access.Authorizer;
import io.vesta.core.access.Capacity;
import io.vesta.core.audit.AuditTrail;
import io.vesta.core.config.ConfigurationException;
import io.vesta.core.config.VestaConfig;
import io.vesta.core.error.VestaException;
import io.vesta.core.guice.CoreModule;
import io.vesta.core.id.BrokerageId;
import io.vesta.core.id.MemberId;
import io.vesta.core.storage.SchemaInstaller;
import io.vesta.proof.protect.Protection;
import io.vesta.proof.protect.Protector;
import io.vesta.proof.protect.Tables;
import io.vesta.proof.publish.Canaries;
import io.vesta.proof.publish.ListedAuthorizer;
import io.vesta.proof.publish.ProofPublisher;
import io.vesta.proof.publish.Publication;
import io.vesta.proof.publish.RecordingTrail;
import io.vesta.testkit.Engine;
import java.nio.file.Path;
import java.time.Clock;
import java.util.List;
import java.util.Set;
import java.util.concurrent.Executor;
import javax.sql.DataSource;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class ProofModuleTest {

  private static final Actor BROKER =
      Actor.member(new MemberId(new BrokerageId("firm"), "M01"), Capacity.BROKER);

  @TempDir private Path directory;

  /** A host that has its own of everything and switches every strictness of Guice on. */
  private static final class StrictHost extends AbstractModule {

    private final DataSource dataSource;
    private final boolean ports;
    private final AuditTrail trail;

    StrictHost(DataSource dataSource, AuditTrail trail, boolean ports) {
      this.dataSource = dataSource;
      this.trail = trail;
      this.ports = ports;
    }

    @Override
    protected void configure() {
      binder().requireExplicitBindings();
      binder().requireAtInjectOnConstructors();
      binder().requireExactBindingAnnotations();
      binder().disableCircularProxies();
      bind(Clock.class).toInstance(Clock.systemUTC());
      bind(Executor.class).toInstance(Runnable::run);
      bind(ObjectMapper.class).toInstance(new ObjectMapper());
      bind(DataSource.class).toInstance(dataSource);
      if (ports) {
        OptionalBinder.newOptionalBinder(binder(), Authorizer.class)
            .setBinding()
            .toInstance(new ListedAuthorizer(Set.of(BROKER)));
        OptionalBinder.newOptionalBinder(binder(), AuditTrail.class).setBinding().toInstance(trail);
      }
    }
  }

  @Test
  void a_strict_host_with_its_own_of_everything_publishes() {
    Engine.Fresh fresh = Engine.SQLITE.fresh(directory);
    VestaConfig config =
        VestaConfig.builder(fresh.database())
            .property("vesta.proof.deals", "3")
            .property("vesta.proof.estimatePercent", "1")
            .build();
    RecordingTrail trail = new RecordingTrail(fresh.database());
    Injector injector =
        Guice.createInjector(
            new StrictHost(fresh.host(), trail, true),
            CoreModule.of(config),
            ProofModule.builder().build());
    assertEquals(Clock.systemUTC(), injector.getInstance(Clock.class));
    assertSame(fresh.host(), injector.getInstance(DataSource.class));
    injector.getInstance(SchemaInstaller.class).install();
    Protector protector = injector.getInstance(Protector.class);
    assertEquals(3, protector.policy().deals());
    assertSame(protector, injector.getInstance(Protector.class));
    ProofPublisher publisher = injector.getInstance(ProofPublisher.class);
    Protection protection =
        protector.protect(Tables.spec(2).build(), Tables.sales(new int[][] {{9}, {8}}));
    Canaries none = Canaries.of(List.of());
    publisher.approve(BROKER, publisher.review(BROKER, "production", protection, none));
    Publication publication = publisher.publish(BROKER, "production", protection, none);
    assertEquals(3, publication.table().shown());
    assertTrue(publication.signature().isEmpty(), "no key was given");
    assertEquals(2, trail.entries().size());
  }

  @Test
  void a_missing_port_is_one_sentence_that_names_it_and_its_supplier() {
    Engine.Fresh fresh = Engine.SQLITE.fresh(directory);
    VestaConfig config = VestaConfig.builder(fresh.database()).build();
    VestaException refused =
        assertThrows(
            VestaException.class,
            () -> {
              try (Vesta vesta = Vesta.create(config, ProofModule.builder().build())) {
                vesta.get(ProofPublisher.class);
              }
            });
    String sentence = String.valueOf(refused.getMessage());
    assertTrue(sentence.contains(Authorizer.class.getName()), sentence);
    assertTrue(sentence.contains("RbacModule of vesta-rbac"), sentence);
    assertEquals(1, sentence.lines().count());
  }

  @Test
  void a_missing_port_stops_a_guice_host_no_later_than_the_first_use() {
    Engine.Fresh fresh = Engine.SQLITE.fresh(directory);
    VestaConfig config = VestaConfig.builder(fresh.database()).build();
    RecordingTrail trail = new RecordingTrail(fresh.database());
    RuntimeException refused =
        assertThrows(
            RuntimeException.class,
            () ->
                Guice.createInjector(
                        new StrictHost(fresh.host(), trail, false),
                        CoreModule.of(config),
                        ProofModule.builder().build())
                    .getInstance(ProofPublisher.class));
    assertTrue(
        refused instanceof CreationException
            || String.valueOf(refused.getMessage()).contains("has no implementation"),
        String.valueOf(refused.getMessage()));
  }

  @Test
  void every_wrong_setting_is_told_at_once() {
    Engine.Fresh fresh = Engine.SQLITE.fresh(directory);
    VestaConfig config =
        VestaConfig.builder(fresh.database())
            .property("vesta.proof.deals", "2")
            .property("vesta.proof.estimatePercent", "0")
            .property("vesta.proof.dominantPercent", "lots")
            .build();
    ConfigurationException refused =
        assertThrows(
            ConfigurationException.class,
            () -> Vesta.create(config, ProofModule.builder().build()).close());
    String all = String.valueOf(refused.getMessage());
    for (String key : List.of("deals", "estimatePercent", "dominantPercent")) {
      assertTrue(all.contains("vesta.proof." + key), all);
    }
  }
}
