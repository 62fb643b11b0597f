package io.vesta.proof.publish;

import io.vesta.proof.protect.ReleasedTable;
import io.vesta.proof.render.ProofData;
import io.vesta.proof.render.ProofDataset;
import io.vesta.proof.render.ProofPage;
import io.vesta.proof.render.ProofTable;
import io.vesta.proof.signed.internal.Canonical;
import io.vesta.proof.signed.internal.Digests;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.TreeMap;

/** Every file of a release, all made from one table. Immutable. */
public final class Files {

  /** The page. */
  public static final String PAGE = "index.html";

  /** The figures for machines. */
  public static final String DATA = "proof.json";

  /** The figures for spreadsheets. */
  public static final String CELLS = "cells.csv";

  /** What the page is about, for search engines. */
  public static final String DATASET = "dataset.jsonld";

  private final Map<String, byte[]> byName = new LinkedHashMap<>();

  private Files(ReleasedTable table) {
    byName.put(PAGE, ProofPage.render(table));
    byName.put(DATA, ProofData.render(table));
    byName.put(CELLS, ProofTable.render(table));
    byName.put(DATASET, ProofDataset.render(table));
  }

  /** The files of a table. */
  public static Files of(ReleasedTable table) {
    return new Files(table);
  }

  /** The bytes of each file; copies. */
  public Map<String, byte[]> byName() {
    Map<String, byte[]> copies = new LinkedHashMap<>();
    byName.forEach((name, bytes) -> copies.put(name, bytes.clone()));
    return copies;
  }

  /** SHA-256 over the canonical JSON of the digests by name; 64 digits. */
  public String digest() {
    Map<String, String> digests = new TreeMap<>();
    byName.forEach((name, bytes) -> digests.put(name, Digests.hex(bytes)));
    return Digests.hex(Canonical.write(digests));
  }
}
