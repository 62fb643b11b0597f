package io.vesta.rbac.guice;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.google.inject.AbstractModule;
import com.google.inject.CreationException;
import com.google.inject.Guice;
import com.google.inject.Injector;
import com.google.inject.Module;
import com.google.inject.ProvisionException;
import io.vesta.core.access.AccessDeniedException;
import io.vesta.core.access.Actor;
import io.vesta.core.access.Capacity;
import io.vesta.core.access.Resource;
import io.vesta.core.access.ResourceType;
import io.vesta.core.config.VestaConfig;
import io.vesta.core.error.VestaException;
import io.vesta.core.guice.CoreModule;
import io.vesta.core.id.BrokerageId;
import io.vesta.core.id.MemberId;
import io.vesta.core.id.OfficeId;
import io.vesta.core.storage.Database;
import io.vesta.rbac.org.OrgSnapshot;
import io.vesta.rbac.org.RoleGrant.Over;
import io.vesta.rbac.require.On;
import io.vesta.rbac.require.RequiresPermission;
import jakarta.inject.Inject;
import java.nio.file.Path;
import java.time.Instant;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.UnaryOperator;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Guice's own interception, with what it would leave unguarded. */
class RequiresPermissionTest {

  private static final BrokerageId FIRM = new BrokerageId("firm");
  private static final MemberId ANN = new MemberId(FIRM, "ann");
  private static final MemberId BOB = new MemberId(FIRM, "bob");

  /** A host's own record. */
  public record Card(@Nullable MemberId owner) {}

  /** A host's service. */
  public static class Contacts {

    private int reads;

    @Inject
    public Contacts() {}

    @RequiresPermission("Contact.read")
    public String read(String how, @On Card card) {
      reads++;
      return how + " " + card.owner();
    }

    @RequiresPermission("Contact.update")
    String change(@On Resource contact) {
      return contact.toString();
    }

    /** Asks too, although it calls itself. */
    public String readTwice(Card card) {
      return read("once", card) + read("twice", card);
    }

    public int reads() {
      return reads;
    }
  }

  public static class PrivateMethod {
    @Inject
    public PrivateMethod() {}

    public String call() {
      return read(contact(ANN));
    }

    @RequiresPermission("Contact.read")
    private String read(@On Resource contact) {
      return contact.toString();
    }
  }

  public static class FinalMethod {
    @Inject
    public FinalMethod() {}

    @RequiresPermission("Contact.read")
    public final String read(@On Resource contact) {
      return contact.toString();
    }
  }

  public static class StaticMethod {
    @Inject
    public StaticMethod() {}

    @RequiresPermission("Contact.read")
    public static String read(@On Resource contact) {
      return contact.toString();
    }
  }

  public static final class FinalClass {
    @Inject
    public FinalClass() {}

    @RequiresPermission("Contact.read")
    public String read(@On Resource contact) {
      return contact.toString();
    }
  }

  public interface Reads {
    @RequiresPermission("Contact.read")
    String read(@On Resource contact);
  }

  public static class OfInterface implements Reads {
    @Inject
    public OfInterface() {}

    @Override
    public String read(Resource contact) {
      return contact.toString();
    }
  }

  public static class Override1 extends Contacts {
    @Inject
    public Override1() {}

    @Override
    public String read(String how, Card card) {
      return "unguarded";
    }
  }

  public static class NoRecord {
    @Inject
    public NoRecord() {}

    @RequiresPermission("Contact.read")
    public String read(Resource contact) {
      return contact.toString();
    }
  }

  public static class NoResolver {
    @Inject
    public NoResolver() {}

    @RequiresPermission("Contact.read")
    public String read(@On String id) {
      return id;
    }
  }

  public static class NoPermission {
    @Inject
    public NoPermission() {}

    @RequiresPermission("read contacts")
    public String read(@On Resource contact) {
      return contact.toString();
    }
  }

  @TempDir private Path directory;
  private final AtomicReference<@Nullable Actor> acting =
      new AtomicReference<>(Actor.member(ANN, Capacity.AGENT));

  private static Resource contact(MemberId owner) {
    return Resource.builder(ResourceType.CONTACT, FIRM, "C1").owner(owner).build();
  }

  private Injector injector(Module host, UnaryOperator<RbacModule.Builder> options) {
    OrgSnapshot organisation =
        OrgSnapshot.builder()
            .member(ANN, new OfficeId(FIRM, "O1"))
            .grant(ANN, Capacity.AGENT, new Over.Self(), Instant.EPOCH, Instant.MAX)
            .build();
    VestaConfig config = VestaConfig.builder(Database.sqlite(directory.resolve("x.db"))).build();
    return Guice.createInjector(
        CoreModule.of(config), options.apply(RbacModule.builder(() -> organisation)).build(), host);
  }

