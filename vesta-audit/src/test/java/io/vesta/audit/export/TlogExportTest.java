package io.vesta.audit.export;

import static io.vesta.audit.testkit.TestLog.ACME;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.vesta.audit.testkit.TestLog;
import io.vesta.audit.tree.Hash;
import io.vesta.audit.tree.Tile;
import io.vesta.audit.verify.LogVerifier;
import io.vesta.audit.verify.Report;
import io.vesta.core.access.Actor;
import io.vesta.core.error.VestaException;
import io.vesta.core.id.BrokerageId;
import io.vesta.testkit.Engine;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.OptionalLong;
import java.util.Random;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;

class TlogExportTest {

  @TempDir Path directory;

  private static Report verify(Path export) {
    return LogVerifier.verify(export, TestLog.vkey(ACME).toString());
  }

  private TestLog filled(Engine engine, int size) {
    TestLog log = TestLog.over(engine.fresh(directory));
    log.append(0, size);
    log.sequencer().sequence();
    return log;
  }

  private static List<String> files(Path export) {
    try (Stream<Path> walk = Files.walk(export)) {
      return walk.filter(Files::isRegularFile)
          .map(file -> export.relativize(file).toString())
          .sorted()
          .toList();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  @ParameterizedTest
  @ValueSource(ints = {1, 2, 255, 256, 257, 600})
  void an_export_of_any_size_verifies_and_holds_exactly_the_files_of_the_specification(int size) {
    Path export = directory.resolve("export");
    filled(Engine.SQLITE, size).export().write(ACME, export);
    Report report = verify(export);
    assertTrue(report.ok(), report::toString);
    assertEquals(size, report.entries());
    List<String> expected = new ArrayList<>(List.of("checkpoint", "log.vkey"));
    for (int level = 0; Tile.hashesAt(size, level) > 0; level++) {
      long hashes = Tile.hashesAt(size, level);
      for (long n = 0; n * Tile.WIDTH < hashes; n++) {
        Tile tile = new Tile(level, n, (int) Math.min(Tile.WIDTH, hashes - n * Tile.WIDTH));
        expected.add(tile.path());
        if (level == 0) {
          expected.add(tile.bundlePath());
        }
      }
    }
    assertEquals(expected.stream().sorted().toList(), files(export));
  }

  @Test
  void a_log_of_70000_entries_has_three_levels_of_tiles() {
    TestLog log = filled(Engine.SQLITE, 69_000);
    log.append(69_000, 70_000);
    log.sequencer().sequence();
    Path export = directory.resolve("export");
    log.export().write(ACME, export);
    Report report = verify(export);
    assertTrue(report.ok(), report::toString);
    assertEquals(70_000, report.entries());
    assertTrue(Files.exists(export.resolve("tile/2/000.p/1")));
    assertTrue(Files.exists(export.resolve("tile/1/001.p/17")));
    assertTrue(Files.exists(export.resolve("tile/0/273.p/112")));
    assertTrue(log.check().check(ACME).ok());
  }

  @ParameterizedTest
  @EnumSource(Engine.class)
  void writing_again_adds_what_is_new(Engine engine) {
    TestLog log = filled(engine, 200);
    Path export = directory.resolve("export");
    assertEquals(200, log.export().write(ACME, export).size());
    log.append(200, 700);
    assertEquals(200, log.export().write(ACME, export).size(), "nothing was sequenced meanwhile");
    log.sequencer().sequence();
    assertEquals(700, log.export().write(ACME, export).size());
    assertTrue(verify(export).ok());
  }

  @ParameterizedTest
  @EnumSource(Engine.class)
  void a_directory_whose_checkpoint_the_log_does_not_continue_is_left_alone(Engine engine)
      throws IOException {
    Path export = directory.resolve("export");
    filled(engine, 300).export().write(ACME, export);
    String kept = Files.readString(export.resolve("checkpoint"));
    TestLog shorter = filled(engine, 299);
    TestLog other = TestLog.over(engine.fresh(directory));
    other.append(7, 407);
    other.sequencer().sequence();
    for (TestLog fork : List.of(shorter, other)) {
      VestaException refused =
          assertThrows(VestaException.class, () -> fork.export().write(ACME, export));
      assertEquals("VESTA-AUDIT-004", refused.code().code());
      assertEquals(kept, Files.readString(export.resolve("checkpoint")));
    }
    assertTrue(verify(export).ok());
  }

  @ParameterizedTest
  @EnumSource(Engine.class)
  void what_cannot_be_exported_is_refused(Engine engine) throws IOException {
    TestLog log = TestLog.over(engine.fresh(directory));
    Path export = directory.resolve("export");
    VestaException unsigned =
        assertThrows(VestaException.class, () -> log.export().write(ACME, export));
    assertEquals("VESTA-AUDIT-007", unsigned.code().code());
    log.append(0, 1);
    log.sequencer().sequence();
    Path file = Files.writeString(directory.resolve("file"), "in the way");
    VestaException unwritable =
        assertThrows(VestaException.class, () -> log.export().write(ACME, file.resolve("export")));
    assertEquals("VESTA-AUDIT-007", unwritable.code().code());
    log.tamper("delete from vesta_audit_entry");
    VestaException gone =
        assertThrows(VestaException.class, () -> log.export().write(ACME, export));
    assertEquals("VESTA-AUDIT-005", gone.code().code());
    assertFalse(Files.exists(export.resolve("checkpoint")));
  }

  @Test
  void another_brokerages_export_does_not_verify_under_our_key() {
    BrokerageId other = new BrokerageId("other");
    TestLog log = TestLog.over(Engine.SQLITE.fresh(directory));
    log.log().append(TestLog.event(Actor.system(other, "job"), 1));
    log.sequencer().sequence();
    Path export = directory.resolve("export");
    log.export().write(other, export);
    assertFalse(verify(export).ok());
    assertTrue(LogVerifier.verify(export, TestLog.vkey(other).toString()).ok());
  }

  /** One byte of one file, a cut, a lost file, two files swapped: 600 seeded tampers. */
  @Test
  void every_tampered_file_is_found() throws IOException {
    Path export = directory.resolve("export");
    filled(Engine.SQLITE, 600).export().write(ACME, export);
    List<String> names = files(export).stream().filter(name -> !name.equals("log.vkey")).toList();
    Random random = new Random(604800);
    for (int i = 0; i < 600; i++) {
      Path file = export.resolve(names.get(random.nextInt(names.size())));
      Path second = export.resolve(names.get(random.nextInt(names.size())));
      byte[] good = Files.readAllBytes(file);
      byte[] secondGood = Files.readAllBytes(second);
      int at = random.nextInt(good.length);
      switch (i % 4) {
        case 0 -> {
          byte[] bad = good.clone();
          bad[at] ^= (byte) (1 << random.nextInt(8));
          Files.write(file, bad);
        }
        case 1 -> Files.write(file, Arrays.copyOf(good, at));
        case 2 -> Files.delete(file);
        default -> {
          Files.write(file, secondGood);
          Files.write(second, good);
        }
      }
      boolean changed = !Files.exists(file) || !Arrays.equals(good, Files.readAllBytes(file));
      Report report = verify(export);
      assertEquals(!changed, report.ok(), file + " " + i % 4 + " at " + at);
      Files.write(file, good);
      Files.write(second, secondGood);
    }
    assertTrue(verify(export).ok(), "no false alarm");
  }

  @Test
  void a_truncated_export_is_found_where_it_ends() throws IOException {
    Path export = directory.resolve("export");
    filled(Engine.SQLITE, 600).export().write(ACME, export);
    Path last = export.resolve("tile/entries/002.p/88");
    byte[] bytes = Files.readAllBytes(last);
    Files.write(last, Arrays.copyOf(bytes, bytes.length - 1));
    Report cut = verify(export);
    assertEquals(OptionalLong.of(512), cut.firstBad(), cut::toString);
    Files.delete(last);
    Files.delete(export.resolve("tile/entries/001"));
    Report shorter = verify(export);
    assertEquals(OptionalLong.of(256), shorter.firstBad(), shorter::toString);
    assertTrue(shorter.toString().contains("tile/entries/001 is missing"), shorter::toString);
  }

  @Test
  void swapped_tiles_are_found_and_both_named() throws IOException {
    Path export = directory.resolve("export");
    filled(Engine.SQLITE, 600).export().write(ACME, export);
    Path first = export.resolve("tile/0/000");
    Path second = export.resolve("tile/0/001");
    byte[] kept = Files.readAllBytes(first);
    Files.write(first, Files.readAllBytes(second));
    Files.write(second, kept);
    Report report = verify(export);
    assertEquals(OptionalLong.of(0), report.firstBad(), report::toString);
    assertTrue(report.findings().stream().anyMatch(finding -> finding.within(256, 512)));
  }

  @Test
  void another_brokerages_bundle_spliced_in_is_found() throws IOException {
    Path export = directory.resolve("export");
    Path foreign = directory.resolve("foreign");
    BrokerageId other = new BrokerageId("other");
    TestLog log = filled(Engine.SQLITE, 300);
    for (int i = 0; i < 300; i++) {
      log.log().append(TestLog.event(Actor.system(other, "job"), i));
    }
    log.sequencer().sequence();
    log.export().write(ACME, export);
    log.export().write(other, foreign);
    for (String tile : List.of("tile/entries/000", "tile/0/000", "tile/1/000.p/1")) {
      Files.copy(foreign.resolve(tile), export.resolve(tile), StandardCopyOption.REPLACE_EXISTING);
      assertFalse(verify(export).ok(), tile);
    }
    Files.copy(
        foreign.resolve("checkpoint"),
        export.resolve("checkpoint"),
        StandardCopyOption.REPLACE_EXISTING);
    assertFalse(verify(export).ok(), "even with the other's own checkpoint");
  }

  @Test
  void a_directory_that_another_log_lives_in_is_left_alone() {
    BrokerageId other = new BrokerageId("other");
    TestLog log = filled(Engine.SQLITE, 3);
    log.log().append(TestLog.event(Actor.system(other, "job"), 1));
    log.sequencer().sequence();
    Path export = directory.resolve("export");
    log.export().write(other, export);
    VestaException refused =
        assertThrows(VestaException.class, () -> log.export().write(ACME, export));
    assertEquals("VESTA-AUDIT-004", refused.code().code());
    assertTrue(LogVerifier.verify(export, TestLog.vkey(other).toString()).ok());
  }

  @Test
  void a_file_that_never_ends_is_not_read() throws IOException {
    Path export = directory.resolve("export");
    filled(Engine.SQLITE, 3).export().write(ACME, export);
    Path bundle = export.resolve("tile/entries/000.p/3");
    Files.delete(bundle);
    Files.createSymbolicLink(bundle, Path.of("/dev/zero"));
    Report report = verify(export);
    assertEquals(OptionalLong.of(0), report.firstBad());
    assertTrue(report.toString().contains("no regular file"), report::toString);
    Files.delete(bundle);
  }

  @Test
  void the_first_bad_entry_is_named() throws IOException {
    Path export = directory.resolve("export");
    filled(Engine.SQLITE, 600).export().write(ACME, export);
    Path bundle = export.resolve("tile/entries/001");
    byte[] bytes = Files.readAllBytes(bundle);
    int length = ((bytes[0] & 0xff) << 8) | (bytes[1] & 0xff);
    bytes[2 + length + 2 + 5] ^= 1; // within the second entry
    Files.write(bundle, bytes);
    assertEquals(OptionalLong.of(257), verify(export).firstBad());
    // Whoever bends the leaf in the tile too is betrayed by the tile above.
    Path tile = export.resolve("tile/0/001");
    byte[] hashes = Files.readAllBytes(tile);
    byte[] entry = Arrays.copyOfRange(bytes, 2 + length + 2, 2 * (2 + length));
    byte[] leaf = Hash.leaf(entry).bytes();
    System.arraycopy(leaf, 0, hashes, 32, 32);
    Files.write(tile, hashes);
    Report report = verify(export);
    assertEquals(OptionalLong.of(256), report.firstBad(), report::toString);
  }
}
