package io.vesta.proof.publish;

import static io.vesta.proof.publish.World.BROKER;
import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.vesta.core.access.AccessDeniedException;
import io.vesta.core.error.VestaException;
import io.vesta.core.secret.Secret;
import io.vesta.proof.ProofError;
import io.vesta.proof.protect.Protection;
import io.vesta.proof.protect.Protector;
import io.vesta.proof.protect.Tables;
import io.vesta.proof.protect.Tables.Sale;
import io.vesta.proof.signed.Manifest;
import io.vesta.proof.signed.ProofKey;
import io.vesta.proof.signed.ProofVerifier;
import io.vesta.proof.signed.ProofVerifier.Fault;
import io.vesta.proof.signed.ProofVerifier.Verdict;
import io.vesta.proof.signed.internal.Digests;
import io.vesta.testkit.Engine;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Base64;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

class ProofPackageTest {

  private static final Canaries NONE = Canaries.of(List.of());
  private static final int[][] COUNTS = {{9, 8}, {7, 12}};
  private static final int[][] MORE = {{9, 8}, {7, 16}};

  @TempDir private Path directory;

  private static Protection table(int[][] counts) {
    return Tables.protect(counts, Tables.THREE);
  }

  private static List<Fault> faults(Verdict verdict) {
    return verdict.findings().stream().map(ProofVerifier.Finding::fault).toList();
  }

  @ParameterizedTest
  @EnumSource
  void a_stranger_with_the_public_key_verifies_a_package(Engine engine) {
    World world = new World(engine, directory);
    Publication publication = world.publish(BROKER, "production", table(COUNTS), NONE);
    Verdict verdict = world.verdict(publication);
    assertTrue(verdict.ok(), verdict::toString);
    Manifest manifest = verdict.manifest().orElseThrow();
    assertEquals(publication.manifest(), manifest);
    assertEquals(1, manifest.number());
    assertTrue(manifest.notice().startsWith("Based on information from Synthetic MLS"));
    assertEquals(Instant.parse("2026-10-01T08:00:00Z"), manifest.expires());
    assertEquals(
        List.of("cells.csv", "dataset.jsonld", "index.html", "proof.json"),
        List.copyOf(manifest.files().keySet()));
  }

  @Test
  void every_changed_bit_is_found() {
    World world = new World(Engine.SQLITE, directory);
    Publication publication = world.publish(BROKER, "production", table(COUNTS), NONE);
    ProofVerifier verifier = new ProofVerifier(world.key.publicKeys());
    byte[] jws = publication.signature().orElseThrow();
    Random random = new Random(3);
    for (String file : publication.files().keySet()) {
      for (int n = 0; n < 50; n++) {
        Map<String, byte[]> files = publication.files();
        byte[] bytes = files.get(file);
        bytes[random.nextInt(bytes.length)] ^= (byte) (1 << random.nextInt(8));
        Verdict verdict = verifier.verify(jws, files, List.of(), world.clock.instant());
        assertEquals(List.of(Fault.FILE_CHANGED), faults(verdict));
      }
    }
    for (int at = 0; at < jws.length; at++) {
      byte[] changed = jws.clone();
      changed[at] ^= (byte) (1 << random.nextInt(7));
      Verdict verdict =
          verifier.verify(changed, publication.files(), List.of(), world.clock.instant());
      assertFalse(verdict.ok(), "byte " + at);
    }
  }

  @Test
  void a_missing_or_an_added_file_is_found() {
    World world = new World(Engine.SQLITE, directory);
    Publication publication = world.publish(BROKER, "production", table(COUNTS), NONE);
    ProofVerifier verifier = new ProofVerifier(world.key.publicKeys());
    Map<String, byte[]> files = publication.files();
    files.remove("cells.csv");
    files.put("extra.html", new byte[] {1});
    assertEquals(
        List.of(Fault.FILE_MISSING, Fault.FILE_CHANGED),
        faults(
            verifier.verify(
                publication.signature().orElseThrow(), files, List.of(), world.clock.instant())));
  }