  private Injector injector(Module host) {
    return injector(
        host,
        builder ->
            builder
                .requirePermissions(acting::get)
                .resource(Card.class, card -> card.owner() == null ? null : contact(card.owner())));
  }

  private static Module of(Class<?> service) {
    return new AbstractModule() {
      @Override
      protected void configure() {
        bind(service);
      }
    };
  }

  private static String refusal(Runnable call) {
    return assertThrows(AccessDeniedException.class, call::run).reason();
  }

  @Test
  void a_method_runs_only_for_whoever_may() {
    Contacts contacts = injector(of(Contacts.class)).getInstance(Contacts.class);
    Card own = new Card(ANN);
    assertTrue(contacts.read("softly", own).startsWith("softly"));
    assertTrue(contacts.readTwice(own).contains("twice"));
    assertTrue(contacts.change(contact(ANN)).endsWith("@firm"));
    assertEquals(3, contacts.reads());
    assertEquals("OUT_OF_REACH", refusal(() -> contacts.read("softly", new Card(BOB))));
    assertEquals("OUT_OF_REACH", refusal(() -> contacts.readTwice(new Card(BOB))));
    acting.set(Actor.member(BOB, Capacity.AGENT));
    assertEquals("UNKNOWN_MEMBER", refusal(() -> contacts.change(contact(ANN))));
    assertEquals(3, contacts.reads());
  }

  @Test
  void what_cannot_be_told_is_refused() {
    Contacts contacts = injector(of(Contacts.class)).getInstance(Contacts.class);
    assertEquals("NO_RESOURCE", refusal(() -> contacts.read("softly", nothing())));
    assertEquals("NO_RESOURCE", refusal(() -> contacts.read("softly", new Card(null))));
    Resource listing = Resource.builder(ResourceType.LISTING, FIRM, "L1").owner(ANN).build();
    assertEquals("OTHER_TYPE", refusal(() -> contacts.change(listing)));
    acting.set(null);
    assertEquals("NO_ACTOR", refusal(() -> contacts.read("softly", new Card(ANN))));
    assertEquals(0, contacts.reads());
  }

  @SuppressWarnings("NullAway") // what a careless caller does
  private static Card nothing() {
    return null;
  }

  @Test
  void what_guice_cannot_guard_stops_the_injector() {
    Object[][] cases = {
      {PrivateMethod.class, "private, static or final"},
      {FinalMethod.class, "private, static or final"},
      {StaticMethod.class, "private, static or final"},
      {FinalClass.class, "class is final"},
      {OfInterface.class, "annotate the method of the class"},
      {Override1.class, "overrides it without the annotation"},
      {NoRecord.class, "0 arguments marked with @On"},
      {NoResolver.class, "nothing tells the record"},
      {NoPermission.class, "not of the form Draft.create"},
    };
    for (Object[] one : cases) {
      CreationException refused =
          assertThrows(CreationException.class, () -> injector(of((Class<?>) one[0])));
      assertTrue(refused.getMessage().contains((String) one[1]), refused::getMessage);
    }
  }

  @Test
  void an_object_that_guice_did_not_make_is_not_given_out() {
    Module given =
        new AbstractModule() {
          @Override
          protected void configure() {
            bind(Contacts.class).toInstance(new Contacts());
          }
        };
    assertTrue(
        assertThrows(CreationException.class, () -> injector(given))
            .getMessage()
            .contains("Guice did not make it"));
    Module provided =
        new AbstractModule() {
          @Override
          protected void configure() {
            bind(Contacts.class).toProvider(Contacts::new);
          }
        };
    Injector late = injector(provided);
    assertTrue(
        assertThrows(ProvisionException.class, () -> late.getInstance(Contacts.class))
            .getMessage()
            .contains("Guice did not make it"));
  }

  @Test
  void without_the_option_nothing_is_intercepted_and_a_resource_alone_is_a_mistake() {
    Contacts contacts = injector(of(Contacts.class), b -> b).getInstance(Contacts.class);
    assertTrue(contacts.read("softly", new Card(BOB)).startsWith("softly"));
    assertThrows(
        VestaException.class,
        () ->
            injector(
                of(Contacts.class), builder -> builder.resource(Card.class, card -> contact(ANN))));
    assertThrows(
        VestaException.class,
        () ->
            injector(
                of(Contacts.class),
                builder ->
                    builder
                        .requirePermissions(acting::get)
                        .resource(Card.class, card -> contact(ANN))
                        .resource(Card.class, card -> contact(BOB))));
  }
}
