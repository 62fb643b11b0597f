package io.vesta.llm.approve;

import static org.junit.jupiter.api.Assertions.assertDoesNotThrow;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import io.vesta.core.access.AccessDeniedException;
import io.vesta.core.access.Actor;
import io.vesta.core.access.Capacity;
import io.vesta.core.audit.AuditEvent;
import io.vesta.core.config.VestaConfig;
import io.vesta.core.error.VestaException;
import io.vesta.core.id.BrokerageId;
import io.vesta.core.id.MemberId;
import io.vesta.core.storage.SchemaInstaller;
import io.vesta.llm.LlmError;
import io.vesta.llm.route.Environment;
import io.vesta.llm.route.Routes;
import io.vesta.testkit.Engine;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.UUID;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** Attack 47: routes that change without approval, by another digest, or by one person alone. */
class RouteApprovalsTest {

  private static final BrokerageId FIRM = new BrokerageId("firm");
  private static final Actor ANN = person("ann");
  private static final Actor BEN = person("ben");
  private static final Actor EVE = person("eve");

  private static final String DOCUMENT =
      """
      {"hosts": ["api.openai.com"], "routes": [
        {"id": "a", "api": "OPENAI_CHAT", "endpoint": "https://api.openai.com/v1", "model": "m",
         "region": "us", "dataClass": "PUBLIC", "credential": "openai", "tokensPerDay": 9}]}
      """;

  @TempDir Path directory;

  private final List<String> entries = new ArrayList<>();
  private VestaConfig config;
  private RouteApprovals approvals;
  private boolean broken;

  private static Actor person(String key) {
    return Actor.member(new MemberId(FIRM, key), Capacity.ADMIN);
  }

  private void on(Engine engine) {
    var database = engine.fresh(directory).database();
    new SchemaInstaller(database, Set.of(RouteApprovals.schema())).install();
    config = VestaConfig.builder(database).build();
    approvals =
        new RouteApprovals(
            config,
            new ListedAuthorizer(Set.of(ANN, BEN)),
            (work, event) -> {
              if (broken) {
                throw new IllegalStateException("the trail is down");
              }
              entries.add(shown(event));
              return new UUID(0, 1);
            });
  }

  private static String shown(AuditEvent event) {
    return event.action().name().replace("vesta.llm.routes.", "") + " " + event.outcome();
  }

  private static Routes routes(String json) {
    return Routes.load(json, Environment.PRODUCTION);
  }

  private void require(Routes routes) {
    config
        .database()
        .read(
            work -> {
              RouteApprovals.require(work, routes);
              return true;
            });
  }

  private void refuses(Routes routes) {
    VestaException refused = assertThrows(VestaException.class, () -> require(routes));
    assertEquals(LlmError.ROUTES_NOT_APPROVED, refused.code());
  }

  @ParameterizedTest
  @EnumSource
  void production_uses_what_two_persons_said_and_no_other_byte(Engine engine) {
    on(engine);
    Routes routes = routes(DOCUMENT);
    refuses(routes);
    assertThrows(VestaException.class, () -> approvals.approve(BEN, routes), "nobody proposed");
    approvals.propose(ANN, routes);
    approvals.propose(ANN, routes);
    refuses(routes);
    assertThrows(AccessDeniedException.class, () -> approvals.approve(ANN, routes));
    assertThrows(AccessDeniedException.class, () -> approvals.approve(EVE, routes));
    refuses(routes);
    approvals.approve(BEN, routes);
    approvals.approve(BEN, routes);
    assertDoesNotThrow(() -> require(routes));
    refuses(routes(DOCUMENT + " "));
    assertEquals(
        List.of("proposed SUCCESS", "refused DENIED", "refused DENIED", "approved SUCCESS"),
        entries);
    assertDoesNotThrow(() -> require(Routes.load(DOCUMENT + "\n", Environment.DEVELOPMENT)));
  }

  @ParameterizedTest
  @EnumSource
  void no_entry_no_approval(Engine engine) {
    on(engine);
    Routes routes = routes(DOCUMENT);
    assertThrows(AccessDeniedException.class, () -> approvals.propose(EVE, routes));
    broken = true;
    assertThrows(IllegalStateException.class, () -> approvals.propose(ANN, routes));
    broken = false;
    assertThrows(VestaException.class, () -> approvals.approve(BEN, routes));
    approvals.propose(ANN, routes);
    broken = true;
    assertThrows(IllegalStateException.class, () -> approvals.approve(BEN, routes));
    refuses(routes);
  }
}
