package io.vesta.audit.tree;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.IntRange;
import org.junit.jupiter.api.Test;

class ProofsProperties {

  @Property
  void a_compact_range_has_the_root_of_the_recursive_definition(
      @ForAll @IntRange(max = 600) int size, @ForAll @IntRange(max = 600) int resumeAt) {
    ModelTree model = new ModelTree(size, 1);
    CompactRange range = new CompactRange();
    for (int i = 0; i < size; i++) {
      if (i == resumeAt) {
        range = CompactRange.of(range.size(), range.hashes());
      }
      range.append(model.leaf(i));
    }
    assertEquals(model.root(size), range.root());
    assertEquals(size, range.size());
    assertEquals(Long.bitCount(size), range.hashes().size());
  }

  @Property
  void inclusion_proofs_are_those_of_the_recursive_definition_and_verify_there_only(
      @ForAll @IntRange(min = 1, max = 600) int size,
      @ForAll @IntRange(max = 599) int at,
      @ForAll @IntRange(max = 599) int elsewhere) {
    ModelTree model = new ModelTree(size + 3, 2);
    int index = at % size;
    List<Hash> proof = Proofs.inclusion(index, size, model);
    assertEquals(model.inclusion(index, size), proof);
    Hash root = model.root(size);
    assertTrue(Proofs.verifyInclusion(index, size, model.leaf(index), proof, root));
    int other = elsewhere % size;
    assertEquals(
        other == index, Proofs.verifyInclusion(other, size, model.leaf(index), proof, root));
    assertFalse(Proofs.verifyInclusion(index, size, Hash.leaf(new byte[] {1}), proof, root));
    assertFalse(
        Proofs.verifyInclusion(index, size, model.leaf(index), proof, model.root(size + 1)));
  }

  /** Every pair up to 520, which crosses two edges of tiles. */
  @Test
  void consistency_proofs_are_those_of_the_recursive_definition_and_verify() {
    ModelTree model = new ModelTree(520, 3);
    Map<String, Hash> cache = new HashMap<>();
    Nodes nodes =
        (level, index) -> cache.computeIfAbsent(level + "/" + index, k -> model.node(level, index));
    List<Hash> roots = new ArrayList<>();
    for (int size = 0; size <= 520; size++) {
      roots.add(Proofs.root(size, nodes));
    }
    for (int to = 0; to <= 520; to++) {
      for (int from = 1; from <= to; from++) {
        List<Hash> proof = Proofs.consistency(from, to, nodes);
        assertTrue(Proofs.verifyConsistency(from, to, roots.get(from), roots.get(to), proof));
        if (from < to) {
          assertFalse(
              Proofs.verifyConsistency(from, to, roots.get(from - 1), roots.get(to), proof));
          assertFalse(
              Proofs.verifyConsistency(from, to, roots.get(from), roots.get(to - 1), proof));
        }
        if ((from * 31 + to) % 97 == 0) {
          assertEquals(model.consistency(from, to), proof);
          assertEquals(model.root(to), roots.get(to));
        }
      }
    }
  }

  @Test
  void sizes_are_unsigned_and_cost_no_memory() {
    Hash leaf = Hash.leaf(new byte[0]);
    assertFalse(Proofs.verifyInclusion(-1, -1, leaf, List.of(), leaf));
    assertFalse(Proofs.verifyInclusion(0, -1, leaf, List.of(), leaf));
    assertFalse(Proofs.verifyConsistency(1, -1, leaf, leaf, List.of(leaf)));
    assertFalse(Proofs.verifyConsistency(-1, 1, leaf, leaf, List.of()));
  }

  @Test
  void no_proof_is_made_outside_the_tree() {
    ModelTree model = new ModelTree(4, 4);
    assertThrows(IllegalArgumentException.class, () -> Proofs.inclusion(4, 4, model));
    assertThrows(IllegalArgumentException.class, () -> Proofs.inclusion(-1, 4, model));
    assertThrows(IllegalArgumentException.class, () -> Proofs.consistency(5, 4, model));
    assertThrows(IllegalArgumentException.class, () -> Proofs.consistency(0, 4, model));
    assertThrows(
        IllegalArgumentException.class, () -> CompactRange.of(3, List.of(Hash.EMPTY_ROOT)));
  }
}
