package io.vesta.approval.guice;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.google.inject.AbstractModule;
import com.google.inject.multibindings.Multibinder;
import com.google.inject.multibindings.OptionalBinder;
import io.vesta.approval.draft.DraftContext;
import io.vesta.approval.lint.LintRulePack;
import io.vesta.approval.review.ReviewDesk;
import io.vesta.core.Vesta;
import io.vesta.core.access.Action;
import io.vesta.core.access.Actor;
import io.vesta.core.access.Authorizer;
import io.vesta.core.access.Decision;
import io.vesta.core.access.Resource;
import io.vesta.core.access.ResourceColumns;
import io.vesta.core.access.RowFilter;
import io.vesta.core.audit.AuditTrail;
import io.vesta.core.config.VestaConfig;
import io.vesta.core.config.VestaModule;
import io.vesta.core.plugin.PluginDescriptor;
import io.vesta.core.plugin.SpiFactory;
import io.vesta.core.plugin.SpiVersion;
import io.vesta.core.plugin.VestaPlugin;
import io.vesta.core.secret.Secret;
import io.vesta.core.storage.Database;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class RulePacksOfHostsTest {

  @TempDir Path directory;

  private static final String PACK =
      "{\"pack\": \"acme\", \"reviewBy\": \"2027-01-01\", \"rules\": [{\"id\": \"ACME-1\","
          + " \"citation\": \"c\", \"certainty\": \"STRONG\", \"effectiveFrom\": \"2020-01-01\","
          + " \"severity\": \"WARN\", \"detect\": [{\"any\": [\"blue door\"]}], \"reason\": \"r.\","
          + " \"remedy\": \"m.\", \"mustFlag\": [\"A blue door.\"], \"mustPass\": [\"A red door.\"]}]}";

  private final AtomicInteger asked = new AtomicInteger();

  private LintRulePack pack(String json) {
    return () -> {
      asked.incrementAndGet();
      return json.getBytes(StandardCharsets.UTF_8);
    };
  }

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

  private static final class Host extends AbstractModule implements VestaModule {

    private final LintRulePack bound;

    Host(LintRulePack bound) {
      this.bound = bound;
    }

    @Override
    protected void configure() {
      OptionalBinder.newOptionalBinder(binder(), Authorizer.class)
          .setBinding()
          .toInstance(new Nobody());
      OptionalBinder.newOptionalBinder(binder(), AuditTrail.class)
          .setBinding()
          .toInstance((work, event) -> new UUID(0, 0));
      Multibinder.newSetBinder(binder(), LintRulePack.class).addBinding().toInstance(bound);
    }
  }

  private void start(LintRulePack bound, LintRulePack brought) {
    VestaPlugin plugin =
        new VestaPlugin() {
          @Override
          public PluginDescriptor descriptor() {
            return new PluginDescriptor("acme", "1", SpiVersion.CURRENT);
          }

          @Override
          public List<SpiFactory<?>> factories() {
            return List.of(new SpiFactory<>(LintRulePack.class, "acme", context -> brought));
          }
        };
    VestaConfig config =
        VestaConfig.builder(Database.sqlite(directory.resolve("x.db")))
            .secrets(name -> Optional.of(Secret.of("0123456789abcdef0123456789abcdef")))
            .plugin(plugin)
            .build();
    DraftContext nothing = new DraftContext(Map.of(), Map.of());
    ApprovalModule module =
        ApprovalModule.builder((work, draft, attribution) -> nothing).rulePack("acme").build();
    Vesta.create(config, new Host(bound), module).get(ReviewDesk.class);
  }

  @Test
  void packs_of_the_host_and_of_a_plug_in_apply_beside_the_shipped_ones() {
    start(pack(PACK), pack(PACK.replace("ACME-1", "ACME-2").replace("\"acme\"", "\"other\"")));
    assertEquals(2, asked.get());
  }

  @Test
  void a_broken_pack_and_an_id_that_is_taken_stop_the_start() {
    for (String broken :
        List.of(
            PACK.replace("ACME-1", "FH-FAM-01"), PACK.replace("blue door\"]", "green door\"]"))) {
      RuntimeException refused =
          assertThrows(RuntimeException.class, () -> start(pack(PACK), pack(broken)));
      String told = refused.getMessage() + refused.getCause();
      assertTrue(told.contains("FH-FAM-01") || told.contains("/rules/0/mustFlag/0"), told);
    }
  }
}
