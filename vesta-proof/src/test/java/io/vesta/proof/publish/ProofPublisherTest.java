package io.vesta.proof.publish;

import static io.vesta.proof.publish.World.AGENT;
import static io.vesta.proof.publish.World.ANN;
import static io.vesta.proof.publish.World.BROKER;
import static io.vesta.proof.publish.World.FIRM;
import static io.vesta.proof.publish.World.RIVAL;
import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.vesta.core.access.AccessDeniedException;
import io.vesta.core.access.Actor;
import io.vesta.proof.ProofError;
import io.vesta.proof.check.ProofChecker;
import io.vesta.proof.protect.DisclosurePolicy;
import io.vesta.proof.protect.Protection;
import io.vesta.proof.protect.Refusal;
import io.vesta.proof.protect.ReleasedTable;
import io.vesta.proof.protect.Tables;
import io.vesta.proof.render.ProofData;
import io.vesta.proof.render.ProofPage;
import io.vesta.testkit.Engine;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.sql.Connection;
import java.util.HexFormat;
import java.util.List;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

class ProofPublisherTest {

  private static final Canaries NONE = Canaries.of(List.of());
  private static final int[][] COUNTS = {{9, 8}, {7, 12}};

  @TempDir private Path directory;

  private static Protection table(int[][] counts) {
    return Tables.protect(counts, Tables.THREE);
  }

  @ParameterizedTest
  @EnumSource
  void a_release_is_the_rendered_bytes_one_row_and_one_entry(Engine engine) throws Exception {
    World world = new World(engine, directory);
    ReleasedTable table = table(COUNTS).table();
    Publication publication = world.publish(BROKER, "production", table(COUNTS), NONE);
    assertArrayEquals(ProofPage.render(table), publication.page());
    assertArrayEquals(ProofData.render(table), publication.data());
    assertArrayEquals(
        MessageDigest.getInstance("SHA-256").digest(publication.page()), publication.digest());
    assertEquals(1, world.releases());
    assertEquals(2, world.trail.entries().size());
    assertTrue(world.trail.entries().get(0).startsWith("vesta.proof.release.approved SUCCESS"));
    String entry = world.trail.entries().get(1);
    assertTrue(
        entry.startsWith("vesta.proof.release.published SUCCESS ProofClaim:production"), entry);
    assertTrue(entry.contains("page") && entry.contains("data"), entry);
  }

  @ParameterizedTest
  @EnumSource
  void who_may_not_publish_leaves_nothing(Engine engine) {
    World world = new World(engine, directory);
    for (Actor actor : List.of(AGENT, Actor.bot("gpt", ANN), Actor.system(FIRM, "sweeper"))) {
      assertThrows(
          AccessDeniedException.class,
          () -> world.publisher.publish(actor, "production", table(COUNTS), NONE));
    }
    assertEquals(0, world.releases());
    assertEquals(List.of(), world.trail.entries());
  }

  @ParameterizedTest
  @EnumSource
  void a_table_of_another_policy_is_refused(Engine engine) {
    World world = new World(engine, directory);
    DisclosurePolicy other = new DisclosurePolicy(3, 3, 3, 2, List.of());
    Protection table = Tables.protect(COUNTS, other);
    world.refused(
        ProofError.POLICY_DIFFERS, () -> world.publish(BROKER, "production", table, NONE));
  }

  @ParameterizedTest
  @EnumSource
  void a_leak_stops_the_release_and_names_its_place_only(Engine engine) {
    World world = new World(engine, directory);
    // The frame of the page says this; as a canary it stands for a fault of the renderer.
    Canaries canaries = Canaries.of(List.of("protect single clients"));
    String sentence =
        world.refused(
            ProofError.LEAK_FOUND,
            () -> world.publish(BROKER, "production", table(COUNTS), canaries));
    assertTrue(sentence.contains("index.html"), sentence);
    assertFalse(sentence.contains("protect single"), sentence);
  }

  @ParameterizedTest
  @EnumSource
  void the_same_figures_may_be_released_again(Engine engine) {
    World world = new World(engine, directory);
    Publication first = world.publish(BROKER, "production", table(COUNTS), NONE);
    Publication second = world.publish(BROKER, "production", table(COUNTS), NONE);
    assertNotEquals(first.release(), second.release());
    assertEquals(2, world.releases());
  }

  private static String figure(Publication publication, int row, int column) {
    return publication.table().cell(0, row, column).toString();
  }

  @ParameterizedTest
  @EnumSource
  void one_more_deal_changes_no_byte_of_the_page(Engine engine) {
    World world = new World(engine, directory);
    Publication first = world.publish(BROKER, "production", table(COUNTS), NONE);
    Publication second =
        world.publish(BROKER, "production", table(new int[][] {{10, 8}, {7, 12}}), NONE);
    assertArrayEquals(first.page(), second.page());
    assertArrayEquals(first.data(), second.data());
    // The cell and the three totals that it is part of.
    assertEquals(4, second.refusals().size());
    for (Refusal refusal : second.refusals()) {
      assertTrue(refusal.held());
      assertTrue(ProofChecker.follows(refusal.target(), refusal.figures(), refusal.certificate()));
    }
  }

  @ParameterizedTest
  @EnumSource
  void late_deals_appear_as_soon_as_they_are_enough(Engine engine) {
    World world = new World(engine, directory);
    world.publish(BROKER, "production", table(COUNTS), NONE);
    for (int late = 1; late <= 7; late++) {
      Publication renewed =
          world.publish(BROKER, "production", table(new int[][] {{9 + late, 8}, {7, 12}}), NONE);
      int told = late / 3 * 3;
      assertEquals("" + (9 + told), figure(renewed, 0, 0));
      assertEquals("" + (36 + told), figure(renewed, 2, 2));
      assertEquals("8", figure(renewed, 0, 1));
    }
  }