  @Test
  void nobody_elses_key_no_other_algorithm_and_no_other_type_is_a_signature() throws Exception {
    World world = new World(Engine.SQLITE, directory);
    Publication publication = world.publish(BROKER, "production", table(COUNTS), NONE);
    ProofVerifier verifier = new ProofVerifier(world.key.publicKeys());
    String[] parts =
        new String(publication.signature().orElseThrow(), StandardCharsets.US_ASCII).split("\\.");
    byte[] stranger = ProofKey.generate("firm-2026").sign(publication.manifest());
    byte[] retraction =
        world.key.signRetraction(publication.manifest().digest(), world.clock.instant());
    List<byte[]> forged = new ArrayList<>(List.of(stranger, retraction));
    for (String header :
        List.of(
            "{\"alg\":\"none\"}",
            "{\"alg\":\"none\",\"kid\":\"firm-2026\",\"typ\":\"vesta-proof+json\"}",
            "{\"alg\":\"HS256\",\"kid\":\"firm-2026\",\"typ\":\"vesta-proof+json\"}",
            "{\"alg\":\"ES256\",\"kid\":\"firm-2026\",\"typ\":\"vesta-proof+json\",\"jwk\":{}}",
            "{\"alg\":\"ES256\",\"kid\":\"firm-2026\",\"typ\":\"vesta-proof+json\",\"b64\":false,"
                + "\"crit\":[\"b64\"]}")) {
      String encoded =
          Base64.getUrlEncoder()
              .withoutPadding()
              .encodeToString(header.getBytes(StandardCharsets.UTF_8));
      forged.add((encoded + "." + parts[1] + "." + parts[2]).getBytes(StandardCharsets.US_ASCII));
      forged.add((encoded + "." + parts[1] + ".").getBytes(StandardCharsets.US_ASCII));
    }
    forged.add(new byte[0]);
    for (byte[] jws : forged) {
      Verdict verdict = verifier.verify(jws, publication.files(), List.of(), world.clock.instant());
      assertEquals(List.of(Fault.SIGNATURE), faults(verdict));
      assertTrue(verdict.manifest().isEmpty());
    }
  }

  @Test
  void a_package_holds_from_its_release_to_its_expiry() {
    World world = new World(Engine.SQLITE, directory);
    Publication publication = world.publish(BROKER, "production", table(COUNTS), NONE);
    world.clock.advance(World.VALIDITY.minus(Duration.ofMillis(1)));
    assertTrue(world.verdict(publication).ok());
    world.clock.advance(Duration.ofMillis(1));
    assertEquals(List.of(Fault.EXPIRED), faults(world.verdict(publication)));
    world.clock.advance(World.VALIDITY.multipliedBy(-2));
    assertEquals(List.of(Fault.EARLY), faults(world.verdict(publication)));
  }

  @ParameterizedTest
  @EnumSource
  void a_retracted_package_does_not_verify_and_frees_nothing(Engine engine) {
    World world = new World(engine, directory);
    Publication first = world.publish(BROKER, "production", table(COUNTS), NONE);
    byte[] retraction = world.publisher.retract(BROKER, "production", 1).orElseThrow();
    assertEquals(List.of(Fault.RETRACTED), faults(world.verdict(first, retraction)));
    assertTrue(world.trail.entries().get(2).startsWith("vesta.proof.release.retracted"));
    // One deal more would be told by the difference to what was seen before it was retracted.
    Publication second =
        world.publish(BROKER, "production", table(new int[][] {{10, 8}, {7, 12}}), NONE);
    assertArrayEquals(first.page(), second.page());
    assertEquals(4, second.refusals().size());
    assertTrue(world.verdict(second, retraction).ok(), "only the first was retracted");
    world.refused(
        ProofError.UNKNOWN_RELEASE, () -> world.publisher.retract(BROKER, "production", 3));
    assertThrows(
        AccessDeniedException.class, () -> world.publisher.retract(World.AGENT, "production", 1));
  }

  @ParameterizedTest
  @EnumSource
  void what_nobody_approved_is_not_released(Engine engine) {
    World world = new World(engine, directory);
    world.refused(
        ProofError.NOT_APPROVED,
        () -> world.publisher.publish(BROKER, "production", table(COUNTS), NONE));
    // Other figures than those that were seen.
    world.approve(BROKER, "production", table(COUNTS), NONE);
    world.refused(
        ProofError.NOT_APPROVED,
        () -> world.publisher.publish(BROKER, "production", table(MORE), NONE));
    // Under another claim, or once more.
    world.refused(
        ProofError.NOT_APPROVED,
        () -> world.publisher.publish(BROKER, "other", table(COUNTS), NONE));
    world.publisher.publish(BROKER, "production", table(COUNTS), NONE);
    world.refused(
        ProofError.NOT_APPROVED,
        () -> world.publisher.publish(BROKER, "production", table(COUNTS), NONE));
    // By who may not decide.
    Review review = world.publisher.review(BROKER, "production", table(COUNTS), NONE);
    assertThrows(AccessDeniedException.class, () -> world.publisher.approve(World.AGENT, review));
  }

