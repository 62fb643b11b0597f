package io.vesta.audit.tree;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.databind.JsonNode;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import org.junit.jupiter.api.Test;

/** The vectors of transparency-dev/merkle, and tampered copies of those that are good. */
class ProofVectorsTest {

  @Test
  void inclusion_proofs_are_judged_as_the_vectors_say() {
    List<Path> files = Vectors.files("merkle/testdata/inclusion");
    assertEquals(98, files.size());
    for (Path file : files) {
      JsonNode vector = Vectors.json(file);
      boolean good = includes(vector, proof(vector));
      assertEquals(!vector.get("wantErr").booleanValue(), good, file.toString());
      if (good) {
        tampered(proof(vector)).forEach(bad -> assertEquals(false, includes(vector, bad)));
      }
    }
  }

  @Test
  void consistency_proofs_are_judged_as_the_vectors_say() {
    List<Path> files = Vectors.files("merkle/testdata/consistency");
    assertEquals(98, files.size());
    for (Path file : files) {
      JsonNode vector = Vectors.json(file);
      boolean good = continues(vector, proof(vector));
      assertEquals(!vector.get("wantErr").booleanValue(), good, file.toString());
      if (good) {
        tampered(proof(vector)).forEach(bad -> assertEquals(false, continues(vector, bad)));
      }
    }
  }

  @Test
  void the_reference_tree_has_its_leaf_hashes_and_roots() {
    JsonNode tree = Vectors.json(Vectors.locate("merkle/ref-tree-8-leaves.json"));
    CompactRange range = new CompactRange();
    for (int i = 0; i < 8; i++) {
      assertEquals(tree.get("roots_by_size").get(i).textValue(), range.root().toString());
      Hash leaf = Hash.leaf(HexFormat.of().parseHex(tree.get("leaves_hex").get(i).textValue()));
      assertEquals(tree.get("leaf_hashes").get(i).textValue(), leaf.toString());
      range.append(leaf);
    }
    assertEquals(tree.get("roots_by_size").get(8).textValue(), range.root().toString());
  }

  private static boolean includes(JsonNode vector, List<Hash> proof) {
    try {
      return Proofs.verifyInclusion(
          Vectors.unsigned(vector.get("leafIdx")),
          Vectors.unsigned(vector.get("treeSize")),
          Vectors.hash(vector.get("leafHash")),
          proof,
          Vectors.root(vector.get("root")));
    } catch (IllegalArgumentException e) {
      return false; // a vector with a hash of the wrong length
    }
  }

  private static boolean continues(JsonNode vector, List<Hash> proof) {
    try {
      return Proofs.verifyConsistency(
          Vectors.unsigned(vector.get("size1")),
          Vectors.unsigned(vector.get("size2")),
          Vectors.root(vector.get("root1")),
          Vectors.root(vector.get("root2")),
          proof);
    } catch (IllegalArgumentException e) {
      return false; // a vector with a hash of the wrong length
    }
  }

  private static List<Hash> proof(JsonNode vector) {
    try {
      return Vectors.hashes(vector.get("proof"));
    } catch (IllegalArgumentException e) {
      assertTrue(vector.get("wantErr").booleanValue(), "only a bad vector has such hashes");
      return List.of(Hash.EMPTY_ROOT);
    }
  }

  /** Each hash dropped, doubled, bent; one added; neighbours swapped. */
  private static List<List<Hash>> tampered(List<Hash> proof) {
    List<List<Hash>> bad = new ArrayList<>();
    for (int i = 0; i < proof.size(); i++) {
      List<Hash> dropped = new ArrayList<>(proof);
      dropped.remove(i);
      bad.add(dropped);
      List<Hash> doubled = new ArrayList<>(proof);
      doubled.add(i, proof.get(i));
      bad.add(doubled);
      List<Hash> bent = new ArrayList<>(proof);
      byte[] bytes = proof.get(i).bytes();
      bytes[i % Hash.LENGTH] ^= 1;
      bent.set(i, Hash.of(bytes, 0));
      bad.add(bent);
      if (i > 0) {
        List<Hash> swapped = new ArrayList<>(proof);
        swapped.set(i, proof.get(i - 1));
        swapped.set(i - 1, proof.get(i));
        bad.add(swapped);
      }
    }
    List<Hash> longer = new ArrayList<>(proof);
    longer.add(Hash.EMPTY_ROOT);
    bad.add(longer);
    return bad;
  }
}