  @ParameterizedTest
  @EnumSource
  void a_total_that_would_tell_one_deal_beside_a_renewed_cell_is_held(Engine engine) {
    World world = new World(engine, directory);
    world.publish(BROKER, "production", table(COUNTS), NONE);
    // One deal more in one cell and four in the other of the column: five in the total.
    Publication renewed =
        world.publish(BROKER, "production", table(new int[][] {{10, 8}, {11, 12}}), NONE);
    assertEquals("9", figure(renewed, 0, 0), "held");
    boolean both = figure(renewed, 1, 0).equals("11") && figure(renewed, 2, 0).equals("21");
    assertFalse(both, "their difference would be the one deal");
    assertTrue(
        figure(renewed, 1, 0).equals("11") || figure(renewed, 2, 0).equals("21"),
        "one of them is renewed");
  }

  @ParameterizedTest
  @EnumSource
  void two_late_deals_in_different_cells_are_not_told_by_their_total(Engine engine) {
    World world = new World(engine, directory);
    world.publish(BROKER, "production", table(COUNTS), NONE);
    Publication renewed =
        world.publish(BROKER, "production", table(new int[][] {{10, 8}, {7, 13}}), NONE);
    assertEquals("36", figure(renewed, 2, 2));
    Publication later =
        world.publish(BROKER, "production", table(new int[][] {{10, 9}, {7, 13}}), NONE);
    assertEquals("39", figure(later, 2, 2), "three deals in three cells");
  }

  @ParameterizedTest
  @EnumSource
  void a_figure_is_held_against_every_earlier_release_not_only_the_last(Engine engine) {
    World world = new World(engine, directory);
    world.publish(BROKER, "production", table(COUNTS), NONE);
    world.publish(BROKER, "production", table(new int[][] {{14, 8}, {7, 12}}), NONE);
    Publication third =
        world.publish(BROKER, "production", table(new int[][] {{10, 8}, {7, 12}}), NONE);
    assertEquals("14", figure(third, 0, 0), "ten would be the first release and one deal");
  }

  @ParameterizedTest
  @EnumSource
  void a_renewal_without_change_adds_one_row_to_the_ledger(Engine engine) {
    World world = new World(engine, directory);
    world.publish(BROKER, "production", table(COUNTS), NONE);
    int entries = world.count("vesta_proof_entry");
    int figures = world.count("vesta_proof_figure");
    assertEquals(36, entries);
    for (int i = 0; i < 5; i++) {
      world.publish(BROKER, "production", table(COUNTS), NONE);
    }
    assertEquals(6, world.releases());
    assertEquals(entries, world.count("vesta_proof_entry"));
    assertEquals(figures, world.count("vesta_proof_figure"));
  }

  @ParameterizedTest
  @EnumSource
  void the_ledger_names_no_deal_and_no_broker(Engine engine) throws Exception {
    World world = new World(engine, directory);
    world.publish(BROKER, "production", table(COUNTS), NONE);
    world.publish(RIVAL, "production", table(COUNTS), NONE);
    List<String> keys =
        world
            .fresh
            .database()
            .read(
                work ->
                    work.handle()
                        .createQuery(
                            "select deal from vesta_proof_entry union select broker from"
                                + " vesta_proof_entry")
                        .mapTo(String.class)
                        .list());
    // Another salt for each brokerage: nobody sees that they share deals.
    assertEquals(4 * 36, keys.size());
    MessageDigest sha256 = MessageDigest.getInstance("SHA-256");
    for (String key : keys) {
      assertEquals(64, key.length());
    }
    for (String guess : List.of("d0-0-0", "DEAL:d0-0-0", "DEAL" + "d0-0-0")) {
      byte[] digest = sha256.digest(guess.getBytes(StandardCharsets.UTF_8));
      assertFalse(keys.contains(HexFormat.of().formatHex(digest)));
    }
  }

  @ParameterizedTest
  @EnumSource
  void other_brokerages_have_histories_of_their_own(Engine engine) {
    World world = new World(engine, directory);
    world.publish(BROKER, "production", table(COUNTS), NONE);
    Publication other =
        world.publish(RIVAL, "production", table(new int[][] {{10, 8}, {7, 12}}), NONE);
    assertEquals("10", figure(other, 0, 0));
    assertEquals(2, world.releases());
  }

  @ParameterizedTest
  @EnumSource
  void what_the_host_rolls_back_was_never_released(Engine engine) throws Exception {
    World world = new World(engine, directory);
    world.approve(BROKER, "production", table(COUNTS), NONE);
    try (Connection connection = world.fresh.host().getConnection()) {
      connection.setAutoCommit(false);
      world.publisher.publish(
          world.fresh.database().join(connection), BROKER, "production", table(COUNTS), NONE);
      connection.rollback();
    }
    assertEquals(0, world.releases());
    assertEquals(1, world.trail.entries().size(), "the approval");
    try (Connection connection = world.fresh.host().getConnection()) {
      connection.setAutoCommit(false);
      world.publisher.publish(
          world.fresh.database().join(connection), BROKER, "production", table(COUNTS), NONE);
      connection.commit();
    }
    assertEquals(1, world.releases());
    assertEquals(2, world.trail.entries().size());
  }

  @ParameterizedTest
  @EnumSource
  void without_an_audit_entry_there_is_no_release(Engine engine) {
    World world = new World(engine, directory);
    world.trail.fail();
    assertThrows(
        IllegalStateException.class,
        () -> world.publish(BROKER, "production", table(COUNTS), NONE));
    assertEquals(0, world.releases());
  }
}
