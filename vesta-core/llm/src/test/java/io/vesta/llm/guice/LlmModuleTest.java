package io.vesta.llm.guice;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import com.google.inject.AbstractModule;
import com.google.inject.Guice;
import com.google.inject.Injector;
import com.google.inject.ProvisionException;
import com.google.inject.multibindings.OptionalBinder;
import io.vesta.core.access.Actor;
import io.vesta.core.access.Authorizer;
import io.vesta.core.access.Capacity;
import io.vesta.core.audit.AuditTrail;
import io.vesta.core.config.VestaConfig;
import io.vesta.core.error.CoreError;
import io.vesta.core.error.VestaException;
import io.vesta.core.guice.CoreModule;
import io.vesta.core.guice.Lifecycle;
import io.vesta.core.id.BrokerageId;
import io.vesta.core.id.MemberId;
import io.vesta.core.llm.Call;
import io.vesta.core.llm.LanguageModel;
import io.vesta.core.llm.Prompt;
import io.vesta.core.storage.Database;
import io.vesta.core.storage.SchemaInstaller;
import io.vesta.llm.LlmError;
import io.vesta.llm.approve.ListedAuthorizer;
import io.vesta.llm.approve.RouteApprovals;
import io.vesta.llm.route.Environment;
import io.vesta.llm.route.Routes;
import java.nio.file.Path;
import java.time.Instant;
import java.util.List;
import java.util.Set;
import java.util.UUID;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class LlmModuleTest {

  private static final BrokerageId FIRM = new BrokerageId("firm");
  private static final Actor ANN = Actor.member(new MemberId(FIRM, "ann"), Capacity.ADMIN);

  private static final Routes ROUTES =
      Routes.load(
          """
          {"hosts": ["api.openai.com"], "routes": [
            {"id": "a", "api": "OPENAI_CHAT", "endpoint": "https://api.openai.com/v1",
             "model": "m", "region": "us", "dataClass": "CONFIDENTIAL", "credential": "openai",
             "tokensPerDay": 9}]}
          """,
          Environment.PRODUCTION);

  private static Injector injector(Path directory, boolean ports) {
    VestaConfig config = VestaConfig.builder(Database.sqlite(directory.resolve("x.db"))).build();
    return Guice.createInjector(
        CoreModule.of(config),
        new LlmModule(ROUTES),
        new AbstractModule() {
          @Override
          protected void configure() {
            if (ports) {
              OptionalBinder.newOptionalBinder(binder(), AuditTrail.class)
                  .setBinding()
                  .toInstance((work, event) -> new UUID(0, 1));
              OptionalBinder.newOptionalBinder(binder(), Authorizer.class)
                  .setBinding()
                  .toInstance(new ListedAuthorizer(Set.of(ANN)));
            }
          }
        });
  }

  @Test
  void the_port_is_a_router_that_waits_for_approval(@TempDir Path directory) {
    Injector injector = injector(directory, true);
    injector.getInstance(SchemaInstaller.class).install();
    injector.getInstance(RouteApprovals.class).propose(ANN, ROUTES);
    LanguageModel model = injector.getInstance(LanguageModel.class);
    Prompt prompt =
        new Prompt(
            "s", List.of(new Prompt.Turn(Prompt.Role.USER, Prompt.Trust.TRUSTED, "x")), 9, 0);
    Call call = new Call(new UUID(0, 1), FIRM, Instant.MAX, new Call.CancelToken());
    VestaException refused = assertThrows(VestaException.class, () -> model.complete(prompt, call));
    assertEquals(LlmError.ROUTES_NOT_APPROVED, refused.code());
    injector.getInstance(Lifecycle.class).close();
  }

  @Test
  void a_port_that_is_missing_is_named(@TempDir Path directory) {
    ProvisionException refused =
        assertThrows(
            ProvisionException.class,
            () -> injector(directory, false).getInstance(LanguageModel.class));
    assertEquals(CoreError.PORT_MISSING, ((VestaException) refused.getCause()).code());
  }
}
