package io.vesta.proof.publish;

import io.vesta.proof.protect.Refusal;
import io.vesta.proof.protect.ReleasedTable;
import io.vesta.proof.signed.Manifest;
import io.vesta.proof.signed.internal.Digests;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/** The files of a release and what was signed of it. Immutable. */
public final class Publication {

  private final Manifest manifest;
  private final ReleasedTable table;
  private final Files files;
  private final byte @Nullable [] signature;
  private final UUID auditEntry;
  private final List<Refusal> refusals;

  /**
   * @param manifest what the release says of itself
   * @param table what it shows
   * @param files the files
   * @param signature the manifest as a JWS; null without a key
   * @param auditEntry the id of the entry in the audit log
   * @param refusals the cells that could not be renewed
   */
  public Publication(
      Manifest manifest,
      ReleasedTable table,
      Files files,
      byte @Nullable [] signature,
      UUID auditEntry,
      List<Refusal> refusals) {
    this.manifest = Objects.requireNonNull(manifest, "manifest");
    this.table = Objects.requireNonNull(table, "table");
    this.files = Objects.requireNonNull(files, "files");
    this.signature = signature == null ? null : signature.clone();
    this.auditEntry = Objects.requireNonNull(auditEntry, "auditEntry");
    this.refusals = List.copyOf(refusals);
  }

  /** The id of the release in the ledger; never null. */
  public UUID release() {
    return manifest.release();
  }

  /** What the release says of itself; never null. */
  public Manifest manifest() {
    return manifest;
  }

  /** What it shows; never null. */
  public ReleasedTable table() {
    return table;
  }

  /** Every file by its name, the signature left out; copies. */
  public Map<String, byte[]> files() {
    return files.byName();
  }

  /** The self-contained page, UTF-8 HTML; a copy. */
  public byte[] page() {
    return file(Files.PAGE);
  }

  /** The same figures for machines, UTF-8 JSON; a copy. */
  public byte[] data() {
    return file(Files.DATA);
  }

  private byte[] file(String name) {
    return Objects.requireNonNull(files.byName().get(name), name);
  }

  /**
   * {@code proof.jws}: the manifest as a compact JWS (ES256), ASCII; a copy. Empty if the module
   * has no key.
   */
  public Optional<byte[]> signature() {
    return Optional.ofNullable(signature).map(byte[]::clone);
  }

  /** SHA-256 of the page, as the audit log has it; a copy of 32 bytes. */
  public byte[] digest() {
    return Digests.sha256(page());
  }

  /**
   * The id of the entry in the audit log, which holds the digests of manifest and files: ask the
   * log for its proof once it is sequenced. Never null.
   */
  public UUID auditEntry() {
    return auditEntry;
  }

  /**
   * The cells that could not be renewed because of earlier releases, each with its reason; for the
   * person who publishes, not for the public. Never null.
   */
  public List<Refusal> refusals() {
    return refusals;
  }
}
