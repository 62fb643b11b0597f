package io.vesta.proof.publish;

import io.vesta.proof.protect.Refusal;
import io.vesta.proof.protect.ReleasedTable;
import java.util.List;
import java.util.Map;
import java.util.Objects;

/**
 * What would be released next, for the person who decides. Not for the public: it is not in the
 * ledger yet. Immutable.
 */
public final class Review {

  private final String claim;
  private final int number;
  private final ReleasedTable table;
  private final Files files;
  private final List<Refusal> refusals;

  /**
   * @param claim the key of the page
   * @param number which release it would be
   * @param table what it would show
   * @param files the files
   * @param refusals the cells that could not be renewed
   */
  public Review(
      String claim, int number, ReleasedTable table, Files files, List<Refusal> refusals) {
    this.claim = Objects.requireNonNull(claim, "claim");
    this.number = number;
    this.table = Objects.requireNonNull(table, "table");
    this.files = Objects.requireNonNull(files, "files");
    this.refusals = List.copyOf(refusals);
  }

  /** The key of the page; never null. */
  public String claim() {
    return claim;
  }

  /** Which release of the claim it would be. */
  public int number() {
    return number;
  }

  /** What it would show; never null. */
  public ReleasedTable table() {
    return table;
  }

  /** The files to look at, by name; copies. */
  public Map<String, byte[]> files() {
    return files.byName();
  }

  /** SHA-256 of the names and digests of the files: what an approval is of; 64 digits. */
  public String digest() {
    return files.digest();
  }

  /** The cells that could not be renewed, each with its reason; never null. */
  public List<Refusal> refusals() {
    return refusals;
  }
}
