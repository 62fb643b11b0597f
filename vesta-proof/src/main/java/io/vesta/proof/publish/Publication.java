package io.vesta.proof.publish;

import io.vesta.proof.protect.Refusal;
import io.vesta.proof.protect.ReleasedTable;
import java.util.List;
import java.util.Objects;
import java.util.UUID;

/** A page and its data, released. Immutable. */
public final class Publication {

  private final UUID release;
  private final ReleasedTable table;
  private final byte[] page;
  private final byte[] data;
  private final byte[] digest;
  private final List<Refusal> refusals;

  /**
   * @param release the id of the release in the ledger
   * @param table what it shows
   * @param page {@code index.html}
   * @param data {@code proof.json}
   * @param digest SHA-256 of the page
   * @param refusals the cells that could not be renewed
   */
  public Publication(
      UUID release,
      ReleasedTable table,
      byte[] page,
      byte[] data,
      byte[] digest,
      List<Refusal> refusals) {
    this.release = Objects.requireNonNull(release, "release");
    this.table = Objects.requireNonNull(table, "table");
    this.page = page.clone();
    this.data = data.clone();
    this.digest = digest.clone();
    this.refusals = List.copyOf(refusals);
  }

  /** The id of the release in the ledger; never null. */
  public UUID release() {
    return release;
  }

  /** What it shows; never null. */
  public ReleasedTable table() {
    return table;
  }

  /** The self-contained page, UTF-8 HTML; a copy. */
  public byte[] page() {
    return page.clone();
  }

  /** The same figures for machines, UTF-8 JSON; a copy. */
  public byte[] data() {
    return data.clone();
  }

  /** SHA-256 of the page, as the audit log has it; a copy of 32 bytes. */
  public byte[] digest() {
    return digest.clone();
  }

  /**
   * The cells that could not be renewed because of earlier releases, each with its reason; for the
   * person who publishes, not for the public. Never null.
   */
  public List<Refusal> refusals() {
    return refusals;
  }
}
