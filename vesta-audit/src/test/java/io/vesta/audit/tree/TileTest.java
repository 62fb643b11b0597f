package io.vesta.audit.tree;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import java.util.Arrays;
import java.util.List;
import org.junit.jupiter.api.Test;

class TileTest {

  @Test
  void paths_are_those_of_the_specification() {
    assertEquals("tile/0/x001/x234/067", new Tile(0, 1_234_067, 256).path());
    assertEquals("tile/1/000.p/17", new Tile(1, 0, 17).path());
    assertEquals("tile/entries/x001/000", new Tile(0, 1_000, 256).bundlePath());
    assertEquals("tile/entries/273.p/112", new Tile(0, 273, 112).bundlePath());
  }

  @Test
  void a_tree_of_70000_has_the_tiles_of_the_specification() {
    assertEquals(273 * 256 + 112, Tile.hashesAt(70_000, 0));
    assertEquals(256 + 17, Tile.hashesAt(70_000, 1));
    assertEquals(1, Tile.hashesAt(70_000, 2));
    assertEquals(0, Tile.hashesAt(70_000, 3));
  }

  @Test
  void a_tile_is_never_empty_nor_wider_than_256() {
    assertThrows(IllegalArgumentException.class, () -> new Tile(0, 0, 0));
    assertThrows(IllegalArgumentException.class, () -> new Tile(0, 0, 257));
    assertThrows(IllegalArgumentException.class, () -> new Tile(-1, 0, 1));
    assertThrows(IllegalArgumentException.class, () -> new Tile(0, -1, 1));
  }

  @Test
  void a_bundle_gives_its_entries_back() {
    List<byte[]> entries = List.of(new byte[0], new byte[] {7}, new byte[EntryBundle.LONGEST]);
    byte[] bundle = EntryBundle.encode(entries);
    assertEquals(2 + 2 + 1 + 2 + EntryBundle.LONGEST, bundle.length);
    assertArrayEquals(new byte[] {0, 0, 0, 1, 7, -1, -1}, Arrays.copyOf(bundle, 7));
    List<byte[]> back = EntryBundle.decode(bundle);
    assertEquals(3, back.size());
    assertArrayEquals(entries.get(1), back.get(1));
    assertEquals(EntryBundle.LONGEST, back.get(2).length);
  }

  @Test
  void a_cut_bundle_an_overlong_entry_and_a_257th_entry_are_refused() {
    byte[] bundle = EntryBundle.encode(List.of(new byte[] {1, 2, 3}));
    for (int cut = 1; cut < bundle.length; cut++) {
      byte[] part = Arrays.copyOf(bundle, cut);
      assertThrows(IllegalArgumentException.class, () -> EntryBundle.decode(part));
    }
    assertThrows(
        IllegalArgumentException.class,
        () -> EntryBundle.encode(List.of(new byte[EntryBundle.LONGEST + 1])));
    assertThrows(IllegalArgumentException.class, () -> EntryBundle.decode(new byte[2 * 257]));
  }

  @Test
  void only_canonical_base64_of_32_bytes_is_a_hash() {
    String good = Hash.EMPTY_ROOT.base64();
    assertEquals(Hash.EMPTY_ROOT, Hash.ofBase64(good));
    String loose = good.substring(0, good.length() - 2) + "V=";
    for (String bad : List.of("", good + "=", good.replace("=", ""), loose, "AAAA", "\n" + good)) {
      assertThrows(IllegalArgumentException.class, () -> Hash.ofBase64(bad), bad);
    }
  }
}
