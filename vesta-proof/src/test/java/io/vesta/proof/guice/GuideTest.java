package io.vesta.proof.guice;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.google.inject.AbstractModule;
import com.google.inject.multibindings.OptionalBinder;
import io.vesta.core.Vesta;
import io.vesta.core.access.Actor;
import io.vesta.core.access.Authorizer;
import io.vesta.core.access.Capacity;
import io.vesta.core.audit.AuditTrail;
import io.vesta.core.config.VestaConfig;
import io.vesta.core.config.VestaModule;
import io.vesta.core.id.BrokerageId;
import io.vesta.core.id.MemberId;
import io.vesta.core.storage.SchemaInstaller;
import io.vesta.proof.protect.Protection;
import io.vesta.proof.protect.Protector;
import io.vesta.proof.publish.Canaries;
import io.vesta.proof.publish.ListedAuthorizer;
import io.vesta.proof.publish.ProofPublisher;
import io.vesta.proof.publish.Publication;
import io.vesta.proof.publish.RecordingTrail;
import io.vesta.proof.signed.ProofKey;
import io.vesta.proof.spec.Code;
import io.vesta.proof.spec.Dimension;
import io.vesta.proof.spec.Measure;
import io.vesta.proof.spec.Period;
import io.vesta.proof.spec.ProofSpec;
import io.vesta.proof.spec.Unit;
import io.vesta.testkit.Engine;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.LocalDate;
import java.util.List;
import java.util.Set;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The guide's example, compiled and run: from deals to a signed page in at most 15 lines. */
class GuideTest {

  private static final BrokerageId FIRM = new BrokerageId("firm");

  @TempDir private Path directory;

  /** A deal of the host. */
  private record Deal(String key, String area, String agent) {}

  /** The host's ports. */
  private static final class Ports extends AbstractModule implements VestaModule {

    private final Authorizer authorizer;
    private final AuditTrail trail;

    Ports(Authorizer authorizer, AuditTrail trail) {
      this.authorizer = authorizer;
      this.trail = trail;
    }

    @Override
    protected void configure() {
      OptionalBinder.newOptionalBinder(binder(), Authorizer.class)
          .setBinding()
          .toInstance(authorizer);
      OptionalBinder.newOptionalBinder(binder(), AuditTrail.class).setBinding().toInstance(trail);
    }
  }

  private static void publish(
      Vesta vesta, List<Deal> deals, Actor broker, Actor admin, Canaries names, Path folder)
      throws IOException {
    LocalDate day = LocalDate.of(2026, 6, 30);
    List<Code> codes = List.of(new Code("n", "North side"), new Code("s", "South side"));
    // The guide's lines begin here.
    Dimension<Deal> areas = Dimension.of("Area", "All areas", codes, Deal::area);
    Period year = Period.twelveMonthsTo(day);
    ProofSpec<Deal> spec =
        ProofSpec.builder("Closed sales", year, day, "Our MLS", areas)
            .contributor(Unit.DEAL, Deal::key)
            .contributor(Unit.BROKER, Deal::agent)
            .measure(Measure.count("sales", "Sales", deal -> true))
            .build();
    Protection figures = vesta.get(Protector.class).protect(spec, deals);
    ProofPublisher publisher = vesta.get(ProofPublisher.class);
    publisher.approve(broker, publisher.review(broker, "sales", figures, names));
    Publication page = publisher.publish(admin, "sales", figures, names);
    Files.write(folder.resolve("index.html"), page.page());
    Files.write(folder.resolve("proof.jws"), page.signature().orElseThrow());
    // The guide's lines end here.
  }

  @Test
  void the_guides_lines_publish_a_signed_page() throws IOException {
    Engine.Fresh fresh = Engine.SQLITE.fresh(directory);
    Actor broker = Actor.member(new MemberId(FIRM, "M01"), Capacity.BROKER);
    Actor admin = Actor.member(new MemberId(FIRM, "M02"), Capacity.ADMIN);
    VestaConfig config = VestaConfig.builder(fresh.database()).build();
    try (Vesta vesta =
        Vesta.create(
            config,
            new Ports(
                new ListedAuthorizer(Set.of(broker, admin)), new RecordingTrail(fresh.database())),
            ProofModule.builder().key(ProofKey.generate("firm")).build())) {
      vesta.get(SchemaInstaller.class).install();
      List<Deal> deals =
          IntStream.range(0, 40)
              .mapToObj(i -> new Deal("d" + i, i % 3 == 0 ? "n" : "s", "b" + i % 6))
              .toList();
      publish(vesta, deals, broker, admin, Canaries.of(List.of("Zoe Quill")), directory);
    }
    assertTrue(Files.readString(directory.resolve("index.html")).contains("North side"));
    assertTrue(Files.size(directory.resolve("proof.jws")) > 500);
  }

  @Test
  void the_guide_shows_exactly_these_lines() throws IOException {
    Path module = Path.of("").toAbsolutePath();
    List<String> source =
        Files.readAllLines(module.resolve("src/test/java/io/vesta/proof/guice/GuideTest.java"));
    int from = source.indexOf("    // The guide's lines begin here.") + 1;
    int to = source.indexOf("    // The guide's lines end here.");
    List<String> lines = source.subList(from, to).stream().map(line -> line.substring(4)).toList();
    assertTrue(lines.size() > 5 && lines.size() <= 15, lines.size() + " lines");
    String guide = Files.readString(module.resolve("README.md"));
    assertEquals(
        String.join("\n", lines),
        guide.substring(guide.indexOf("```java\n") + 8, guide.indexOf("\n```\n")));
  }
}
