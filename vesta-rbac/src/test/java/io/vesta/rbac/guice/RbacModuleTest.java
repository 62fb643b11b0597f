package io.vesta.rbac.guice;

import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.google.inject.AbstractModule;
import com.google.inject.Guice;
import com.google.inject.Injector;
import com.google.inject.Module;
import io.vesta.core.Vesta;
import io.vesta.core.access.Action;
import io.vesta.core.access.Actor;
import io.vesta.core.access.Authorizer;
import io.vesta.core.access.Capacity;
import io.vesta.core.access.Resource;
import io.vesta.core.access.ResourceType;
import io.vesta.core.audit.AuditTrail;
import io.vesta.core.config.VestaConfig;
import io.vesta.core.guice.CoreModule;
import io.vesta.core.id.BrokerageId;
import io.vesta.core.id.MemberId;
import io.vesta.core.id.OfficeId;
import io.vesta.core.storage.Database;
import io.vesta.core.storage.SchemaInstaller;
import io.vesta.rbac.decide.BreakGlass;
import io.vesta.rbac.decide.Guard;
import io.vesta.rbac.org.OrgSnapshot;
import io.vesta.rbac.org.RoleGrant.Over;
import io.vesta.rbac.policy.Policy;
import java.nio.file.Path;
import java.time.Instant;
import java.util.UUID;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class RbacModuleTest {

  @Test
  void a_plain_host_asks_the_authorizer_and_reloads_the_guard(@TempDir Path directory) {
    BrokerageId firm = new BrokerageId("firm");
    MemberId ann = new MemberId(firm, "M01");
    OrgSnapshot organisation =
        OrgSnapshot.builder()
            .member(ann, new OfficeId(firm, "O1"))
            .grant(ann, Capacity.AGENT, new Over.Self(), Instant.EPOCH, Instant.MAX)
            .build();
    VestaConfig config = VestaConfig.builder(Database.sqlite(directory.resolve("x.db"))).build();
    try (Vesta vesta = Vesta.create(config, RbacModule.builder(() -> organisation).build())) {
      Authorizer authorizer = vesta.get(Authorizer.class);
      assertSame(authorizer, vesta.get(Guard.class));
      Actor actor = Actor.member(ann, Capacity.AGENT);
      Resource contact = Resource.builder(ResourceType.CONTACT, firm, "C1").owner(ann).build();
      assertTrue(authorizer.decide(actor, Action.READ, contact).allowed());
      vesta.get(Guard.class).reload(Policy.defaults(), OrgSnapshot.builder().build());
      assertFalse(authorizer.decide(actor, Action.READ, contact).allowed());
    }
  }

  @Test
  void emergencies_are_an_option_that_brings_its_tables(@TempDir Path directory) {
    VestaConfig config = VestaConfig.builder(Database.sqlite(directory.resolve("x.db"))).build();
    RbacModule module =
        RbacModule.builder(() -> OrgSnapshot.builder().build()).emergencies(notice -> {}).build();
    Module trail =
        new AbstractModule() {
          @Override
          protected void configure() {
            bind(AuditTrail.class).toInstance((work, event) -> new UUID(0, 1));
          }
        };
    Injector injector = Guice.createInjector(CoreModule.of(config), module, trail);
    injector.getInstance(SchemaInstaller.class).install();
    injector.getInstance(BreakGlass.class).refresh();
  }
}