  @ParameterizedTest
  @EnumSource
  void the_same_rows_give_every_release_again_to_the_byte(Engine engine) {
    World world = new World(engine, directory);
    Publication first = world.publish(BROKER, "production", table(COUNTS), NONE);
    world.clock.advance(Duration.ofDays(1));
    Publication second = world.publish(BROKER, "production", table(MORE), NONE);
    world.clock.advance(Duration.ofDays(1));
    Publication third =
        world.publish(BROKER, "production", table(new int[][] {{10, 8}, {7, 16}}), NONE);
    List<Publication> all = List.of(first, second, third);
    List<Protection> inputs =
        List.of(table(COUNTS), table(MORE), table(new int[][] {{10, 8}, {7, 16}}));
    for (int n = 1; n <= 3; n++) {
      assertArrayEquals(
          all.get(n - 1).manifest().bytes(),
          world.publisher.recompute(BROKER, "production", n, inputs.get(n - 1)).bytes());
    }
    world.refused(
        ProofError.RECOMPUTED_DIFFERS,
        () -> world.publisher.recompute(BROKER, "production", 1, inputs.get(1)));
    world.refused(
        ProofError.UNKNOWN_RELEASE,
        () -> world.publisher.recompute(BROKER, "production", 4, inputs.get(1)));
  }

  private static Protection shuffled(long seed, String broker) {
    List<Sale> sales = new ArrayList<>(Tables.sales(COUNTS));
    sales.replaceAll(
        s ->
            new Sale(
                s.rows(),
                s.column(),
                s.deal(),
                s.broker().equals("b0-0-0") ? broker : s.broker(),
                s.cents()));
    Collections.shuffle(sales, new Random(seed));
    return new Protector(Tables.THREE)
        .protect(Tables.spec(2).columns(Tables.columns(2)).build(), sales);
  }

  @Test
  void the_order_of_the_rows_changes_nothing_and_a_row_that_no_figure_shows_does() {
    World world = new World(Engine.SQLITE, directory);
    world.publish(BROKER, "production", table(COUNTS), NONE);
    for (long seed = 0; seed < 5; seed++) {
      world.publisher.recompute(BROKER, "production", 1, shuffled(seed, "b0-0-0"));
    }
    // Another agent behind one deal: every figure is the same, the input is not.
    world.refused(
        ProofError.RECOMPUTED_DIFFERS,
        () -> world.publisher.recompute(BROKER, "production", 1, shuffled(1, "b9-9-9")));
  }

  @Test
  void the_manifests_of_a_claim_are_a_chain() {
    World world = new World(Engine.SQLITE, directory);
    Manifest first = world.publish(BROKER, "production", table(COUNTS), NONE).manifest();
    Manifest second = world.publish(BROKER, "production", table(MORE), NONE).manifest();
    Manifest other = world.publish(BROKER, "other", table(MORE), NONE).manifest();
    assertEquals("0".repeat(64), first.previous());
    assertEquals("0".repeat(64), other.previous());
    assertNotEquals(first.previous(), second.previous());
    assertEquals(Digests.link(first.previous(), first.digest()), second.previous());
  }

  @Test
  void a_key_survives_its_vault_and_prints_its_id_only() {
    ProofKey key = ProofKey.generate("firm");
    ProofKey again = ProofKey.parse(key.secret());
    assertEquals(key.publicKeys(), again.publicKeys());
    assertFalse(key.publicKeys().contains("\"d\""));
    assertEquals("ProofKey[firm]", key.toString());
    assertThrows(VestaException.class, () -> ProofKey.parse(Secret.of("{\"kty\":\"EC\"}")));
    assertThrows(VestaException.class, () -> ProofKey.generate("not an id"));
  }
}
