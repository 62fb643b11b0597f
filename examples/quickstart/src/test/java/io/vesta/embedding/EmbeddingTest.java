package io.vesta.embedding;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertNotNull;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.databind.ObjectMapper;
import com.google.inject.AbstractModule;
import com.google.inject.Guice;
import com.google.inject.Injector;
import com.google.inject.Module;
import com.google.inject.Stage;
import io.vesta.approval.drafting.Drafter;
import io.vesta.approval.outbox.Dispatcher;
import io.vesta.approval.review.ReviewDesk;
import io.vesta.approval.state.DraftState;
import io.vesta.audit.export.TlogExport;
import io.vesta.audit.log.AuditCheck;
import io.vesta.audit.log.AuditLog;
import io.vesta.audit.log.AuditQuery;
import io.vesta.audit.log.Sequencer;
import io.vesta.core.Vesta;
import io.vesta.core.access.Authorizer;
import io.vesta.core.audit.AuditTrail;
import io.vesta.core.guice.CoreModule;
import io.vesta.core.guice.Lifecycle;
import io.vesta.core.storage.SchemaInstaller;
import io.vesta.core.storage.UnitOfWork;
import io.vesta.proof.protect.Protector;
import io.vesta.proof.publish.ProofPublisher;
import io.vesta.testkit.Engine;
import java.io.File;
import java.lang.ref.WeakReference;
import java.net.URL;
import java.net.URLClassLoader;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.SQLException;
import java.time.Clock;
import java.time.Instant;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.concurrent.Executor;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import javax.sql.DataSource;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** What hosts expect of a library that they embed. */
class EmbeddingTest {

  private static final List<Class<?>> SERVICES =
      List.of(
          Authorizer.class,
          AuditTrail.class,
          AuditLog.class,
          Sequencer.class,
          AuditQuery.class,
          AuditCheck.class,
          TlogExport.class,
          Drafter.class,
          ReviewDesk.class,
          Dispatcher.class,
          Protector.class,
          ProofPublisher.class,
          SchemaInstaller.class);

  @TempDir Path directory;

  @ParameterizedTest
  @EnumSource(Engine.class)
  void a_strict_guice_host_keeps_its_own_bindings(Engine engine) {
    Engine.Fresh fresh = engine.fresh(directory);
    Clock clock = Clock.fixed(Instant.EPOCH, ZoneOffset.UTC);
    Executor executor = Runnable::run;
    ObjectMapper mapper = new ObjectMapper();
    List<Module> modules = new ArrayList<>();
    modules.add(
        binder -> {
          binder.requireExplicitBindings();
          binder.requireAtInjectOnConstructors();
          binder.requireExactBindingAnnotations();
          binder.disableCircularProxies();
        });
    modules.add(
        new AbstractModule() {
          @Override
          protected void configure() {
            bind(Clock.class).toInstance(clock);
            bind(Executor.class).toInstance(executor);
            bind(ObjectMapper.class).toInstance(mapper);
            bind(DataSource.class).toInstance(fresh.host());
          }
        });
    modules.add(CoreModule.of(SmallHost.config(fresh.database()).build()));
    modules.addAll(SmallHost.modules().stream().map(Module.class::cast).toList());
    Injector injector = Guice.createInjector(Stage.PRODUCTION, modules);
    assertSame(clock, injector.getInstance(Clock.class));
    assertSame(executor, injector.getInstance(Executor.class));
    assertSame(mapper, injector.getInstance(ObjectMapper.class));
    assertSame(fresh.host(), injector.getInstance(DataSource.class));
    SERVICES.forEach(service -> assertNotNull(injector.getInstance(service), service::getName));
    assertTrue(
        injector.getInstance(SchemaInstaller.class).install() >= 3, "each artifact's tables");
    assertEquals(0, injector.getInstance(SchemaInstaller.class).install(), "once");
    injector.getInstance(Lifecycle.class).close();
  }

  @ParameterizedTest
  @EnumSource(Engine.class)
  void two_live_in_one_jvm_and_know_nothing_of_each_other(Engine engine) {
    Engine.Fresh one = engine.fresh(directory);
    Engine.Fresh two = engine.fresh(directory);
    try (Vesta first = SmallHost.vesta(one.database());
        Vesta second = SmallHost.vesta(two.database())) {
      SERVICES.forEach(
          service -> {
            if (service != Authorizer.class) {
              assertNotEquals(
                  System.identityHashCode(first.get(service)),
                  System.identityHashCode(second.get(service)),
                  service::getName);
            }
          });
      assertEquals(1, SmallHost.sendOne(first));
      assertEquals(0, first.get(Dispatcher.class).dispatch().moved().size());
      assertEquals(0, second.get(Dispatcher.class).dispatch().moved().size());
      assertEquals(1, SmallHost.sendOne(second), "the same id in the other one");
    }
  }

  @ParameterizedTest
  @EnumSource(Engine.class)
  void a_host_that_rolls_back_leaves_no_draft_no_approval_and_no_entry(Engine engine)
      throws SQLException {
    Engine.Fresh fresh = engine.fresh(directory);
    try (Vesta vesta = SmallHost.vesta(fresh.database())) {
      try (Connection connection = fresh.host().getConnection()) {
        connection.setAutoCommit(false);
        SmallHost.approveOne(vesta, fresh.database().join(connection));
        assertEquals(List.of(1, 1, 3), rows(fresh.database().join(connection)));
        connection.rollback();
        assertEquals(List.of(0, 0, 0), rows(fresh.database().join(connection)));
        SmallHost.approveOne(vesta, fresh.database().join(connection));
        connection.commit();
      }
      assertEquals(List.of(1, 1, 3), fresh.database().read(EmbeddingTest::rows));
      assertEquals(1, vesta.get(Dispatcher.class).dispatch().into(DraftState.SENT));
    }
  }

  private static List<Integer> rows(UnitOfWork work) {
    return Stream.of("vesta_draft", "vesta_approval", "vesta_audit_entry")
        .map(
            table ->
                work.handle().select("select count(*) from " + table).mapTo(Integer.class).one())
        .toList();
  }

  @Test
  void after_close_no_thread_of_ours_is_left() {
    Engine.Fresh fresh = Engine.SQLITE.fresh(directory);
    Set<Thread> before = Thread.getAllStackTraces().keySet();
    try (Vesta vesta = SmallHost.vesta(fresh.database())) {
      assertEquals(1, SmallHost.sendOne(vesta));
      assertEquals(
          Set.of(), started(before), "not even while it works: the host hands over its executor");
    }
    assertEquals(Set.of(), started(before));
  }

  private static Set<String> started(Set<Thread> before) {
    return Thread.getAllStackTraces().keySet().stream()
        .filter(thread -> !before.contains(thread) && thread.isAlive())
        .map(Thread::getName)
        // The platform's own, for the PostgreSQL server of other tests.
        .filter(name -> !name.equals("process reaper"))
        .collect(Collectors.toSet());
  }

  @Test
  void the_class_loader_of_a_host_that_was_undeployed_is_collected() throws Exception {
    WeakReference<ClassLoader> loader = new WeakReference<>(deployAndUndeploy());
    makeThePlatformForget();
    fillTheHeap();
    for (int i = 0; i < 50 && loader.get() != null; i++) {
      System.gc();
    }
    assertNull(loader.get(), "something still holds the undeployed host");
  }

  private record Forgetful(EmbeddingTest ours) {}

  /**
   * Java 17 keeps the component type of the record class that was linked last (JDK-8078641, mended
   * in 18): let that be one of ours.
   */
  private void makeThePlatformForget() {
    Forgetful record = new Forgetful(this);
    assertEquals(record, new Forgetful(this));
    assertEquals(record.hashCode(), new Forgetful(this).hashCode());
  }

  /** Caches of the platform hold soft references, which go before memory runs out. */
  private static void fillTheHeap() {
    List<byte[]> ballast = new ArrayList<>();
    try {
      while (true) {
        ballast.add(new byte[8 << 20]);
      }
    } catch (OutOfMemoryError full) {
      ballast.clear();
    }
  }

  /**
   * Everything but the JDBC driver, which a server shares among its hosts, in a loader of its own.
   */
  private ClassLoader deployAndUndeploy() throws Exception {
    List<URL> urls = new ArrayList<>();
    for (String entry : System.getProperty("java.class.path").split(File.pathSeparator)) {
      if (!entry.contains("sqlite-jdbc")) {
        urls.add(Path.of(entry).toUri().toURL());
      }
    }
    ClassLoader own = getClass().getClassLoader();
    ClassLoader shared =
        new ClassLoader(ClassLoader.getPlatformClassLoader()) {
          @Override
          protected Class<?> findClass(String name) throws ClassNotFoundException {
            if (name.startsWith("org.sqlite.")) {
              return own.loadClass(name);
            }
            throw new ClassNotFoundException(name);
          }
        };
    try (URLClassLoader deployed = new URLClassLoader(urls.toArray(new URL[0]), shared)) {
      Class<?> host = deployed.loadClass(SmallHost.class.getName());
      assertNotEquals(SmallHost.class, host);
      Path file = Files.createDirectories(directory.resolve("deployed")).resolve("x.db");
      Object sent = host.getMethod("run", Path.class).invoke(null, file);
      assertEquals(1, sent);
      assertTrue(Files.size(file) > 0);
      return deployed;
    }
  }
}
